/** What a person reads of a model that failed or rests, after its name. Read by an agent's chain and by the judge. */
import type { Resting } from "./circuit.ts";
import { FAILURES } from "./failure.ts";

/** As `says` of failure.ts. */
export function restingSays({ why, ms }: Resting): string {
  const counted = FAILURES[why].circuit === "counts" && why !== "rate_limited";
  const cause = counted ? "failed several times just now" : FAILURES[why].says;
  return `${cause} and is|are ${ms > 0 ? `not asked again for ${span(ms)}` : "being tried again just now"}`;
}

const span = (ms: number): string => (ms > 90_000 ? `${Math.round(ms / 60_000)} min` : `${Math.ceil(ms / 1_000)} s`);

/** `is|are`, for one or for several. */
export const agreeing = (says: string, count: number): string =>
  says.replaceAll(/(\w+)\|(\w+)/g, count === 1 ? "$1" : "$2");
