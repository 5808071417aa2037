/** A draft without sentences that claim a deed: whether there is a record is known at its end. Made by leg.ts for each run. */
import type { AgentStep } from "#core";
import { claimsIn, type DeedFacts } from "./check/deeds.ts";
import { withoutWords } from "./weaken.ts";

/** Line by line, each looked at once: a draft is shown whole every time that it grows. */
export function createVeil({ agent, ask }: Pick<AgentStep, "agent" | "ask">): (draft: string) => string {
  const seen = new Map<string, string>();
  const facts: DeedFacts = {
    deeds: [],
    kept: false,
    keptAnyway: false,
    forgot: false,
    onText: agent.domain === "language",
    onRecords: false,
    told: [ask.words],
    results: [],
    items: [],
  };
  const veiled = (line: string): string => {
    const before = seen.get(line);
    if (before !== undefined) return before;
    const left = withoutWords(
      line,
      claimsIn(line, facts).map(({ text }) => text),
    );
    seen.set(line, left);
    return left;
  };
  return (draft) => draft.split("\n").map(veiled).join("\n");
}
