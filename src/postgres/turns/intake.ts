/** The door: stores an inbound once and enqueues its turn, in one transaction. The port Intake of the core. */
import {
  messageId,
  turnId,
  type Accepted,
  type Clock,
  type ConversationId,
  type Inbound,
  type Intake,
  type MessageId,
  type Person,
  type ProjectId,
  type TurnId,
} from "#core";
import type { Calls } from "../queue/calls.ts";
import { lockAt, lockOf } from "../conversation-rows.ts";
import type { Database, Tx } from "../engine/database.ts";
import { findDelivery, insertDelivery, Outrun, type Stored } from "./delivery-rows.ts";
import { enterAs, findLinked } from "../people/person-rows.ts";
import { storableJson } from "../engine/storable.ts";

export type IntakeDeps = { readonly calls: Calls; readonly clock: Clock };

export function createIntake(database: Database, { calls, clock }: IntakeDeps): Intake {
  const intake: Intake = {
    put: (inbound, stop) =>
      database.system(async (tx): Promise<Accepted> => {
        const now = clock.now();
        const [identity, person, known] = await Promise.all([
          enterAs(tx, inbound.sender),
          findLinked(tx, inbound.sender),
          lockOf(tx, inbound.address, inbound.sender),
        ]);
        if (!identity) return { kind: "unknown" };
        if (identity.state === "blocked") return { kind: "blocked" };

        if (!person) throw new Error(`person ${identity.person_id} is missing from tenant ${identity.tenant_id}`);
        const conversation = known ?? (await lockAt(tx, inbound.address, person, projectOfChat(inbound)));
        const [delivered, message] = await Promise.all([
          findDelivery(tx, inbound, person),
          insertMessage(tx, { inbound, person, conversation, now }),
        ]);
        if (delivered) return { kind: "seen", ...delivered, person };
        if (!message)
          return { kind: "seen", ...(await redelivered(tx, { inbound, person, conversation, now })), person };
        const stopped = stop ? await stopAny(tx, message, { inbound, person, conversation, now }) : null;
        await Promise.all([
          insertDelivery(tx, inbound, { person, message, now }),
          calls.send(tx, "turn", conversation, message),
        ]);
        return { kind: "new", message, conversation, person, stopped };
      }),
  };
  return {
    async put(inbound, stop) {
      try {
        return await intake.put(inbound, stop);
      } catch (error) {
        // All of it was rolled back; what outran it is committed and found now.
        if (error instanceof Outrun) return intake.put(inbound, stop);
        throw error;
      }
    },
  };
}

type Arrival = {
  readonly inbound: Inbound;
  readonly person: Person;
  readonly conversation: ConversationId;
  readonly now: Date;
};

/** What a schedule asks for a project makes no chat that belongs to it. */
const projectOfChat = ({ scheduled, project }: Inbound): ProjectId | null =>
  scheduled === undefined ? (project ?? null) : null;

/** Undefined when the message, or this delivery of one, is stored already. */
async function insertMessage(tx: Tx, arrival: Arrival): Promise<MessageId | undefined> {
  const { inbound, person, conversation, now } = arrival;
  const { rows } = await tx.query<{ id: string }>(
    `insert into message
       (tenant_id, conversation_id, person_id, direction, author_id, message_key, text, at, stored_at, origin, addressed_to,
        handle, handle_until, files, scheduled, project_id)
     select $1, $2, $3, 'in', $4, $5, $6, $7, $8, $9, $10, $14, $15, $16, $17, $18
     where not exists (
       select from inbound
       where tenant_id = $1 and inbound.person_id = $4 and platform = $11 and scope = $12 and delivery_key = $13)
     on conflict on constraint message_once do nothing
     returning id`,
    [
      person.tenant,
      conversation,
      inbound.address.visibility === "private" ? person.id : null,
      person.id,
      inbound.messageKey,
      inbound.text,
      inbound.sentAt,
      now,
      inbound.origin ?? null,
      inbound.agent ?? null,
      inbound.address.platform,
      inbound.address.scope,
      inbound.deliveryKey,
      inbound.handle?.sealed ?? null,
      inbound.handle?.expiresAt ?? null,
      inbound.files?.length ? storableJson(inbound.files) : null,
      inbound.scheduled ?? null,
      inbound.project ?? null,
    ],
  );
  return rows.map((row) => messageId(row.id))[0];
}

/** Another delivery of a message that is stored: noted, so that its own repetition is known too. */
async function redelivered(tx: Tx, arrival: Arrival): Promise<Stored> {
  const message = await findMessage(tx, arrival.conversation, arrival.inbound.messageKey);
  await insertDelivery(tx, arrival.inbound, { ...arrival, message });
  return { message, conversation: arrival.conversation };
}

async function findMessage(tx: Tx, conversation: ConversationId, key: string): Promise<MessageId> {
  const { rows } = await tx.query<{ id: string }>(
    "select id from message where conversation_id = $1 and message_key = $2",
    [conversation, key],
  );
  const found = rows.map((row) => messageId(row.id))[0];
  // The delivery was committed elsewhere between the look for it and the insert.
  if (!found) throw new Outrun("the delivery is stored in another conversation");
  return found;
}

/** A stop ends what runs, and joins it: what waits behind is answered next. Where nothing runs it ends all that waits. */
async function stopAny(tx: Tx, stop: MessageId, arrival: Arrival): Promise<TurnId | null> {
  const { conversation, person } = arrival;
  const running = await stopTurn(tx, conversation, person);
  if (running) {
    await joinOne(tx, stop, running);
    return running;
  }
  const waiting = await stopWaiting(tx, arrival);
  if (waiting) await joinAll(tx, conversation, person, waiting);
  return waiting;
}

async function stopTurn(tx: Tx, conversation: ConversationId, person: Person): Promise<TurnId | null> {
  const { rows } = await tx.query<{ id: string }>(
    `update turn set cancel_requested = true
     where conversation_id = $1 and person_id = $2 and state = 'running'
     returning id`,
    [conversation, person.id],
  );
  return rows.map((row) => turnId(row.id))[0] ?? null;
}

/** What waits besides the stop itself becomes a turn that is stopped before it begins, unless another's turn runs. */
async function stopWaiting(tx: Tx, { inbound, person, conversation, now }: Arrival): Promise<TurnId | null> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into turn
       (tenant_id, conversation_id, person_id, project_id, branch_id, address, epoch, cancel_requested, started_at)
     select tenant_id, id, $2, project_id, branch_id, $3, 0, true, $4 from conversation
     where id = $1
       and (select count(*) from message where conversation_id = $1 and author_id = $2 and turn_id is null) > 1
       and not exists (select from turn running where running.conversation_id = $1 and running.state = 'running')
     returning id`,
    [conversation, person.id, JSON.stringify(inbound.address), now],
  );
  return rows.map((row) => turnId(row.id))[0] ?? null;
}

async function joinOne(tx: Tx, message: MessageId, turn: TurnId): Promise<void> {
  await tx.query("update message set turn_id = $2 where id = $1", [message, turn]);
}

async function joinAll(tx: Tx, conversation: ConversationId, person: Person, turn: TurnId): Promise<void> {
  await tx.query("update message set turn_id = $3 where conversation_id = $1 and author_id = $2 and turn_id is null", [
    conversation,
    person.id,
    turn,
  ]);
}
