/** Calls of models from reserved to settled, and what days cost: the port Spending of the core. */
import { callId, serviceOf, wholeOf, type CallAsk, type Cap, type Clock, type Spending } from "#core";
import { setting, type Database } from "./engine/database.ts";
import { told } from "./engine/failure.ts";
import { dayOf, daysFrom, settleCalls, sumsOf } from "./spending-rows.ts";

const DAY_MS = 24 * 60 * 60_000;

export type SpendingDeps = {
  readonly cap: Cap | null;
  readonly clock: Clock;
  /** A UUID; those that rise with time keep the index small. */
  readonly newCall: () => string;
};

export function createSpending(database: Database, { cap, clock, newCall }: SpendingDeps): Spending {
  return {
    cap,

    async reserve(ask) {
      const call = newCall();
      const whose = await reserve(database, ask, { call, cap, at: clock.now() });
      const inTheWay = whose === "agent" ? ask.ownCap : cap;
      return whose && inTheWay ? { kind: "refused", cap: inTheWay, whose } : { kind: "reserved", call: callId(call) };
    },

    async settle(person, calls) {
      if (calls.length > 0) await database.within(wholeOf(person), (tx) => settleCalls(tx, calls));
    },

    today: (tenant) => database.within(serviceOf(tenant), (tx) => sumsOf(tx, dayOf(clock.now()))),

    days: (scope, most) =>
      database.within(scope, (tx) => daysFrom(tx, dayOf(new Date(clock.now().getTime() - (most - 1) * DAY_MS)))),
  };
}

/**
 * The function takes on the serving role and the scope by itself: one statement without a transaction around it is half
 * the work where many calls are reserved at the same moment, and each of them waits before its model is asked.
 */
async function reserve(
  { pool }: Database,
  { turn, person, where, agent, model, most, micros, ownCap }: CallAsk,
  { call, cap, at }: { readonly call: string; readonly cap: Cap | null; readonly at: Date },
): Promise<"everybody" | "agent" | null> {
  try {
    const { rows } = await pool.query<{ refused: "everybody" | "agent" | null }>(
      "select nova_reserve($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16) as refused",
      [
        call,
        person.tenant,
        person.id,
        setting(where.project),
        setting(where.branch),
        turn,
        agent,
        model,
        most.input,
        most.output,
        micros,
        at,
        cap?.kind === "tokens" ? cap.tokens : null,
        cap?.kind === "money" ? cap.micros : null,
        ownCap?.kind === "tokens" ? ownCap.tokens : null,
        ownCap?.kind === "money" ? ownCap.micros : null,
      ],
    );
    const [row] = rows;
    if (!row) throw new Error("nobody said whether the call is reserved");
    return row.refused;
  } catch (error) {
    throw told(error);
  }
}
