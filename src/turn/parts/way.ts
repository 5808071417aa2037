/** How far one part of a turn has come: who had control, what they came to, and what may still be spent. Kept by relay.ts. */
import {
  clip,
  type AgentSpec,
  type Allowance,
  type FinishedStep,
  type Given,
  type JsonObject,
  type Signal,
  type StepNote,
  type StepOutcome,
  type TakenTurn,
} from "#core";
import type { TurnCrew } from "./turn-crew.ts";
import { checkHandOff, edgeOf, type Checked, type Crossing, type Refusal } from "./hand-off.ts";
import type { Part } from "./part.ts";

export interface Way {
  /** Who has control. */
  readonly agent: AgentSpec;
  readonly given: Given | undefined;
  readonly legs: readonly FinishedStep[];
  readonly notes: readonly StepNote[];
  readonly signals: readonly Signal[];
  /** Calls that were made, as `callKey` writes them. */
  readonly made: Set<string>;
  /** The outcomes of all that was done before, in parts before this one, too. */
  earlier(): readonly StepOutcome[];
  /** What the agent could spend, had it control now. */
  left(agent: AgentSpec): Allowance;
  add(...legs: readonly FinishedStep[]): void;
  tell(...notes: readonly StepNote[]): void;
  check(to: string, input: JsonObject, tainted: boolean): Checked;
  /** Control moves. */
  go(target: AgentSpec, input: JsonObject): void;
  /** Notes in the trace, and for the review of runs, that control may not go there. */
  refuse(what: "handoff" | "delegate", to: string, why: Refusal): void;
}

export function openWay(turn: TakenTurn, part: Part, crew: TurnCrew): Way {
  const legs: FinishedStep[] = [];
  const notes: StepNote[] = [...part.before];
  const signals: Signal[] = [];
  const edges = new Set<string>();
  let agent = part.agent;
  let given: Given | undefined;

  const left = (target: AgentSpec): Allowance =>
    part.pot.left(part.index, target, {
      isFirst: part.earlier.length + legs.length === 0,
      ms: crew.endsAt - crew.clock.now().getTime(),
    });

  return {
    legs,
    notes,
    signals,
    made: new Set(),
    left,
    get agent() {
      return agent;
    },
    get given() {
      return given;
    },
    earlier: () => [...part.earlier, ...legs.map(({ outcome }) => outcome)],
    add(...more) {
      legs.push(...more);
      for (const { outcome } of more) part.pot.spend(part.index, outcome.usage);
    },
    tell: (...more) => void notes.push(...more),
    check(to, input, tainted) {
      const crossing: Crossing = { from: agent, to, input, role: turn.person.role, tainted, left };
      return checkHandOff(crossing, { edges, hops: part.pot.hops }, crew.roster);
    },
    go(target, input) {
      edges.add(edgeOf(agent, target));
      part.pot.moved(target);
      crew.tracer.add({ kind: "handed_off", from: agent.id, to: target.id, hops: part.pot.hops });
      given = { by: agent.id, how: "handoff", input };
      agent = target;
    },
    refuse(what, to, why) {
      crew.tracer.add({ kind: "handoff_refused", from: agent.id, to: clip(to, 60), why });
      signals.push({ kind: "refused", agent: agent.id, code: `${what}:${why}`, outcome: agent.onFailure });
    },
  };
}
