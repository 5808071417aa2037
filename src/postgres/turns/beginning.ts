/** How a turn begins: which of the messages that wait it takes. Within an open transaction; used by turns.ts. */
import { together, type Address, type ConversationId } from "#core";
import type { Tx } from "../engine/database.ts";

/** Most messages that are looked at for one turn. */
const MOST_COLLECTED = 50;

/** A turn that was taken just now. */
export type TurnRow = {
  readonly id: string;
  readonly person_id: string;
  readonly project_id: string | null;
  readonly branch_id: string | null;
  readonly epoch: number;
  readonly attempts: number;
  readonly cancel_requested: boolean;
  readonly address: Address;
};

export type Begun = { readonly row: TurnRow; readonly waiting: readonly Waiting[] };

export async function begin(
  tx: Tx,
  conversation: ConversationId,
  address: Address,
  at: Date,
): Promise<Begun | undefined> {
  const [row, waiting] = await Promise.all([insertTurn(tx, conversation, address, at), waitingOf(tx, conversation)]);
  return row && { row, waiting };
}

/** The oldest waiting message names the turn's person; nothing waiting, no turn. */
async function insertTurn(
  tx: Tx,
  conversation: ConversationId,
  address: Address,
  at: Date,
): Promise<TurnRow | undefined> {
  const { rows } = await tx.query<TurnRow>(
    `insert into turn (tenant_id, conversation_id, person_id, project_id, branch_id, address, started_at)
     select conversation.tenant_id, conversation.id, message.author_id, message.project_id, message.branch_id, $2, $3
     from conversation join message on message.conversation_id = conversation.id
     where conversation.id = $1 and message.turn_id is null
     order by message.id limit 1
     returning id, person_id, project_id, branch_id, epoch, attempts, cancel_requested, address`,
    [conversation, JSON.stringify(address), at],
  );
  return rows[0];
}

/** Of what the turn's person has waiting, what belongs together; the rest begins turns of its own. */
export async function collect(tx: Tx, waiting: readonly Waiting[], turn: TurnRow): Promise<void> {
  const own = waiting.findIndex(({ whole }) => whole);
  const pieces = own === -1 ? waiting : waiting.slice(0, own);
  // A post from outside, and what a schedule asks, is complete and never mixed with what the person says.
  const taken = own === 0 ? waiting.slice(0, 1) : firstOf(pieces);
  await tx.query("update message set turn_id = $2 where id = any($1::bigint[])", [taken.map(({ id }) => id), turn.id]);
}

/** Those that belong together, with what was deleted before the last of them. Where all were deleted, all of them. */
function firstOf(pieces: readonly Waiting[]): readonly Waiting[] {
  const left = pieces.filter(({ deleted }) => !deleted);
  const last = left[together(left.map(({ text }) => text)) - 1];
  return last ? pieces.slice(0, pieces.indexOf(last) + 1) : pieces;
}

type Waiting = { readonly id: string; readonly text: string; readonly whole: boolean; readonly deleted: boolean };

/** Of the person whose message is the oldest. */
async function waitingOf(tx: Tx, conversation: ConversationId): Promise<readonly Waiting[]> {
  const { rows } = await tx.query<Waiting>(
    `select id, text, origin is not null or scheduled is not null as whole, deleted_at is not null as deleted from message
     where conversation_id = $1 and turn_id is null
       and author_id = (select author_id from message where conversation_id = $1 and turn_id is null order by id limit 1)
     order by id limit ${MOST_COLLECTED}`,
    [conversation],
  );
  return rows;
}
