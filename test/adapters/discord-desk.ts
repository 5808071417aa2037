/** The Discord adapter beside a real peer, with a clock that stands still and parts made by hand. */
import discord from "../../adapters/discord/index.ts";
import { closeHandle, type CommandHandle, type Handle } from "../../adapters/discord/handle.ts";
import {
  agentId,
  conversationId,
  createProgressBus,
  HOME,
  messageId,
  partId,
  personId,
  turnId,
  type Adapter,
  type AdapterHost,
  type Address,
  type Inbound,
  type OutPart,
  type Press,
  type Pressed,
  type ProgressBus,
  type TurnId,
} from "#core";
import { createSeal } from "../../src/service/seal.ts";
import { silentLog } from "../support/log.ts";
import { REST_OF_HOST } from "../support/host.ts";
import { startDiscordPeer, type DiscordPeer } from "../support/discord/peer.ts";
import type { Place } from "../support/discord/interacting.ts";

export interface Desk {
  readonly peer: DiscordPeer;
  readonly progress: ProgressBus;
  /** What is noted of turns. */
  readonly notes: Map<TurnId, string>;
  adapter: Adapter;
  /** Holds the gateway from now on; what comes in is accepted, and its message id is how many came before it. */
  listen(): Promise<void>;
  readonly accepted: readonly Inbound[];
  readonly presses: readonly Press[];
  /** What clicks and forms are answered with from now on. */
  onPress(behaviour: (press: Press) => Promise<Pressed>): void;
  /** As after a restart: nothing is remembered but what is stored. */
  restart(): Promise<void>;
  close(): Promise<void>;
  pass(ms: number): void;
  readonly now: () => Date;
  /** A command of Ada's that was deferred. */
  deferred(place?: Place, about?: { readonly hidden?: boolean; readonly stop?: boolean }): Promise<CommandHandle>;
  part(about: Partial<Omit<OutPart, "handles">> & { readonly handles?: readonly Handle[] }): OutPart;
  /** Where Ada is written to directly. */
  direct(): Address;
  /** A channel of the guild; with `hidden` what only Ada sees there. */
  channel(name: string, hidden?: boolean): Address;
  /** Sends them one after the other, as the outbox does. */
  send(...parts: readonly OutPart[]): Promise<readonly Awaited<ReturnType<Adapter["send"]>>[]>;
}

const ADA = { id: personId("1"), tenant: HOME, name: "Ada", role: "owner" } as const;

export async function openDesk(): Promise<Desk> {
  let ms = Date.parse("2026-11-21T12:00:00Z");
  let count = 0;
  const clock = { now: () => new Date(ms) };
  const peer = await startDiscordPeer({ clock });
  peer.world.commands = ["ask", "stop"].map((name) => ({
    id: peer.world.id(),
    name,
    options: [],
    contexts: [0, 1, 2],
  }));
  let listening = new AbortController();
  let held: Promise<void> | undefined;
  async function leave(): Promise<void> {
    listening.abort();
    await desk.adapter.stop?.();
    await held;
    held = undefined;
  }
  const progress = createProgressBus((error) => {
    throw error;
  });
  const accepted: Inbound[] = [];
  const presses: Press[] = [];
  let pressing = REST_OF_HOST.press;
  const notes = new Map<TurnId, string>();
  const seal = createSeal("token", "discord");
  const host: AdapterHost = {
    ...REST_OF_HOST,
    accept: async (inbound) => {
      accepted.push(inbound);
      const message = messageId(String(accepted.length - 1));
      return { kind: "accepted", message, conversation: conversationId("1"), person: ADA, duplicate: false };
    },
    async press(press) {
      presses.push(press);
      return pressing(press);
    },
    agents: () => [],
    drafts: {
      of: async (turn) => notes.get(turn) ?? null,
      note: async (turn, draft) => {
        notes.set(turn, draft);
        return true;
      },
    },
    seal: () => seal,
    progress,
    clock,
    log: silentLog,
    agentName: (id) => (id === "librarian" ? "Librarian" : id),
    publicUrl: () => "http://127.0.0.1:1",
    people: nothing(),
    endpoints: nothing(),
    transcript: nothing(),
  };
  const settings = discord.settings.parse(peer.env());
  const ada = peer.user("ada");
  const address = (container: string, visibility: Address["visibility"], root: string | null = null): Address => ({
    platform: "discord",
    scope: peer.world.application.id,
    container,
    root,
    visibility,
  });

  const desk: Desk = {
    peer,
    progress,
    notes,
    adapter: discord.create(settings, host),
    accepted,
    presses,
    onPress: (behaviour) => void (pressing = behaviour),
    async listen() {
      listening = new AbortController();
      held = desk.adapter.listen?.(listening.signal, () => undefined);
      await peer.ready();
    },
    async restart() {
      const isListening = held !== undefined;
      await leave();
      desk.adapter = discord.create(settings, host);
      if (isListening) await desk.listen();
    },
    async close() {
      await leave();
      await peer.close();
    },
    pass: (by) => void (ms += by),
    now: clock.now,
    async deferred(place = {}, { hidden = true, stop = false } = {}) {
      const id = await peer.command("ada", stop ? "stop" : "ask", {}, place);
      const { token } = peer.world.interactions.get(id) ?? { token: "" };
      await fetch(`${peer.world.origin}/api/v10/interactions/${id}/${token}/callback`, {
        method: "POST",
        body: JSON.stringify({ type: 5, ...(hidden ? { data: { flags: 64 } } : {}) }),
      });
      const visitor = place.userInstalled ?? false;
      return { kind: "command", interaction: id, token, user: ada.id, at: ms, hidden, visitor, stop };
    },
    part({ handles = [], ...about }) {
      count += 1;
      return {
        id: partId(String(count)),
        turn: turnId(String(count)),
        conversation: conversationId("1"),
        message: messageId("1"),
        body: `Words ${count}.`,
        ordinal: 0,
        of: 1,
        address: desk.direct(),
        person: ADA,
        agent: agentId("librarian"),
        note: { kind: "answer", model: "tiny" },
        at: clock.now(),
        actions: [],
        draft: null,
        amends: null,
        attempts: 0,
        handles: handles.map((handle) => closeHandle(handle, seal, clock.now()).sealed),
        ...about,
      };
    },
    direct: () => address(peer.dmChannel("ada"), "private"),
    channel: (name, hidden = false) =>
      hidden ? address(peer.channel(name), "private", `@${ada.id}`) : address(peer.channel(name), "shared"),
    async send(...parts) {
      const results = [];
      for (const part of parts) results.push(await desk.adapter.send(part, AbortSignal.timeout(20_000)));
      return results;
    },
  };
  return desk;
}

/** Throws when anything of it is asked for. */
const nothing = (): never =>
  new Proxy(
    {},
    {
      get() {
        throw new Error("this test offers no such thing");
      },
    },
  ) as never;
