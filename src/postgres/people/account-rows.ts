/** Links and takes away accounts within an open transaction. Used by people.ts, pairing.ts and directory.ts. */
import type { ExternalId, Person } from "#core";
import type { Tx } from "../engine/database.ts";

type Linking = { readonly person: Person; readonly at: Date };

/** Whoever had it before; false when it is blocked, and stays so. A request of the account has had its answer by that. */
export async function linkAccount(tx: Tx, account: ExternalId, { person, at }: Linking): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into identity (platform, scope, external_id, tenant_id, person_id, linked_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (platform, scope, external_id) do update
       set tenant_id = excluded.tenant_id, person_id = excluded.person_id,
         linked_at = case identity.person_id when excluded.person_id then identity.linked_at else excluded.linked_at end
       where identity.state <> 'blocked'`,
    [...keyOf(account), person.tenant, person.id, at],
  );
  await dropRequest(tx, account);
  return rowCount === 1;
}

/** The same for an account that is nobody's or this person's: false, and nothing is done, when it is another's by now. */
export async function linkFree(tx: Tx, account: ExternalId, { person, at }: Linking): Promise<boolean> {
  const { rowCount } = await tx.query(
    `insert into identity (platform, scope, external_id, tenant_id, person_id, linked_at)
     values ($1, $2, $3, $4, $5, $6)
     on conflict (platform, scope, external_id) do update set linked_at = identity.linked_at
       where identity.state <> 'blocked' and identity.person_id = excluded.person_id`,
    [...keyOf(account), person.tenant, person.id, at],
  );
  if (rowCount === 1) await dropRequest(tx, account);
  return rowCount === 1;
}

/** What waits for a decision no more. Those that were decided stay, for they tell by whom. */
export async function dropRequest(tx: Tx, account: ExternalId): Promise<void> {
  await tx.query(
    "delete from pairing where platform = $1 and scope = $2 and external_id = $3 and state = 'pending'",
    keyOf(account),
  );
}

export const keyOf = ({ platform, scope, id }: ExternalId): string[] => [platform, scope, id];
