/** What authors make of their messages afterwards: the port Revisions of the core. */
import {
  messageId,
  wholeOf,
  type Clock,
  type ConversationId,
  type MessageId,
  type Person,
  type Revised,
  type Revision,
  type Revisions,
} from "#core";
import { lockOf } from "./conversation-rows.ts";
import type { Database, Tx } from "./database.ts";
import { findDelivery, insertDelivery } from "./delivery-rows.ts";
import { enterAs, findLinked } from "./person-rows.ts";
import type { TurnMemory } from "./turn-memory.ts";

export type RevisionsDeps = { readonly memory: Pick<TurnMemory, "unsay">; readonly clock: Clock };

export function createRevisions(database: Database, { memory, clock }: RevisionsDeps): Revisions {
  return {
    revise: (revision) =>
      database.system(async (tx): Promise<Revised> => {
        const [identity, person, conversation] = await Promise.all([
          enterAs(tx, revision.sender),
          findLinked(tx, revision.sender),
          lockOf(tx, revision.address, revision.sender),
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
        await Promise.all([
          keepFirst(tx, said.id),
          insertVersion(tx, said.id, { text, at: revision.at, now }),
          text === null ? removeWords(tx, said.id, revision.at) : updateText(tx, said.id, text),
          insertDelivery(tx, revision, { person, message: said.id, now }),
        ]);
        if (text === null) await memory.unsay(tx, wholeOf(person), said.id);
        return { kind: "revised", read: said.read };
      }),
  };
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
function textOf({ text }: Revision, { hasFiles }: Said): string | null {
  return text !== null && text.trim() === "" && !hasFiles ? null : text;
}

/** Deliveries may overtake each other. The message's own time is not asked: another clock may have told it. */
const isLate = ({ at }: Revision, { changed }: Said): boolean => changed !== null && at < changed;

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
