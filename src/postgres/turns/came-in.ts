/** The newest that came in at one platform and scope, with how far each has come. Used by the transcript. */
import type { Address, Arrived, Message, Person } from "#core";
import type { Tx } from "../engine/database.ts";
import { MESSAGE_COLUMNS, messageFrom, type MessageRow } from "./message-rows.ts";
import { STATE_COLUMNS, stateFrom, type StateRow } from "./message-state.ts";

type Place = Pick<Address, "platform" | "scope">;
type Row = MessageRow & StateRow;

/** Within the person's scope, and only what they said themselves there. */
export async function findCameIn(tx: Tx, at: Place, person: Person, limit: number): Promise<readonly Arrived[]> {
  const rows = await newestRows(tx, at, person, limit);
  const replies = await repliesTo(tx, rows);
  return rows
    .map((row) => ({
      message: messageFrom(row),
      state: stateFrom(row, row.turn_id === null ? null : (replies.get(row.turn_id) ?? null)),
    }))
    .toReversed();
}

async function newestRows(tx: Tx, { platform, scope }: Place, person: Person, limit: number): Promise<readonly Row[]> {
  const { rows } = await tx.query<Row>(
    `select ${MESSAGE_COLUMNS}, ${STATE_COLUMNS}
     from message
     join conversation on conversation.id = message.conversation_id
     left join person author on author.id = message.author_id
     left join turn on turn.id = message.turn_id
     where message.direction = 'in' and message.author_id = $1
       and conversation.platform = $2 and conversation.scope = $3
     order by message.id desc limit $4`,
    [person.id, platform, scope, limit],
  );
  return rows;
}

/** By turn: messages that were taken together have one reply. */
async function repliesTo(tx: Tx, asked: readonly Row[]): Promise<ReadonlyMap<string, Message>> {
  const turns = asked.flatMap(({ turn_id }) => turn_id ?? []);
  const { rows } = await tx.query<MessageRow & { readonly turn_id: string }>(
    `select ${MESSAGE_COLUMNS}
     from message left join person author on author.id = message.author_id
     where message.direction = 'out' and message.turn_id = any($1::bigint[])`,
    [turns],
  );
  return new Map(rows.map((row) => [row.turn_id, messageFrom(row)]));
}
