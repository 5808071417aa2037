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
    case "failed":
      return { [A.error]: event.error };
  }
}
