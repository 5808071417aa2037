/** What the catalogue tells of a database's walls, and what is wrong with them. For the leak tests. */
import { SYSTEM_SCHEMAS, SYSTEM_TABLES, TENANT_TABLES } from "../../src/postgres/engine/system-tables.ts";
import type { Tx } from "../../src/postgres/engine/database.ts";

export type Relation = {
  readonly schema: string;
  readonly name: string;
  /** r table, p partitioned table, f foreign table, v view, m materialised view. */
  readonly kind: "r" | "p" | "f" | "v" | "m";
  readonly forced: boolean;
  readonly invoker: boolean;
  readonly columns: readonly string[];
  /** Those that let rows through for the serving role. */
  readonly policies: readonly { readonly reads: string | null; readonly writes: string | null }[];
};

/** Everything with rows, in every schema but the system's own, partitions too. */
export async function relations(tx: Tx): Promise<readonly Relation[]> {
  const { rows } = await tx.query<Relation>(`
    select n.nspname as schema, c.relname as name, c.relkind as kind,
      c.relrowsecurity and c.relforcerowsecurity as forced,
      coalesce('security_invoker=true' = any(c.reloptions), false) as invoker,
      array(select a.attname::text from pg_attribute a
        where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped order by a.attname) as columns,
      coalesce((select jsonb_agg(jsonb_build_object(
          'reads', case when p.polcmd <> 'a' then pg_get_expr(p.polqual, c.oid) end,
          'writes', case when p.polcmd not in ('r', 'd')
            then coalesce(pg_get_expr(p.polwithcheck, c.oid), pg_get_expr(p.polqual, c.oid)) end))
        from pg_policy p
        where p.polrelid = c.oid and p.polpermissive
          and (0 = any(p.polroles) or exists (select from unnest(p.polroles) role where pg_has_role('nova_app', role, 'member')))
      ), '[]') as policies
    from pg_class c join pg_namespace n on n.oid = c.relnamespace
    where c.relkind in ('r', 'p', 'f', 'v', 'm')
      and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
    order by 1, 2`);
  return rows;
}

const WALLS = {
  tenant_id: "nova_tenant()",
  person_id: "nova_person()",
  project_id: "nova_project()",
  branch_id: "nova_branch()",
} as const;

/** Nothing when the relation is walled as it should be, or stands outside with a reason. */
export function faultsOf(relation: Relation): readonly string[] {
  const { schema, name, kind, forced, columns, policies } = relation;
  const faults = new Set<string>();
  if (schema in SYSTEM_SCHEMAS) return [];
  if (schema !== "public") return [`${schema}.${name} is in a schema that is not listed`];
  if (kind === "m") return [`${name} is a materialised view, which no wall can hold`];
  if (kind === "f") return [`${name} is a foreign table, which no wall can hold`];
  if (kind === "v") return relation.invoker ? [] : [`${name} is a view that looks with its owner's eyes`];
  if (name in SYSTEM_TABLES) return [];

  const walls = Object.entries(WALLS).filter(([column]) => column === "tenant_id" || !(name in TENANT_TABLES));
  if (!forced) faults.add(`${name} has no forced row-level security`);
  if (policies.length === 0) faults.add(`${name} has no policy`);
  for (const [column, setting] of walls) {
    if (!columns.includes(column)) faults.add(`${name} has no ${column}`);
    for (const { reads, writes } of policies) {
      if (reads !== null && !reads.includes(setting)) faults.add(`${name} is read without ${setting}`);
      if (writes !== null && !writes.includes(setting)) faults.add(`${name} is written without ${setting}`);
    }
  }
  return [...faults];
}

/** The tables that rows of people lie in. */
export const walled = (all: readonly Relation[]): readonly Relation[] =>
  all.filter(
    ({ schema, name, kind }) =>
      schema === "public" && (kind === "r" || kind === "p") && !(name in SYSTEM_TABLES) && !(name in TENANT_TABLES),
  );

/** Functions that would act with their owner's rights. */
export async function definers(tx: Tx): Promise<readonly string[]> {
  const { rows } = await tx.query<{ name: string }>(`
    select n.nspname || '.' || p.proname as name
    from pg_proc p join pg_namespace n on n.oid = p.pronamespace
    where p.prosecdef and n.nspname <> 'information_schema' and n.nspname !~ '^pg_'
    order by 1`);
  return rows.map((row) => row.name);
}
