/** How money, tokens and what they do not cover are written for people, the same on every surface. */
import type { Cap, SpentOn, Tokens } from "./spending.ts";
import type { TraceEvent } from "./trace.ts";

/** `$1.25`, or four decimals where two would show nothing. */
export function money(micros: number): string {
  if (micros <= 0) return "$0.00";
  if (micros < 100) return "under $0.0001";
  return `$${(micros / 1e6).toLocaleString("en-US", micros < 100_000 ? FINE : ROUGH)}`;
}

const ROUGH = { minimumFractionDigits: 2, maximumFractionDigits: 2 };
const FINE = { minimumFractionDigits: 4, maximumFractionDigits: 4 };

export const thousands = (count: number): string => count.toLocaleString("en-US");

/** `1,200 tokens in, 300 out`. */
export const tokensInOut = ({ input, output }: Tokens): string =>
  `${thousands(input)} tokens in, ${thousands(output)} out`;

/** In the unit of the cap: `$5.00` or `200,000 tokens`. */
export const inUnitOf = (cap: Cap, amount: number): string =>
  cap.kind === "money" ? money(amount) : `${thousands(amount)} tokens`;

export const capWords = (cap: Cap): string => inUnitOf(cap, cap.kind === "money" ? cap.micros : cap.tokens);

/** What the priced calls cost, and how many have no price. */
export function costWords({ micros, unpriced, calls }: Pick<SpentOn, "micros" | "unpriced" | "calls">): string {
  if (calls > 0 && unpriced === calls) return "price unknown";
  return unpriced === 0 ? money(micros) : `${money(micros)}, and ${thousands(unpriced)} of unknown price`;
}

/** Why a trace says that a model was not asked. */
export const SKIPPED_WORDS: Readonly<Record<Extract<TraceEvent, { kind: "skipped" }>["why"], string>> = {
  circuit_open: "it failed too often just before",
  budget: "what is left of the day's budget does not cover a call of it",
};
