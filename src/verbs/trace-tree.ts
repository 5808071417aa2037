/** How a turn's trace reads: one line an event, agents' work set in, times counted from the beginning. */
import { SKIPPED_WORDS, type TraceEvent, type Traced } from "#core";
import { columns, counted, minute, percent, span } from "./layout.ts";
import type { Recent, TurnTrace } from "./trace-output.ts";
import { callWords, sumWords } from "./trace-spent.ts";
import type { Ink } from "./verb.ts";

export function drawRecent({ recent }: Recent, ink: Ink): string {
  if (recent.length === 0) return "There are no turns yet.";
  const rows = recent.map((turn) => [
    ink.cyan(`t${turn.turn}`),
    minute(turn.startedAt),
    turn.state,
    turn.agent ?? "nova",
    turn.model ?? "no model",
    `${turn.person} on ${turn.platform}`,
  ]);
  return columns(rows).join("\n");
}

export function drawTrace({ summary, events, otelTrace }: TurnTrace, ink: Ink): string {
  const { turn, state, startedAt, endedAt, agent, model, person, platform } = summary;
  const took = endedAt ? ` in ${span(endedAt.getTime() - startedAt.getTime())}` : "";
  const tint = state === "failed" ? ink.red : ink.bold;
  const spent = sumWords(events.map(({ event }) => event));
  return [
    tint(`Turn t${turn}: ${state}${took}`),
    ink.dim(`${minute(startedAt)} UTC · ${person} on ${platform} · ${agent ?? "nova"} · ${model ?? "no model"}`),
    ...(otelTrace === undefined ? [] : [ink.dim(`OpenTelemetry trace ${otelTrace}`)]),
    ...(spent === undefined ? [] : [ink.dim(spent)]),
    "",
    ...drawEvents(events, ink),
  ].join("\n");
}

function drawEvents(events: readonly Traced[], ink: Ink): string[] {
  const begin = events[0]?.at.getTime() ?? 0;
  /** Agents that run; more than one while they do so side by side. */
  let open = 0;
  return events.flatMap(({ at, event }, index) => {
    if (event.kind === "step_ended") open = Math.max(0, open - 1);
    const last = index === events.length - 1;
    const stem = "│  ".repeat(Math.min(1, open));
    const time = `+${span(at.getTime() - begin)}`.padStart(10);
    const [head = "", ...rest] = told(event, ink);
    if (event.kind === "step_started") open += 1;
    if (event.kind === "taken") open = 0;
    const under = `${" ".repeat(time.length)}  ${stem}${last ? "   " : "│  "}`;
    return [
      `${ink.dim(time)}  ${ink.dim(stem + (last ? "└─" : "├─"))} ${head}`,
      ...rest.map((line) => ink.dim(under + line)),
    ];
  });
}

/** The event's line, and lines that explain it. */
function told(event: TraceEvent, ink: Ink): string[] {
  switch (event.kind) {
    case "taken": {
      const again = event.epoch > 1 ? ink.yellow(`, take ${event.epoch}`) : "";
      return [`taken: ${counted(event.messages.length, "message")} (${event.messages.join(", ")})${again}`];
    }
    case "routed":
      return [
        `routed to ${ink.bold(event.to)}, ${percent(event.confidence)}, ${event.stage} stage`,
        event.reason,
        ...(event.candidates.length > 0 ? [`candidates: ${scores(event.candidates)}`] : []),
      ];
    case "recalled": {
      const which = event.items.length > 0 ? ` (${event.items.map((id) => `m${id}`).join(", ")})` : "";
      const sum = `${counted(event.items.length, "item")}${which}, ${counted(event.tokens, "token")}`;
      return [`recalled ${sum}: ${event.verdict}, ${percent(event.confidence)}`];
    }
    case "step_started":
      return [`${ink.bold(event.agent)} begins, ${event.model} tier`];
    case "model_called": {
      const line = `model ${event.model}: ${event.outcome}, ${callWords(event)}, ${span(event.ms)}`;
      return event.outcome === "failed" ? [ink.red(line), ...(event.error ? [event.error] : [])] : [line];
    }
    case "tool_called": {
      const line = `tool ${event.tool}: ${event.outcome}, ${counted(event.characters, "character")}, ${span(event.ms)}`;
      return [event.outcome === "ok" ? line : ink.red(line)];
    }
    case "repaired":
      return [ink.yellow("the reply did not fit its form and was asked for again"), ...event.issues];
    case "step_ended": {
      const line = `${event.agent} ends: ${event.reply}${event.code ? ` (${event.code})` : ""}`;
      return [`${event.reply === "fail" ? ink.red(line) : line}, ${counted(event.tokens, "token")}`];
    }
    case "fallback":
      return [ink.yellow(`fell back to ${event.to}`), event.why];
    case "retried":
      return [ink.yellow(`model ${event.model} is asked again in ${span(event.afterMs)}`), event.why];
    case "skipped":
      return [ink.yellow(`model ${event.model} was not asked: ${SKIPPED_WORDS[event.why]}`)];
    case "released":
      return [ink.yellow("handed back: Nova was stopping")];
    case "settled":
      return [`settled: ${event.state}, ${counted(event.parts, "part")}`];
    case "delivered": {
      const line = `part ${event.part + 1}: ${event.outcome}${event.code ? ` (${event.code})` : ""}`;
      return [event.outcome === "sent" ? line : ink.red(line)];
    }
    case "dropped": {
      const changes = `${counted(event.keep, "item")} to keep and ${event.forget} to forget`;
      return [ink.yellow(`memory unchanged: ${changes} dropped, for the words came from outside`)];
    }
    case "handed_off":
      return [`handed over to ${ink.bold(event.to)}, hop ${event.hops}`];
    case "handoff_refused":
      return [ink.red(`${event.from} may not hand over to ${event.to}`), event.why];
    case "delegated":
      return [`${event.from} calls ${event.to.join(", ")}`];
    case "resumed":
      return [`${event.agent} had ended before: ${event.reply}`];
    case "planned":
      return [`planned: ${event.steps.join(event.together ? " beside " : ", then ")}`];
    case "weighed": {
      const taints = event.taints.length > 0 ? `, having read ${event.taints.join(", ")}` : "";
      const line = `${event.verb} weighed: ${event.verdict} (${event.trust}, ${event.stakes}${taints})`;
      return [event.verdict === "deny" ? ink.red(line) : line];
    }
    case "checked":
      return [ink.yellow(`the answer check found ${event.breaches.join(", ")}: ${event.outcome}`)];
    case "decided":
      return [`approval ${event.proposal}: ${event.verdict} by ${event.via}`];
    case "effect":
      return [`${event.verb} of approval ${event.proposal}: ${event.state}${event.code ? ` (${event.code})` : ""}`];
    case "learned":
      return [`learned: ${event.what}`];
    case "failed":
      return [ink.red(`failed in ${event.where}: ${event.error}`)];
  }
}

const scores = (candidates: readonly { agent: string; score: number }[]): string =>
  candidates.map(({ agent, score }) => `${agent} ${score.toFixed(2)}`).join(", ");
