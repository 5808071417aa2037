/** How much an agent's budget leaves for a call of its model. Read by ask.ts, and by model-guard.ts. */
import type { Tokens } from "#core";
import type { Calling } from "./calling.ts";
import { promptTokens, type Request } from "./request.ts";

/** In tokens: a chain that was begun is gone through, and less than this is no answer. */
const SHORTEST = 256;
/** In tokens, of a model that could not read what was sent: the question and the answer share one window. */
const BRIEF = 2_048;

/** What is sent, and the limit that the provider is told for the answer, thoughts included. */
export function mostOf({ speaker, spent, step, brief }: Calling, request: Request): Tokens {
  const input = promptTokens(request);
  const left = step.left.tokens - spent.tokens - input;
  return { input, output: Math.max(SHORTEST, Math.min(left, speaker.longest ?? left, brief ? BRIEF : left)) };
}

/** In tokens: how long an answer may still be where the day's budget does not cover the longest one. */
const SHORTER = [BRIEF, 512];

/** What to reserve, one after the other until something is granted: the longest answer first. */
export function shrinking(most: Tokens): readonly Tokens[] {
  const outputs = SHORTER.filter((output) => output < most.output);
  return [most, ...outputs.map((output) => ({ ...most, output }))];
}

export const overTokens = ({ spent, step }: Calling, request: Request): boolean =>
  spent.tokens + promptTokens(request) > step.left.tokens;
