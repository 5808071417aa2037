/** Two agents that fit about as well: the person is asked which is meant, and "2" or a name answers it. Called where nobody settles. */
import type { AgentSpec, Candidate, Route, RouteAsk } from "#core";
import { GENERAL } from "./names.ts";
import { either } from "./routes.ts";

/** Two that both got this much, one less than half as much again as the other, are asked about. */
const PLAUSIBLE = 0.25;
const CLOSE = 1.5;
export const MOST_OPTIONS = 3;

/** Both in the running, and neither well ahead. */
export function areClose(top: { readonly probability: number }, second: { readonly probability: number }): boolean {
  return second.probability >= PLAUSIBLE && top.probability < second.probability * CLOSE;
}

/** Those that the words alone cannot tell apart; undefined when they can, or when the general agent is one of them. */
export function closeOnes(
  agents: readonly AgentSpec[],
  candidates: readonly Candidate[],
): readonly AgentSpec[] | undefined {
  const [top, second] = candidates;
  if (!top || !second || !areClose({ probability: top.score }, { probability: second.score })) return undefined;
  const options = candidates
    .filter(({ score }) => score * 2 >= top.score && score >= PLAUSIBLE / 2)
    .flatMap(({ agent }) => agents.find(({ id }) => id === agent) ?? [])
    .slice(0, MOST_OPTIONS);
  // Nobody can be asked to tell it from a specialist.
  return options.length < 2 || options.some(({ id }) => id === GENERAL) ? undefined : options;
}

/** The one question there is about whom somebody means, whoever could not tell. At most three options. */
export function whichOf(ask: RouteAsk, options: readonly AgentSpec[], rest: Omit<Route, "to" | "words">): Route {
  const shown = options.slice(0, MOST_OPTIONS);
  const names = either(shown.map(({ name }) => `the ${name}`));
  const question = `Which do you mean, ${names}? A number or a name will do.`;
  return { ...rest, to: { kind: "clarify", question, options: shown.map(({ id }) => id) }, words: ask.words };
}
