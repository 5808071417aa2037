/** What the answer check is told beside the step: deeds with a record, changes of earlier steps, names of places. Called by prepare.ts. */
import type { StepOutcome, TakenTurn } from "#core";
import type { AnswerFacts } from "./answer-check.ts";
import type { Crew } from "./crew.ts";

export async function answerFacts(
  turn: TakenTurn,
  earlier: readonly StepOutcome[],
  { deeds, projects }: Pick<Crew, "deeds" | "projects">,
): Promise<AnswerFacts> {
  const all = turn.project === null ? [] : await projects.all(turn.person.tenant);
  const [here, others] = [true, false].map((own) =>
    all.filter(({ id }) => (id === turn.project) === own).map(({ name }) => name),
  );
  return {
    deeds: await deeds.doneIn(turn.conversation, turn.person),
    changes: earlier.flatMap(({ changes }) => changes),
    places: { here: here ?? [], others: others ?? [] },
  };
}
