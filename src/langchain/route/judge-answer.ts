/** Whether a model's answer to the question whom a message is for is sound. Called by judge.ts. */
import { z } from "zod";
import type { AgentId, JudgeAsk, Judged } from "#core";
import { jsonOf, type Issue } from "../reply-text.ts";

type Sound = Omit<Extract<Judged, { kind: "judged" }>, "kind" | "model">;

export type Reading =
  | { readonly kind: "sound"; readonly judged: Sound }
  /** Codes for the trace, sentences for the model's repair. */
  | { readonly kind: "unfit"; readonly issues: readonly Issue[] };

/** How sure a model is taken to be that does not say so. */
const UNSAID = 0.7;

/** Nobody but those on the shortlist is anybody here, and a step's words stand in the message. */
export function judgedIn(text: string, { words, shortlist }: Pick<JudgeAsk, "words" | "shortlist">): Reading {
  const value = jsonOf(text);
  if (typeof value !== "object" || value === null) return unfit("not_json", "It is not one JSON object.");
  const ids = new Map<string, AgentId>(shortlist.map(({ id }) => [id, id]));
  const parsed = answerOf(ids).safeParse(value);
  if (!parsed.success) {
    const issues = parsed.error.issues.flatMap(({ path, code, message }) => {
      const place = path.map(String).join(".") || "answer";
      return { code: `${place}: ${code}`, message: `${place}: ${message}` };
    });
    return { kind: "unfit", issues };
  }
  const { agent, clarify, plan, confidence } = parsed.data;
  if ([agent, clarify, plan].filter((form) => form !== undefined).length !== 1) {
    return unfit("answer: form", 'It must have exactly one of "agent", "clarify" and "plan".');
  }
  if (agent !== undefined) return sound({ judgement: { kind: "agent", agent }, confidence });
  if (clarify !== undefined) {
    const options = [...new Set(clarify)];
    if (options.length < 2) return unfit("clarify: same", '"clarify" names the same agent twice.');
    return sound({ judgement: { kind: "clarify", options }, confidence });
  }
  const steps = plan ?? [];
  const said = plain(words);
  const foreign = steps.findIndex((step) => plain(step.words) === "" || !said.includes(plain(step.words)));
  if (foreign >= 0) {
    return unfit(`plan.${foreign}.words: foreign`, `plan.${foreign}.words: copy them literally out of the message.`);
  }
  return sound({ judgement: { kind: "plan", steps }, confidence });
}

function answerOf(ids: ReadonlyMap<string, AgentId>) {
  const agent = z.string().transform((id, context): AgentId => {
    const known = ids.get(id.trim().toLowerCase());
    if (known !== undefined) return known;
    context.addIssue({ code: "custom", message: `must be one of ${[...ids.keys()].join(", ")}` });
    return z.NEVER;
  });
  return z.strictObject({
    agent: agent.optional(),
    clarify: z.array(agent).min(2).max(3).optional(),
    plan: z
      .array(z.strictObject({ agent, words: z.string() }))
      .min(2)
      .max(3)
      .optional(),
    confidence: z.number().min(0).max(1).default(UNSAID),
  });
}

/** As far as copying may change it: blanks, capitals, the mark at the end. */
const plain = (text: string): string =>
  text
    .normalize("NFKC")
    .toLowerCase()
    .replaceAll(/\s+/g, " ")
    .replace(/^[\s"“”]+|[\s"“”.,;!?]+$/g, "");

const sound = (judged: Sound): Reading => ({ kind: "sound", judged });
const unfit = (code: string, message: string): Reading => ({ kind: "unfit", issues: [{ code, message }] });
