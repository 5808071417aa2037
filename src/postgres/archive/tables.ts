/** What a backup holds, read from the catalogue: no table can be forgotten. Used by read.ts and load.ts. */
import { NovaError } from "#core";
import type { Tx } from "../engine/database.ts";

export type Column = {
  readonly name: string;
  /** As a cast names it, for instance `sparsevec(1048576)`. */
  readonly type: string;
  /** The sequence that numbers it, quoted as SQL wants it. */
  readonly sequence: string | null;
};

export type Table = {
  readonly name: string;
  /** Without those that the database computes itself. */
  readonly columns: readonly Column[];
  /** The primary key's columns; empty when there is none. */
  readonly key: readonly string[];
};

type Row = Table & { readonly needs: readonly string[]; readonly open: boolean };

/** Nova's tables, each after those that it refers to. Throws when the keeper cannot read and write one of them. */
export async function tablesInOrder(tx: Tx): Promise<readonly Table[]> {
  const rows = await readTables(tx);
  const closed = rows.filter((row) => !row.open).map((row) => row.name);
  if (closed.length > 0) throw new NovaError("database", `The keeper has no way into ${closed.join(", ")}.`);
  return inOrder(rows);
}

/**
 * The queue's tables are in a schema of their own and stay out: at start Nova wakes whatever is unfinished or unsent.
 * `migration` is written by the migrations themselves. What somebody else keeps in the same schema is not Nova's.
 */
async function readTables(tx: Tx): Promise<readonly Row[]> {
  const { rows } = await tx.query<Row>(`
    select c.relname as name,
      (select json_agg(json_build_object(
           'name', a.attname,
           'type', format_type(a.atttypid, a.atttypmod),
           'sequence', pg_get_serial_sequence(format('public.%I', c.relname), a.attname)) order by a.attnum)
         from pg_attribute a
         where a.attrelid = c.oid and a.attnum > 0 and not a.attisdropped and a.attgenerated = '') as columns,
      (select coalesce(json_agg(a.attname order by array_position(i.indkey::int2[], a.attnum)), '[]')
         from pg_index i join pg_attribute a on a.attrelid = c.oid and a.attnum = any(i.indkey)
         where i.indrelid = c.oid and i.indisprimary) as key,
      (select coalesce(json_agg(distinct f.relname), '[]')
         from pg_constraint k join pg_class f on f.oid = k.confrelid
         where k.conrelid = c.oid and k.contype = 'f' and k.confrelid <> c.oid) as needs,
      has_table_privilege('nova_keeper', c.oid, 'select') and has_table_privilege('nova_keeper', c.oid, 'insert')
        and (not c.relrowsecurity or exists (select from pg_policy p
          where p.polrelid = c.oid and p.polpermissive and p.polcmd = '*'
            and 'nova_keeper'::regrole = any(p.polroles))) as open
    from pg_class c
    where c.relnamespace = 'public'::regnamespace and c.relkind in ('r', 'p') and not c.relispartition
      and c.oid <> 'public.migration'::regclass
      and c.relowner = (select relowner from pg_class where oid = 'public.migration'::regclass)
    order by c.relname`);
  return rows;
}

function inOrder(rows: readonly Row[]): readonly Table[] {
  const placed = new Set<string>();
  const ordered: Table[] = [];
  let left = rows;
  while (left.length > 0) {
    const next = left.filter((row) => row.needs.every((name) => placed.has(name)));
    if (next.length === 0) {
      throw new NovaError("database", `These tables refer to each other in a circle: ${left.map(nameOf).join(", ")}.`);
    }
    for (const { name, columns, key } of next) {
      placed.add(name);
      ordered.push({ name, columns, key });
    }
    left = left.filter((row) => !placed.has(row.name));
  }
  return ordered;
}

const nameOf = ({ name }: Table): string => name;
