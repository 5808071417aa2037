/** Scores the outcomes of Nova's own suite of recall cases. Pure; called by the roof. */
import { FIRST, type CaseOutcome } from "./own-recall.ts";
import { auroc, mean, percent } from "./statistics.ts";

export type OwnGroup = {
  readonly name: string;
  readonly cases: number;
  /** Per cent of the expected lines among the first five that a person is shown; nothing is, when the verdict is `none`. */
  readonly recall: number | null;
  /** The same whatever the verdict. */
  readonly ranked: number | null;
};

export type OwnScore = {
  readonly cases: number;
  readonly all: OwnGroup;
  readonly byPart: readonly OwnGroup[];
  readonly byKind: readonly OwnGroup[];
  /** Questions that nothing answers, per cent given the verdict `none`. */
  readonly nothing: Verdicts;
  /** Of these, the ones that share a stem with a line that is kept, and the ones that share none. */
  readonly near: Verdicts;
  readonly far: Verdicts;
  /** Questions about somebody whose thing it is not, per cent not given the verdict `answer`. */
  readonly wrongPerson: Verdicts;
  /** Answerable questions that were taken for such that nothing answers, per cent. */
  readonly answerableRefused: number | null;
  /** Of confidence, answerable questions against those of each kind. Per cent. */
  readonly auroc: { readonly nothing: number | null; readonly wrongPerson: number | null };
};

export type Verdicts = {
  readonly cases: number;
  readonly right: number | null;
  readonly byPart: Readonly<Record<string, number | null>>;
};

export function scoreOwn(outcomes: readonly CaseOutcome[]): OwnScore {
  const answerable = outcomes.filter(isAnswerable);
  const nothing = outcomes.filter(({ kind }) => kind === "nothing");
  const others = outcomes.filter(({ kind }) => kind === "wrong_person");
  const confidences = (some: readonly CaseOutcome[]) => some.map(({ confidence }) => confidence);
  return {
    cases: outcomes.length,
    all: groupOf("all", answerable),
    byPart: grouped(answerable, ({ part }) => part),
    byKind: grouped(answerable, ({ kind }) => kind),
    nothing: verdictsOf(nothing),
    near: verdictsOf(nothing.filter(({ near }) => near)),
    far: verdictsOf(nothing.filter(({ near }) => !near)),
    wrongPerson: verdictsOf(others),
    answerableRefused: percent(mean(answerable.map(({ verdict }) => (verdict === "none" ? 1 : 0)))),
    auroc: {
      nothing: percent(auroc(confidences(answerable), confidences(nothing))),
      wrongPerson: percent(auroc(confidences(answerable), confidences(others))),
    },
  };
}

/** Undefined when all went as it should; otherwise what went wrong, in words. */
export function failureOf(outcome: CaseOutcome): string | undefined {
  const { kind, verdict, expects, ranked } = outcome;
  if (kind === "nothing") return verdict === "none" ? undefined : `verdict ${verdict}, not none`;
  if (kind === "wrong_person") return verdict === "answer" ? "verdict answer" : undefined;
  const missed = expects.filter((ref) => !ranked.includes(ref));
  if (missed.length > 0) return `not among the first ${FIRST}: ${missed.join(", ")}`;
  return verdict === "none" ? "found, but the verdict is none" : undefined;
}

const isAnswerable = ({ kind }: CaseOutcome): boolean => kind !== "nothing" && kind !== "wrong_person";

function groupOf(name: string, outcomes: readonly CaseOutcome[]): OwnGroup {
  return {
    name,
    cases: outcomes.length,
    recall: percent(mean(outcomes.map((outcome) => (outcome.verdict === "none" ? 0 : found(outcome))))),
    ranked: percent(mean(outcomes.map(found))),
  };
}

const found = ({ expects, ranked }: CaseOutcome): number =>
  mean(expects.map((ref) => (ranked.slice(0, FIRST).includes(ref) ? 1 : 0)));

function grouped(outcomes: readonly CaseOutcome[], nameOf: (outcome: CaseOutcome) => string): readonly OwnGroup[] {
  const names = [...new Set(outcomes.map(nameOf))];
  return names.map((name) =>
    groupOf(
      name,
      outcomes.filter((outcome) => nameOf(outcome) === name),
    ),
  );
}

function verdictsOf(outcomes: readonly CaseOutcome[]): Verdicts {
  const right = (some: readonly CaseOutcome[]) => percent(mean(some.map((each) => (failureOf(each) ? 0 : 1))));
  const parts = [...new Set(outcomes.map(({ part }) => part))];
  return {
    cases: outcomes.length,
    right: right(outcomes),
    byPart: Object.fromEntries(parts.map((part) => [part, right(outcomes.filter((each) => each.part === part))])),
  };
}
