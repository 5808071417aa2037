/** An unfinished reply as a message that is written over again and again, where Slack streams nothing. */
import { splitMarkdown } from "#core";
import { draftMetadata } from "../metadata.ts";
import { mrkdwn } from "../mrkdwn.ts";
import type { DraftNote } from "./draft-note.ts";
import type { DraftView, Shown, ViewDeps } from "./draft-view.ts";
import { findLostDraft } from "./lost-draft.ts";
import { LATER_MS, waitOr } from "./wait-or.ts";

/** Fifty edits a minute are allowed. */
const GAP_MS = 1_200;

/** Goes on in the messages that are there already: the first shows the text, the others are taken away. */
export function createEdits(deps: ViewDeps, before: DraftNote): DraftView {
  const { api, rates, channel, thread } = deps;
  let { ts: all, streaming } = before;
  let shown = "";

  async function tidy(): Promise<void> {
    const last = all.at(-1);
    if (streaming && last !== undefined) await api.call((client) => client.chat.stopStream({ channel, ts: last }));
    streaming = false;
    const [first, ...others] = all;
    for (const ts of others) await api.call((client) => client.chat.delete({ channel, ts }));
    if (others.length === 0 || first === undefined) return;
    all = [first];
    await deps.onMessage();
  }

  return {
    gap: GAP_MS,
    note: () => ({ ts: all, streaming }),
    async show(text): Promise<Shown> {
      const body = preview(text);
      if (body === "" || body === shown) return { kind: "shown" };
      if (deps.isOver()) return { kind: "over" };
      const [ts] = all;
      const ms = rates.take(ts === undefined ? "chat.postMessage" : "chat.update");
      if (ms > 0) return { kind: "wait", ms };
      if (ts !== undefined) {
        await tidy();
        if (deps.isOver()) return { kind: "over" };
        const answer = await api.call((client) => client.chat.update({ channel, ts, text: body, blocks: [] }));
        if (answer.kind === "not_sent") return waitOr(answer, "over");
        shown = answer.kind === "done" ? body : "";
        return { kind: "shown" };
      }
      const metadata = draftMetadata(deps.turn);
      const args = { channel, thread_ts: thread, text: body, unfurl_links: false, unfurl_media: false, metadata };
      const noted = await deps.onBegin();
      if (noted === "failed") return { kind: "wait", ms: LATER_MS };
      if (noted === "refused" || deps.isOver()) return { kind: "over" };
      const answer = await api.call((client) => client.chat.postMessage(args));
      if (answer.kind === "not_sent") return waitOr(answer, "over");
      const posted = answer.kind === "done" ? answer.value.ts : await findLostDraft(deps, "posted");
      // Perhaps there is a message now that nobody knows of: another one beside it would say the same.
      if (posted === undefined) return { kind: "over" };
      all = [posted];
      shown = body;
      return { kind: (await deps.onMessage(posted)) === "refused" ? "over" : "shown" };
    },
    async close() {
      // An edit leaves nothing open.
    },
  };
}

/** What is new is at the end, and that is what is read. */
function preview(text: string): string {
  const parts = splitMarkdown(text.toWellFormed(), mrkdwn);
  return parts.length > 1 ? `…\n${parts.at(-1)}` : (parts[0] ?? "");
}
