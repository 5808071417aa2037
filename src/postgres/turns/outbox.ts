/** Replies on their way out, in order: the port Outbox of the core. */
import {
  agentId,
  conversationId,
  deliveredEvent,
  messageId,
  partId,
  serviceOf,
  stateAfter,
  turnId,
  type Action,
  type Address,
  type Clock,
  type ConversationId,
  type Outbox,
  type OutPart,
  type RenderedPart,
  type ReplyNote,
  type Role,
  type SendResult,
} from "#core";
import type { Calls } from "../queue/calls.ts";
import { inConversation, inEveryTenant } from "../conversation-rows.ts";
import type { Database, OpenTx, Tx } from "../engine/database.ts";
import { personFrom } from "../people/person-rows.ts";
import { silenced, toldNobody } from "./silence.ts";
import { appendTrace, lockTurn } from "./trace-rows.ts";
import { ending } from "../engine/transaction.ts";

/** Why a part ended that was for an account which is not its person's any more. */
const SILENCED = "silenced";
/** Why one ended that was to take the place of a part which never came to be seen. */
const NOTHING_SHOWN = "nothing_shown";

const hushed = (turn: string): string => `(${silenced(turn)} or ${toldNobody(turn)})`;
const shownNothing = `exists (select from outbox_part amended
  where amended.id = outbox_part.amends_id and amended.state in ('failed', 'unknown'))`;

export type OutboxDeps = { readonly calls: Calls; readonly clock: Clock };

export function createOutbox(database: Database, { calls, clock }: OutboxDeps): Outbox {
  return {
    next: (conversation) =>
      inConversation(database, conversation, async (tx) => {
        const row = await claim(tx, conversation, clock.now());
        return row && { part: partFrom(row), resumed: row.resumed };
      }),

    dueIn: (conversation) =>
      inConversation(database, conversation, async (tx) => {
        const first = await findFirst(tx, conversation);
        return first && Math.max(0, (first.not_before?.getTime() ?? 0) - clock.now().getTime());
      }),

    record: (part, result, giveUp, notice) =>
      database.within(serviceOf(part.person.tenant), async (tx) => {
        const [, kept] = await Promise.all([
          lockTurn(tx, part.turn),
          finish(tx, part, { result, giveUp, now: clock.now() }),
        ]);
        if (!kept) return "lost";
        if (notice) await insertNotice(tx, part, notice, clock.now());
        const [, done] = await Promise.all([
          appendTrace(tx, part.turn, [{ at: clock.now(), event: deliveredEvent(part, result, giveUp) }]),
          calls.done(ending(tx), "deliver", part.conversation),
        ]);
        return done ? "done" : "recorded";
      }),

    unsent: () => inEveryTenant(database, (tx) => unsentHere(tx, clock.now())),
  };
}

type PartRow = {
  readonly id: string;
  readonly tenant_id: string;
  readonly person_id: string;
  readonly person_name: string;
  readonly person_role: Role;
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
  readonly actions: readonly Action[] | null;
  readonly handles: readonly string[] | null;
  readonly draft: string | null;
  readonly amends: string | null;
  readonly amended: number | null;
};

/**
 * Parts leave in the order of their turns and within a turn in the order of the text. Those of an account that was blocked,
 * unlinked or moved since end here, and hold nobody back; whether one that was being sent did go out, nobody knows.
 */
async function claim(tx: OpenTx, conversation: ConversationId, now: Date): Promise<PartRow | undefined> {
  const { rows } = await tx.last<PartRow>(
    `with hushed as (
       update outbox_part set state = case state when 'sending' then 'unknown' else 'failed' end,
         code = '${SILENCED}', not_before = null
       where conversation_id = $1 and state in ('ready', 'sending') and ${hushed("outbox_part.turn_id")}),
     pointless as (
       update outbox_part set state = 'failed', code = '${NOTHING_SHOWN}', not_before = null
       where conversation_id = $1 and state = 'ready' and ${shownNothing} and not ${hushed("outbox_part.turn_id")}),
     first as (
       select id, state, not_before from outbox_part
       where conversation_id = $1 and state in ('ready', 'sending') and not ${hushed("outbox_part.turn_id")}
         and not (state = 'ready' and ${shownNothing})
       order by turn_id, ordinal limit 1
       for update)
     update outbox_part part set state = 'sending', attempts = part.attempts + 1
     from first, turn, message, person
     where part.id = first.id and turn.id = part.turn_id and message.id = part.message_id and person.id = part.person_id
       and (first.not_before is null or first.not_before <= $2)
     returning part.id, part.tenant_id, part.person_id, person.name as person_name, person.role as person_role, part.turn_id, part.conversation_id, part.message_id, part.ordinal, part.body,
       part.attempts - 1 as attempts, first.state = 'sending' as resumed, turn.address,
       message.agent, message.note_kind, message.note_model, message.at, message.actions, turn.draft,
       (select array_agg(said.handle order by said.id) from message said
        where said.turn_id = part.turn_id and said.handle_until > $2) as handles,
       (select count(*)::integer from outbox_part sibling
        where sibling.turn_id = part.turn_id and not sibling.notice and sibling.amends_id is null) as of,
       (select amended.external_id from outbox_part amended where amended.id = part.amends_id) as amends,
       (select amended.ordinal from outbox_part amended where amended.id = part.amends_id) as amended`,
    [conversation, now],
  );
  return rows[0];
}

const partFrom = (row: PartRow): OutPart => ({
  id: partId(row.id),
  turn: turnId(row.turn_id),
  conversation: conversationId(row.conversation_id),
  message: messageId(row.message_id),
  ordinal: row.ordinal,
  of: row.of,
  body: row.body,
  address: row.address,
  person: personFrom({ id: row.person_id, tenant_id: row.tenant_id, name: row.person_name, role: row.person_role }),
  agent: row.agent === null ? null : agentId(row.agent),
  note: { kind: row.note_kind, model: row.note_model },
  at: row.at,
  attempts: row.attempts,
  actions: (row.amended ?? row.ordinal) === row.of - 1 ? (row.actions ?? []) : [],
  handles: row.handles ?? [],
  draft: row.draft,
  amends: row.amends,
});

async function unsentHere(tx: Tx, now: Date): Promise<readonly ConversationId[]> {
  const { rows } = await tx.query<{ conversation_id: string }>(
    `select conversation_id
     from (select distinct on (conversation_id) conversation_id, not_before from outbox_part
           where state in ('ready', 'sending')
           order by conversation_id, turn_id, ordinal) first
     where not_before is null or not_before <= $1`,
    [now],
  );
  return rows.map((row) => conversationId(row.conversation_id));
}

type Ending = { readonly result: SendResult; readonly giveUp: boolean; readonly now: Date };

/** False when another delivery has claimed the part since, or has recorded its fate. */
async function finish(tx: Tx, part: OutPart, { result, giveUp, now }: Ending): Promise<boolean> {
  const later = result.kind === "not_sent" && !giveUp ? new Date(now.getTime() + (result.afterMs ?? 0)) : null;
  const { rowCount } = await tx.query(
    `update outbox_part set state = $2, external_id = $3, code = $4, not_before = $5
     where id = $1 and state = 'sending' and attempts = $6`,
    [
      part.id,
      stateAfter(result, giveUp),
      result.kind === "sent" ? result.externalId : null,
      result.kind === "sent" ? null : result.code,
      later,
      part.attempts + 1,
    ],
  );
  return rowCount === 1;
}

/** Behind all parts of its turn, and before those of the next: the person reads it where something may be missing. */
async function insertNotice(tx: Tx, part: OutPart, notice: readonly RenderedPart[], at: Date): Promise<void> {
  await tx.query(
    `insert into outbox_part
       (tenant_id, person_id, conversation_id, turn_id, message_id, ordinal, body, stored_at, notice)
     select tenant_id, person_id, conversation_id, turn_id, message_id,
       (select max(ordinal) from outbox_part where turn_id = doubtful.turn_id) + piece.ordinality, piece.body, $3, true
     from outbox_part doubtful, unnest($2::text[]) with ordinality piece (body, ordinality)
     where doubtful.id = $1
       and not exists (select from outbox_part told where told.turn_id = doubtful.turn_id and told.notice)`,
    [part.id, notice.map(({ body }) => body), at],
  );
}

async function findFirst(tx: OpenTx, conversation: ConversationId): Promise<{ not_before: Date | null } | undefined> {
  const { rows } = await tx.last<{ not_before: Date | null }>(
    `select not_before from outbox_part
     where conversation_id = $1 and state in ('ready', 'sending')
     order by turn_id, ordinal limit 1`,
    [conversation],
  );
  return rows[0];
}
