/** Opens pg-boss on the same database. Every odd-looking setting here answers a measured fault. Used by queue.ts. */
import { PgBoss } from "pg-boss";
import type { Database } from "../engine/database.ts";
import { failureIn, told } from "../engine/failure.ts";
import { EXPIRE_SECONDS, HEARTBEAT_SECONDS } from "./lease.ts";
import { createSparing, type Sparing } from "../engine/sparing.ts";
import { CALL_KINDS, type CallKind, type Health, type Log } from "#core";

/** Where calls end that failed for the last time. */
export const deadOf = (kind: CallKind): string => `${kind}.dead`;

export async function openBoss(database: Database, log: Log): Promise<PgBoss> {
  const boss = new PgBoss({
    ...database.connection,
    max: 4,
    // Who sends a call tells the others behind the commit, takeover.ts: commits that notify wait for each other.
    useListenNotify: false,
    schedule: false,
    superviseIntervalSeconds: 5,
    monitorIntervalSeconds: 5,
    // Rebuilding indexes beside the work needs a second session, which the embedded engine does not have.
    reindex: database.engine === "server",
  });
  const sparing = createSparing();
  boss.on("error", (error) => report(error, log, sparing));
  boss.on("warning", () => log.warn("queue.warning"));
  try {
    await boss.start();
    for (const kind of CALL_KINDS) await makeQueues(boss, kind);
    await allowSending(database);
    if (database.engine === "embedded") await releaseOrphans(database);
    return boss;
  } catch (error) {
    await boss.stop({ graceful: false });
    throw told(error);
  }
}

/** Every worker asks twice a second, and each says so when the database is away. */
function report(error: unknown, log: Log, sparing: Sparing): void {
  // What pg-boss passes on is often a copy of an error's fields, and no error.
  const { message = "", ...fields } = typeof error === "object" && error !== null ? { ...error } : {};
  const known = error instanceof Error ? error : Object.assign(new Error(String(message)), fields);
  const failure = failureIn(known);
  if (failure) sparing(failure, (more) => log.warn("queue.waiting", { database: failure, more }));
  else sparing(kindOf(known), (more) => log.error("queue.error", known, { more }));
}

/** Never by its words: they name tables, ids and times, and each would be remembered for good. */
const kindOf = (error: Error): string =>
  "code" in error && typeof error.code === "string" ? `${error.name} ${error.code}` : error.name;

/** More tries than any adapter's own limit of sends: it is the outbox that gives a part up, and the ledger an effect. */
const RETRIES: Readonly<Record<CallKind, number>> = { turn: 3, deliver: 8, effect: 8 };

async function makeQueues(boss: PgBoss, kind: CallKind): Promise<void> {
  // Polled; nothing may ever be lost there.
  await boss.createQueue(deadOf(kind), { retryLimit: 1_000, retryDelay: 5 });
  // Also where the queue was made before: a process that dies while it tells must not block a conversation for long.
  await boss.updateQueue(deadOf(kind), { heartbeatSeconds: 10 });
  await boss.createQueue(kind, {
    policy: "key_strict_fifo",
    notify: false,
    deadLetter: deadOf(kind),
    heartbeatSeconds: HEARTBEAT_SECONDS,
    expireInSeconds: EXPIRE_SECONDS,
    deleteAfterSeconds: 86_400,
    retryLimit: RETRIES[kind],
    retryDelay: 1,
    retryBackoff: true,
    retryDelayMax: 60,
  });
  // Also where the queue was made before.
  await boss.updateQueue(kind, { notify: false });
  // Fills the cache of queues: read within a transaction, on another connection, it would wait for itself.
  await boss.getBlockedKeys(kind);
}

/** Whether the queue stands in the database that the service works on: its tables may go, or be another's, underneath. */
export async function checkQueue({ pool }: Database): Promise<Health> {
  const { rows } = await pool.query<{ ready: boolean }>(
    "select count(*) = $2::integer as ready from pgboss.queue where name = any($1)",
    [CALL_KINDS, CALL_KINDS.length],
  );
  return rows[0]?.ready ? { ok: true, detail: "open" } : { ok: false, detail: "its queues are missing" };
}

/** Calls are sent and ended within Nova's own transactions, by its own role. */
async function allowSending(database: Database): Promise<void> {
  await database.pool.query(
    `begin;
     select pg_advisory_xact_lock(hashtext('nova.queue_grants'));
     grant usage on schema pgboss to nova_app;
     grant select, insert, update on all tables in schema pgboss to nova_app;
     commit`,
  );
}

/**
 * The embedded engine serves one process, so whatever is under way at start was left by one that is gone. Waiting for
 * its heartbeat to run out, or for a retry's delay, would only keep people waiting. Its death is no failed try of them.
 */
async function releaseOrphans(database: Database): Promise<void> {
  await database.pool.query(
    `update pgboss.job
     set state = 'retry', start_after = now(), heartbeat_on = null,
       retry_limit = retry_limit + case state when 'active' then 1 else 0 end
     where name = any($1) and state in ('active', 'retry')`,
    [[...CALL_KINDS, ...CALL_KINDS.map(deadOf)]],
  );
}
