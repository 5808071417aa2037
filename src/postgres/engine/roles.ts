/** The roles that Nova's transactions take on. Used by migrate.ts and by the look at a server. */
import pg from "pg";
import { NovaError } from "#core";
import type { Tx } from "./transaction.ts";

/** They belong to the whole server, so another database may have made them, for another user. */
export const ROLES = ["nova_app", "nova_keeper"] as const;

/**
 * Makes sure, within a transaction, that this user can take them on. Since PostgreSQL 16 whoever makes a role is a member
 * of it without being able to, until it is granted to them outright.
 */
export async function takeOnRoles(tx: Tx): Promise<void> {
  for (const role of ROLES) if (!(await canTakeOn(tx, role))) await grant(tx, role);
}

async function canTakeOn(tx: Tx, role: string): Promise<boolean> {
  const { rows } = await tx.query<{ able: boolean }>(
    `select case when not exists (select from pg_roles where rolname = $1) then true
       else pg_has_role(current_user, $1::name, case when current_setting('server_version_num')::integer >= 160000
         then 'set' else 'member' end) end as able`,
    [role],
  );
  return rows[0]?.able ?? false;
}

async function grant(tx: Tx, role: string): Promise<void> {
  const { rows } = await tx.query<{ user: string }>('select quote_ident(current_user) as "user"');
  const user = rows[0]?.user ?? "this user";
  try {
    await tx.query(`grant ${role} to ${user}`);
  } catch (cause) {
    if (!(cause instanceof pg.DatabaseError) || cause.code !== "42501") throw cause;
    throw new NovaError("database", `The user ${user} may not take on the role ${role}; nothing was changed.`, {
      advice: `As an administrator run \`grant ${role} to ${user}\`, then start again.`,
      cause,
    });
  }
}
