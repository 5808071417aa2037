/** Reads and locks conversations within an open transaction. Used by every store that meets one. */
import {
  addressKey,
  agentId,
  conversationId,
  personId,
  serviceOf,
  type Address,
  type AgentId,
  type ConversationId,
  type ExternalId,
  type Person,
  type ProjectId,
  type TenantId,
} from "#core";
import { enter, type Database, type OpenTx, type Tx } from "./engine/database.ts";
import { allTenants } from "./people/person-rows.ts";

/**
 * Work on a conversation of which only the id is known, in the service's scope of its tenant. Of one that is not there
 * the work finds nothing.
 */
export function inConversation<T>(
  database: Database,
  conversation: ConversationId,
  work: (tx: OpenTx) => Promise<T>,
): Promise<T> {
  return database.system(async (tx) => {
    const [, done] = await Promise.all([enterTenantOf(tx, conversation), work(tx)]);
    return done;
  });
}

/** What every tenant holds, one after another, in the service's scope of each. */
export function inEveryTenant<T>(database: Database, find: (tx: Tx) => Promise<readonly T[]>): Promise<readonly T[]> {
  return database.system(async (tx) => {
    const found: T[] = [];
    for (const tenant of await allTenants(tx)) {
      await enter(tx, serviceOf(tenant));
      found.push(...(await find(tx)));
    }
    return found;
  });
}

/** What is asked behind it is asked within the scope: nobody has to wait for the name of the tenant first. */
async function enterTenantOf(tx: Tx, conversation: ConversationId): Promise<void> {
  await tx.query(
    `select set_config('nova.tenant', tenant_id, true), set_config('nova.person', '*', true),
       set_config('nova.project', '*', true), set_config('nova.branch', '*', true), set_config('nova.shared', 'off', true)
     from conversation_tenant where conversation_id = $1`,
    [conversation],
  );
}

/**
 * Finds or makes the conversation at an address and locks it: message ids then rise in the order of their commits, so
 * an id can serve as a cursor.
 */
export async function lockAt(
  tx: Tx,
  address: Address,
  person: Person,
  project: ProjectId | null,
): Promise<ConversationId> {
  const known = await lockKnown(tx, address, person);
  if (known) return known;
  const made = await insertConversation(tx, address, person, project);
  if (made) {
    await insertTenant(tx, made, person.tenant);
    return made;
  }
  const raced = await lockKnown(tx, address, person);
  if (!raced) throw new Error("a conversation vanished while it was being made");
  return raced;
}

/** A private address belongs to one person; in other hands it is another conversation. */
const holder = (address: Address, person: Person) => (address.visibility === "private" ? person.id : null);

async function lockKnown(tx: Tx, address: Address, person: Person): Promise<ConversationId | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from conversation
     where tenant_id = $1 and address_key = $2 and person_id is not distinct from $3::bigint
     for update`,
    [person.tenant, addressKey(address), holder(address, person)],
  );
  return rows.map((row) => conversationId(row.id))[0];
}

/** The same, if it is there, for the person of an account. The transaction has entered that person's scope. */
export async function lockOf(tx: Tx, address: Address, account: ExternalId): Promise<ConversationId | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `select conversation.id
     from identity join conversation on conversation.tenant_id = identity.tenant_id and conversation.address_key = $4
       and conversation.person_id is not distinct from case when $5 then identity.person_id end
     where identity.platform = $1 and identity.scope = $2 and identity.external_id = $3
     for update of conversation`,
    [account.platform, account.scope, account.id, addressKey(address), address.visibility === "private"],
  );
  return rows.map((row) => conversationId(row.id))[0];
}

async function insertConversation(
  tx: Tx,
  address: Address,
  person: Person,
  project: ProjectId | null,
): Promise<ConversationId | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into conversation (tenant_id, person_id, project_id, address_key, platform, scope, container, root, visibility)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9)
     on conflict on constraint conversation_address do nothing
     returning id`,
    [
      person.tenant,
      holder(address, person),
      project,
      addressKey(address),
      address.platform,
      address.scope,
      address.container,
      address.root,
      address.visibility,
    ],
  );
  return rows.map((row) => conversationId(row.id))[0];
}

async function insertTenant(tx: Tx, conversation: ConversationId, tenant: TenantId): Promise<void> {
  await tx.query("insert into conversation_tenant (conversation_id, tenant_id) values ($1, $2)", [
    conversation,
    tenant,
  ]);
}

export type LockedConversation = {
  readonly address: Address;
  readonly holder: Person["id"] | null;
  readonly pinned: AgentId | null;
};

type ConversationRow = Address & { readonly person_id: string | null; readonly pinned_agent: string | null };

/** Undefined when the conversation is not within the transaction's scope. */
export async function lockConversation(tx: Tx, id: ConversationId): Promise<LockedConversation | undefined> {
  const { rows } = await tx.query<ConversationRow>(
    `select platform, scope, container, root, visibility, person_id, pinned_agent
     from conversation where id = $1 for update`,
    [id],
  );
  return rows.map(({ person_id, pinned_agent, ...address }) => ({
    address,
    holder: person_id === null ? null : personId(person_id),
    pinned: pinned_agent === null ? null : agentId(pinned_agent),
  }))[0];
}

/** The conversation that a person sees at an address. */
export async function findAt(tx: Tx, address: Address, person: Person): Promise<ConversationId | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from conversation
     where tenant_id = $1 and address_key = $2 and person_id is not distinct from $3::bigint`,
    [person.tenant, addressKey(address), holder(address, person)],
  );
  return rows.map((row) => conversationId(row.id))[0];
}

/** `select … for update` needs a row; ids from outside may be anything. */
export const isRowId = (id: string): boolean => /^\d{1,18}$/.test(id);
