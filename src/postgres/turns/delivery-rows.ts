/** What was delivered before, by the platforms' own numbers, within an open transaction. Used by intake.ts and revisions.ts. */
import { conversationId, messageId, type ConversationId, type Inbound, type MessageId, type Person } from "#core";
import type { Tx } from "../engine/database.ts";

/** As an inbound and a revision have it. */
type Delivery = Pick<Inbound, "address" | "deliveryKey" | "sender">;

export type Stored = { readonly message: MessageId; readonly conversation: ConversationId };

/** The same delivery came to another conversation at the same moment, where this one's lock does not reach. */
export class Outrun extends Error {}

/** The message that this delivery brought or changed. */
export async function findDelivery(
  tx: Tx,
  { address, deliveryKey }: Delivery,
  person: Person,
): Promise<Stored | undefined> {
  const { rows } = await tx.query<{ id: string; conversation_id: string }>(
    `select message.id, message.conversation_id
     from inbound join message on message.id = inbound.message_id
     where inbound.tenant_id = $1 and inbound.person_id = $2
       and inbound.platform = $3 and inbound.scope = $4 and inbound.delivery_key = $5`,
    [person.tenant, person.id, address.platform, address.scope, deliveryKey],
  );
  return rows.map((row) => ({ message: messageId(row.id), conversation: conversationId(row.conversation_id) }))[0];
}

/**
 * With the account that it came from, so that nothing is said to one that is taken away (silence.ts). Throws Outrun when it
 * is stored elsewhere since it was looked for.
 */
export async function insertDelivery(
  tx: Tx,
  { address, deliveryKey, sender }: Delivery,
  { person, message, now }: { readonly person: Person; readonly message: MessageId; readonly now: Date },
): Promise<void> {
  const { rowCount } = await tx.query(
    `insert into inbound
       (tenant_id, person_id, platform, scope, delivery_key, message_id, stored_at, sender_scope, sender_id)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict do nothing`,
    [person.tenant, person.id, address.platform, address.scope, deliveryKey, message, now, sender.scope, sender.id],
  );
  if (rowCount !== 1) throw new Outrun("the delivery is stored in another conversation");
}
