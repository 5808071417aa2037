/** Where people were heard last, by ids only, for channels that look for what they missed. Used by the transcript. */
import type { Address, Heard, HeardQuery } from "#core";
import { inEveryTenant } from "../conversation-rows.ts";
import type { Database, Tx } from "../engine/database.ts";

type Place = Pick<Address, "platform" | "scope">;

/** In the service's scope: whose a place is, the platform says again with each message. */
export async function findHeard(database: Database, at: Place, query: HeardQuery): Promise<readonly Heard[]> {
  const found = await inEveryTenant(database, (tx) => heardRows(tx, at, query));
  return found.toSorted((a, b) => b.at.getTime() - a.at.getTime()).slice(0, query.most);
}

type HeardRow = Omit<Heard, "linkedAt"> & { readonly linked_at: Date };

/** A key with a colon is one of Nova's own making, a root with an @ the place of somebody's commands. */
async function heardRows(
  tx: Tx,
  { platform, scope }: Place,
  { from, to, each, most }: HeardQuery,
): Promise<readonly Heard[]> {
  const { rows } = await tx.query<HeardRow>(
    `select heard.container, heard.root, heard.at, heard.linked_at, newest.message_key as key
     from (
       select conversation.container, case when $5 then conversation.root end as root,
         max(message.stored_at) as at, max(account.linked_at) as linked_at,
         max(message.id) filter (where position(':' in message.message_key) = 0) as newest_id
       from conversation
       join (
         select person_id, max(linked_at) as linked_at from identity
         where platform = $1 and state = 'linked'
           and not exists (select from person_block where person_block.person_id = identity.person_id)
         group by person_id
       ) account on account.person_id = conversation.person_id
       join message on message.conversation_id = conversation.id
       where conversation.platform = $1 and conversation.scope = $2 and conversation.visibility = 'private'
         and (conversation.root is null or conversation.root not like '@%')
         and message.direction = 'in' and message.stored_at >= $3 and message.stored_at < $4
       group by 1, 2
     ) heard
     left join message newest on newest.id = heard.newest_id
     order by heard.at desc limit $6`,
    [platform, scope, from, to, each === "conversation", most],
  );
  return rows.map(({ linked_at: linkedAt, ...heard }) => ({ ...heard, linkedAt }));
}
