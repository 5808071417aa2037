/** The crew with what the agents of one turn share; made by turn.ts when the route is known. */
import type { AgentId, FinishedStep, KeptSteps, Route } from "#core";
import { TURN_MS } from "./allowance.ts";
import type { Crew } from "../crew.ts";
import type { Past } from "../past.ts";
import type { Tracer } from "../tracer.ts";

type Given = Crew & {
  readonly tracer: Tracer;
  readonly past: Past;
  readonly signal: AbortSignal;
  /** Whoever has called a model in the turn, in whatever part and take of it. */
  readonly payers: Set<AgentId>;
};

export type TurnCrew = Given & {
  readonly route: Route;
  /** By their places: what earlier takes of the turn finished and nobody does again. */
  readonly finished: ReadonlyMap<string, FinishedStep>;
  /** Places of the steps that are stored: the turn's end does not write them again. */
  readonly noted: Set<string>;
  /** When no further agent begins, in milliseconds since 1970. */
  readonly endsAt: number;
};

export const crewFor = (route: Route, kept: KeptSteps | undefined, given: Given): TurnCrew => ({
  ...given,
  route,
  finished: new Map((kept?.steps ?? []).map((step) => [step.place, step])),
  noted: new Set(),
  endsAt: given.clock.now().getTime() + TURN_MS,
});
