/** All that a turn leaves behind, in the transaction that ends it. Used by turns.ts. */
import {
  messageId,
  placeOf,
  serviceOf,
  type AgentId,
  type Clock,
  type Message,
  type MessageId,
  type Noted,
  type RenderedPart,
  type Settled,
  type Settlement,
  type TakenTurn,
} from "#core";
import type { Calls } from "../queue/calls.ts";
import { lockConversation, type LockedConversation } from "../conversation-rows.ts";
import { enter, type OpenTx, type Tx } from "../engine/database.ts";
import { withdrawReplaced } from "../effects/proposal-ends.ts";
import { noteShown, putProposals } from "../effects/proposal-rows.ts";
import { ending } from "../engine/transaction.ts";
import { settleCalls } from "../spending-rows.ts";
import { insertSignals } from "../signals.ts";
import { dropOutcomes, insertSteps } from "./step-rows.ts";
import { silenced } from "./silence.ts";
import { storable, storableJson } from "../engine/storable.ts";
import { appendTrace } from "./trace-rows.ts";
import type { TurnMemory } from "../memory/turn-memory.ts";

export type SettlementDeps = { readonly memory: TurnMemory; readonly calls: Calls; readonly clock: Clock };

/** The transaction is within the scope of the turn's person. */
export async function settleTurn(
  tx: OpenTx,
  turn: TakenTurn,
  settlement: Settlement & { readonly events: readonly Noted[] },
  deps: SettlementDeps,
): Promise<Settled> {
  const at = deps.clock.now();
  // What a call came to is a fact, also when the hold is lost or a stop came first.
  const calls = settlement.steps.flatMap((step) => step.calls);
  const [place, ended] = await Promise.all([
    lockConversation(tx, turn.conversation),
    endTurn(tx, turn, settlement, at),
    ...(calls.length > 0 ? [settleCalls(tx, calls)] : []),
  ]);
  if (!place && ended) throw new Error("a turn ended in a conversation that cannot be seen");
  if (!place) return { kind: "lost" };
  if (!ended) return { kind: (await isStopped(tx, turn)) ? "stopped" : "lost" };

  const { signals = [], failure, state, parts } = settlement;
  const code = failure === undefined ? {} : { code: failure };
  const settled = { kind: "settled", state, parts: parts.length, ...code } as const;
  const [reply] = await Promise.all([
    insertReply(tx, turn, settlement, { place, at }),
    ...(settlement.steps.length > 0 ? [insertSteps(tx, turn, settlement.steps)] : []),
    dropOutcomes(tx, turn),
    ...(signals.length > 0 ? [insertSignals(tx, turn.id, { signals, at })] : []),
    appendTrace(tx, turn.id, [...settlement.events, { at, event: settled }]),
  ]);
  // Whoever deletes a message while it is worked on wants nothing kept of it either.
  const keep = settlement.keep.filter(({ message }) => message === null || !ended.deleted.includes(message));
  await remember(tx, turn, { ...settlement, keep }, deps);
  const { proposals = [] } = settlement;
  if (proposals.length > 0) {
    const withdrawn = ended.deleted.length > 0;
    const { conversations, late } = await withdrawReplaced(tx, withdrawn ? [] : proposals, at);
    await putProposals(tx, turn, proposals, { reply: reply.id, at, withdrawn, late });
    await deps.calls.send(tx, "effect", turn.conversation, reply.id);
    for (const each of conversations.filter((id) => id !== turn.conversation))
      await deps.calls.send(tx, "effect", each, null);
  }
  if (settlement.actions) await noteShown(tx, reply.id, settlement.actions);
  if (settlement.pin !== undefined) await pin(tx, turn, settlement.pin);
  const [, , , done] = await Promise.all([
    insertParts(tx, turn, { reply: reply.id, parts: settlement.parts, at }),
    deps.calls.send(tx, "deliver", turn.conversation, reply.id),
    // What waits may be anyone's.
    enter(tx, serviceOf(turn.person.tenant)),
    deps.calls.done(ending(tx), "turn", turn.conversation),
  ]);
  return { kind: "settled", reply, done };
}

/**
 * Undefined when another take raised the epoch, the turn has ended, or a stop came first: nothing else may be written then.
 * An accepted stop outranks an answer that was ready in the same moment.
 */
async function endTurn(tx: Tx, turn: TakenTurn, settlement: Settlement, at: Date): Promise<Ended | undefined> {
  const { state, route, reply } = settlement;
  const { rows } = await tx.query<{ deleted: readonly string[] | null }>(
    `update turn set state = $3, route = $4, agent = $5, model = $6, ended_at = $7
     where id = $1 and epoch = $2 and state = 'running'
       and ($3 = 'cancelled' or not (cancel_requested or ${silenced("turn.id")}))
     returning (select array_agg(message.id::text) from message where turn_id = $1 and deleted_at is not null) as deleted`,
    [turn.id, turn.epoch, state, route && storableJson(route), reply.agent, reply.note.model, at],
  );
  return rows.map(({ deleted }) => ({ deleted: (deleted ?? []).map((id) => messageId(id)) }))[0];
}

/** Messages of the turn that their author has deleted meanwhile. */
type Ended = { readonly deleted: readonly MessageId[] };

async function isStopped(tx: Tx, turn: TakenTurn): Promise<boolean> {
  const { rowCount } = await tx.query(
    `select id from turn where id = $1 and epoch = $2 and state = 'running'
       and (cancel_requested or ${silenced("turn.id")})`,
    [turn.id, turn.epoch],
  );
  return rowCount === 1;
}

async function insertReply(
  tx: Tx,
  turn: TakenTurn,
  { reply, card, actions = [] }: Settlement,
  { place, at }: { readonly place: LockedConversation; readonly at: Date },
): Promise<Message> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into message
       (tenant_id, conversation_id, person_id, direction, agent, text, at, stored_at, turn_id, note_kind, note_model, actions, tainted,
        retold, card)
     values ($1, $2, $3, 'out', $4, $5, $6, $6, $7, $8, $9, $10, $11, $12, $13)
     returning id`,
    [
      turn.person.tenant,
      turn.conversation,
      place.holder,
      reply.agent,
      storable(reply.text),
      at,
      turn.id,
      reply.note.kind,
      reply.note.model,
      actions.length > 0 ? storableJson(actions) : null,
      reply.tainted ?? false,
      reply.retold ?? false,
      card === undefined ? null : storable(card),
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("the reply was not stored");
  return {
    id: messageId(row.id),
    conversation: turn.conversation,
    author: { kind: "agent", agent: reply.agent },
    text: storable(reply.text),
    at,
    turn: turn.id,
    reply: reply.note,
    ...(actions.length > 0 ? { actions } : {}),
  };
}

type Parts = { readonly reply: MessageId; readonly parts: readonly RenderedPart[]; readonly at: Date };

/** To an account that was blocked or taken away meanwhile nothing is said. */
async function insertParts(tx: Tx, turn: TakenTurn, { reply, parts, at }: Parts): Promise<void> {
  await tx.query(
    `insert into outbox_part (tenant_id, person_id, conversation_id, turn_id, message_id, ordinal, body, stored_at)
     select $1, $2, $3, $4, $5, part.ordinality - 1, part.body, $7
     from unnest($6::text[]) with ordinality part (body, ordinality)
     where not ${silenced("$4")}`,
    [
      turn.person.tenant,
      turn.person.id,
      turn.conversation,
      turn.id,
      reply,
      parts.map((part) => storable(part.body)),
      at,
    ],
  );
}

async function remember(tx: Tx, turn: TakenTurn, settlement: Settlement, { memory }: SettlementDeps): Promise<void> {
  const scope = placeOf(turn);
  if (settlement.keep.length > 0) await memory.keep(tx, scope, settlement.keep);
  if (settlement.cited.length > 0) await memory.cite(tx, scope, turn.id, settlement.cited);
  if (settlement.forget.length > 0) await memory.drop(tx, scope, settlement.forget);
}

async function pin(tx: Tx, turn: TakenTurn, agent: AgentId | null): Promise<void> {
  await tx.query("update conversation set pinned_agent = $2 where id = $1", [turn.conversation, agent]);
}
