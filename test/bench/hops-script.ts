/** What the models of two hops and one tool say, to Nova and to the graph beside it alike. Used by hops and state-graph. */
import type { BaseMessage } from "@langchain/core/messages";
import { says, type Line } from "../support/model.ts";

/** Who hands over to whom; the last one uses the tool. */
export const CHAIN = ["gardens", "baking", "chess"] as const;
const ANSWER = "Fourteen pots take 35 litres of water a week.";
export const CALL = { name: "calculate", args: { expression: "14 * 2.5" } };

export const idOf = (field: string): string => `field-${field}`;
const handOver = (to: string): string =>
  JSON.stringify({
    kind: "handoff",
    to: idOf(to),
    reason: "It knows the figures.",
    input: { words: "How much water?" },
  });

/** Chosen by whose prompt stands first, so that no order of calls is assumed. */
export function nextLine(messages: readonly BaseMessage[]): Line {
  const prompt = messages[0]?.text ?? "";
  const at = CHAIN.findIndex((field) => prompt.includes(`questions about ${field}`));
  const next = CHAIN[at + 1];
  if (next !== undefined) return handOver(next);
  return messages.at(-1)?.type === "tool" ? says(ANSWER) : { calls: [CALL] };
}
