/** What is looked up when somebody asks for the metrics: rows, connections, the state of the parts. Made by telemetry.ts. */
import type { Load } from "#core";
import type { Instruments } from "./instruments.ts";

/** How the roof lets itself be looked at. Each may hang and may throw. */
export type Sights = {
  readonly load: () => Promise<Load>;
  /** Which parts can do their work. Never throws, and takes its own time at most. */
  readonly parts: () => Promise<Readonly<Record<string, { readonly ok: boolean }>>>;
  readonly connections: () => { readonly total: number; readonly idle: number; readonly waiting: number };
  /** Models that are not asked for now because they failed too often, and those that are. */
  readonly breakers: () => readonly { readonly model: string; readonly open: boolean }[];
  readonly build: { readonly version: string; readonly node: string; readonly database: string };
};

export interface Surroundings {
  /** Brings the gauges up to date, within `DEADLINE_MS` and at most once in `FRESH_MS`. Never throws. */
  look(instruments: Instruments): Promise<void>;
}

/** A scrape must not wait for a database that is away. */
const DEADLINE_MS = 1_000;
/** Several who ask at once, or one in a hurry, are shown the same look. */
const FRESH_MS = 1_000;

export function createSurroundings(sights: Sights, now: () => number = () => performance.now()): Surroundings {
  let lookedAt = -Infinity;
  let looking: Promise<void> | undefined;

  const rows = fresh(sights.load);
  const parts = fresh(sights.parts);
  const look = async (instruments: Instruments): Promise<void> => {
    const [load, states] = await Promise.all([rows(), parts()]);
    lookedAt = now();
    showLoad(instruments, load);
    instruments.clear("up");
    for (const [part, { ok }] of Object.entries(states ?? {})) instruments.set("up", { part }, ok ? 1 : 0);
    if (!load) instruments.set("up", { part: "database" }, 0);
    const { version, node, database } = sights.build;
    instruments.set("build", { version, node, database }, 1);
    instruments.clear("breakers");
    for (const { model, open } of sights.breakers()) instruments.set("breakers", { model }, open ? 1 : 0);
    for (const [state, count] of Object.entries(sights.connections())) {
      instruments.set("connections", { state }, count);
    }
  };

  return {
    async look(instruments) {
      if (now() - lookedAt < FRESH_MS) return;
      looking ??= look(instruments).finally(() => (looking = undefined));
      // Numbers that are a little old are better than none.
      await looking.catch(() => undefined);
    },
  };
}

/** Undefined when it fails or takes too long. One that still hangs is not asked beside itself a second time. */
function fresh<T>(ask: () => Promise<T>): () => Promise<T | undefined> {
  let asked: Promise<T | undefined> | undefined;
  return async () => {
    asked ??= Promise.resolve()
      .then(ask)
      .catch(() => undefined)
      .finally(() => (asked = undefined));
    const late = Promise.withResolvers<undefined>();
    const timer = setTimeout(() => late.resolve(undefined), DEADLINE_MS);
    try {
      return await Promise.race([asked, late.promise]);
    } finally {
      clearTimeout(timer);
    }
  };
}

function showLoad(instruments: Instruments, load: Load | undefined): void {
  for (const key of ["waitingMessages", "runningTurns", "undeliveredParts", "calls"] as const) instruments.clear(key);
  if (!load) return;
  instruments.set("waitingMessages", {}, load.waitingMessages);
  instruments.set("runningTurns", {}, load.runningTurns);
  instruments.set("undeliveredParts", {}, load.undeliveredParts);
  for (const { kind, waiting, active } of load.calls) {
    instruments.set("calls", { queue: kind, state: "waiting" }, waiting);
    instruments.set("calls", { queue: kind, state: "active" }, active);
  }
}
