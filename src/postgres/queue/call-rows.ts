/** Statements on the queue's own rows for what pg-boss has no verb for. Used by queue.ts and serving.ts. */
import type pg from "pg";
import { conversationId, type CallKind, type ConversationId } from "#core";
import { deadOf } from "./boss.ts";
import type { Tx } from "../engine/database.ts";

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

/** A row as pg-boss makes it. One that begins at once looks as if it had been fetched in the same moment. */
const insertAs = (state: "active" | "created", where: string): string => `
  insert into pgboss.job (name, id, data, singleton_key, policy, dead_letter, expire_seconds, deletion_seconds,
    retry_limit, retry_delay, retry_backoff, retry_delay_max, heartbeat_seconds, start_after, created_on, keep_until,
    state, started_on, heartbeat_on)
  select name, $2::uuid, jsonb_build_object('conversation', $3::text), $3::text, policy, dead_letter, expire_seconds,
    deletion_seconds, retry_limit, retry_delay, coalesce(retry_backoff, false), retry_delay_max, heartbeat_seconds,
    pgboss.job_now(), pgboss.job_now(), pgboss.job_now() + retention_seconds * interval '1 second',
    '${state}', ${state === "active" ? "pgboss.job_now(), pgboss.job_now()" : "null, null"}
  from pgboss.queue where name = $1 and ${where}
  on conflict do nothing returning id`;

const INSERT = `
  with begun as (${insertAs("active", "$4::boolean")}),
    waiting as (${insertAs("created", "not exists (select from begun)")})
  select (select count(*) from begun) = 1 as begun, (select count(*) from waiting) = 1 as waiting`;

/**
 * A call that is under way from its beginning, where `atOnce` asks for it and none of the conversation's is; else one that
 * waits. Known: the same call was sent before.
 */
export async function insertCall(
  tx: Tx,
  { kind, id, conversation }: HeldCall,
  atOnce: boolean,
): Promise<"begun" | "waits" | "known"> {
  const { rows } = await tx.query<{ begun: boolean; waiting: boolean }>(INSERT, [kind, id, conversation, atOnce]);
  const [row] = rows;
  if (row?.begun) return "begun";
  return row?.waiting ? "waits" : "known";
}

/** What a call may still have to do, by its kind; in the scope of the conversation's tenant. */
const LEFT: Readonly<Record<CallKind, string>> = {
  turn: "select from message where conversation_id = $4 and turn_id is null",
  deliver: "select from outbox_part where conversation_id = $4 and state in ('ready', 'sending')",
  effect: "select from effect where conversation_id = $4 and state in ('waiting', 'claimed')",
};

/** False when it has something left to do, or is in other hands. */
export async function endCall(tx: Tx, { kind, id, tries, conversation }: HeldCall): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update pgboss.job set state = 'completed', completed_on = pgboss.job_now()
     where name = $1 and id = $2 and state = 'active' and retry_count = $3 and not exists (${LEFT[kind]})`,
    [kind, id, tries, conversation],
  );
  return rowCount === 1;
}

/** What waits behind calls that begin now, they find themselves: it needs no calls of its own. */
export async function absorb(pool: pg.Pool, kind: CallKind, begun: readonly HeldCall[]): Promise<void> {
  await pool.query(
    `delete from pgboss.job
     where name = $1 and singleton_key = any($2) and state = 'created' and start_after <= pgboss.job_now()`,
    [kind, begun.map(({ conversation }) => conversation)],
  );
}
