/** From a model's whole text to a Reply. What is visible of it while it streams: visible.ts. */
import { replySchema, type Reply } from "#core";

export type ReadReply =
  | { readonly kind: "reply"; readonly reply: Reply }
  | { readonly kind: "unfit"; readonly issues: readonly Issue[] };

export type Issue = {
  /** For the trace: where and what, without a word of the text. */
  readonly code: string;
  /** For the model's repair. */
  readonly message: string;
};

/** A fenced JSON block is unwrapped; nothing else is guessed. */
export function readReply(text: string): ReadReply {
  const value = jsonOf(text);
  if (value === undefined) {
    return { kind: "unfit", issues: [{ code: "not_json", message: "The reply is not one JSON object." }] };
  }
  const parsed = replySchema.safeParse(value);
  if (parsed.success) return { kind: "reply", reply: parsed.data };
  const issues = parsed.error.issues.map(({ path, code, message }) => {
    const place = path.map(String).join(".") || "reply";
    return { code: `${place}: ${code}`, message: `${place}: ${message}` };
  });
  return { kind: "unfit", issues };
}

/** What the text says as JSON, fenced or not; undefined when it is none. */
export const jsonOf = (text: string): unknown => parseJson(unfence(text));

/** Whether a text begins like a reply and stops before its end. */
export function isUnfinished(text: string): boolean {
  return /^(\{|```)/.test(text.trimStart()) && parseJson(unfence(text)) === undefined;
}

function unfence(text: string): string {
  const trimmed = text.trim();
  return /^```(?:json)?\s*\n([\s\S]*)\n\s*```$/.exec(trimmed)?.[1] ?? trimmed;
}

function parseJson(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // Text that is no JSON is an ordinary outcome here.
    return undefined;
  }
}
