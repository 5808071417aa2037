/** What tells this database from every other one: for ids that several processes derive alike. Asked once by the roof. */
import type { Database } from "./database.ts";

/** The moment the schema was made, to the microsecond. A restored backup is another installation. */
export async function installationOf({ pool }: Database): Promise<string> {
  const { rows } = await pool.query<{ made: string }>(
    "select extract(epoch from min(applied_at))::text as made from migration",
  );
  return rows[0]?.made ?? "";
}
