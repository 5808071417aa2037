/** What was carried out lately, with its words: the port Deeds of the core. */
import { turnId, wholeOf, type Clock, type Deed, type Deeds, type Effect, type TurnId } from "#core";
import type { Database } from "../engine/database.ts";

/** Whoever says "sent" a day later speaks of something else. */
const LATELY_MS = 24 * 60 * 60_000;
const MOST = 50;
/** Characters of one deed. */
const MOST_WORDS = 1_000;

type Row = {
  readonly verb: string;
  readonly turn: TurnId;
  readonly args: Effect["args"];
  readonly outcome: string | null;
};

export function createDeeds(database: Database, { clock }: { readonly clock: Clock }): Deeds {
  return {
    doneIn: (conversation, person) =>
      database.within(wholeOf(person), async (tx) => {
        const { rows } = await tx.query<Row>(
          `select effect.verb, proposal.turn_id as turn, proposal.effect -> 'args' as args, effect.outcome
           from effect join proposal on proposal.id = effect.proposal_id
           where effect.conversation_id = $1 and effect.state = 'done' and effect.at > $2
           order by effect.at desc limit ${MOST}`,
          [conversation, new Date(clock.now().getTime() - LATELY_MS)],
        );
        return rows.map(deedFrom);
      }),
  };
}

const deedFrom = ({ verb, turn, args, outcome }: Row): Deed => ({
  verb,
  turn: turnId(String(turn)),
  words: [outcome ?? "", ...textsIn(args)].join("\n").slice(0, MOST_WORDS),
});

/** `kind`, `from`, `on` and the like say how, not what. */
const HOW = new Set(["id", "kind", "from", "on", "does", "when", "at", "zone", "host"]);

function textsIn(value: unknown): readonly string[] {
  if (typeof value === "string") return [value];
  if (typeof value !== "object" || value === null) return [];
  return Object.entries(value).flatMap(([field, inner]) => (HOW.has(field) ? [] : textsIn(inner)));
}
