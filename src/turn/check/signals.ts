/** What of a step is kept for a later review: what had no ground, and what was asked for and not to be had. Pure; called by part-end.ts. */
import { withoutSecrets, type Signal, type StepOutcome } from "#core";

/** How a tool is named; anything else is a model's own words, of which only that there was a wish is kept. */
const NAME = /^[a-z][a-z0-9_.-]{0,59}$/;

/** Of a `weaken`ed outcome. */
export function signalsOf({ agent, reply, breaches, mended = [], missing }: StepOutcome): readonly Signal[] {
  const failed = reply.kind === "fail" && breaches.length > 0;
  const wanted = reply.kind === "fail" && reply.wanted !== undefined ? [reply.wanted] : [];
  return [
    ...unique(mended).map((code): Signal => ({ kind: "breach", agent, code, outcome: "mended" })),
    ...unique(breaches.map(({ code }) => code)).map((code): Signal => ({
      kind: "breach",
      agent,
      code,
      outcome: failed ? "failed" : "weakened",
    })),
    ...unique([...missing, ...wanted].map(codeOf)).map((code): Signal => ({
      kind: "missing_tool",
      agent,
      code,
      outcome: null,
    })),
  ];
}

/** `send mail` is a name as well, written by somebody who does not know how names are written. */
function codeOf(wanted: string): string {
  if (withoutSecrets(wanted) !== wanted) return "unnamed";
  const name = wanted.trim().toLowerCase().replaceAll(/\s+/g, "_");
  return NAME.test(name) ? name : "unnamed";
}

const unique = <T>(all: readonly T[]): readonly T[] => [...new Set(all)];
