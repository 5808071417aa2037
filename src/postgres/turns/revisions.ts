/** What authors make of their messages afterwards: the port Revisions of the core. */
import {
  addressKey,
  messageId,
  serviceOf,
  wholeOf,
  type Clock,
  type ConversationId,
  type ExternalId,
  type MessageId,
  type Person,
  type Revised,
  type Revision,
  type Revisions,
} from "#core";
import type { Calls } from "../queue/calls.ts";
import { lockOf } from "../conversation-rows.ts";
import { enter, type Database, type Tx } from "../engine/database.ts";
import { findDelivery, insertDelivery } from "./delivery-rows.ts";
import { deleteLabelsOf } from "../labels.ts";
import { withdrawProposalsOf } from "../effects/proposal-ends.ts";
import { allTenants, enterAs, findLinked } from "../people/person-rows.ts";
import type { TurnMemory } from "../memory/turn-memory.ts";

export type RevisionsDeps = {
  readonly memory: Pick<TurnMemory, "unsay">;
  readonly calls: Pick<Calls, "send">;
  readonly clock: Clock;
};

export function createRevisions(database: Database, { memory, calls, clock }: RevisionsDeps): Revisions {
  return {
    revise: (asked) =>
      database.system(async (tx): Promise<Revised> => {
        const sender = asked.sender ?? (asked.text === null ? await senderOf(tx, asked) : undefined);
        if (!sender) return { kind: "unknown" };
        const revision = { ...asked, sender };
        const [identity, person, conversation] = await Promise.all([
          enterAs(tx, sender),
          findLinked(tx, sender),
          lockOf(tx, revision.address, sender),
        ]);
        if (!person || identity?.state !== "linked" || !conversation) return { kind: "unknown" };
        const [delivered, said] = await Promise.all([
          findDelivery(tx, revision, person),
          findOwn(tx, conversation, revision.messageKey, person),
        ]);
        if (delivered) return { kind: "seen" };
        if (!said) return { kind: "unknown" };
        const text = textOf(revision, said);
        if (said.deleted || text === said.text || isLate(revision, said)) return { kind: "seen" };

        const now = clock.now();
        if (text === null) await deleteLabelsOf(tx, said.id);
        await Promise.all([
          keepFirst(tx, said.id),
          insertVersion(tx, said.id, { text, at: revision.at, now }),
          text === null ? removeWords(tx, said.id, revision.at) : updateText(tx, said.id, text),
          insertDelivery(tx, revision, { person, message: said.id, now }),
        ]);
        if (text === null) {
          await memory.unsay(tx, wholeOf(person), said.id);
          if ((await withdrawProposalsOf(tx, said.id, now)) > 0) await calls.send(tx, "effect", conversation, null);
        }
        return { kind: "revised", read: said.read };
      }),
  };
}

/** Whose account the message at this address came from. Of two that are told apart by nothing it is neither's. */
async function senderOf(tx: Tx, { address, messageKey }: Revision): Promise<ExternalId | undefined> {
  const found: ExternalId[] = [];
  for (const tenant of await allTenants(tx)) {
    await enter(tx, serviceOf(tenant));
    const { rows } = await tx.query<ExternalId>(
      `select distinct came.platform, came.sender_scope as scope, came.sender_id as id
       from conversation join message on message.conversation_id = conversation.id
         join inbound came on came.message_id = message.id
       where conversation.address_key = $1 and message.message_key = $2 and message.direction = 'in'
         and message.origin is null and came.sender_id is not null`,
      [addressKey(address), messageKey],
    );
    found.push(...rows);
  }
  return found.length === 1 ? found[0] : undefined;
}

type Said = {
  readonly id: MessageId;
  readonly text: string;
  readonly hasFiles: boolean;
  readonly deleted: boolean;
  /** When it was changed last; null while it is as it came. */
  readonly changed: Date | null;
  readonly read: boolean;
};

/** What is left without a word and without a file is as good as deleted. */
function textOf({ text }: Pick<Revision, "text">, { hasFiles }: Said): string | null {
  return text !== null && text.trim() === "" && !hasFiles ? null : text;
}

/** Deliveries may overtake each other. The message's own time is not asked: another clock may have told it. */
const isLate = ({ at }: Pick<Revision, "at">, { changed }: Said): boolean => changed !== null && at < changed;

/** A message in this person's own words. */
async function findOwn(tx: Tx, at: ConversationId, key: string, person: Person): Promise<Said | undefined> {
  const { rows } = await tx.query<Omit<Said, "id"> & { id: string }>(
    `select id, text, files is not null as "hasFiles", deleted_at is not null as deleted, turn_id is not null as read,
       (select max(version.at) from message_version version where version.message_id = message.id and version.version > 1) as changed
     from message
     where conversation_id = $1 and message_key = $2 and direction = 'in' and author_id = $3 and origin is null`,
    [at, key, person.id],
  );
  return rows.map((row) => ({ ...row, id: messageId(row.id) }))[0];
}

/** The message as it came. */
async function keepFirst(tx: Tx, message: MessageId): Promise<void> {
  await tx.query(
    `insert into message_version (tenant_id, person_id, message_id, version, text, at, stored_at)
     select tenant_id, person_id, id, 1, text, at, stored_at from message where id = $1
     on conflict do nothing`,
    [message],
  );
}

type Version = { readonly text: string | null; readonly at: Date; readonly now: Date };

async function insertVersion(tx: Tx, message: MessageId, { text, at, now }: Version): Promise<void> {
  await tx.query(
    `insert into message_version (tenant_id, person_id, message_id, version, text, at, stored_at)
     select tenant_id, person_id, id,
       (select max(version) + 1 from message_version where message_id = message.id), $2, $3, $4
     from message where id = $1`,
    [message, text, at, now],
  );
}

async function updateText(tx: Tx, message: MessageId, text: string): Promise<void> {
  await tx.query("update message set text = $2 where id = $1", [message, text]);
}

async function removeWords(tx: Tx, message: MessageId, at: Date): Promise<void> {
  await tx.query("update message set text = '', files = null, deleted_at = $2 where id = $1", [message, at]);
}
