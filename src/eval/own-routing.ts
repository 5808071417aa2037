/** `nova eval routing` without data: would the agents' own examples find them, unseen? Called by the roof. */
import { auroc, mean, percent } from "./statistics.ts";

/** An example, or a line that is nobody's, as the router's own rules would treat it if it had not been learned. */
export type UnseenRoute = {
  readonly text: string;
  /** Whose example it is; null for a line that is nobody's. */
  readonly of: string | null;
  /** The likeliest agent, whatever became of it. */
  readonly top: string;
  readonly confidence: number;
  /** `settled`: by the words alone. `asked`: the person is asked which agent is meant. */
  readonly outcome: "settled" | "asked" | "guessed" | "general";
};

/** Per cent. */
export type OwnRoutingScore = {
  readonly examples: number;
  /** Of the examples: their agent is the likeliest. */
  readonly accuracy: number | null;
  /** The same, of those four fifths that are surest. */
  readonly accuracyAt80Coverage: number | null;
  /** Of the examples: settled by the words alone. */
  readonly settled: number | null;
  /** Of what was settled: rightly. What is nobody's and lands at the general agent is neither right nor wrong. */
  readonly precision: number | null;
  /** Of the best guesses that were followed: rightly, counted in the same way. */
  readonly guessedRightly: number | null;
  /** Of the examples: the person would be asked. */
  readonly asked: number | null;
  readonly background: number;
  /** Of the lines that are nobody's: the words gave them to a specialist. */
  readonly hijacked: number | null;
  /** The same, or a specialist was the best guess. */
  readonly misled: number | null;
  /** Of confidence, examples against lines that are nobody's. */
  readonly auroc: number | null;
};

/** `general`: who gets what no specialist is for. */
export function scoreOwnRoutes(routes: readonly UnseenRoute[], general: string): OwnRoutingScore {
  const examples = routes.filter(({ of }) => of !== null);
  const background = routes.filter(({ of }) => of === null);
  const surest = examples.toSorted((a, b) => b.confidence - a.confidence);
  const share = (some: readonly UnseenRoute[], holds: (route: UnseenRoute) => boolean) =>
    percent(mean(some.map((route) => (holds(route) ? 1 : 0))));
  const isRight = ({ of, top }: UnseenRoute): boolean => top === of;
  const isSettled = ({ outcome }: UnseenRoute): boolean => outcome === "settled";
  const isGuessed = ({ outcome }: UnseenRoute): boolean => outcome === "guessed";
  const isMisled = ({ top }: UnseenRoute): boolean => top !== general;
  const counted = routes.filter((route) => route.of !== null || isMisled(route));
  const confidences = (some: readonly UnseenRoute[]) => some.map(({ confidence }) => confidence);
  return {
    examples: examples.length,
    accuracy: share(examples, isRight),
    accuracyAt80Coverage: share(surest.slice(0, Math.floor(0.8 * surest.length)), isRight),
    settled: share(examples, isSettled),
    precision: share(counted.filter(isSettled), isRight),
    guessedRightly: share(counted.filter(isGuessed), isRight),
    asked: share(examples, ({ outcome }) => outcome === "asked"),
    background: background.length,
    hijacked: share(background, (route) => isSettled(route) && isMisled(route)),
    misled: share(background, (route) => (isSettled(route) || isGuessed(route)) && isMisled(route)),
    auroc: percent(auroc(confidences(examples), confidences(background))),
  };
}

/** Settled for the wrong agent. */
export const misrouted = (routes: readonly UnseenRoute[], general: string): readonly UnseenRoute[] =>
  routes.filter(({ of, top, outcome }) => outcome === "settled" && top !== (of ?? general));
