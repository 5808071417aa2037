/** How an agent has fared with a verb, and what follows from it as a suggestion; nothing is ever changed by it. Pure. Used by the operator's verbs. */
import type { Effect } from "./effect.ts";
import type { AgentId } from "./ids.ts";
import { TRUSTS, type Stakes, type Trust } from "./trust.ts";

/** One proposal that was decided, and what came of it. */
export type Tried = {
  readonly agent: AgentId;
  readonly verb: string;
  readonly effect: Effect;
  readonly stakes: Stakes;
  readonly at: Date;
  /** A person's word on it; null: the trust rule decided. `afterMs`: how long it took them. */
  readonly decided: { readonly accepted: boolean; readonly edited: boolean; readonly afterMs: number } | null;
  /** `undone`: it was taken back within the hour. What was not begun, because somebody no longer might, is none. */
  readonly incident: "unknown" | "failed" | "undone" | null;
};

export type TrackRecord = {
  /** People's decisions. */
  readonly decisions: number;
  /** Of them, approved as proposed. */
  readonly unedited: number;
  readonly edited: number;
  readonly denied: number;
  /** Done without a person. */
  readonly alone: number;
  readonly incidents: number;
  /** Null without decisions. */
  readonly medianMs: number | null;
};

/** Decisions that a promotion rests on, at least, and the share of them that was approved as proposed. */
const MOST_TRUSTED = { decisions: 30, share: 0.95 };
/** The last so many decisions; when fewer than this share of them was approved, trust is too high. */
const LEAST_TRUSTED = { decisions: 20, share: 0.8 };
/** Nobody has read what was approved faster than this, in the median. */
const UNREAD_MS = 5_000;

export function recordOf(tried: readonly Tried[]): TrackRecord {
  const decided = tried.flatMap((each) => (each.decided ? [each.decided] : []));
  const accepted = decided.filter((each) => each.accepted);
  return {
    decisions: decided.length,
    unedited: accepted.filter((each) => !each.edited).length,
    edited: accepted.filter((each) => each.edited).length,
    denied: decided.length - accepted.length,
    alone: tried.length - decided.length,
    incidents: tried.filter((each) => each.incident !== null).length,
    medianMs: median(decided.map((each) => each.afterMs)),
  };
}

function median(all: readonly number[]): number | null {
  if (all.length === 0) return null;
  const sorted = all.toSorted((a, b) => a - b);
  const middle = sorted.length / 2;
  return (sorted[Math.ceil(middle) - 1]! + sorted[Math.floor(middle)]!) / 2;
}

export type TrustSuggestion = {
  readonly kind: "raise" | "lower";
  readonly to: Trust;
  /** Its file's ceiling is in the way. */
  readonly barred: boolean;
  /** A sentence for people. */
  readonly why: string;
};

/**
 * What a person might do about it; null: nothing. Only what is S1 speaks for a promotion, since a person decides on all else
 * whatever the trust. `tried`: newest first, since the trust was last set.
 */
export function suggestionOn(
  tried: readonly Tried[],
  { trust, ceiling }: { readonly trust: Trust; readonly ceiling: Trust },
): TrustSuggestion | null {
  return demotion(tried, trust) ?? promotion(tried, trust, ceiling);
}

function demotion(tried: readonly Tried[], trust: Trust): TrustSuggestion | null {
  // Below T3 it does nothing that could be lowered.
  if (trust !== "T4" && trust !== "T3") return null;
  const to = trust === "T4" ? "T3" : "T2";
  const incidents = tried.flatMap((each) => each.incident ?? []);
  if (incidents.length > 0) {
    const kinds = [...new Set(incidents)].map((kind) => INCIDENT_WORDS[kind]).join(", ");
    const why = `${incidents.length === 1 ? "One incident" : `${incidents.length} incidents`} since it was last set: ${kinds}.`;
    return { kind: "lower", to, barred: false, why };
  }
  const last = tried.flatMap((each) => each.decided ?? []).slice(0, LEAST_TRUSTED.decisions);
  const accepted = last.filter((each) => each.accepted).length;
  if (last.length < LEAST_TRUSTED.decisions || accepted / last.length >= LEAST_TRUSTED.share) return null;
  const why = `Of the last ${last.length} decisions only ${accepted} were a yes.`;
  return { kind: "lower", to, barred: false, why };
}

const INCIDENT_WORDS: Readonly<Record<NonNullable<Tried["incident"]>, string>> = {
  unknown: "nobody can tell whether it was done",
  failed: "it failed",
  undone: "it was taken back within the hour",
};

function promotion(tried: readonly Tried[], trust: Trust, ceiling: Trust): TrustSuggestion | null {
  if (trust !== "T3") return null;
  const record = recordOf(tried.filter(({ stakes }) => stakes === "S1"));
  const { decisions, unedited, medianMs } = record;
  if (decisions < MOST_TRUSTED.decisions || unedited / decisions < MOST_TRUSTED.share) return null;
  const unread = medianMs !== null && medianMs < UNREAD_MS;
  const why = [
    `${unedited} of ${decisions} decisions were a yes to what was proposed, without an incident.`,
    ...(unread ? ["Half of them took less than five seconds: hardly anybody reads these cards."] : []),
  ].join(" ");
  return { kind: "raise", to: "T4", barred: TRUSTS.indexOf(ceiling) < TRUSTS.indexOf("T4"), why };
}
