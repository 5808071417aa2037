/** Carries out what was asked for, part by part: one after another, or side by side where nothing is changed. Called by respond.ts. */
import type { AgentSpec, Message, StepNote, StepOutcome, TakenTurn } from "#core";
import { lacks } from "./allowance.ts";
import type { TurnCrew } from "./turn-crew.ts";
import { note } from "./leg.ts";
import type { Arrival, Unbegun } from "./part.ts";
import { createOneWriter, writes } from "./one-writer.ts";
import { openPot } from "./pot.ts";
import { relay } from "./relay.ts";

/** A router may ask for less, never for more. */
export const MOST_PARTS = 3;

export type Planned = { readonly agent: AgentSpec; readonly words: string };

export type Plan = {
  readonly parts: readonly Planned[];
  /** The messages that they are about. */
  readonly about: readonly Message[];
  /** As the router says; what may change something runs alone in any case. */
  readonly together: boolean;
};

/** In the order of the parts. */
export async function carryOut(turn: TakenTurn, plan: Plan, crew: TurnCrew): Promise<readonly (Arrival | Unbegun)[]> {
  const together = mayRunTogether(plan, crew.tools);
  if (plan.parts.length > 1) {
    crew.tracer.add({ kind: "planned", steps: plan.parts.map(({ agent }) => agent.id), together });
  }
  return together ? sideBySide(turn, plan, crew) : inTurn(turn, plan, crew);
}

/** One writer at most, and it runs alone. Pure. */
export const mayRunTogether = ({ parts, together }: Plan, tools: TurnCrew["tools"]): boolean =>
  together && parts.length > 1 && !parts.some(({ agent }) => writes(agent, tools));

async function sideBySide(turn: TakenTurn, { parts, about }: Plan, crew: TurnCrew): Promise<readonly Arrival[]> {
  const pot = openPot(parts.map(({ agent }) => agent));
  const writer = createOneWriter(parts.length);
  const alone = { about, pot, before: [], earlier: [], writer };
  const ended = await Promise.allSettled(
    parts.map(async (part, index) => {
      const arrival = await relay(turn, { ...part, ...alone, index }, crew).finally(() => writer.ended(index));
      pot.end(index);
      await noteEnd(turn, arrival, crew);
      return arrival;
    }),
  );
  return ended.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
}

async function inTurn(
  turn: TakenTurn,
  { parts, about }: Plan,
  crew: TurnCrew,
): Promise<readonly (Arrival | Unbegun)[]> {
  const arrivals: Arrival[] = [];
  const pot = openPot(parts.map(({ agent }) => agent));
  for (const [index, part] of parts.entries()) {
    const ms = crew.endsAt - crew.clock.now().getTime();
    const why = index === 0 ? undefined : lacks(pot.left(index, part.agent, { isFirst: false, ms }));
    if (why !== undefined) return [...arrivals, ...parts.slice(index).map(({ agent }) => ({ agent, why }))];
    const before: StepNote[] = arrivals.map(({ outcome: { agent, reply } }) => ({ agent, reply }));
    const earlier: StepOutcome[] = arrivals.map(({ outcome }) => outcome);
    const show = (text: string) => crew.progress.publish(turn.address, { kind: "draft", turn: turn.id, text });
    const running = { ...part, index, about, pot, before, earlier };
    const arrival = await relay(turn, index === 0 || parts.length === 1 ? { ...running, show } : running, crew);
    pot.end(index);
    arrivals.push(arrival);
    if (index < parts.length - 1) await noteEnd(turn, arrival, crew);
  }
  return arrivals;
}

/** The turn goes on behind it. */
async function noteEnd(turn: TakenTurn, { legs }: Arrival, crew: TurnCrew): Promise<void> {
  const last = legs.at(-1);
  if (last) await note(turn, last, crew);
}
