/** What is written to Nova on Discord while it is away: a whole Nova that is stopped and started again, over the peer. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { HOME, serviceOf } from "#core";
import type { Database } from "../../src/postgres/engine/database.ts";
import { testDatabase } from "../support/database.ts";
import { startDiscordPeer, type DiscordPeer } from "../support/discord/peer.ts";
import { says, scripted } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const PATIENCE = { timeout: 20_000, interval: 20 };
const READ = "GET /channels/{channel_id}/messages";
const HOUR_MS = 60 * 60_000;

const { models } = scripted(says("Here you are."));
let peer: DiscordPeer;
let database: Database;
let nova: TestNova;
let hoursAgo = 30;

beforeAll(async () => {
  const clock = { now: () => new Date(Date.now() - hoursAgo * HOUR_MS) };
  [peer, database] = await Promise.all([startDiscordPeer({ clock }), testDatabase()]);
  await start();
});
afterAll(async () => {
  await nova[Symbol.asyncDispose]();
  await peer.close();
  await database.close();
});

/** Resolves with the public address. */
async function start(mode: "gateway" | "http" = "gateway"): Promise<string> {
  nova = await startNova({
    adapters: ["discord"],
    env: { ...peer.env(mode), NOVA_OWNER: `discord:${peer.user("ada").id}` },
    models,
    database: { ...database, close: async () => undefined },
    service: true,
  });
  const { url } = await nova.nova.start({ controlToken: "token" });
  if (mode === "gateway") await peer.ready();
  return url;
}
const stop = () => nova[Symbol.asyncDispose]();

const rows = async (sql: string): Promise<readonly Readonly<Record<string, unknown>>[]> =>
  database.within(serviceOf(HOME), async (tx) => (await tx.query(sql)).rows);
const heard = async () =>
  (await rows("select text from message where direction = 'in' order by id")).map((row) => row["text"]);
/** All that was heard, each in a turn that has ended, and each turn's reply shown once. */
const answered = (...words: readonly string[]): Promise<void> =>
  vi.waitFor(async () => {
    expect(await heard()).toEqual(words);
    const turns = await rows("select state from turn");
    expect(turns.every(({ state }) => state === "done")).toBe(true);
    expect(await rows("select from message where direction = 'in' and turn_id is null")).toEqual([]);
    expect(shown().filter((text) => text.startsWith("Here you are."))).toHaveLength(turns.length);
  }, PATIENCE);
const shown = () => peer.replies(peer.dmChannel("ada")).map(({ content }) => content);
const looked = (from: number) => peer.calls(READ).slice(from);
const channelOf = (path: string) => path.split("/")[2];

test("E15: what a known person writes to Nova directly while it is away is answered once, in order, when it is back", async () => {
  peer.dm("ada", "first");
  await answered("first");
  // Known for longer than what is still answered.
  await rows("update identity set linked_at = linked_at - interval '2 days'");
  peer.dm("eve", "may I?");
  await vi.waitFor(() => expect(peer.replies(peer.dmChannel("eve"))).toHaveLength(1), PATIENCE);
  await stop();

  hoursAgo = 25;
  peer.dm("ada", "of yesterday, and nobody waits for it");
  hoursAgo = 0;
  const second = peer.dm("ada", "second");
  peer.dm("relay", "a program's words", { bot: true });
  const third = peer.dm("ada", "third");
  peer.dm("eve", "may I now?");
  peer.mention("garden", "ada", "nobody heard this");
  peer.next(READ, { retryAfter: 0.2 }, { status: 502 });
  const before = peer.calls(READ).length;
  await start();

  await answered("first", "second", "third");
  // Asked again where Discord wanted patience, or broke; a stranger's channel and those of a guild are not looked into.
  expect(looked(before).map(({ path }) => channelOf(path))).toEqual(Array(3).fill(peer.dmChannel("ada")));
  peer.repeat(second);
  peer.repeat(third);
  peer.dm("ada", "fourth");
  await answered("first", "second", "third", "fourth");
});

test("E15: what was answered or refused is left alone at the next start", async () => {
  // Longer ago than Discord knows a message by its nonce.
  hoursAgo = 1;
  const refused = peer.dm("ada", "/link NOSUCHCODE");
  const tellings = () =>
    peer.replies(peer.dmChannel("ada")).filter((each) => each.reference?.["message_id"] === refused.id);
  await vi.waitFor(() => expect(tellings()).toHaveLength(1), PATIENCE);
  hoursAgo = 0;
  await stop();
  const before = peer.calls(READ).length;
  await start();
  await vi.waitFor(() => expect(looked(before).map(({ status }) => status)).toEqual([200]), PATIENCE);
  peer.dm("ada", "fifth");
  await answered("first", "second", "third", "fourth", "fifth");
  expect(tellings()).toHaveLength(1);
});

test("E15: a connection that resumes looks for nothing, and one that begins anew for what fell between", async () => {
  const before = peer.calls(READ).length;
  const resumed = peer.gateway.counts.resumed;
  peer.gateway.drop();
  peer.dm("ada", "sixth");
  await vi.waitFor(() => expect(peer.gateway.counts.resumed).toBe(resumed + 1), PATIENCE);
  await answered("first", "second", "third", "fourth", "fifth", "sixth");
  expect(looked(before)).toEqual([]);

  peer.gateway.invalidate();
  peer.dm("ada", "seventh");
  await answered("first", "second", "third", "fourth", "fifth", "sixth", "seventh");
  expect(looked(before)).toHaveLength(1);
});

test("a channel that is closed to Nova is left out, and over HTTP nothing is looked for", async () => {
  await stop();
  peer.dm("ada", "eighth");
  peer.next(READ, { status: 403, code: 50_001 });
  const before = peer.calls(READ).length;
  await start();
  await vi.waitFor(() => expect(looked(before)).toHaveLength(1), PATIENCE);
  await stop();
  await peer.signer.save(`${await start("http")}/discord/interactions`);
  expect(looked(before)).toHaveLength(1);
  expect(await heard()).not.toContain("eighth");
  expect(peer.violations).toEqual([]);
});
