/** Carries out what was asked for, part by part: one after another, or side by side where nothing is changed. Called by respond.ts. */
import type { AgentSpec, Message, StepNote, StepOutcome, TakenTurn } from "#core";
import type { Bench } from "./bench.ts";
import { note } from "./leg.ts";
import type { Arrival } from "./part.ts";
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
export async function carryOut(turn: TakenTurn, plan: Plan, crew: Bench): Promise<readonly Arrival[]> {
  const together = mayRunTogether(plan);
  if (plan.parts.length > 1) {
    crew.tracer.add({ kind: "planned", steps: plan.parts.map(({ agent }) => agent.id), together });
  }
  return together ? sideBySide(turn, plan, crew) : inTurn(turn, plan, crew);
}

/** One writer at most, and it runs alone. Pure. */
export const mayRunTogether = ({ parts, together }: Plan): boolean =>
  together && parts.length > 1 && parts.every(({ agent }) => agent.effects.length === 0);

async function sideBySide(turn: TakenTurn, { parts, about }: Plan, crew: Bench): Promise<readonly Arrival[]> {
  const ended = await Promise.allSettled(
    parts.map(async (part, index) => {
      const arrival = await relay(turn, { ...part, index, about, before: [], earlier: [], mayPropose: false }, crew);
      await noteEnd(turn, arrival, crew);
      return arrival;
    }),
  );
  return ended.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
}

async function inTurn(turn: TakenTurn, { parts, about }: Plan, crew: Bench): Promise<readonly Arrival[]> {
  const arrivals: Arrival[] = [];
  for (const [index, part] of parts.entries()) {
    const before: StepNote[] = arrivals.map(({ outcome: { agent, reply } }) => ({ agent, reply }));
    const earlier: StepOutcome[] = arrivals.map(({ outcome }) => outcome);
    // What waits for a decision is the one change of this turn.
    const mayPropose = !before.some(({ reply }) => reply.kind === "propose");
    const show = (text: string) => crew.progress.publish(turn.address, { kind: "draft", turn: turn.id, text });
    const running = { ...part, index, about, before, earlier, mayPropose };
    const arrival = await relay(turn, index === 0 || parts.length === 1 ? { ...running, show } : running, crew);
    arrivals.push(arrival);
    if (index < parts.length - 1) await noteEnd(turn, arrival, crew);
  }
  return arrivals;
}

/** The turn goes on behind it. */
async function noteEnd(turn: TakenTurn, { legs }: Arrival, crew: Bench): Promise<void> {
  const last = legs.at(-1);
  if (last) await note(turn, last, crew);
}
