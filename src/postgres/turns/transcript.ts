/** What was said, as one person may see it: the port Transcript of the core. */
import {
  turnId,
  wholeOf,
  type ConversationId,
  type Message,
  type MessageId,
  type Person,
  type Route,
  type Transcript,
  type TurnId,
} from "#core";
import { findAnsweredBeside, findExchangesBeside, findLastBeside } from "./beside.ts";
import { findCameIn } from "./came-in.ts";
import { findAt, isRowId } from "../conversation-rows.ts";
import type { Database, OpenTx } from "../engine/database.ts";
import { findHeard } from "./heard.ts";
import { findState } from "./message-state.ts";
import { findPastTurn } from "./past-turn.ts";
import { MESSAGE_COLUMNS, messageFrom, PAST_COLUMNS, type MessageRow } from "./message-rows.ts";

export function createTranscript(database: Database): Transcript {
  return {
    before: (conversation, person, turn, limit) =>
      database.within(wholeOf(person), (tx) => newestOf(tx, [conversation, turn, limit], "<")),

    upTo: (conversation, person, turn, limit) =>
      database.within(wholeOf(person), (tx) => newestOf(tx, [conversation, turn, limit], "<=")),

    replyTo: (message, person) => database.within(wholeOf(person), (tx) => findReply(tx, message)),

    isUnderWay: (turn, person) => database.within(wholeOf(person), (tx) => findUnderWay(tx, turn)),

    stateOf: (message, person, at) => database.within(wholeOf(person), (tx) => findState(tx, message, person, at)),

    cameIn: (at, person, limit) => database.within(wholeOf(person), (tx) => findCameIn(tx, at, person, limit)),

    heardAt: (at, query) => findHeard(database, at, query),

    at: (address, person, after, limit) =>
      database.within(wholeOf(person), async (tx) => {
        const conversation = await findAt(tx, address, person);
        if (!conversation) return [];
        if (after === null || !isRowId(after)) return newest(tx, conversation, limit);
        return oldestAfter(tx, conversation, after, limit);
      }),

    lastRoute: (conversation, person, before) =>
      database.within(wholeOf(person), (tx) => findLastRoute(tx, conversation, person, before)),

    lastRouteBeside: (turn) => database.within(wholeOf(turn.person), (tx) => findLastBeside(tx, turn)),

    exchangesBeside: (turn, since) =>
      database.within(wholeOf(turn.person), (tx) => findExchangesBeside(tx, turn, since)),

    answeredBeside: (question, person) =>
      database.within(wholeOf(person), (tx) => findAnsweredBeside(tx, question, person)),

    turnOf: (turn, person) => database.within(wholeOf(person), (tx) => findPastTurn(tx, turn, person)),
  };
}

async function newestOf(
  tx: OpenTx,
  to: readonly [conversation: ConversationId, turn: TurnId, limit: number],
  which: "<" | "<=",
): Promise<readonly Message[]> {
  const { rows } = await tx.last<MessageRow>(
    `select ${PAST_COLUMNS}
     from (
       select *, row_number() over (order by turn_id desc, id desc) as place from (
         select * from message
         where conversation_id = $1 and turn_id ${which} $2 and deleted_at is null and not aside
         order by turn_id desc, id desc limit $3) newest) message
       left join person author on author.id = message.author_id
     order by message.place`,
    to.slice(),
  );
  return rows.map(messageFrom).toReversed();
}

async function newest(tx: OpenTx, conversation: ConversationId, limit: number): Promise<readonly Message[]> {
  const { rows } = await tx.last<MessageRow>(
    `select ${MESSAGE_COLUMNS}
     from message left join person author on author.id = message.author_id
     where message.conversation_id = $1
     order by message.id desc limit $2`,
    [conversation, limit],
  );
  return rows.map(messageFrom).toReversed();
}

async function findReply(tx: OpenTx, message: MessageId): Promise<Message | undefined> {
  if (!isRowId(message)) return undefined;
  const { rows } = await tx.last<MessageRow>(
    `select ${MESSAGE_COLUMNS}
     from message left join person author on author.id = message.author_id
     where message.direction = 'out' and message.turn_id = (select asked.turn_id from message asked where asked.id = $1)`,
    [message],
  );
  return rows.map(messageFrom)[0];
}

async function findUnderWay(tx: OpenTx, turn: TurnId): Promise<boolean> {
  const { rows } = await tx.last<{ found: boolean }>(
    `select exists (
       select from proposal left join effect on effect.proposal_id = proposal.id
       where proposal.turn_id = $1 and proposal.state = 'approved'
         and (proposal.told < proposal.changes or effect.state in ('waiting', 'claimed'))) as found`,
    [turn],
  );
  return rows[0]?.found ?? false;
}

async function oldestAfter(
  tx: OpenTx,
  conversation: ConversationId,
  after: MessageId,
  limit: number,
): Promise<readonly Message[]> {
  const { rows } = await tx.last<MessageRow>(
    `select ${MESSAGE_COLUMNS}
     from message left join person author on author.id = message.author_id
     where message.conversation_id = $1 and message.id > $2
     order by message.id limit $3`,
    [conversation, after, limit],
  );
  return rows.map(messageFrom);
}

type RouteRow = { readonly id: string; readonly route: Route; readonly ended_at: Date };

async function findLastRoute(tx: OpenTx, conversation: ConversationId, person: Person, before: TurnId) {
  const { rows } = await tx.last<RouteRow>(
    `select id, route, ended_at from turn
     where conversation_id = $1 and person_id = $2 and id < $3
       and route is not null and ended_at is not null and route -> 'to' ->> 'kind' <> 'command'
     order by id desc limit 1`,
    [conversation, person.id, before],
  );
  return rows.map((row) => ({ turn: turnId(row.id), route: row.route, at: row.ended_at }))[0];
}
