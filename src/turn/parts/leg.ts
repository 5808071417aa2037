/** One agent's run within a turn, done once: what an earlier take finished is taken over. Called by relay.ts and delegation.ts. */
import type { AgentId, AgentStep, FinishedStep, ModelCall, TakenTurn, TraceEvent } from "#core";
import type { TurnCrew } from "./turn-crew.ts";
import { TurnAborted } from "../hold.ts";
import { createVeil } from "../check/veil.ts";
import { weaken } from "../check/weaken.ts";

type Running = {
  readonly place: string;
  /** Shows a draft; absent: nobody sees it. */
  readonly show?: (text: string) => void;
};

export async function runLeg(
  turn: TakenTurn,
  step: AgentStep,
  running: Running,
  crew: TurnCrew,
): Promise<FinishedStep> {
  const { place, show = () => {} } = running;
  const { id: agent, model } = step.agent;
  const before = resumed(place, agent, crew);
  if (before) return before;
  const startedAt = crew.clock.now();
  crew.tracer.add({ kind: "step_started", agent, model });
  const veil = createVeil(step);
  const witness = {
    draft: (text: string) => show(veil(text)),
    status: (line: string) => crew.progress.publish(turn.address, { kind: "status", turn: turn.id, line }),
    trace: (event: TraceEvent) => crew.tracer.add(event),
  };
  const ran = await crew.steps.run(step, witness, crew.signal);
  crew.signal.throwIfAborted();
  paidFor(ran.calls, crew);
  const { outcome, event } = weaken(ran, step.agent);
  if (event) crew.tracer.add(event);
  const { kind } = outcome.reply;
  const code = outcome.reply.kind === "fail" ? { code: outcome.reply.code } : {};
  crew.tracer.add({ kind: "step_ended", agent, reply: kind, ...code, tokens: outcome.usage.tokens });
  return { place, outcome, startedAt, endedAt: crew.clock.now() };
}

/** What an earlier take finished there, by this agent; undefined when it did not come so far. */
export function resumed(place: string, agent: AgentId, crew: TurnCrew): FinishedStep | undefined {
  const finished = crew.finished.get(place);
  if (finished?.outcome.agent !== agent) return undefined;
  const { reply, calls } = finished.outcome;
  crew.tracer.add({ kind: "resumed", agent, reply: reply.kind });
  crew.noted.add(place);
  paidFor(calls, crew);
  return finished;
}

function paidFor(calls: readonly ModelCall[], { payers }: TurnCrew): void {
  for (const { agent } of calls) payers.add(agent);
}

/** Keeps a step that does not end the turn; from here on no later take runs it again. */
export async function note(turn: TakenTurn, leg: FinishedStep, crew: TurnCrew): Promise<void> {
  if (crew.noted.has(leg.place)) return;
  if (!(await crew.turns.noteStep(turn, leg, crew.route))) throw new TurnAborted("lost");
  crew.noted.add(leg.place);
}
