/** What an agent may return. A model's text is parsed into this by zod, repaired once, and else is a failure. */
import { z } from "zod";
import type { JsonObject } from "./json.ts";
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
  /** Control was handed on in a way that no agent may, and nobody stood in. */
  "handoff",
  "internal",
] as const;
export type FailCode = (typeof FAIL_CODES)[number];

/** A model may write what no database keeps; nobody could read it either. */
const written = () => z.string().overwrite(wellFormed).trim().min(1);

const agentName = z.string().regex(/^[a-z][a-z0-9-]{0,62}$/);
const payload = z.record(z.string(), z.json());

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
    wanted: written()
      .max(100)
      .optional()
      .describe("A tool that would have been needed and that you were not given, in a few words."),
  }),
  z.strictObject({
    kind: z.literal("handoff"),
    to: agentName,
    reason: written().max(500).describe("Why that agent fits better, in one sentence."),
    input: payload.describe(
      "What it is to work on, as its input contract says. The person's words travel with it anyway.",
    ),
  }),
  z.strictObject({
    kind: z.literal("delegate"),
    calls: z
      .array(z.strictObject({ to: agentName, input: payload }))
      .min(1)
      .max(3),
  }),
  z.strictObject({
    kind: z.literal("propose"),
    text: written()
      .max(2_000)
      .describe("What you say to the person about it. They read the effects themselves from Nova."),
    effects: z
      .array(z.strictObject({ verb: z.string().regex(/^[a-z][a-z0-9_]*$/), input: payload }))
      .min(1)
      .max(10),
  }),
]);

/** An effect as an agent asks for it; its input is read by the verb's own schema. */
export type Proposed = { readonly verb: string; readonly input: JsonObject };
/** A typed call of another agent, which returns. */
export type DelegateCall = { readonly to: string; readonly input: JsonObject };

/** `fail` from a model is limited to honest reasons; the run itself adds the others. */
export type Reply =
  | { readonly kind: "answer"; readonly text: string }
  | { readonly kind: "clarify"; readonly question: string; readonly options: readonly string[] }
  | { readonly kind: "fail"; readonly code: FailCode; readonly reason: string; readonly wanted?: string | undefined }
  /** Control moves to another agent, if the orchestrator's check lets it. */
  | { readonly kind: "handoff"; readonly to: string; readonly reason: string; readonly input: JsonObject }
  /** Typed calls that return to this agent, which then goes on. */
  | { readonly kind: "delegate"; readonly calls: readonly DelegateCall[] }
  /** Effects for a person to decide on. */
  | { readonly kind: "propose"; readonly text: string; readonly effects: readonly Proposed[] };

/** A reply that ends a step's part in the turn. The others move control on. */
export type Closing = Extract<Reply, { kind: "answer" | "clarify" | "fail" | "propose" }>;

/** The sentence that the person reads, without the options of a question. */
export function sentenceOf(reply: Reply): string {
  switch (reply.kind) {
    case "answer":
      return reply.text;
    case "clarify":
      return reply.question;
    case "fail":
    case "handoff":
      return reply.reason;
    case "propose":
      return reply.text;
    case "delegate":
      return "";
  }
}
