/** Where a person's days begin and when they are not to be disturbed, within an open transaction. Used by schedules.ts and due.ts. */
import type { Person, PersonId, Rhythm } from "#core";
import type { Tx } from "../engine/database.ts";

type RhythmRow = { readonly zone: string | null; readonly quiet_from: number | null; readonly quiet_to: number | null };

const NOWHERE = "project_id is null and branch_id is null";

/** `zone` stands in where nobody set one. */
export async function findRhythm(tx: Tx, person: PersonId, zone: string): Promise<Rhythm> {
  const { rows } = await tx.query<RhythmRow>(
    `select zone, quiet_from, quiet_to from person_rhythm where person_id = $1 and ${NOWHERE}`,
    [person],
  );
  const [row] = rows;
  return {
    zone: row?.zone ?? zone,
    own: (row?.zone ?? null) !== null,
    quiet:
      row === undefined || row.quiet_from === null || row.quiet_to === null
        ? null
        : { from: row.quiet_from, to: row.quiet_to },
  };
}

/** What is undefined stays as it is. */
export async function upsertRhythm(
  tx: Tx,
  person: Person,
  { zone, quiet }: Partial<Pick<Rhythm, "zone" | "quiet">>,
): Promise<void> {
  await tx.query(
    `insert into person_rhythm (tenant_id, person_id, zone, quiet_from, quiet_to) values ($1, $2, $3, $4, $5)
     on conflict on constraint person_rhythm_once do update set
       zone = coalesce(excluded.zone, person_rhythm.zone),
       quiet_from = case when $6 then excluded.quiet_from else person_rhythm.quiet_from end,
       quiet_to = case when $6 then excluded.quiet_to else person_rhythm.quiet_to end`,
    [person.tenant, person.id, zone ?? null, quiet?.from ?? null, quiet?.to ?? null, quiet !== undefined],
  );
}
