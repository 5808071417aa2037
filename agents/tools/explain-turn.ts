/** What happened in one turn, event by event, from its trace. Granted to ops-watch. */
import { z } from "zod";
import { NovaError, SKIPPED_WORDS, defineTool, turnId, type TraceEvent, type Traced } from "#core";

export default defineTool({
  name: "explain_turn",
  description:
    "Tells what happened in one turn, step by step: how it was routed and why, what was recalled, which models and tools ran, and how it ended. Use it when a turn is named by its id, such as t12.",
  examples: [
    "why did turn t12 fail",
    "explain t7",
    "what happened in turn 31",
    "why was t5 so slow",
    "show me the steps of turn t9",
  ],
  input: z.object({
    turn: z
      .string()
      .regex(/^#?t?\d{1,18}$/i, "an id such as t12")
      .describe("Id of the turn, for instance t12."),
  }),
  timeoutMs: 10_000,
  async run({ turn }, { operations }) {
    const id = turn.replace(/\D/g, "");
    const found = await operations.turn(turnId(id));
    if (!found) {
      throw new NovaError("not_found", `There is no turn t${id} that you may see.`, {
        advice: "List the last turns to find its id.",
      });
    }
    const { summary, events } = found;
    const head = `Turn t${id} on ${summary.platform}: ${summary.state}, agent ${summary.agent ?? "none"}, model ${summary.model ?? "none"}, started ${summary.startedAt.toISOString()}.`;
    return [head, "", ...events.map((event) => line(event, summary.startedAt))].join("\n");
  },
});

function line({ at, event }: Traced, start: Date): string {
  return `- +${((at.getTime() - start.getTime()) / 1_000).toFixed(1)} s ${tell(event)}`;
}

function tell(event: TraceEvent): string {
  switch (event.kind) {
    case "taken":
      return `taken with ${event.messages.length} message(s), attempt ${event.epoch}`;
    case "routed":
      return `routed to ${event.to} by ${event.stage} (${Math.round(event.confidence * 100)} %): ${event.reason}`;
    case "recalled":
      return `recalled ${event.items.length} items, verdict ${event.verdict}`;
    case "step_started":
      return `${event.agent} began`;
    case "model_called":
      return `model ${event.model} took ${event.ms} ms and gave ${event.outcome}${event.error ? ` (${event.error})` : ""}`;
    case "tool_called":
      return `tool ${event.tool} took ${event.ms} ms: ${event.outcome}`;
    case "repaired":
      return `the reply was repaired: ${event.issues.join("; ")}`;
    case "step_ended":
      return `${event.agent} ended with ${event.reply}${event.code ? ` (${event.code})` : ""}, ${event.tokens} tokens`;
    case "handed_off":
      return `handed over to ${event.to}`;
    case "handoff_refused":
      return `${event.from} may not hand over to ${event.to}: ${event.why}`;
    case "delegated":
      return `${event.from} called ${event.to.join(", ")}`;
    case "resumed":
      return `${event.agent} had ended before`;
    case "planned":
      return `planned: ${event.steps.join(", ")}`;
    case "weighed":
      return `${event.verb} weighed: ${event.verdict} at ${event.trust} and ${event.stakes}`;
    case "checked":
      return `the answer check found ${event.breaches.join(", ")}: ${event.outcome}`;
    case "decided":
      return `approval ${event.proposal}: ${event.verdict} by ${event.via}`;
    case "effect":
      return `${event.verb} of approval ${event.proposal}: ${event.state}`;
    case "fallback":
      return `fell back to ${event.to}: ${event.why}`;
    case "retried":
      return `model ${event.model} is asked again in ${event.afterMs} ms: ${event.why}`;
    case "skipped":
      return `model ${event.model} was not asked: ${SKIPPED_WORDS[event.why]}`;
    case "released":
      return "handed back unfinished, because Nova was stopping";
    case "settled":
      return `settled as ${event.state} in ${event.parts} part(s)`;
    case "delivered":
      return `part ${event.part} delivery: ${event.outcome}${event.code ? ` (${event.code})` : ""}`;
    case "dropped":
      return `memory was left unchanged, ${event.keep} to keep and ${event.forget} to forget were dropped: the words came from outside`;
    case "learned":
      return `learned: ${event.what}`;
    case "failed":
      return `failed in ${event.where}: ${event.error}`;
  }
}
