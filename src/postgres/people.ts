/** People, their accounts, and the codes that bring the two together: the port People of the core. */
import {
  HOME,
  NovaError,
  serviceOf,
  type Clock,
  type ExternalId,
  type People,
  type Person,
  type PersonId,
  type Role,
  type TenantId,
} from "#core";
import { enter, type Database, type Tx } from "./database.ts";
import { allTenants, findIdentity, findPerson, followTo, personFrom, type PersonRow } from "./person-rows.ts";
import { codeDigest, codeFrom, tokenDigest, tokenFrom } from "./secrets.ts";

export type PeopleDeps = {
  readonly clock: Clock;
  /** That many unpredictable bytes. */
  readonly random: (size: number) => Uint8Array;
};

export function createPeople(database: Database, { clock, random }: PeopleDeps): People {
  return {
    owner: (name) =>
      database.within(serviceOf(HOME), async (tx) => {
        await lockTenant(tx, HOME);
        return (await findOwner(tx)) ?? (await insertPerson(tx, HOME, name, "owner"));
      }),

    add: (tenant, name, role) => database.within(serviceOf(tenant), (tx) => insertPerson(tx, tenant, name, role)),

    named: (tenant, name) => database.within(serviceOf(tenant), (tx) => findNamed(tx, name)),

    all: (tenant) => database.within(serviceOf(tenant), listPeople),

    identify: (external) =>
      database.system(async (tx) => {
        const identity = await findIdentity(tx, external);
        if (!identity) return { kind: "unknown" };
        if (identity.state === "blocked") return { kind: "blocked" };
        return { kind: "linked", person: await followTo(tx, identity) };
      }),

    link: (external, id) =>
      database.system(async (tx) => {
        const person = await searchPerson(tx, id);
        await linkIdentity(tx, external, person, clock.now());
      }),

    issueCode: (id, expiresAt) =>
      database.system(async (tx) => {
        const person = await searchPerson(tx, id);
        const code = codeFrom(random);
        await insertCode(tx, codeDigest(code), person, expiresAt);
        return code;
      }),

    redeem: (code, external, now) =>
      database.system(async (tx) => {
        const linked = await spendOnIdentity(tx, codeDigest(code), external, now);
        return linked ? { kind: "linked", person: await followTo(tx, linked) } : { kind: "refused" };
      }),

    openSession: (code, now, expiresAt) =>
      database.system(async (tx) => {
        const token = tokenFrom(random);
        const opened = await spendOnSession(tx, { code: codeDigest(code), token: tokenDigest(token), now, expiresAt });
        return opened ? { kind: "open", token, person: await followTo(tx, opened) } : { kind: "refused" };
      }),

    session: (token, now) =>
      database.system(async (tx) => {
        const session = await findSession(tx, tokenDigest(token), now);
        return session && followTo(tx, session);
      }),

    closeSession: (token) => database.system((tx) => deleteSession(tx, tokenDigest(token))),
  };
}

/** Two processes that start together make one owner. */
async function lockTenant(tx: Tx, tenant: TenantId): Promise<void> {
  await tx.query("select id from tenant where id = $1 for update", [tenant]);
}

async function findOwner(tx: Tx): Promise<Person | undefined> {
  const { rows } = await tx.query<PersonRow>(
    "select id, tenant_id, name, role from person where role = 'owner' order by id limit 1",
  );
  return rows.map(personFrom)[0];
}

async function insertPerson(tx: Tx, tenant: TenantId, name: string, role: Role): Promise<Person> {
  const clean = name.trim();
  if (clean === "") throw new NovaError("bad_input", "A person needs a name.");
  const { rows } = await tx.query<PersonRow>(
    `insert into person (tenant_id, name, role) values ($1, $2, $3)
     on conflict (tenant_id, lower(name)) do nothing
     returning id, tenant_id, name, role`,
    [tenant, clean, role],
  );
  const person = rows.map(personFrom)[0];
  if (person) return person;
  throw new NovaError("bad_input", `There is already a person called ${clean}.`, { advice: "Choose another name." });
}

async function findNamed(tx: Tx, name: string): Promise<Person | undefined> {
  const { rows } = await tx.query<PersonRow>(
    "select id, tenant_id, name, role from person where lower(name) = lower($1)",
    [name.trim()],
  );
  return rows.map(personFrom)[0];
}

async function listPeople(tx: Tx): Promise<readonly Person[]> {
  const { rows } = await tx.query<PersonRow>("select id, tenant_id, name, role from person order by id");
  return rows.map(personFrom);
}

/** Finds a person whose tenant is not known; only for rare, operator-made calls. */
async function searchPerson(tx: Tx, id: PersonId): Promise<Person> {
  for (const tenant of await allTenants(tx)) {
    await enter(tx, serviceOf(tenant));
    const person = await findPerson(tx, id);
    if (person) return person;
  }
  throw new NovaError("not_found", `There is no person with the id ${id}.`);
}

async function linkIdentity(tx: Tx, external: ExternalId, person: Person, at: Date): Promise<void> {
  await tx.query(
    `insert into identity (platform, scope, external_id, tenant_id, person_id, linked_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (platform, scope, external_id) do update
       set tenant_id = excluded.tenant_id, person_id = excluded.person_id, linked_at = excluded.linked_at
       where identity.state <> 'blocked'`,
    [external.platform, external.scope, external.id, person.tenant, person.id, at],
  );
}

async function insertCode(tx: Tx, hash: Buffer, person: Person, expiresAt: Date): Promise<void> {
  await tx.query("insert into link_code (hash, tenant_id, person_id, expires_at) values ($1, $2, $3, $4)", [
    hash,
    person.tenant,
    person.id,
    expiresAt,
  ]);
}

type Owned = { readonly tenant_id: string; readonly person_id: string };

/** A blocked account cannot spend a code. */
async function spendOnIdentity(tx: Tx, code: Buffer, external: ExternalId, now: Date): Promise<Owned | undefined> {
  const { rows } = await tx.query<Owned>(
    `with spent as (
       update link_code set used_at = $5
       where hash = $1 and used_at is null and expires_at > $5
         and not exists (select from identity
           where platform = $2 and scope = $3 and external_id = $4 and state = 'blocked')
       returning tenant_id, person_id)
     insert into identity (platform, scope, external_id, tenant_id, person_id, linked_at)
     select $2, $3, $4, tenant_id, person_id, $5 from spent
     on conflict (platform, scope, external_id) do update
       set tenant_id = excluded.tenant_id, person_id = excluded.person_id, linked_at = excluded.linked_at
     returning tenant_id, person_id`,
    [code, external.platform, external.scope, external.id, now],
  );
  return rows[0];
}

type Opening = { readonly code: Buffer; readonly token: Buffer; readonly now: Date; readonly expiresAt: Date };

async function spendOnSession(tx: Tx, opening: Opening): Promise<Owned | undefined> {
  const { rows } = await tx.query<Owned>(
    `with spent as (
       update link_code set used_at = $3
       where hash = $1 and used_at is null and expires_at > $3
       returning tenant_id, person_id)
     insert into web_session (hash, tenant_id, person_id, opened_at, expires_at)
     select $2, tenant_id, person_id, $3, $4 from spent
     returning tenant_id, person_id`,
    [opening.code, opening.token, opening.now, opening.expiresAt],
  );
  return rows[0];
}

async function findSession(tx: Tx, hash: Buffer, now: Date): Promise<Owned | undefined> {
  const { rows } = await tx.query<Owned>(
    "select tenant_id, person_id from web_session where hash = $1 and expires_at > $2",
    [hash, now],
  );
  return rows[0];
}

async function deleteSession(tx: Tx, hash: Buffer): Promise<void> {
  await tx.query("delete from web_session where hash = $1", [hash]);
}
