/** Reads people and accounts within an open transaction. Used by every store that meets a person. */
import {
  NovaError,
  certainly,
  personId,
  serviceOf,
  tenantId,
  type ExternalId,
  type Person,
  type PersonId,
  type Role,
  type TenantId,
} from "#core";
import { enter, type Tx } from "../engine/database.ts";

export type PersonRow = { readonly id: string; readonly tenant_id: string; readonly name: string; readonly role: Role };

export const personFrom = (row: PersonRow): Person => ({
  id: personId(row.id),
  tenant: tenantId(row.tenant_id),
  name: row.name,
  role: row.role,
});

/** A person of the tenant whose scope the transaction has entered. */
export async function findPerson(tx: Tx, id: PersonId): Promise<Person | undefined> {
  const { rows } = await tx.query<PersonRow>("select id, tenant_id, name, role from person where id = $1", [id]);
  return rows.map(personFrom)[0];
}

export async function insertPerson(tx: Tx, tenant: TenantId, name: string, role: Role): Promise<Person> {
  const clean = spelled(name);
  if (clean === "") throw new NovaError("bad_input", "A person needs a name.");
  const { certain, text } = certainly(clean);
  if (!certain)
    throw new NovaError("bad_input", `The name has signs that are not seen or pass for others: ${text}.`, {
      advice: "Type it anew, in letters of one script.",
    });
  if (clean.length > 80) throw new NovaError("bad_input", "The name is longer than 80 characters.");
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

export async function findNamed(tx: Tx, name: string): Promise<Person | undefined> {
  const { rows } = await tx.query<PersonRow>(
    "select id, tenant_id, name, role from person where lower(normalize(name, nfkc)) = lower($1) order by id limit 1",
    [spelled(name)],
  );
  return rows.map(personFrom)[0];
}

/** One spelling of what may be written in several, such as with wide letters or marks apart. */
const spelled = (name: string): string => name.normalize("NFKC").replaceAll(/\s+/g, " ").trim();

/** Finds a person whose tenant is not known; only for rare, operator-made calls. Stays in that tenant's scope. */
export async function searchPerson(tx: Tx, id: PersonId): Promise<Person> {
  for (const tenant of await allTenants(tx)) {
    await enter(tx, serviceOf(tenant));
    const person = await findPerson(tx, id);
    if (person) return person;
  }
  throw new NovaError("not_found", `There is no person with the id ${id}.`);
}

/** Throws for somebody who is blocked: neither an account nor a code is for them. */
export async function mustBeWelcome(tx: Tx, person: Person): Promise<void> {
  const { rowCount } = await tx.query("select from person_block where person_id = $1", [person.id]);
  if (rowCount === 0) return;
  throw new NovaError("bad_input", `${person.name} is blocked.`, {
    advice: "Unblock them first, or name somebody else.",
  });
}

/** Whom a system row points to. Enters the scope of that tenant, where the transaction then stays. */
export async function followTo(tx: Tx, row: { tenant_id: string; person_id: string }): Promise<Person> {
  const [, person] = await Promise.all([
    enter(tx, serviceOf(tenantId(row.tenant_id))),
    findPerson(tx, personId(row.person_id)),
  ]);
  if (!person) throw new Error(`person ${row.person_id} is missing from tenant ${row.tenant_id}`);
  return person;
}

export type IdentityRow =
  | { readonly tenant_id: string; readonly person_id: string; readonly state: "linked" }
  /** The account is, or all of its person's are. One can be blocked that belongs to nobody. */
  | { readonly tenant_id: string; readonly person_id: string | null; readonly state: "blocked" };

/** Of an account, or of the person behind it. */
const STATE = `case when exists (select from person_block where person_block.person_id = identity.person_id)
  then 'blocked' else state end as state`;

export async function findIdentity(tx: Tx, account: ExternalId): Promise<IdentityRow | undefined> {
  const { rows } = await tx.query<IdentityRow>(
    `select tenant_id, person_id, ${STATE} from identity
     where platform = $1 and scope = $2 and external_id = $3`,
    [account.platform, account.scope, account.id],
  );
  return rows[0];
}

/** Whose account this is. Enters the scope of that person, where the transaction then stays. */
export async function enterAs(tx: Tx, account: ExternalId): Promise<IdentityRow | undefined> {
  const { rows } = await tx.query<IdentityRow>(
    `select tenant_id, person_id, ${STATE}, set_config('nova.tenant', tenant_id, true),
       set_config('nova.person', person_id::text, true), set_config('nova.project', '*', true),
       set_config('nova.branch', '*', true), set_config('nova.shared', 'off', true)
     from identity where platform = $1 and scope = $2 and external_id = $3`,
    [account.platform, account.scope, account.id],
  );
  return rows[0];
}

/** The person behind an account whose scope the transaction has entered. */
export async function findLinked(tx: Tx, account: ExternalId): Promise<Person | undefined> {
  const { rows } = await tx.query<PersonRow>(
    `select person.id, person.tenant_id, person.name, person.role
     from identity join person on person.id = identity.person_id and person.tenant_id = identity.tenant_id
     where identity.platform = $1 and identity.scope = $2 and identity.external_id = $3`,
    [account.platform, account.scope, account.id],
  );
  return rows.map(personFrom)[0];
}

export async function allTenants(tx: Tx): Promise<readonly TenantId[]> {
  const { rows } = await tx.query<{ id: string }>("select id from tenant order by id");
  return rows.map((row) => tenantId(row.id));
}
