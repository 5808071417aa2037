/** What an agent may return. A model's text is parsed into this by zod, repaired once, and else is a failure. */
import { z } from "zod";
import { wellFormed } from "./text/well-formed.ts";

export const FAIL_CODES = [
  "cannot",
  "not_found",
  "needs_model",
  "invalid_reply",
  "empty",
  "truncated",
  "refusal",
  "timeout",
  "stalled",
  "budget",
  "loop",
  "denied",
  "bad_tool_call",
  "tool_failed",
  "model_failed",
  "internal",
] as const;
export type FailCode = (typeof FAIL_CODES)[number];

/** A model may write what no database keeps; nobody could read it either. */
const written = () => z.string().overwrite(wellFormed).trim().min(1);

export const replySchema = z.discriminatedUnion("kind", [
  z.strictObject({
    kind: z.literal("answer"),
    text: written().max(60_000).describe("The answer, in Markdown. Cite recalled items as [m12]."),
  }),
  z.strictObject({
    kind: z.literal("clarify"),
    question: written().max(2_000).describe("One question that would settle what is meant."),
    options: z.array(written().max(200)).max(6).default([]),
  }),
  z.strictObject({
    kind: z.literal("fail"),
    code: z.enum(["cannot", "not_found", "needs_model"]).describe("Why this cannot be answered."),
    reason: written().max(2_000).describe("What the person reads: what is missing and what to do."),
  }),
]);

/** `fail` from a model is limited to honest reasons; the run itself adds the others. */
export type Reply =
  | { readonly kind: "answer"; readonly text: string }
  | { readonly kind: "clarify"; readonly question: string; readonly options: readonly string[] }
  | { readonly kind: "fail"; readonly code: FailCode; readonly reason: string };

/** The sentence that the person reads, without the options of a question. */
export function sentenceOf(reply: Reply): string {
  switch (reply.kind) {
    case "answer":
      return reply.text;
    case "clarify":
      return reply.question;
    case "fail":
      return reply.reason;
  }
}
