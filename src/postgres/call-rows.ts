/** What the queue's own rows say of calls beyond pg-boss's verbs: which are missing, deferred, dead or to be handed back. */
import type pg from "pg";
import { conversationId, type ConversationId } from "#core";
import { deadOf } from "./boss.ts";
import type { CallKind } from "./calls.ts";

/** A call under way in this process, as it was fetched. */
export type HeldCall = {
  readonly kind: CallKind;
  readonly conversation: ConversationId;
  readonly id: string;
  readonly tries: number;
};

/**
 * The call comes again at once. It counts another try when it is fetched again, so it is allowed one more; the count
 * must rise, for it is what tells this process's hold from the next one's.
 */
export async function handBack(pool: pg.Pool, { kind, id, tries }: HeldCall): Promise<void> {
  await pool.query(
    `update pgboss.job
     set state = 'retry', retry_limit = retry_limit + 1, start_after = pgboss.job_now(), heartbeat_on = null
     where name = $1 and id = $2 and state = 'active' and retry_count = $3`,
    [kind, id, tries],
  );
}

export async function hasDeferred(pool: pg.Pool, kind: CallKind, conversation: ConversationId): Promise<boolean> {
  const { rowCount } = await pool.query(
    `select from pgboss.job
     where name = $1 and singleton_key = $2 and state in ('created', 'retry') and start_after > pgboss.job_now() limit 1`,
    [kind, conversation],
  );
  return rowCount === 1;
}

/** Those of the conversations that have no call under way or to come, and whose dead call, if any, has been told. */
export async function withoutCall(
  pool: pg.Pool,
  kind: CallKind,
  conversations: readonly ConversationId[],
): Promise<readonly ConversationId[]> {
  if (conversations.length === 0) return [];
  const { rows } = await pool.query<{ key: string }>(
    `select key from unnest($3::text[]) as key
     where not exists (
       select from pgboss.job
       where name in ($1, $2) and singleton_key = key and state in ('created', 'retry', 'active'))`,
    [kind, deadOf(kind), conversations],
  );
  return rows.map(({ key }) => conversationId(key));
}

/** A call that failed for good and that no dead letter stands for would block its conversation for ever. */
export async function unblock(pool: pg.Pool, kind: CallKind, conversation: ConversationId): Promise<void> {
  await pool.query("delete from pgboss.job where name = $1 and singleton_key = $2 and state = 'failed'", [
    kind,
    conversation,
  ]);
}
