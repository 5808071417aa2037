/** Section (g): what a turn costs that goes through two hand-offs and one tool, beside the same in LangGraph. */
import { HOME, serviceOf } from "#core";
import { readConfig } from "../../src/settings/config.ts";
import { buildNova } from "../../src/main.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { silentLog } from "../support/log.ts";
import { scripted } from "../support/model.ts";
import { createDesk } from "./desk.ts";
import type { Engine } from "./engine.ts";
import { median, one, quantile, type Figure, type Times } from "./figures.ts";
import { CHAIN, idOf, nextLine } from "./hops-script.ts";
import { openRoster, questions } from "./roster.ts";
import { openGraph } from "./state-graph.ts";

const FRESH = 20;
const THREAD = 110;
const WARM_UP = 10;
/** Of the long thread, around its hundredth turn. */
const LATE = 21;

const [first, second, last] = CHAIN;
const EDGES = {
  [first]: `mayHandOffTo: [${idOf(second)}]`,
  [second]: `mayHandOffTo: [${idOf(last)}]`,
  [last]: "tools: [calculate]",
};

/** From taken to settled, models that answer at once, both in this process and on the same database engine. */
export async function measureHops(engine: Engine): Promise<readonly Figure[]> {
  const own = await ownTimes(engine);
  const graph = await graphTimes(engine);
  const figures = (who: string, { fresh, late, bytes }: Timed): Figure[] => [
    { ...one(`${who}, turn 1, p50`, "ms", median(fresh)), ...spread(fresh) },
    { ...one(`${who}, turn 100, p50`, "ms", median(late)), ...spread(late) },
    one(`${who}, kept of ${THREAD + FRESH + WARM_UP} turns`, "MB", bytes / 1e6),
  ];
  return [
    ...figures("Nova", own),
    ...figures("StateGraph with its Postgres saver", graph),
    one("Nova to that, turn 1", "×", median(own.fresh) / median(graph.fresh)),
    one("Nova to that, turn 100", "×", median(own.late) / median(graph.late)),
  ];
}

type Timed = { readonly fresh: Times; readonly late: Times; readonly bytes: number };

const spread = (times: Times) => ({ least: quantile(times, 0.05), most: quantile(times, 0.95) });

async function ownTimes(engine: Engine): Promise<Timed> {
  const roster = await openRoster(EDGES);
  const database = await engine.database();
  const desk = createDesk();
  const nova = await buildNova(readConfig({ NOVA_HOME: "/nonexistent", NOVA_ADAPTERS: "web" }), {
    service: false,
    log: silentLog,
    database,
    channels: [desk.definition],
    agents: roster.agents,
    models: scripted(nextLine).models,
  });
  try {
    await desk.introduce(database);
    const lines = questions(THREAD);
    for (const line of lines.slice(0, WARM_UP)) await desk.ask("warm-up", line);
    for (let i = 0; i < FRESH; i += 1) await desk.ask(`fresh-${i}`, lines[i] ?? "");
    for (const line of lines) await desk.ask("thread", line);
    await nova.settled(AbortSignal.timeout(60_000));
    const times = await turnTimes(database);
    return {
      fresh: times.slice(WARM_UP, WARM_UP + FRESH),
      late: times.slice(-LATE),
      bytes: await ownBytes(database),
    };
  } finally {
    await nova.stop();
    await roster.close();
  }
}

/** From the trace: the millisecond in which each was taken, and that in which it was settled. */
async function turnTimes(database: Database): Promise<readonly number[]> {
  return database.within(serviceOf(HOME), async (tx) => {
    const { rows } = await tx.query<{ ms: number; hops: number; tools: number }>(
      `select extract(epoch from max(at) filter (where event ->> 'kind' = 'settled')
           - min(at) filter (where event ->> 'kind' = 'taken'))::float8 * 1000 as ms,
         (count(*) filter (where event ->> 'kind' = 'handed_off'))::integer as hops,
         (count(*) filter (where event ->> 'kind' = 'tool_called'))::integer as tools
       from trace_event group by turn_id order by turn_id`,
    );
    const odd = rows.filter(({ hops, tools }) => hops !== 2 || tools !== 1);
    if (odd.length > 0 || rows.length === 0) throw new Error(`not two hops and a tool: ${JSON.stringify(odd[0])}`);
    return rows.map(({ ms }) => ms);
  });
}

async function ownBytes(database: Database): Promise<number> {
  const { rows } = await database.pool.query<{ bytes: string }>(
    `select sum(bytes)::text as bytes from (
       select sum(pg_column_size(turn.*)) as bytes from turn union all
       select sum(pg_column_size(step.*)) from step union all
       select sum(pg_column_size(message.*)) from message union all
       select sum(pg_column_size(trace_event.*)) from trace_event) kept`,
  );
  return Number(rows[0]?.bytes ?? 0);
}

async function graphTimes(engine: Engine): Promise<Timed> {
  const database = await engine.database();
  try {
    const graph = await openGraph(database);
    const lines = questions(THREAD);
    for (const line of lines.slice(0, WARM_UP)) await graph.turn("warm-up", line);
    const fresh: number[] = [];
    for (let i = 0; i < FRESH; i += 1) fresh.push(await graph.turn(`fresh-${i}`, lines[i] ?? ""));
    const thread: number[] = [];
    for (const line of lines) thread.push(await graph.turn("thread", line));
    return { fresh, late: thread.slice(-LATE), bytes: await graph.kept() };
  } finally {
    await database.close();
  }
}
