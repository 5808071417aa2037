/**
 * A person's turns in the other conversations of the same container. Used by turns.ts for /stop, by transcript.ts for /why
 * and for what is answered in another thread than it was asked in.
 */
import { conversationId, turnId, type PastExchange, type Person, type Route, type TakenTurn, type TurnId } from "#core";
import type { Tx } from "../engine/database.ts";

export type Asking = Pick<TakenTurn, "id" | "conversation" | "address" | "person" | "messages">;

const BESIDE = `from turn join conversation on conversation.id = turn.conversation_id
  where conversation.platform = $1 and conversation.scope = $2 and conversation.container = $3
    and conversation.id <> $4 and turn.person_id = $5`;

/** Of the conversations, not of the turns: what a schedule asks in a chat of no project has the schedule's. */
const OF_SAME_PLACE = `exists (
  select from conversation here
  where here.id = $4 and here.project_id is not distinct from conversation.project_id
    and here.branch_id is not distinct from conversation.branch_id)`;

/** Of a `turn` with a question: whether something was said to it there, which a command is not. */
const ANSWERED_THERE = `exists (
  select from turn later
  where later.conversation_id = turn.conversation_id and later.person_id = turn.person_id and later.id > turn.id
    and (later.ended_at is null or later.route -> 'to' ->> 'kind' <> 'command'))`;

/** And whether a turn other than this one has answered it from elsewhere. */
const answeredBeside = (self: `$${number}`) => `exists (
  select from turn later
  where later.person_id = turn.person_id and later.started_at >= turn.started_at and later.id <> ${self}
    and later.route ->> 'beside' = turn.id::text)`;

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

type ExchangeRow = RouteRow & { readonly conversation_id: string; readonly is_open: boolean };

/** A turn that began an hour before that is not looked for: by the time of their beginning they are found quickly. */
export async function findExchangesBeside(tx: Tx, asking: Asking, since: Date): Promise<readonly PastExchange[]> {
  const { rows } = await tx.query<ExchangeRow>(
    `select turn.id, turn.conversation_id, turn.route, turn.ended_at,
       exists (select from message where message.turn_id = turn.id and message.note_kind = 'clarify')
         and not ${ANSWERED_THERE} and not ${answeredBeside("$6")} as is_open
     ${BESIDE} and turn.id < $6
       and ($7 or conversation.visibility = 'shared')
       and turn.started_at >= $8::timestamptz - interval '1 hour' and turn.ended_at >= $8
       and ${OF_SAME_PLACE}
       and turn.route is not null and turn.route -> 'to' ->> 'kind' <> 'command'
       and not exists (select from message where message.turn_id = turn.id and message.deleted_at is not null)
     order by turn.id desc limit 20`,
    [...besideOf(asking), asking.id, asking.address.visibility === "private", since],
  );
  return rows.map((row) => ({
    turn: turnId(row.id),
    conversation: conversationId(row.conversation_id),
    route: row.route,
    at: row.ended_at,
    isOpen: row.is_open,
  }));
}

/** Whichever said it first; a later one put it right. */
export async function findAnsweredBeside(tx: Tx, question: TurnId, { id }: Pick<Person, "id">) {
  const { rows } = await tx.query<{ id: string; route: Route }>(
    `select later.id, later.route from turn later, turn asked
     where asked.id = $1 and later.person_id = $2 and later.started_at >= asked.started_at
       and later.route ->> 'beside' = asked.id::text
     order by later.id limit 1`,
    [question, id],
  );
  return rows.map((row) => ({ turn: turnId(row.id), route: row.route }))[0];
}

/** Whether a turn other than this one answers it. The caller has locked the question, so that what it sees is the last word. */
export async function isAnswered(
  tx: Tx,
  question: TurnId,
  { id, conversation }: Pick<TakenTurn, "id" | "conversation">,
) {
  const { rows } = await tx.query<{ answered: boolean }>(
    `select ${answeredBeside("$2")} or (turn.conversation_id <> $3 and ${ANSWERED_THERE}) as answered
     from turn where turn.id = $1`,
    [question, id, conversation],
  );
  return rows[0]?.answered ?? true;
}
