/** What writes to Slack, on the peer and with a clock that tests move: parts, drafts and answers without a Nova around. */
import {
  agentId,
  conversationId,
  createProgressBus,
  messageId,
  partId,
  personId,
  HOME,
  turnId,
  type Address,
  type OutPart,
  type Progress,
  type TurnId,
} from "#core";
import { createSlackApi } from "../../adapters/slack/api.ts";
import { createAskers } from "../../adapters/slack/showing/askers.ts";
import { createReconcile } from "../../adapters/slack/sending/reconcile.ts";
import { closeUrl, createResponseUrls } from "../../adapters/slack/response-url.ts";
import { createSend } from "../../adapters/slack/send.ts";
import { createShowing } from "../../adapters/slack/showing/showing.ts";
import { createVoice } from "../../adapters/slack/inbound/speak.ts";
import { createTries } from "../../adapters/slack/sending/tries.ts";
import { createSeal } from "../../src/service/seal.ts";
import { silentLog } from "../support/log.ts";
import { startSlackPeer } from "../support/slack/peer.ts";
import type { Json } from "../support/slack/workspace.ts";

export type SlackWriter = Awaited<ReturnType<typeof openSlackWriter>>;

export async function openSlackWriter({ timeoutMs = 2_000 }: { readonly timeoutMs?: number } = {}) {
  let now = Date.now();
  const clock = { now: () => new Date(now) };
  const slack = await startSlackPeer({ clock });
  const drafts = new Map<TurnId, string>();
  const stopped: TurnId[] = [];
  const seal = createSeal("a secret of this test", "slack");
  const host = {
    clock,
    log: silentLog,
    progress: createProgressBus((error) => {
      throw error;
    }),
    agentName: (id: string) => (id === "librarian" ? "Librarian" : id),
    drafts: {
      of: async (turn: TurnId) => drafts.get(turn) ?? null,
      note: async (turn: TurnId, draft: string) => {
        drafts.set(turn, draft);
        return true;
      },
    },
    stop: async (turn: TurnId) => void stopped.push(turn),
  };
  /** Time passes as fast as it is waited for. */
  const pause = async (ms: number, signal?: AbortSignal): Promise<void> => {
    // Only the refreshing of a status line waits so long.
    if (ms > 90_000) return new Promise((done) => signal?.addEventListener("abort", () => done()));
    now += ms;
    await new Promise((done) => setImmediate(done));
  };
  const api = createSlackApi({ token: slack.tokens.bot, url: slack.url, clock, timeoutMs });
  const urls = createResponseUrls(clock);
  const askers = createAskers();

  /** As a process has it: what it remembers ends with it. */
  const openProcess = () => {
    const tries = createTries();
    const showing = createShowing({ api, askers, host, pause });
    const send = createSend({ api, urls, tries, seal, host, finish: (turn) => showing.finish(turn) });
    const look = createReconcile({ api, tries, host, pause });
    const reconcile = (part: OutPart, signal = new AbortController().signal) => look(part, signal);
    return {
      showing,
      reconcile,
      /** As the outbox does it: a send in doubt is looked for. */
      async deliver(part: OutPart) {
        const result = await send(part, AbortSignal.timeout(10_000));
        if (result.kind !== "unknown") return result;
        return { ...result, fate: await reconcile(part) };
      },
      send: (part: OutPart) => send(part, AbortSignal.timeout(10_000)),
    };
  };

  const root = async (channel: string, user = "ada"): Promise<Address> => {
    const said = channel === "direct" ? await slack.dm(user, "hello") : await slack.mention(channel, user, "hello");
    const visibility = channel === "direct" ? "private" : "shared";
    return { platform: "slack", scope: slack.team, container: said.channel, root: said.root, visibility };
  };
  let parts = 0;
  return {
    slack,
    api,
    urls,
    askers,
    host,
    drafts,
    stopped,
    seal,
    pass: (ms: number): void => void (now += ms),
    handle: (url: string): string => closeUrl(url, seal, clock.now()).sealed,
    root,
    voice: createVoice({ api, urls, log: silentLog }),
    openProcess,
    process: openProcess(),
    publish: (address: Address, progress: Progress): void => host.progress.publish(address, progress),
    part(address: Address, body: string, more: Partial<OutPart> = {}): OutPart {
      parts += 1;
      return {
        id: partId(String(parts)),
        turn: turnId("1"),
        conversation: conversationId("1"),
        message: messageId("1"),
        ordinal: 0,
        of: 1,
        address,
        person: { id: personId("1"), tenant: HOME, name: "Ada", role: "owner" },
        agent: agentId("librarian"),
        note: { kind: "answer", model: "offline" },
        at: clock.now(),
        actions: [],
        handles: [],
        draft: null,
        amends: null,
        attempts: 0,
        body,
        ...more,
      };
    },
    [Symbol.asyncDispose]: () => slack.close(),
  };
}

/** The visible words of a message. */
export function wordsOf({ text = "", blocks = [] }: Json): string {
  const sections = (blocks as readonly Json[]).filter((block) => block["type"] === "section");
  return sections.length > 0 ? sections.map((block) => block["text"].text).join("\n") : text;
}
