/** One thing that was asked, from the first agent to the reply that ends it: hand-offs and calls on the way. Called by plan.ts. */
import { isCall, type AgentStep, type Closing, type FinishedStep, type Reply, type TakenTurn } from "#core";
import { lacks } from "./allowance.ts";
import type { TurnCrew } from "./turn-crew.ts";
import { delegate } from "./delegation.ts";
import type { Refusal } from "./hand-off.ts";
import { note, resumed, runLeg } from "./leg.ts";
import { writes } from "./one-writer.ts";
import type { Arrival, Part } from "./part.ts";
import { prepare } from "./prepare.ts";
import { stranded } from "./stranded.ts";
import { turnsAway } from "./taint.ts";
import { openWay, type Way } from "./way.ts";

/** So often agents may call others before one of them has to answer. */
const MOST_CALLING = 3;

const NOT_ALLOWED = { kind: "refused", why: "not_allowed" } as const;

/** A run, and what it was given. */
type Here = { readonly leg: FinishedStep; readonly step: AgentStep; readonly place: number };

export async function relay(turn: TakenTurn, part: Part, crew: TurnCrew): Promise<Arrival> {
  const way = openWay(turn, part, crew);
  let calling = 0;
  for (let place = 0; ; place += 1) {
    const here = await run(turn, { part, way, place }, crew);
    const ended = endedBefore(here, { part, way, place }, crew);
    if (ended) return ended;
    const { reply, taints } = here.leg.outcome;
    const tainted = turnsAway(taints) || turn.origin === "outside";
    way.add(here.leg);
    switch (reply.kind) {
      case "handoff": {
        // A component answers by its own contract, or not at all.
        const checked = isCall(turn.address) ? NOT_ALLOWED : way.check(reply.to, reply.input, tainted);
        if (checked.kind === "refused") {
          way.refuse("handoff", reply.to, checked.why);
          return strand(turn, { ...here, part, way, why: checked.why }, crew);
        }
        await note(turn, here.leg, crew);
        way.tell({ agent: way.agent.id, reply });
        way.go(checked.target, reply.input);
        if (writes(checked.target, crew.tools)) await part.writer?.alone(part.index, crew.signal);
        // The others may have taken the rest of the turn's time meanwhile.
        if (lacks(way.left(way.agent)) === "time") {
          way.refuse("handoff", reply.to, "time");
          return strand(turn, { ...here, part, way, why: "time" }, crew);
        }
        break;
      }
      case "delegate": {
        calling += 1;
        const why = calling > MOST_CALLING ? "repeated" : lacks(way.left(way.agent));
        if (why !== undefined) {
          way.refuse("delegate", reply.calls.map(({ to }) => to).join(", "), why);
          return strand(turn, { ...here, part, way, why }, crew);
        }
        await note(turn, here.leg, crew);
        way.tell({ agent: way.agent.id, reply });
        await delegate(turn, { way, place: here.leg.place, calls: reply.calls, tainted }, crew);
        if (lacks(way.left(way.agent)) === "time") {
          way.refuse("delegate", reply.calls.map(({ to }) => to).join(", "), "time");
          return strand(turn, { ...here, part, way, why: "time" }, crew);
        }
        break;
      }
      case "answer":
      case "clarify":
      case "fail":
      case "propose":
        return arrived(way, here.step, { leg: here.leg, reply, isStranded: false });
    }
  }
}

type Going = { readonly part: Part; readonly way: Way; readonly place: number };

const placeIn = (part: Part, step: number): string => `${part.index}/${step}`;
/** Of the end in the place of what could not be done: what a former target came to is never taken for it, nor it for that. */
const strandedIn = (part: Part, step: number): string => `${placeIn(part, step)}s`;

async function run(turn: TakenTurn, { part, way, place }: Going, crew: TurnCrew): Promise<Here> {
  const { agent, given } = way;
  const { words, about, show } = part;
  const task = {
    agent,
    words,
    about,
    before: [...way.notes],
    earlier: way.earlier(),
    left: way.left(agent),
  };
  const step = await prepare(turn, { ...task, ...(given ? { given } : {}) }, crew);
  const before = resumed(strandedIn(part, place), agent.id, crew);
  if (before) return { leg: before, step, place };
  const running = { place: placeIn(part, place), ...(show ? { show } : {}) };
  return { leg: await runLeg(turn, step, running, crew), step, place };
}

/** Where an earlier take had to end the part in the place of what could not be done, it stays ended so. */
function endedBefore({ leg, step }: Here, { part, way, place }: Going, crew: TurnCrew): Arrival | undefined {
  const isEnd = leg.place === strandedIn(part, place);
  const last = isEnd ? leg : resumed(strandedIn(part, place + 1), step.agent.id, crew);
  const reply = last && closing(last.outcome.reply);
  if (!reply) return undefined;
  way.add(...(isEnd ? [leg] : [leg, last]));
  return arrived(way, step, { leg: last, reply, isStranded: true });
}

/** The fallback that the agent's file declares, in the place of what could not be done. */
async function strand(
  turn: TakenTurn,
  { part, way, leg, step, place, why }: Here & Going & { readonly why: Refusal },
  crew: TurnCrew,
): Promise<Arrival> {
  const end = stranded(turn, step.agent, why, crew.roster);
  if (end.kind === "says") {
    const at = crew.noted.has(leg.place) ? leg.place : strandedIn(part, place);
    return arrived(way, step, { leg, reply: end.reply, isStranded: true, at });
  }
  await note(turn, leg, crew);
  const alone: AgentStep = { ...step, colleagues: [], effects: [], standIn: end.why };
  const running = { place: strandedIn(part, place + 1), ...(part.show ? { show: part.show } : {}) };
  const last = await runLeg(turn, alone, running, crew);
  way.add(last);
  const reply = closing(last.outcome.reply) ?? { kind: "fail", code: "handoff", reason: end.why };
  return arrived(way, alone, { leg: last, reply, isStranded: true });
}

type End = {
  readonly leg: FinishedStep;
  readonly reply: Closing;
  readonly isStranded: boolean;
  /** Where it is noted, when that is not where it ran. */
  readonly at?: string;
};

function arrived(way: Way, step: AgentStep, { leg, reply, isStranded, at = leg.place }: End): Arrival {
  const outcome = { ...leg.outcome, reply };
  const legs = way.legs.map((each) => (each === leg ? { ...leg, outcome, place: at } : each));
  return { step, outcome, legs, signals: way.signals, isStranded };
}

/** Undefined for a reply that moves control on. */
function closing(reply: Reply): Closing | undefined {
  return reply.kind === "handoff" || reply.kind === "delegate" ? undefined : reply;
}
