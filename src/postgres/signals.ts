/** Where answers were weak, for a later review: the port Signals of the core, and the rows that a settlement adds. */
import { agentId, clip, turnId, wholeOf, type Clock, type Signal, type Signals, type TurnId } from "#core";
import { isRowId } from "./conversation-rows.ts";
import type { Database, Tx } from "./engine/database.ts";
import { storableJson } from "./engine/storable.ts";

/** Codes are Nova's own words; what a model asked for may be long. */
const LONGEST = 100;

export function createSignals(database: Database, { clock }: { readonly clock: Clock }): Signals {
  return {
    async add(turn, person, signal) {
      if (!isRowId(turn)) return;
      await database.within(wholeOf(person), (tx) => insertSignals(tx, turn, { signals: [signal], at: clock.now() }));
    },
    list: (scope, limit) => database.within(scope, (tx) => newest(tx, limit)),
  };
}

/** The same one of a turn twice is one; of a turn that cannot be seen from here nothing is written. */
export async function insertSignals(
  tx: Tx,
  turn: TurnId,
  { signals, at }: { readonly signals: readonly Signal[]; readonly at: Date },
): Promise<void> {
  const short = signals.map((signal) => ({
    ...signal,
    code: clip(signal.code, LONGEST),
    outcome: signal.outcome === null ? null : clip(signal.outcome, LONGEST),
  }));
  await tx.query(
    `insert into signal (tenant_id, person_id, turn_id, kind, agent, code, outcome, at)
     select turn.tenant_id, turn.person_id, turn.id, line.kind, line.agent, line.code, line.outcome, $3
     from turn, jsonb_to_recordset($2::jsonb) as line (kind text, agent text, code text, outcome text)
     where turn.id = $1
     on conflict do nothing`,
    [turn, storableJson(short), at],
  );
}

type Row = {
  readonly turn_id: string;
  readonly kind: Signal["kind"];
  readonly agent: string | null;
  readonly code: string;
  readonly outcome: string | null;
  readonly at: Date;
};

async function newest(tx: Tx, limit: number): ReturnType<Signals["list"]> {
  const { rows } = await tx.query<Row>(
    "select turn_id, kind, agent, code, outcome, at from signal order by at desc, id desc limit $1",
    [limit],
  );
  return rows.map(({ turn_id, agent, ...row }) => ({
    ...row,
    turn: turnId(turn_id),
    agent: agent === null ? null : agentId(agent),
  }));
}
