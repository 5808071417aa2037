/** An agent's answer in the form that its file promises. Pure; used by outcome.ts. */
import type { z } from "zod";

/** Agents of words give their text; those of data, JSON. Undefined: it keeps to neither. */
export function outputOf(text: string, contract: z.ZodType): unknown {
  for (const value of [{ text }, jsonIn(text)]) {
    const parsed = contract.safeParse(value);
    if (parsed.success) return parsed.data;
  }
  return undefined;
}

function jsonIn(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // An answer in words is no JSON.
    return undefined;
  }
}
