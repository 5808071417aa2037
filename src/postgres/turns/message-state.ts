/** How far one message has come: its turn, its reply and the reply's parts, in one reading. Used by the transcript and came-in.ts. */
import {
  agentId,
  isCall,
  messageId,
  turnId,
  type Address,
  type LeftOut,
  type Message,
  type MessageId,
  type MessageState,
  type Person,
} from "#core";
import { isRowId } from "../conversation-rows.ts";
import type { Tx } from "../engine/database.ts";
import { MESSAGE_COLUMNS, messageFrom, type MessageRow } from "./message-rows.ts";

export type StateRow = {
  readonly id: string;
  readonly turn_id: string | null;
  readonly state: Exclude<MessageState["state"], "waiting"> | null;
  readonly delivery: MessageState["delivery"];
  readonly failure: string | null;
  readonly left_out: readonly LeftOut[] | null;
};

/**
 * The last columns of a StateRow; needs `message left join turn`. The worst of the parts stands for all of them. What was
 * left out is in the trace, as the last take has weighed it.
 */
export const STATE_COLUMNS = `turn.state,
  (select part.state from outbox_part part where part.turn_id = message.turn_id and part.amends_id is null
   order by array_position(array['failed', 'unknown', 'ready', 'sending', 'sent'], part.state) limit 1) as delivery,
  coalesce(
    (select trace_event.event ->> 'code' from trace_event
     where trace_event.turn_id = message.turn_id and trace_event.event ->> 'kind' = 'settled'
     order by trace_event.seq desc limit 1),
    (select step.code from step where step.turn_id = message.turn_id and step.reply = 'fail'
     order by step.ordinal desc limit 1)) as failure,
  (select jsonb_agg(jsonb_build_object('verb', trace_event.event -> 'verb', 'why', trace_event.event -> 'verdict')
     order by trace_event.seq)
   from trace_event
   where trace_event.turn_id = message.turn_id and trace_event.epoch = turn.epoch
     and trace_event.event ->> 'kind' = 'weighed'
     and trace_event.event ->> 'verdict' not in ('tell', 'approve', 'unclear')) as left_out`;

/** `reply`: found after the row, and not looked at while the turn runs. */
export function stateFrom(row: StateRow, reply: Message | null): MessageState {
  const turn = row.turn_id === null ? null : turnId(row.turn_id);
  const state = row.state ?? "waiting";
  // A turn may be settled between the two statements: what runs has no reply yet, whatever the second one would find.
  if (turn === null || state === "running") return { id: messageId(row.id), state, turn, reply: null, delivery: null };
  const failed = row.failure !== null && reply?.reply?.kind === "fail";
  const failure = failed ? { failure: row.failure } : {};
  const left = row.left_out === null ? {} : { leftOut: row.left_out };
  return { id: messageId(row.id), state, turn, reply, delivery: row.delivery, ...failure, ...left };
}

/** Within the person's scope, and only what they said themselves at this platform and scope. */
export async function findState(
  tx: Tx,
  message: MessageId,
  person: Person,
  at: Pick<Address, "platform" | "scope">,
): Promise<MessageState | undefined> {
  if (!isRowId(message)) return undefined;
  const row = await findRow(tx, message, person, at);
  if (!row) return undefined;
  const { platform } = at;
  const state = stateFrom(row, row.turn_id === null ? null : await findReply(tx, row.turn_id));
  const called = isCall({ platform, root: row.root }) ? row.addressed_to : null;
  return { ...state, ...(called === null ? {} : { called: agentId(called) }) };
}

type FoundRow = StateRow & { readonly root: string | null; readonly addressed_to: string | null };

async function findRow(
  tx: Tx,
  message: MessageId,
  person: Person,
  { platform, scope }: Pick<Address, "platform" | "scope">,
): Promise<FoundRow | undefined> {
  const { rows } = await tx.query<FoundRow>(
    `select message.id, message.turn_id, message.addressed_to, conversation.root, ${STATE_COLUMNS}
     from message
     join conversation on conversation.id = message.conversation_id
     left join turn on turn.id = message.turn_id
     where message.id = $1 and message.direction = 'in' and message.author_id = $2
       and conversation.platform = $3 and conversation.scope = $4`,
    [message, person.id, platform, scope],
  );
  return rows[0];
}

async function findReply(tx: Tx, turn: string): Promise<MessageState["reply"]> {
  const { rows } = await tx.query<MessageRow>(
    `select ${MESSAGE_COLUMNS}
     from message left join person author on author.id = message.author_id
     where message.turn_id = $1 and message.direction = 'out'`,
    [turn],
  );
  return rows.map(messageFrom)[0] ?? null;
}
