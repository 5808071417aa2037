/** What the offline model makes of a step: a reply, or tools to ask first. */
import type { z } from "zod";
import type { replySchema } from "#core";

export type OfflineReply = z.input<typeof replySchema>;

export type Decision =
  | { readonly kind: "reply"; readonly reply: OfflineReply }
  | { readonly kind: "call"; readonly calls: readonly { readonly tool: string; readonly args: object }[] };

export const answer = (text: string): Decision => ({ kind: "reply", reply: { kind: "answer", text } });

export const clarify = (question: string, options: string[] = []): Decision => ({
  kind: "reply",
  reply: { kind: "clarify", question, options },
});

export const fail = (code: "cannot" | "not_found" | "needs_model", reason: string): Decision => ({
  kind: "reply",
  reply: { kind: "fail", code, reason },
});

export const handOver = (to: string, reason: string, words: string): Decision => ({
  kind: "reply",
  reply: { kind: "handoff", to, reason, input: { words } },
});
