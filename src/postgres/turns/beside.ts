/** A person's turns in the other conversations of the same container. Used by turns.ts for /stop, by transcript.ts for /why. */
import { turnId, type Route, type TakenTurn, type TurnId } from "#core";
import type { Tx } from "../engine/database.ts";

export type Asking = Pick<TakenTurn, "id" | "conversation" | "address" | "person" | "messages">;

const BESIDE = `from turn join conversation on conversation.id = turn.conversation_id
  where conversation.platform = $1 and conversation.scope = $2 and conversation.container = $3
    and conversation.id <> $4 and turn.person_id = $5`;

const besideOf = ({ address, conversation, person }: Asking) => [
  address.platform,
  address.scope,
  address.container,
  conversation,
  person.id,
];

/** Only what was asked before: a stop that is taken again, after a crash, ends nothing that was asked since. */
export async function findRunningBeside(tx: Tx, asking: Asking): Promise<readonly TurnId[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select turn.id ${BESIDE} and turn.state = 'running'
       and exists (select from message
                   where message.turn_id = turn.id and message.direction = 'in' and message.id < $6)
     order by turn.id`,
    [...besideOf(asking), asking.messages[0]?.id ?? null],
  );
  return rows.map((row) => turnId(row.id));
}

type RouteRow = { readonly id: string; readonly route: Route; readonly ended_at: Date };

/** Before others nothing is told of what was asked in private. */
export async function findLastBeside(tx: Tx, asking: Asking) {
  const { rows } = await tx.query<RouteRow>(
    `select turn.id, turn.route, turn.ended_at ${BESIDE} and turn.id < $6
       and turn.route is not null and turn.ended_at is not null and turn.route -> 'to' ->> 'kind' <> 'command'
       and ($7 or conversation.visibility = 'shared')
     order by turn.id desc limit 1`,
    [...besideOf(asking), asking.id, asking.address.visibility === "private"],
  );
  return rows.map((row) => ({ turn: turnId(row.id), route: row.route, at: row.ended_at }))[0];
}
