/** Where signed webhooks go, with their secrets: the port Receivers of the core. */
import { NovaError, serviceOf, type Clock, type Receiver, type Receivers } from "#core";
import type { Database, Tx } from "../engine/database.ts";
import { signingSecretFrom } from "../people/secrets.ts";

export type ReceiversDeps = {
  readonly clock: Clock;
  /** That many unpredictable bytes. */
  readonly random: (size: number) => Uint8Array;
};

export function createReceivers(database: Database, { clock, random }: ReceiversDeps): Receivers {
  return {
    all: (tenant) => database.within(serviceOf(tenant), (tx) => find(tx, "true", [])),

    named: (tenant, name) => database.within(serviceOf(tenant), async (tx) => (await find(tx, "name = $1", [name]))[0]),

    add: (person, name, url) =>
      database.within(serviceOf(person.tenant), async (tx) => {
        const { rows } = await tx.query<{ id: string }>(
          `insert into receiver (tenant_id, name, url, added_by, created_at) values ($1, $2, $3, $4, $5)
           on conflict (tenant_id, name) do nothing returning id`,
          [person.tenant, name, url, person.id, clock.now()],
        );
        const [made] = rows;
        if (!made) {
          throw new NovaError("bad_input", `There is already a receiver called ${name}.`, {
            advice: `Choose another name; \`nova receivers\` shows what there is, \`nova receivers rotate ${name}\` gives it a new secret.`,
          });
        }
        const secret = signingSecretFrom(random);
        await insertSecret(tx, made.id, secret, clock.now());
        return { receiver: await mustFind(tx, name), secret };
      }),

    rotate: (tenant, name, graceUntil) =>
      database.within(serviceOf(tenant), async (tx) => {
        const [found] = await find(tx, "name = $1", [name]);
        if (!found) return undefined;
        const secret = signingSecretFrom(random);
        await expireSecrets(tx, found.id, graceUntil);
        await insertSecret(tx, found.id, secret, clock.now());
        await enable(tx, found.id);
        return { receiver: await mustFind(tx, name), secret };
      }),

    remove: (tenant, name) =>
      database.within(serviceOf(tenant), async (tx) => {
        const found = await lock(tx, name);
        if (found === undefined) return false;
        await letGo(tx, found);
        await tx.query("delete from receiver where id = $1", [found]);
        return true;
      }),

    secrets: (receiver, tenant) =>
      database.within(serviceOf(tenant), async (tx) => {
        const { rows } = await tx.query<{ secret: string }>(
          `select secret from receiver_secret where receiver_id = $1 and (expires_at is null or expires_at > $2)
           order by id desc`,
          [receiver.id, clock.now()],
        );
        return rows.map(({ secret }) => secret);
      }),
  };
}

type Row = {
  readonly id: string;
  readonly name: string;
  readonly url: string;
  readonly state: Receiver["state"];
  readonly disabled_why: string | null;
  readonly created_at: Date;
  readonly failing_since: Date | null;
};

async function find(tx: Tx, where: string, values: unknown[]): Promise<readonly Receiver[]> {
  const { rows } = await tx.query<Row>(
    `select id, name, url, state, disabled_why, created_at, failing_since from receiver where ${where} order by name`,
    values,
  );
  return rows.map((row) => ({
    id: row.id,
    name: row.name,
    url: row.url,
    state: row.state,
    disabledWhy: row.disabled_why,
    createdAt: row.created_at,
    failingSince: row.failing_since,
  }));
}

async function mustFind(tx: Tx, name: string): Promise<Receiver> {
  const [found] = await find(tx, "name = $1", [name]);
  if (!found) throw new Error("a receiver vanished while it was changed");
  return found;
}

async function insertSecret(tx: Tx, receiver: string, secret: string, at: Date): Promise<void> {
  await tx.query(
    `insert into receiver_secret (tenant_id, receiver_id, secret, created_at)
     select tenant_id, id, $2, $3 from receiver where id = $1`,
    [receiver, secret, at],
  );
}

/** From here on nothing more is put down for it. */
async function lock(tx: Tx, name: string): Promise<string | undefined> {
  const { rows } = await tx.query<{ id: string }>("select id from receiver where name = $1 for update", [name]);
  return rows[0]?.id;
}

/** What was posted stays in the list under its name; what waits is given up, and people are told. */
async function letGo(tx: Tx, receiver: string): Promise<void> {
  await tx.query(
    `update webhook_delivery delivery
     set receiver_id = null, removed_receiver = receiver.name, claimed_until = null, next_at = null,
       state = case delivery.state when 'waiting' then 'failed' else delivery.state end,
       last_code = case delivery.state when 'waiting' then 'removed' else delivery.last_code end,
       untold = delivery.untold or delivery.state = 'waiting'
     from receiver where receiver.id = $1 and delivery.receiver_id = receiver.id`,
    [receiver],
  );
}

/** None of them lives longer than it would have. */
async function expireSecrets(tx: Tx, receiver: string, graceUntil: Date): Promise<void> {
  await tx.query("update receiver_secret set expires_at = least(expires_at, $2) where receiver_id = $1", [
    receiver,
    graceUntil,
  ]);
}

async function enable(tx: Tx, receiver: string): Promise<void> {
  await tx.query(
    `update receiver set state = 'active', disabled_why = null, failing_since = null, failures = 0, failed_at = null,
       held_until = null
     where id = $1`,
    [receiver],
  );
}
