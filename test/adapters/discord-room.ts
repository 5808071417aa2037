/** A whole Nova on the Discord of tests, whose owner is ada. The caller closes it. */
import { expect, vi } from "vitest";
import { DatabaseAway, HOME, serviceOf, type Log, type LogFields } from "#core";
import type { ChatModels } from "../../src/langchain/models/chat-models.ts";
import { testDatabase } from "../support/database.ts";
import { startDiscordPeer, type DiscordPeer } from "../support/discord/peer.ts";
import { startNova, type TestNova } from "../support/nova.ts";

export type DiscordRoom = {
  readonly peer: DiscordPeer;
  readonly nova: TestNova;
  /** The public address. */
  readonly url: string;
  /** Every log line, as JSON. */
  readonly lines: readonly string[];
  /** The health of the channel, as `nova status` has it. */
  health(): Promise<{ readonly transport: Fact; readonly admission: Fact; readonly auth: Fact }>;
  /** What the one who used the interaction sees, as soon as it is more than "is thinking". */
  answer(interaction: string): Promise<string>;
  /** What the bot wrote last in this channel, as soon as it holds these words. */
  reply(channel: string, words: string): Promise<string>;
  /** How many turns were made. */
  turns(): Promise<number>;
  /** Texts of people's messages that hold these words. */
  stored(words: string): Promise<readonly string[]>;
  query(sql: string, values?: readonly unknown[]): Promise<readonly Readonly<Record<string, unknown>>[]>;
  /** True: the database takes nothing from now on. */
  away(away: boolean): void;
  close(): Promise<void>;
};

type Fact = { readonly ok: boolean; readonly detail: string };

export type RoomOptions = {
  readonly models: ChatModels;
  readonly mode?: "gateway" | "http";
  readonly heartbeatMs?: number;
};

const PATIENCE = { timeout: 20_000, interval: 20 };

export async function openDiscordRoom({
  models,
  mode = "gateway",
  heartbeatMs = 41_250,
}: RoomOptions): Promise<DiscordRoom> {
  const peer = await startDiscordPeer({ heartbeatMs });
  const database = await testDatabase();
  let isAway = false;
  const lines: string[] = [];
  const nova = await startNova({
    adapters: ["discord"],
    env: { ...peer.env(mode), NOVA_OWNER: `discord:${peer.user("ada").id}` },
    models,
    database: {
      ...database,
      system: (work) => (isAway ? Promise.reject(new DatabaseAway("It does not answer.")) : database.system(work)),
    },
    service: true,
    log: keeping(lines),
  });
  const { url } = await nova.nova.start({ controlToken: "token" });
  if (mode === "gateway") await peer.ready();
  else await peer.signer.save(`${url}/discord/interactions`);

  const query: DiscordRoom["query"] = (sql, values = []) =>
    nova.database.within(serviceOf(HOME), async (tx) => (await tx.query(sql, [...values])).rows);

  return {
    peer,
    nova,
    url,
    lines,
    async health() {
      const status = await nova.verb("status");
      const found = isStatus(status) ? status.adapters.find(({ platform }) => platform === "discord") : undefined;
      if (!found) throw new Error("the channel is not there");
      return found;
    },
    answer: (interaction) =>
      vi.waitFor(() => {
        const { content } = peer.interaction(interaction);
        if (content === null || /^-# .*…$/.test(content.trim())) throw new Error("still thinking");
        return content;
      }, PATIENCE),
    reply: (channel, words) =>
      vi.waitFor(() => {
        const last = peer.replies(channel).at(-1)?.content ?? "";
        expect(last).toContain(words);
        return last;
      }, PATIENCE),
    turns: async () => Number((await query("select count(*)::int as n from turn"))[0]?.["n"]),
    async stored(words) {
      const found = await query("select text from message where direction = 'in' and position($1 in text) > 0", [
        words,
      ]);
      return found.map(({ text }) => String(text));
    },
    query,
    away: (away) => void (isAway = away),
    async close() {
      await nova[Symbol.asyncDispose]();
      await peer.close();
    },
  };
}

type Status = {
  readonly adapters: readonly { readonly platform: string; transport: Fact; admission: Fact; auth: Fact }[];
};
const isStatus = (value: unknown): value is Status =>
  typeof value === "object" && value !== null && "adapters" in value && Array.isArray(value.adapters);

function keeping(lines: string[]): Log {
  const keep = (event: string, fields: LogFields = {}) => void lines.push(JSON.stringify({ event, ...fields }));
  return {
    debug: keep,
    info: keep,
    warn: keep,
    error: (event, error, fields) => keep(event, { ...fields, error: String(error) }),
  };
}
