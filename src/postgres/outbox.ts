/** Replies on their way out, in order: the port Outbox of the core. */
import {
  agentId,
  conversationId,
  messageId,
  partId,
  serviceOf,
  turnId,
  type Address,
  type Clock,
  type ConversationId,
  type Outbox,
  type OutPart,
  type Person,
  type ReplyNote,
  type SendResult,
} from "#core";
import { inConversation, inEveryTenant } from "./conversation-rows.ts";
import type { Database, Tx } from "./database.ts";
import { followTo } from "./person-rows.ts";
import { appendTrace, lockTurn } from "./trace-rows.ts";

export function createOutbox(database: Database, { clock }: { readonly clock: Clock }): Outbox {
  return {
    next: (conversation) =>
      inConversation(database, conversation, async (tx, tenant) => {
        const row = await claim(tx, conversation);
        if (!row) return undefined;
        const person = await followTo(tx, { tenant_id: tenant, person_id: row.person_id });
        return { part: partFrom(row, person), resumed: row.resumed };
      }),

    record: (part, result, giveUp) =>
      database.within(serviceOf(part.person.tenant), async (tx) => {
        await lockTurn(tx, part.turn);
        if (!(await finish(tx, part, result, giveUp))) return;
        const code = result.kind === "sent" ? {} : { code: result.code };
        await appendTrace(
          tx,
          part.turn,
          [{ kind: "delivered", part: part.ordinal, outcome: stateAfter(result, giveUp), ...code }],
          clock.now(),
        );
      }),

    unsent: () => inEveryTenant(database, unsentHere),
  };
}

type PartRow = {
  readonly id: string;
  readonly person_id: string;
  readonly turn_id: string;
  readonly conversation_id: string;
  readonly message_id: string;
  readonly ordinal: number;
  readonly of: number;
  readonly body: string;
  readonly attempts: number;
  readonly resumed: boolean;
  readonly address: Address;
  readonly agent: string | null;
  readonly note_kind: ReplyNote["kind"];
  readonly note_model: string | null;
  readonly at: Date;
};

/** Parts leave in the order of their turns and within a turn in the order of the text. */
async function claim(tx: Tx, conversation: ConversationId): Promise<PartRow | undefined> {
  const { rows } = await tx.query<PartRow>(
    `with first as (
       select id, state from outbox_part
       where conversation_id = $1 and state in ('ready', 'sending')
       order by turn_id, ordinal limit 1
       for update)
     update outbox_part part set state = 'sending', attempts = part.attempts + 1
     from first, turn, message
     where part.id = first.id and turn.id = part.turn_id and message.id = part.message_id
     returning part.id, part.person_id, part.turn_id, part.conversation_id, part.message_id, part.ordinal, part.body,
       part.attempts - 1 as attempts, first.state = 'sending' as resumed, turn.address,
       message.agent, message.note_kind, message.note_model, message.at,
       (select count(*)::integer from outbox_part sibling where sibling.turn_id = part.turn_id) as of`,
    [conversation],
  );
  return rows[0];
}

const partFrom = (row: PartRow, person: Person): OutPart => ({
  id: partId(row.id),
  turn: turnId(row.turn_id),
  conversation: conversationId(row.conversation_id),
  message: messageId(row.message_id),
  ordinal: row.ordinal,
  of: row.of,
  body: row.body,
  address: row.address,
  person,
  agent: row.agent === null ? null : agentId(row.agent),
  note: { kind: row.note_kind, model: row.note_model },
  at: row.at,
  attempts: row.attempts,
});

async function unsentHere(tx: Tx): Promise<readonly ConversationId[]> {
  const { rows } = await tx.query<{ conversation_id: string }>(
    "select distinct conversation_id from outbox_part where state in ('ready', 'sending')",
  );
  return rows.map((row) => conversationId(row.conversation_id));
}

function stateAfter(result: SendResult, giveUp: boolean): "sent" | "unknown" | "failed" | "ready" {
  switch (result.kind) {
    case "sent":
      return "sent";
    case "unknown":
      return "unknown";
    case "not_sent":
      return giveUp ? "failed" : "ready";
  }
}

/** False when the part is not being sent any more: another delivery has recorded its fate. */
async function finish(tx: Tx, part: OutPart, result: SendResult, giveUp: boolean): Promise<boolean> {
  const { rowCount } = await tx.query(
    "update outbox_part set state = $2, external_id = $3, code = $4 where id = $1 and state = 'sending'",
    [
      part.id,
      stateAfter(result, giveUp),
      result.kind === "sent" ? result.externalId : null,
      result.kind === "sent" ? null : result.code,
    ],
  );
  return rowCount === 1;
}
