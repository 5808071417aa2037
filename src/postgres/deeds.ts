/** What was carried out lately: the port Deeds of the core. */
import { wholeOf, type Clock, type Deeds } from "#core";
import type { Database } from "./database.ts";

/** Whoever says "sent" a day later speaks of something else. */
const LATELY_MS = 24 * 60 * 60_000;

export function createDeeds(database: Database, { clock }: { readonly clock: Clock }): Deeds {
  return {
    doneIn: (conversation, person) =>
      database.within(wholeOf(person), async (tx) => {
        const { rows } = await tx.query<{ verb: string }>(
          "select distinct verb from effect where conversation_id = $1 and state = 'done' and at > $2",
          [conversation, new Date(clock.now().getTime() - LATELY_MS)],
        );
        return rows.map(({ verb }) => verb);
      }),
  };
}
