/** Reads and writes schedules within an open transaction. Used by schedules.ts and due.ts. */
import {
  scheduleId,
  projectId,
  type Address,
  type NewSchedule,
  type Person,
  type Schedule,
  type ScheduleId,
  type When,
} from "#core";
import type { Tx } from "../engine/database.ts";
import { personFrom, type PersonRow } from "../people/person-rows.ts";
import { storable, storableJson } from "../engine/storable.ts";

type WhenRow = {
  readonly kind: When["kind"];
  readonly from_at: Date | null;
  readonly every_ms: string | null;
  readonly cron: string | null;
  readonly zone: string | null;
};

export type ScheduleRow = WhenRow & {
  readonly id: string;
  readonly project_id: string | null;
  readonly name: string;
  readonly does: Schedule["does"];
  readonly words: string;
  readonly wording: Schedule["wording"];
  readonly urgent: boolean;
  readonly address: Address | null;
  readonly state: Schedule["state"];
  readonly because: Schedule["because"];
  readonly next_at: Date | null;
  readonly put_off_from: Date | null;
  readonly failures: number;
  readonly created_at: Date;
  readonly owner: PersonRow;
};

/** Columns of `schedule` joined with its `person`. */
export const SCHEDULE = `schedule.id, schedule.project_id, schedule.name, schedule.does, schedule.words, schedule.wording, schedule.urgent,
  schedule.kind, schedule.from_at, schedule.every_ms, schedule.cron, schedule.zone, schedule.address, schedule.state,
  schedule.because, schedule.next_at, schedule.put_off_from, schedule.failures, schedule.created_at,
  jsonb_build_object('id', person.id::text, 'tenant_id', person.tenant_id, 'name', person.name, 'role', person.role) as owner`;
export const WITH_PERSON = "join person on person.id = schedule.person_id and person.tenant_id = schedule.tenant_id";

export function scheduleFrom(row: ScheduleRow): Schedule {
  return {
    id: scheduleId(row.id),
    person: personFrom(row.owner),
    project: row.project_id === null ? null : projectId(row.project_id),
    name: row.name,
    does: row.does,
    words: row.words,
    wording: row.wording,
    when: whenFrom(row),
    address: row.address,
    urgent: row.urgent,
    state: row.state,
    because: row.because,
    nextAt: row.next_at,
    createdAt: row.created_at,
    failures: row.failures,
  };
}

function whenFrom({ kind, from_at: from, every_ms: every, cron, zone }: WhenRow): When {
  if (kind === "at" && from) return { kind, at: from };
  if (kind === "every" && from && every !== null)
    return { kind, everyMs: Number(every), from, ...(zone === null ? {} : { zone }) };
  if (kind === "cron" && cron !== null && zone !== null) return { kind, cron, zone };
  throw new Error(`a schedule of the kind ${kind} has no time`);
}

const timesOf = (when: When): readonly (Date | number | string | null)[] => {
  switch (when.kind) {
    case "at":
      return [when.at, null, null, null];
    case "every":
      return [when.from, when.everyMs, null, when.zone ?? null];
    case "cron":
      return [null, null, when.cron, when.zone];
  }
};

/** Undefined when its key or its name is in use. */
export async function insertSchedule(
  tx: Tx,
  { person, project, name, does, words, wording, when, address, urgent, key }: NewSchedule,
  { nextAt, now }: { readonly nextAt: Date; readonly now: Date },
): Promise<ScheduleId | undefined> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into schedule (tenant_id, person_id, project_id, made_key, name, does, words, urgent, kind, from_at, every_ms,
       cron, zone, address, state, next_at, created_at, wording)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, 'active', $15, $16, $17)
     on conflict do nothing returning id`,
    [
      person.tenant,
      person.id,
      project,
      key,
      storable(name),
      does,
      storable(words),
      urgent,
      when.kind,
      ...timesOf(when),
      address === null ? null : storableJson(address),
      nextAt,
      now,
      wording,
    ],
  );
  return rows.map((row) => scheduleId(row.id))[0];
}

export async function findKeyed(tx: Tx, key: string, person: Person): Promise<Schedule | undefined> {
  const { rows } = await tx.query<ScheduleRow>(
    `select ${SCHEDULE} from schedule ${WITH_PERSON} where schedule.person_id = $2 and schedule.made_key = $1`,
    [key, person.id],
  );
  return rows.map(scheduleFrom)[0];
}

/** Soonest first, then those that wait for nothing. */
export async function findSchedules(tx: Tx, person: Person, all: boolean): Promise<readonly Schedule[]> {
  const { rows } = await tx.query<ScheduleRow>(
    `select ${SCHEDULE} from schedule ${WITH_PERSON}
     where schedule.person_id = $1 and ($2 or schedule.state <> 'done')
     order by schedule.next_at nulls last, schedule.id desc limit 500`,
    [person.id, all],
  );
  return rows.map(scheduleFrom);
}

export async function countLive(tx: Tx, person: Person): Promise<number> {
  const { rows } = await tx.query<{ count: number }>(
    "select count(*)::integer as count from schedule where person_id = $1 and state <> 'done'",
    [person.id],
  );
  return rows[0]?.count ?? 0;
}

/** Locked until the transaction ends. */
export async function lockSchedule(tx: Tx, id: ScheduleId): Promise<ScheduleRow | undefined> {
  const { rows } = await tx.query<ScheduleRow>(
    `select ${SCHEDULE} from schedule ${WITH_PERSON} where schedule.id = $1 for update of schedule`,
    [id],
  );
  return rows[0];
}

export async function updateSchedule(
  tx: Tx,
  id: ScheduleId,
  to: Pick<Schedule, "state" | "because" | "nextAt"> & {
    readonly putOffFrom?: Date | null;
    /** When its person, or the operator, took it back. */
    readonly removedAt?: Date | null;
  },
): Promise<void> {
  await tx.query(
    `update schedule set state = $2, because = $3, next_at = $4, put_off_from = $5, removed_at = coalesce(removed_at, $6)
     where id = $1`,
    [id, to.state, to.because, to.nextAt, to.putOffFrom ?? null, to.removedAt ?? null],
  );
}

/** Its name, words and times; its state stays. */
export async function rewriteSchedule(
  tx: Tx,
  { id, name, words, wording, when, nextAt }: Schedule,
  putOffFrom: Date | null,
): Promise<void> {
  await tx.query(
    `update schedule set name = $2, words = $3, wording = $4, kind = $5, from_at = $6, every_ms = $7, cron = $8, zone = $9,
       next_at = $10, put_off_from = $11
     where id = $1`,
    [id, storable(name), storable(words), wording, when.kind, ...timesOf(when), nextAt, putOffFrom],
  );
}
