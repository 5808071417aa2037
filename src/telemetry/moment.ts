/** A trace event that takes no time, as a moment within a span: its codes and counts, none of its words. Used by spans.ts. */
import type { TraceEvent } from "#core";
import { ATTRIBUTES as A, type SPAN_EVENTS } from "./names.ts";
import type { Attributes, Moment } from "./span.ts";

type Momentary = Extract<TraceEvent, { kind: (typeof SPAN_EVENTS)[number] }>;

export const momentOf = (event: Momentary, at: Date): Moment => ({ name: event.kind, at, attributes: told(event) });

function told(event: Momentary): Attributes {
  switch (event.kind) {
    case "taken":
      return { [A.epoch]: event.epoch, [A.messages]: event.messages.length };
    case "retried":
      return { [A.model]: event.model, [A.why]: event.why, [A.afterMs]: event.afterMs };
    case "skipped":
      return { [A.model]: event.model, [A.why]: event.why };
    case "fallback":
      return { [A.standIn]: event.to, [A.why]: event.why };
    case "repaired":
      return { [A.issues]: event.issues.length };
    case "dropped":
      return { [A.keep]: event.keep, [A.forget]: event.forget, [A.why]: event.why };
    case "handed_off":
      return { [A.from]: event.from, [A.target]: event.to, [A.hops]: event.hops };
    // A target that was refused may have a name that a model made up.
    case "handoff_refused":
      return { [A.from]: event.from, [A.why]: event.why };
    case "delegated":
      return { [A.from]: event.from, [A.calls]: event.to.length };
    case "resumed":
      return { [A.agent]: event.agent, [A.reply]: event.reply };
    case "planned":
      return { [A.steps]: event.steps.length, [A.together]: event.together };
    case "weighed":
      return {
        [A.weighed]: event.verdict,
        [A.trust]: event.trust,
        [A.stakes]: event.stakes,
        [A.taints]: event.taints.length,
      };
    case "checked":
      return { [A.breaches]: event.breaches.join(" "), [A.outcome]: event.outcome };
    case "failed":
      return { [A.error]: event.error };
  }
}
