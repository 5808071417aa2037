/** Puts a part where it belongs: into the message of its draft, into its thread, or before one person's eyes. One write. */
import type { ChatPostMessageArguments } from "@slack/web-api";
import type { AdapterHost, OutPart, Seal, SendResult, TurnId } from "#core";
import { commandUserOf } from "./address.ts";
import type { SlackApi } from "./api.ts";
import { later, type Failure } from "./failure.ts";
import { partMessage } from "./message.ts";
import { partMetadata } from "./metadata.ts";
import { openUrl, type ResponseUrls } from "./response-url.ts";
import { directWith } from "./sending/direct.ts";
import { resultOf } from "./sending/result.ts";
import type { Tries } from "./sending/tries.ts";
import { amended, isBadBlocks, writeOver } from "./sending/write-over.ts";
import { readNote, type DraftNote } from "./showing/draft-note.ts";
import { lookForDraft } from "./showing/lost-draft.ts";

export type SendDeps = {
  readonly api: SlackApi;
  readonly urls: ResponseUrls;
  readonly tries: Tries;
  readonly seal: Seal;
  readonly host: Pick<AdapterHost, "agentName" | "clock">;
  /** Ends what this process shows of the turn's unfinished reply; null when it shows nothing. */
  readonly finish: (turn: TurnId) => Promise<DraftNote | null>;
};

export type Send = (part: OutPart, signal: AbortSignal) => Promise<SendResult>;

export function createSend(deps: SendDeps): Send {
  const { api, tries } = deps;
  return async (part, signal) => {
    const changed = await amended(part, deps, signal);
    if (changed) return changed;
    const user = commandUserOf(part.address);
    if (user !== undefined) return answerCommand(part, user, deps, signal);
    const draft = (await deps.finish(part.turn)) ?? (await noted(part, deps, signal));
    if ("kind" in draft) return resultOf(draft, "");
    const shown = tries.hasNoDraft(part.turn) ? undefined : draft.ts[part.ordinal];
    if (shown !== undefined) {
      if (draft.streaming) await closeStream(part, draft, api, signal);
      const { container: channel, root: thread } = part.address;
      const updated = await writeOver(part, { channel, thread, ts: shown }, deps, signal);
      if (updated.kind !== "not_sent" || updated.retry || !isGone(updated)) {
        const isLast = part.ordinal >= part.of - 1;
        if (updated.kind === "done" && isLast) await remove(part, draft.ts.slice(part.ordinal + 1), deps, signal);
        return resultOf(updated, shown);
      }
      // What is posted now stands behind what is still shown; it must not.
      tries.dropDraft(part.turn);
      await remove(part, draft.ts.slice(part.ordinal + 1), deps, signal);
    }
    const { container, root } = part.address;
    const posted = await post(part, { channel: container, thread: root }, deps, signal);
    return resultOf(posted, posted.kind === "done" ? (posted.value.ts ?? part.id) : "");
  };
}

/** After so many tries it goes out, whether there is a message or not. */
const MOST_LOOKS = 3;

/** What another process noted, with the message that it began and did not come to note any more. */
async function noted(part: OutPart, { api, host }: SendDeps, signal: AbortSignal): Promise<DraftNote | Failure> {
  const { begun, ...draft } = readNote(part.draft);
  const { container: channel, root: thread } = part.address;
  if (begun === undefined || thread === null || part.attempts >= MOST_LOOKS) return draft;
  const where = { api, clock: host.clock, channel, thread, turn: part.turn };
  const lost = await lookForDraft(where, "either", begun, signal);
  // Nothing was written yet.
  if (lost.kind === "unknown") return later(lost.code);
  if (lost.kind === "not_sent") return lost.retry ? lost : draft;
  if (lost.ts === undefined || draft.ts.includes(lost.ts)) return draft;
  return { ts: [...draft.ts, lost.ts], streaming: true };
}

/** The message of the draft cannot be written over. */
const GONE = new Set(["message_not_found", "cant_update_message", "edit_window_closed", "cant_edit_message"]);
const isGone = ({ code }: Failure): boolean => GONE.has(code);

async function post(
  part: OutPart,
  at: { readonly channel: string; readonly thread: string | null },
  { api, host, tries }: SendDeps,
  signal: AbortSignal,
) {
  const { text, blocks } = partMessage(part, host);
  const args = {
    channel: at.channel,
    ...(at.thread === null ? {} : { thread_ts: at.thread }),
    unfurl_links: false,
    unfurl_media: false,
    metadata: partMetadata(part),
  };
  tries.begun(part, { ...at, at: host.clock.now().getTime(), isSafe: false });
  const whole: ChatPostMessageArguments = { ...args, text, blocks };
  const answer = await api.call((client) => client.chat.postMessage(whole), signal);
  if (!isBadBlocks(answer)) return answer;
  return api.call((client) => client.chat.postMessage({ ...args, text: part.body }), signal);
}

/** An earlier process left it open; what is closed already stays so. */
async function closeStream(part: OutPart, { ts }: DraftNote, api: SlackApi, signal: AbortSignal): Promise<void> {
  const last = ts.at(-1);
  if (last === undefined || part.ordinal > 0) return;
  await api.call((client) => client.chat.stopStream({ channel: part.address.container, ts: last }), signal);
}

/** Messages that show what stands elsewhere now. Best effort: they hold words that were shown before. */
async function remove(part: OutPart, all: readonly string[], { api }: SendDeps, signal: AbortSignal): Promise<void> {
  for (const ts of all) await api.call((client) => client.chat.delete({ channel: part.address.container, ts }), signal);
}

/** By the newest address that still answers, else in the person's direct conversation. */
async function answerCommand(part: OutPart, user: string, deps: SendDeps, signal: AbortSignal): Promise<SendResult> {
  const { api, urls, seal, host, tries } = deps;
  const message = partMessage(part, host);
  for (const sealed of part.handles.toReversed()) {
    const url = openUrl(sealed, seal);
    if (url === undefined || !urls.isOpen(url)) continue;
    tries.begun(part, { channel: null, thread: null, at: host.clock.now().getTime(), isSafe: false });
    const answer = await urls.answer(url, message, signal);
    if (answer.kind !== "closed") return resultOf(answer, `response:${part.id}`);
  }
  const channel = await directWith(user, api, signal);
  if (typeof channel !== "string") return resultOf(channel, "");
  const posted = await post(part, { channel, thread: null }, deps, signal);
  return resultOf(posted, posted.kind === "done" ? (posted.value.ts ?? part.id) : "");
}
