/** Who may see which row: the rule told a second time and in another language than the walls, for the leak tests. */
import type { Place, Scope } from "#core";
import type { Database, Tx } from "../../src/postgres/engine/database.ts";
import type { Land, Told } from "./places.ts";

export type Row = {
  readonly at: string;
  readonly tenant: string;
  readonly person: string | null;
  readonly project: string | null;
  readonly branch: string | null;
};

export function maySee(scope: Scope, table: string, row: Row): boolean {
  if (row.tenant !== scope.tenant) return false;
  const memory = table.startsWith("memory_") || table === "recall_log";
  if (scope.person === "service") {
    if (memory) return false;
  } else if (row.person !== null && row.person !== scope.person) return false;
  const within = (value: string | null, setting: string | null) =>
    value === null || setting === "every" || value === setting;
  return within(row.project, scope.project) && within(row.branch, scope.branch);
}

export const rowOf = (story: Told): Row => ({
  at: "",
  tenant: story.land.tenant,
  person: story.holder?.id ?? null,
  project: story.project,
  branch: story.branch,
});

/** Every scope that the settings can name. */
export const scopesOf = (lands: readonly Land[]): readonly Scope[] =>
  lands.flatMap((land) =>
    [...land.people.map(({ id }) => id), "service" as const].flatMap((person) =>
      views(land).map((place) => ({ tenant: land.tenant, person, ...place })),
    ),
  );

export const views = (land: Land): readonly Place[] =>
  ([null, ...land.projects, "every"] as const).flatMap((project) =>
    ([null, ...land.branches, "every"] as const).map((branch) => ({ project, branch })),
  );

export const countItems = async (tx: Tx): Promise<number | undefined> =>
  (await tx.query<{ n: number }>("select count(*)::int as n from memory_item")).rows[0]?.n;

/** Works as the database's owner, and takes everything back. */
export async function undone<T>(database: Database, work: (tx: Tx) => Promise<T>): Promise<T> {
  const client = await database.pool.connect();
  try {
    await client.query("begin");
    return await work(client);
  } finally {
    await client.query("rollback");
    client.release();
  }
}
