/** Where trial effects go: counts what arrives by its key, and misbehaves as it is told. For effect tests. */
import type { Effect, Performed, Performer } from "#core";

export interface Target {
  readonly performers: readonly Performer[];
  /** The keys of what arrived, in order; one that arrives twice stands twice. */
  readonly arrived: readonly string[];
  readonly effects: readonly Effect[];
  /** How often it was asked what became of something. */
  readonly asked: readonly string[];
  /** What the next effects meet; after that all arrive. */
  next(...fates: readonly Fate[]): void;
}

export type Fate =
  /** Arrives. */
  | "done"
  /** Arrives, and nobody says so. */
  | "lost answer"
  /** Does not arrive, and nobody says so. */
  | "lost"
  | "throws"
  | Extract<Performed, { kind: "failed" }>
  /** Arrives once this has resolved. */
  | Promise<void>;

export const REFUSED: Fate = { kind: "failed", code: "refused", told: "The target does not want it." };
export const BUSY: Fate = { kind: "failed", code: "busy", told: "The target was busy all the time.", retry: true };

/** Of every trial verb; `tells`: it can be asked by key. */
export function openTarget({ tells = true, pauses = [10, 20] }: { tells?: boolean; pauses?: number[] } = {}): Target {
  const arrived: string[] = [];
  const effects: Effect[] = [];
  const asked: string[] = [];
  const fates: Fate[] = [];
  const arrive = (effect: Effect, key: string): void => {
    arrived.push(key);
    effects.push(effect);
  };
  const perform = async (effect: Effect, key: string): Promise<Performed> => {
    const fate = fates.shift() ?? "done";
    if (fate === "throws") throw new Error("the target's own words: password 123");
    if (fate === "lost") return { kind: "unknown", code: "no_answer" };
    if (fate instanceof Promise) await fate;
    else if (typeof fate === "object") return fate;
    arrive(effect, key);
    return fate === "lost answer" ? { kind: "unknown", code: "no_answer" } : { kind: "done", told: "It is there." };
  };
  const reconcile: Performer["reconcile"] = async (_effect, key) => {
    asked.push(key);
    return arrived.includes(key) ? { kind: "done", told: "It is there." } : { kind: "absent" };
  };
  return {
    arrived,
    effects,
    asked,
    next: (...given) => void fates.push(...given),
    performers: ["trial_send", "trial_note", "trial_pay"].map((verb) => ({
      verb,
      pauses,
      perform,
      ...(tells ? { reconcile } : {}),
    })),
  };
}
