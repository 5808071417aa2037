/** What must hold of Nova's own cases, for the exit code of `nova eval` and its words. Pure; called by the roof. */
import type { OwnRoutingScore } from "./own-routing.ts";
import type { OwnScore } from "./own-score.ts";

/** A figure in per cent, and what it must not fall below, or not exceed. */
export type Bound = { readonly name: string; readonly figure: number | null } & (
  | { readonly least: number }
  | { readonly most: number }
);

export const recallBounds = ({ all }: OwnScore): readonly Bound[] => [
  { name: "recall@5", figure: all.recall, least: 90 },
];

export const abstainBounds = ({ nothing, wrongPerson }: OwnScore): readonly Bound[] => [
  { name: "nothing relevant", figure: nothing.right, least: 90 },
  { name: "wrong person", figure: wrongPerson.right, least: 95 },
];

export const routingBounds = ({ precision, hijacked }: OwnRoutingScore): readonly Bound[] => [
  { name: "rightly settled", figure: precision, least: 90 },
  { name: "hijacked", figure: hijacked, most: 1.5 },
];

/** Also false when there was nothing to measure. */
export function holds(bound: Bound): boolean {
  if (bound.figure === null) return false;
  return "least" in bound ? bound.figure >= bound.least : bound.figure <= bound.most;
}
