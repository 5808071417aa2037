/** Signed webhooks on their way, one attempt at a time over all processes: the port WebhookPosts of the core. */
import {
  personId,
  serviceOf,
  tenantId,
  QUIET_MS,
  type Attempted,
  type ClaimedPost,
  type Clock,
  type GivenUp,
  type WebhookPost,
  type WebhookPosts,
  type WebhookPostState,
} from "#core";
import { inEveryTenant, isRowId } from "../conversation-rows.ts";
import type { Database, Tx } from "../engine/database.ts";
import { storable } from "../engine/storable.ts";

export type WebhookPostsDeps = { readonly clock: Clock; readonly newId: () => string };

export function createWebhookPosts(database: Database, { clock, newId }: WebhookPostsDeps): WebhookPosts {
  return {
    put: ({ tenant, person, project, branch }, { key, receiver, event, body }) =>
      database.within(serviceOf(tenant), async (tx) => {
        if ((await find(tx, "delivery.key = $1", [key])).length > 0) return "seen";
        const { rowCount } = await tx.query(
          `insert into webhook_delivery
             (tenant_id, person_id, project_id, branch_id, receiver_id, key, webhook_id, event, body, next_at, created_at)
           select tenant_id, $2, $3, $4, id, $5, $6, $7, $8, $9, $9 from receiver where id = $1 and state = 'active' for share
           on conflict (tenant_id, key) do nothing`,
          [receiver, person, project, branch, key, `msg_${newId()}`, event, storable(body), clock.now()],
        );
        if (rowCount === 1) return "stored";
        return (await find(tx, "delivery.key = $1", [key])).length > 0 ? "seen" : undefined;
      }),

    keyed: (key, tenant) =>
      database.within(serviceOf(tenant), async (tx) => (await find(tx, "delivery.key = $1", [key]))[0]),

    claim: (now, most, forMs) =>
      inEveryTenant(database, (tx) => claimHere(tx, { now, most, until: new Date(now.getTime() + forMs) })),

    record: (claimed, attempted) =>
      database.within(serviceOf(claimed.tenant), async (tx) => {
        const now = clock.now();
        if (!(await end(tx, claimed, attempted, now))) return false;
        if (attempted.kind !== "stopped") await note(tx, claimed, attempted, now);
        if (attempted.kind === "disabled") await failWaiting(tx, claimed.receiver.id);
        return true;
      }),

    untold: () => inEveryTenant(database, untoldHere),

    async told(given) {
      for (const [tenant, posts] of Map.groupBy(given, (post) => post.tenant)) {
        await database.within(serviceOf(tenant), async (tx) => {
          await tx.query("update webhook_delivery set untold = false where id = any($1)", [posts.map(({ id }) => id)]);
        });
      }
    },

    async dueIn(now) {
      const due = await inEveryTenant(database, nextHere);
      return due.length === 0 ? undefined : Math.max(0, Math.min(...due.map((at) => at.getTime())) - now.getTime());
    },

    list: (tenant, { receiver, limit }) =>
      database.within(serviceOf(tenant), (tx) =>
        find(tx, `$1::text is null or ${NAME} = $1`, [receiver ?? null], limit),
      ),

    replay: (id, tenant, now) =>
      database.within(serviceOf(tenant), async (tx) => {
        if (!isRowId(id)) return undefined;
        const { rowCount } = await tx.query(
          `update webhook_delivery set state = 'waiting', tried_before = attempts, next_at = $2, claimed_until = null,
             untold = false
           where id = $1 and state <> 'waiting'
             and exists (select from receiver where receiver.id = receiver_id and receiver.state = 'active')`,
          [id, now],
        );
        return rowCount === 1 ? (await find(tx, "delivery.id = $1", [id]))[0] : undefined;
      }),
  };
}

type Row = {
  readonly id: string;
  readonly receiver: string;
  readonly event: string;
  readonly state: WebhookPostState;
  readonly attempts: number;
  readonly last_code: string | null;
  readonly created_at: Date;
  readonly last_at: Date | null;
  readonly next_at: Date | null;
};

/** Of its receiver, also when that is there no more. */
const NAME = "coalesce(receiver.name, delivery.removed_receiver)";

async function find(tx: Tx, where: string, values: unknown[], limit = 1): Promise<readonly WebhookPost[]> {
  const { rows } = await tx.query<Row>(
    `select delivery.id, ${NAME} as receiver, delivery.event, delivery.state, delivery.attempts,
       delivery.last_code, delivery.created_at, delivery.last_at, delivery.next_at
     from webhook_delivery delivery left join receiver on receiver.id = delivery.receiver_id
     where ${where} order by delivery.id desc limit ${limit}`,
    values,
  );
  return rows.map(({ last_code, created_at, last_at, next_at, ...row }) => ({
    ...row,
    lastCode: last_code,
    createdAt: created_at,
    lastAt: last_at,
    nextAt: next_at,
  }));
}

type ClaimedRow = {
  readonly id: string;
  readonly tenant_id: string;
  readonly person_id: string;
  readonly receiver_id: string;
  readonly name: string;
  readonly url: string;
  readonly failing_since: Date | null;
  readonly failures: number;
  readonly webhook_id: string;
  readonly event: string;
  readonly body: string;
  readonly attempts: number;
  readonly tried_before: number;
  readonly secrets: readonly string[];
};

type Claiming = { readonly now: Date; readonly most: number; readonly until: Date };

/** A claim that nobody ended, because its process died, may be taken again when its time is over. */
async function claimHere(tx: Tx, { now, most, until }: Claiming): Promise<readonly ClaimedPost[]> {
  const { rows } = await tx.query<ClaimedRow>(
    `with due as (
       select delivery.id from webhook_delivery delivery join receiver on receiver.id = delivery.receiver_id
       where delivery.state = 'waiting' and delivery.next_at <= $1
         and (delivery.claimed_until is null or delivery.claimed_until <= $1)
         and receiver.state = 'active' and (receiver.held_until is null or receiver.held_until <= $1)
       order by delivery.next_at, delivery.id limit $2
       for update of delivery skip locked)
     update webhook_delivery delivery set attempts = attempts + 1, claimed_until = $3
     from due, receiver
     where delivery.id = due.id and receiver.id = delivery.receiver_id
     returning delivery.id, delivery.tenant_id, delivery.person_id, receiver.id as receiver_id, receiver.name, receiver.url,
       case when receiver.failed_at > $4 then receiver.failing_since end as failing_since,
       case when receiver.failed_at > $4 then receiver.failures else 0 end as failures, delivery.webhook_id, delivery.event, delivery.body, delivery.attempts - 1 as attempts,
       delivery.tried_before,
       array(select secret from receiver_secret
             where receiver_secret.receiver_id = receiver.id and (expires_at is null or expires_at > $1)
             order by receiver_secret.id desc) as secrets`,
    [now, most, until, quietSince(now)],
  );
  return rows.map((row) => ({
    id: row.id,
    tenant: tenantId(row.tenant_id),
    person: personId(row.person_id),
    receiver: {
      id: row.receiver_id,
      name: row.name,
      url: row.url,
      failingSince: row.failing_since,
      failures: row.failures,
    },
    webhookId: row.webhook_id,
    event: row.event,
    body: row.body,
    attempts: row.attempts,
    tries: row.attempts - row.tried_before,
    secrets: row.secrets,
  }));
}

const quietSince = (now: Date): Date => new Date(now.getTime() - QUIET_MS);

/**
 * False when another attempt has begun since. What arrived has arrived, also where its receiver was disabled or removed in
 * the meantime. One that Nova itself cut off is no step in its schedule.
 */
async function end(tx: Tx, { id, attempts }: ClaimedPost, attempted: Attempted, now: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update webhook_delivery set state = $3, next_at = $4, last_code = $5, last_at = $6, claimed_until = null,
       tried_before = tried_before + case when $7 then 1 else 0 end, untold = $3 = 'failed'
     where id = $1 and attempts = $2
       and (state = 'waiting' or $3 = 'delivered' and state = 'failed' and last_code in ('disabled', 'removed'))`,
    [
      id,
      attempts + 1,
      stateAfter(attempted),
      "at" in attempted ? attempted.at : null,
      attempted.code,
      now,
      attempted.kind === "stopped",
    ],
  );
  return rowCount === 1;
}

function stateAfter({ kind }: Attempted): WebhookPostState {
  switch (kind) {
    case "delivered":
      return "delivered";
    case "later":
    case "stopped":
      return "waiting";
    case "failed":
    case "disabled":
      return "failed";
  }
}

/** Whoever is left alone stays so, whatever becomes of the posts that were under way before. */
async function note(tx: Tx, { receiver }: ClaimedPost, attempted: Attempted, now: Date): Promise<void> {
  const held = attempted.kind === "later" ? attempted.heldUntil : null;
  await tx.query(
    `update receiver set
       failing_since = case when $2 then null when failed_at > $6 then coalesce(failing_since, $3) else $3 end,
       failures = case when $2 then 0 when failed_at > $6 then failures + 1 else 1 end,
       failed_at = case when $2 then null else $3::timestamptz end,
       held_until = case when greatest(held_until, $4) > $3 then greatest(held_until, $4) end,
       state = case when $5::text is null then state else 'disabled' end,
       disabled_why = coalesce($5, disabled_why)
     where id = $1`,
    [
      receiver.id,
      attempted.kind === "delivered",
      now,
      held,
      attempted.kind === "disabled" ? attempted.why : null,
      quietSince(now),
    ],
  );
}

async function failWaiting(tx: Tx, receiver: string): Promise<void> {
  await tx.query(
    `update webhook_delivery set state = 'failed', next_at = null, claimed_until = null, last_code = 'disabled', untold = true
     where receiver_id = $1 and state = 'waiting'`,
    [receiver],
  );
}

type UntoldRow = Omit<GivenUp, "tenant" | "person"> & { readonly tenant_id: string; readonly person_id: string };

async function untoldHere(tx: Tx): Promise<readonly GivenUp[]> {
  const { rows } = await tx.query<UntoldRow>(
    `select delivery.id, delivery.tenant_id, delivery.person_id, ${NAME} as receiver,
       coalesce(receiver.state, 'removed') as "is", delivery.event, delivery.attempts,
       coalesce(delivery.last_code, 'unknown') as code
     from webhook_delivery delivery left join receiver on receiver.id = delivery.receiver_id
     where delivery.untold order by delivery.id`,
  );
  return rows.map(({ tenant_id, person_id, ...row }) => ({
    ...row,
    tenant: tenantId(tenant_id),
    person: personId(person_id),
  }));
}

async function nextHere(tx: Tx): Promise<readonly Date[]> {
  const { rows } = await tx.query<{ at: Date | null }>(
    `select min(greatest(delivery.next_at, coalesce(delivery.claimed_until, delivery.next_at),
       coalesce(receiver.held_until, delivery.next_at))) as at
     from webhook_delivery delivery join receiver on receiver.id = delivery.receiver_id
     where delivery.state = 'waiting' and receiver.state = 'active'`,
  );
  return rows.flatMap(({ at }) => at ?? []);
}
