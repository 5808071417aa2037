/** A turn that has ended, as a button under its reply finds it. Used by transcript.ts. */
import { againKey, projectId, turnId, type Address, type PastTurn, type Person, type Route, type TurnId } from "#core";
import { isRowId } from "../conversation-rows.ts";
import { ending, type OpenTx, type Tx } from "../engine/transaction.ts";
import { MESSAGE_COLUMNS, messageFrom, type MessageRow } from "./message-rows.ts";

/**
 * The transaction is within the person's scope: a colleague's turn is not seen there, but what was said in a shared
 * conversation is.
 */
export async function findPastTurn(
  tx: OpenTx,
  id: TurnId,
  person: Person,
): Promise<PastTurn | "another's" | undefined> {
  if (!isRowId(id)) return undefined;
  const [turn, rows] = await Promise.all([turnRow(tx, id, person), linesOf(ending(tx), id)]);
  const messages = rows.filter(({ note_kind }) => note_kind === null).map(messageFrom);
  const reply = rows.filter(({ note_kind }) => note_kind !== null).map(messageFrom)[0];
  if (!reply) return undefined;
  if (!turn) return "another's";
  const { address, route, project_id: project } = turn;
  return {
    id: turnId(turn.id),
    address,
    route,
    messages,
    reply,
    project: project === null ? null : projectId(project),
    handedOn: turn.handed_on,
  };
}

type TurnRow = {
  readonly id: string;
  readonly address: Address;
  readonly route: Route | null;
  readonly project_id: string | null;
  readonly handed_on: boolean;
};

async function turnRow(tx: Tx, id: TurnId, person: Person): Promise<TurnRow | undefined> {
  const { rows } = await tx.query<TurnRow>(
    `select id, address, route, project_id,
       exists (select from message
               where message.conversation_id = turn.conversation_id and message.message_key = $3)
       or (route -> 'to' ->> 'kind' = 'clarify' and exists (
         select from turn later
         where later.conversation_id = turn.conversation_id and later.person_id = turn.person_id and later.id > turn.id
           and later.route ->> 'words' = turn.route ->> 'words' and later.route -> 'to' ->> 'kind' = 'agent'))
       or (route -> 'to' ->> 'kind' = 'clarify' and exists (
         select from turn later
         where later.person_id = turn.person_id and later.started_at >= turn.started_at
           and later.route ->> 'beside' = turn.id::text))
         as handed_on
     from turn where id = $1 and person_id = $2 and ended_at is not null`,
    [id, person.id, againKey(id)],
  );
  return rows[0];
}

async function linesOf(tx: Tx, id: TurnId): Promise<readonly MessageRow[]> {
  const { rows } = await tx.query<MessageRow>(
    `select ${MESSAGE_COLUMNS}
     from message left join person author on author.id = message.author_id
     where message.turn_id = $1
     order by message.id`,
    [id],
  );
  return rows;
}
