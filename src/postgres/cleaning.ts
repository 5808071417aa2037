/** Removes what has had its time: the port Cleaning of the core. What tells the story of a turn is kept. */
import type { Cleaning } from "#core";
import { inEveryTenant } from "./conversation-rows.ts";
import type { Database, Tx } from "./engine/database.ts";
import { settleLost } from "./spending-rows.ts";

const DAY_MS = 24 * 60 * 60_000;
/** An hour is what the hint counts; a day leaves a trace for whoever asks why there was none. */
const HINTS_MS = DAY_MS;
/**
 * How long the same delivery is known again. Past it the message's own key still refuses a second copy in its
 * conversation, for as long as the conversation is kept.
 */
const DELIVERIES_MS = 30 * DAY_MS;
/** No agent works that long on a turn, so whoever reserved the call has died or lost its answer. */
const CALLS_MS = 60 * 60_000;
/** Rows of one transaction, so that nobody waits behind a long one. */
const BATCH = 5_000;

export function createCleaning(database: Database): Cleaning {
  return {
    async clean(now) {
      const before = (ageMs: number) => new Date(now.getTime() - ageMs);
      return {
        codes: await batches(() => database.system((tx) => dropCodes(tx, now))),
        sessions: await batches(() => database.system((tx) => dropSessions(tx, now))),
        secrets: await batches(() => database.system((tx) => dropSecrets(tx, now))),
        hints: await batches(() => database.system((tx) => dropHints(tx, before(HINTS_MS)))),
        deliveries: await batches(() => inAll(database, (tx) => dropDeliveries(tx, before(DELIVERIES_MS)))),
        handles: await batches(() => inAll(database, (tx) => dropHandles(tx, now))),
        // Not removed but counted as spent: nobody will come any more to say what they used.
        calls: await batches(() => inAll(database, (tx) => settleLost(tx, before(CALLS_MS), BATCH))),
      };
    },
  };
}

/** Until less than a whole batch was left. */
async function batches(drop: () => Promise<number>): Promise<number> {
  let sum = 0;
  for (;;) {
    const dropped = await drop();
    sum += dropped;
    if (dropped < BATCH) return sum;
  }
}

async function dropCodes(tx: Tx, now: Date): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from link_code where hash in (select hash from link_code where expires_at <= $1 limit ${BATCH})`,
    [now],
  );
  return rowCount ?? 0;
}

async function dropSessions(tx: Tx, now: Date): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from web_session where hash in (select hash from web_session where expires_at <= $1 limit ${BATCH})`,
    [now],
  );
  return rowCount ?? 0;
}

/** Those that were rotated out of use. */
async function dropSecrets(tx: Tx, now: Date): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from endpoint_secret where id in (select id from endpoint_secret where expires_at <= $1 limit ${BATCH})`,
    [now],
  );
  return rowCount ?? 0;
}

async function dropHints(tx: Tx, before: Date): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from pairing_hint where (platform, scope, external_id) in
       (select platform, scope, external_id from pairing_hint where hinted_at <= $1 limit ${BATCH})`,
    [before],
  );
  return rowCount ?? 0;
}

/** The sum over all tenants. */
async function inAll(database: Database, work: (tx: Tx) => Promise<number>): Promise<number> {
  const counts = await inEveryTenant(database, async (tx) => [await work(tx)]);
  return counts.reduce((sum, count) => sum + count, 0);
}

/** Within one tenant. */
async function dropDeliveries(tx: Tx, before: Date): Promise<number> {
  const { rowCount } = await tx.query(
    `delete from inbound where ctid = any(array(select ctid from inbound where stored_at <= $1 limit ${BATCH}))`,
    [before],
  );
  return rowCount ?? 0;
}

/** Nobody is answered by them any more. */
async function dropHandles(tx: Tx, now: Date): Promise<number> {
  const { rowCount } = await tx.query(
    `update message set handle = null, handle_until = null
     where id = any(array(select id from message where handle is not null and handle_until <= $1 limit ${BATCH}))`,
    [now],
  );
  return rowCount ?? 0;
}
