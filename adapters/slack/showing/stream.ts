/** An unfinished reply as Slack's own stream: only what is new is sent, and a stream ends before Slack ends it. */
import type { ChatStartStreamArguments } from "@slack/web-api";
import { isDirect } from "../address.ts";
import type { DraftView, Shown, ViewDeps } from "./draft-view.ts";
import { findLostDraft } from "./lost-draft.ts";
import { LATER_MS, waitOr } from "./wait-or.ts";

/** Slack ends a stream after five minutes, however busy it is. */
const ROTATE_MS = 240_000;
/** Of one call Slack takes 12,000; a message may grow longer, but nobody reads on in it. */
const MOST_IN_CALL = 10_000;
const MOST_IN_MESSAGE = 30_000;
/** A hundred calls a minute are allowed. */
const GAP_MS = 1_000;

type Open = { readonly ts: string; readonly at: number; length: number };

/** Codes that say that the workspace or the app has no streams at all. */
const UNSUPPORTED = new Set([
  "unknown_method",
  "method_not_supported_for_channel_type",
  "missing_scope",
  "not_allowed",
  "not_allowed_token_type",
  "feature_not_enabled",
  "http_404",
]);

/** `onUnsupported` is called when no stream can be begun, here or anywhere. */
export function createStream(deps: ViewDeps, onUnsupported: () => void): DraftView {
  const { api, rates, clock, channel, thread, reader } = deps;
  const all: string[] = [];
  let open: Open | undefined;
  /** All that the messages show together. */
  let shown = "";

  const view: DraftView = {
    gap: GAP_MS,
    note: () => ({ ts: all, streaming: open !== undefined }),
    async show(text) {
      const whole = harmless(text);
      if (!whole.startsWith(shown)) return broken();
      while (shown.length < whole.length) {
        if (deps.isOver()) return { kind: "over" };
        if (open && isFull(open) && (await close(fenceIn(shown) === undefined ? "" : "\n```")) === "stopped_by_user")
          return stopped();
        const piece = pieceOf(whole.slice(shown.length));
        if (piece === "") break;
        const put = open ? await append(open, piece) : await start(piece);
        if (put) return put;
      }
      return { kind: "shown" };
    },
    async close() {
      await close("");
    },
  };
  return view;

  function isFull({ at, length }: Open): boolean {
    return clock.now().getTime() - at >= ROTATE_MS || length >= MOST_IN_MESSAGE;
  }

  /** Undefined when it is shown, or when another stream must show it. */
  async function start(piece: string): Promise<Shown | undefined> {
    if (!isDirect(channel) && !reader) return { kind: "broken" };
    const ms = rates.take("chat.startStream");
    if (ms > 0) return { kind: "wait", ms };
    const fence = fenceIn(shown);
    const args: ChatStartStreamArguments = {
      channel,
      thread_ts: thread,
      ...(reader ? { recipient_user_id: reader.id, recipient_team_id: reader.scope } : {}),
      // What was cut inside of code goes on as code.
      markdown_text: fence === undefined ? piece : `${fence}\n${piece}`,
    };
    const noted = await deps.onBegin();
    if (noted === "failed") return { kind: "wait", ms: LATER_MS };
    if (noted === "refused" || deps.isOver()) return { kind: "over" };
    const answer = await api.call((client) => client.chat.startStream(args));
    if (answer.kind === "not_sent" && UNSUPPORTED.has(answer.code)) {
      onUnsupported();
      return { kind: "broken" };
    }
    if (answer.kind === "unknown") return adopt();
    if (answer.kind === "not_sent") return waitOr(answer, "broken");
    const { ts } = answer.value;
    if (ts === undefined) return { kind: "over" };
    open = { ts, at: clock.now().getTime(), length: piece.length };
    all.push(ts);
    shown += piece;
    return (await deps.onMessage(ts)) === "refused" ? { kind: "over" } : undefined;
  }

  /** Perhaps there is a message now that nobody knows of: another one beside it would say the same. */
  async function adopt(): Promise<Shown> {
    const ts = await findLostDraft(deps, "streamed");
    if (ts === undefined || all.includes(ts)) return { kind: "over" };
    open = { ts, at: clock.now().getTime(), length: 0 };
    all.push(ts);
    return (await deps.onMessage(ts)) === "refused" ? { kind: "over" } : broken();
  }

  async function append(to: Open, piece: string): Promise<Shown | undefined> {
    if (deps.isOver()) return { kind: "over" };
    const ms = rates.take("chat.appendStream");
    if (ms > 0) return { kind: "wait", ms };
    const { ts } = to;
    const answer = await api.call((client) => client.chat.appendStream({ channel, ts, markdown_text: piece }));
    if (answer.kind === "done") {
      to.length += piece.length;
      shown += piece;
      return undefined;
    }
    // Nothing of it was taken: it goes into a new message.
    if (answer.code === "message_not_in_streaming_state") open = undefined;
    else if (answer.code === "stopped_by_user") return stopped();
    else if (answer.kind === "unknown" || !answer.retry) return broken();
    else return waitOr(answer, "broken");
    return undefined;
  }

  function stopped(): Shown {
    open = undefined;
    return { kind: "stopped" };
  }

  async function broken(): Promise<Shown> {
    await close("");
    return { kind: "broken" };
  }

  /** What Slack said against it, if anything. */
  async function close(last: string): Promise<string | undefined> {
    if (!open) return undefined;
    const { ts } = open;
    const args = { channel, ts, ...(last === "" ? {} : { markdown_text: last }) };
    const answer = await api.call((client) => client.chat.stopStream(args));
    if (answer.kind === "done") open = undefined;
    // Else it is still open, for all that is known: whoever writes over it closes it first.
    else if (answer.kind === "not_sent" && !answer.retry) open = undefined;
    return answer.kind === "done" ? undefined : answer.code;
  }
}

/** Slack's own marks for calling people, made plain words; what is appended later does not change what stands before. */
const harmless = (text: string): string => text.replace(/<(?=[!@#])/g, "<\u200B");

/** Not more than one call takes, and no half of a character, whose other half is still to come. */
function pieceOf(text: string): string {
  const piece = text.slice(0, MOST_IN_CALL);
  const last = piece.charCodeAt(piece.length - 1);
  return last >= 0xd800 && last <= 0xdbff ? piece.slice(0, -1) : piece;
}

/** The line that opened the code in which the text ends; undefined when it ends outside of code. */
function fenceIn(text: string): string | undefined {
  let fence: string | undefined;
  for (const [line] of text.matchAll(/^ {0,3}```.*$/gm)) {
    if (fence === undefined) fence = line.trim();
    else if (/^ {0,3}`{3,}\s*$/.test(line)) fence = undefined;
  }
  return fence;
}
