/** What the answer check is told beside the step: deeds with a record, changes of earlier steps, names of places. Called by prepare.ts. */
import type { StepOutcome, TakenTurn } from "#core";
import type { AnswerFacts } from "./answer-check.ts";
import { createReader } from "./figures.ts";
import type { Crew } from "../crew.ts";

type TurnFacts = Omit<AnswerFacts, "changes">;
type Asked = Pick<Crew, "deeds" | "projects" | "clock">;

/** Asked for once a turn: none of it changes before the turn ends, and effects are carried out behind it. */
const ofTurns = new WeakMap<TakenTurn, Promise<TurnFacts>>();

export async function answerFacts(turn: TakenTurn, earlier: readonly StepOutcome[], crew: Asked): Promise<AnswerFacts> {
  const facts = ofTurns.get(turn) ?? factsOf(turn, crew);
  ofTurns.set(turn, facts);
  return { ...(await facts), changes: earlier.flatMap(({ changes }) => changes) };
}

async function factsOf(turn: TakenTurn, { deeds, projects, clock }: Asked): Promise<TurnFacts> {
  const all = turn.project === null ? [] : await projects.all(turn.person.tenant);
  const names = (own: boolean) => all.filter(({ id }) => (id === turn.project) === own).map(({ name }) => name);
  const done = await deeds.doneIn(turn.conversation, turn.person);
  return {
    deeds: done.map(({ verb, words, turn: asked }) => ({ verb, words, now: asked === turn.id })),
    places: { here: names(true), others: names(false) },
    read: createReader(clock.now()),
  };
}
