/** People, their accounts, and the codes that bring the two together: the port People of the core. */
import {
  HOME,
  serviceOf,
  type Clock,
  type ExternalId,
  type People,
  type Person,
  type Redeemed,
  type TenantId,
} from "#core";
import { linkAccount, linkFree } from "./account-rows.ts";
import type { Database, Tx } from "../engine/database.ts";
import {
  findIdentity,
  findNamed,
  followTo,
  insertPerson,
  mustBeWelcome,
  personFrom,
  searchPerson,
  type PersonRow,
} from "./person-rows.ts";
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
        await linkAccount(tx, external, { person, at: clock.now() });
      }),

    issueCode: (id, expiresAt) =>
      database.system(async (tx) => {
        const person = await searchPerson(tx, id);
        await mustBeWelcome(tx, person);
        const code = codeFrom(random);
        await insertCode(tx, codeDigest(code), person, expiresAt);
        return code;
      }),

    redeem: (code, external, now) => database.system((tx) => redeem(tx, codeDigest(code), external, now)),

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

async function listPeople(tx: Tx): Promise<readonly Person[]> {
  const { rows } = await tx.query<PersonRow>("select id, tenant_id, name, role from person order by id");
  return rows.map(personFrom);
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

/** The code is locked while it is looked at, so that of many who redeem it at once one is linked. */
async function redeem(tx: Tx, code: Buffer, external: ExternalId, now: Date): Promise<Redeemed> {
  const known = await findIdentity(tx, external);
  if (known?.state === "blocked") return { kind: "blocked" };
  const whose = await lockCode(tx, code, now);
  if (!whose) return (await redeemedBefore(tx, code, external)) ?? { kind: "refused" };
  const person = await followTo(tx, whose);
  // Whoever blocked it or took it in this very moment was first.
  if (!(await linkFree(tx, external, { person, at: now })))
    return (await findIdentity(tx, external))?.state === "blocked" ? { kind: "blocked" } : { kind: "taken" };
  await tx.query("update link_code set used_at = $2 where hash = $1", [code, now]);
  return { kind: "linked", person };
}

/** The same delivery again, maybe at the same moment: the account is that person's already, by this code. */
async function redeemedBefore(tx: Tx, code: Buffer, external: ExternalId): Promise<Redeemed | undefined> {
  const { rows } = await tx.query<Owned>(
    "select tenant_id, person_id from link_code where hash = $1 and used_at is not null",
    [code],
  );
  const known = await findIdentity(tx, external);
  if (known?.state !== "linked" || known.person_id !== rows[0]?.person_id) return undefined;
  return { kind: "linked", person: await followTo(tx, known) };
}

/** Whom a good code stands for. One of somebody who is blocked is not good. */
async function lockCode(tx: Tx, code: Buffer, now: Date): Promise<Owned | undefined> {
  const { rows } = await tx.query<Owned>(
    `select tenant_id, person_id from link_code
     where hash = $1 and used_at is null and expires_at > $2
       and not exists (select from person_block where person_block.person_id = link_code.person_id)
     for update`,
    [code, now],
  );
  return rows[0];
}

type Opening = { readonly code: Buffer; readonly token: Buffer; readonly now: Date; readonly expiresAt: Date };

async function spendOnSession(tx: Tx, opening: Opening): Promise<Owned | undefined> {
  const { rows } = await tx.query<Owned>(
    `with spent as (
       update link_code set used_at = $3
       where hash = $1 and used_at is null and expires_at > $3
         and not exists (select from person_block where person_block.person_id = link_code.person_id)
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
    `select tenant_id, person_id from web_session
     where hash = $1 and expires_at > $2
       and not exists (select from person_block where person_block.person_id = web_session.person_id)`,
    [hash, now],
  );
  return rows[0];
}

async function deleteSession(tx: Tx, hash: Buffer): Promise<void> {
  await tx.query("delete from web_session where hash = $1", [hash]);
}
