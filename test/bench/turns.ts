/** Section (b): turns per second, and what Nova adds to a model that answers at once. */
import { HOME, serviceOf } from "#core";
import { readConfig } from "../../src/settings/config.ts";
import { buildNova } from "../../src/main.ts";
import type { ChatModels } from "../../src/langchain/models/chat-models.ts";
import type { Nova } from "../../src/nova.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { silentLog } from "../support/log.ts";
import { says, scripted } from "../support/model.ts";
import type { Engine } from "./engine.ts";
import { median, one, over, quantile, type Figure } from "./figures.ts";
import { AGENTS, openRoster, questions, SPOKEN_TO } from "./roster.ts";
import { createDesk, fill, type Desk } from "./desk.ts";
import { bareRate } from "./bare-turn.ts";
import { startStub } from "./stub.ts";

/** Of a thread whose turns are timed one by one. */
const LONG_THREAD = 110;
const FRESH_THREADS = 20;
const WARM_UP = 20;
/** Turns of a round, at one conversation and at many. */
const ROUND = { 1: 150, 32: 320 } as const;
const ROUNDS = 3;

type Setting = {
  readonly engine: Engine;
  readonly agents: string;
  readonly models?: ChatModels;
  readonly stub?: string;
};

export async function measureTurns(engine: Engine): Promise<readonly Figure[]> {
  const roster = await openRoster();
  const stub = await startStub();
  try {
    const inProcess: Setting = { engine, agents: roster.agents, models: scripted(says("Water them.")).models };
    const overHttp: Setting = { engine, agents: roster.agents, stub: stub.url };
    const figures: Figure[] = [];
    for (const [name, setting] of [
      ["scripted model", inProcess],
      ["HTTP stub", overHttp],
    ] as const) {
      figures.push(...(await overheads(name, setting)));
      figures.push(...(await rates(name, setting)));
    }
    const database = await engine.database();
    try {
      for (const lanes of [1, 32] as const) {
        const bare = await bareRate(database, stub.url, lanes);
        const own = figures.find(({ what }) => what === rateName("HTTP stub", lanes))?.value ?? Number.NaN;
        figures.push(one(`two bare model calls and an insert, ${lanes} at once`, "/s", bare));
        figures.push(one(`Nova to that, ${conversations(lanes)}`, "×", own / bare));
      }
    } finally {
      await database.close();
    }
    return figures;
  } finally {
    stub.close();
    await roster.close();
  }
}

const conversations = (count: number): string => (count === 1 ? "1 conversation" : `${count} conversations`);
const rateName = (name: string, lanes: number): string => `turns, ${name}, ${conversations(lanes)}`;

/** From the offer of a message to its answer at the channel, one at a time. */
async function overheads(name: string, setting: Setting): Promise<readonly Figure[]> {
  return withNova(setting, async (nova, desk, database) => {
    const lines = questions(LONG_THREAD);
    for (const line of lines.slice(0, WARM_UP)) await desk.ask("warm-up", line);
    const fresh: number[] = [];
    for (let i = 0; i < FRESH_THREADS; i += 1) fresh.push(await desk.ask(`fresh-${i}`, lines[i] ?? ""));
    const thread: number[] = [];
    for (const line of lines) thread.push(await desk.ask("thread", line));
    await nova.settled(AbortSignal.timeout(60_000));
    await assertOneCallEach(database);
    const late = thread.slice(LONG_THREAD - 21);
    return [
      { ...one(`overhead of turn 1, ${name}, p50`, "ms", median(fresh), "≤ 15"), ...spread(fresh) },
      { ...one(`overhead of turn 100, ${name}, p50`, "ms", median(late), "≤ 15"), ...spread(late) },
    ];
  });
}

/** Nine of ten lie between. */
const spread = (times: readonly number[]) => ({ least: quantile(times, 0.05), most: quantile(times, 0.95) });

/** Messages wait already, so that nobody who sends them is measured. */
async function rates(name: string, setting: Setting): Promise<readonly Figure[]> {
  const figures: Figure[] = [];
  for (const lanes of [1, 32] as const) {
    const rounds: number[] = [];
    for (let round = 0; round < ROUNDS; round += 1) {
      const database = await setting.engine.database();
      await fill(database, { lanes, each: ROUND[lanes] / lanes, lines: questions(ROUND[lanes]) });
      rounds.push(
        await withNova(
          setting,
          async (nova, desk) => {
            const rate = await desk.rateOf(ROUND[lanes]);
            await nova.settled(AbortSignal.timeout(60_000));
            await assertOneCallEach(database);
            return rate;
          },
          database,
        ),
      );
    }
    const aim = setting.stub === undefined ? undefined : lanes === 1 ? "≥ 300" : "≥ 600";
    figures.push(over(rateName(name, lanes), "/s", rounds, aim));
  }
  return figures;
}

type Use<T> = (nova: Nova, desk: Desk, database: Database) => Promise<T>;

/** `given` is a database with work in it; without one Nova begins with none. */
async function withNova<T>(setting: Setting, use: Use<T>, given?: Database): Promise<T> {
  const database = given ?? (await setting.engine.database());
  const desk = createDesk();
  const env = { NOVA_HOME: "/nonexistent", NOVA_ADAPTERS: "web", ...(setting.stub && stubEnv(setting.stub)) };
  const nova = await buildNova(readConfig(env), {
    service: false,
    log: silentLog,
    database,
    channels: [desk.definition],
    agents: setting.agents,
    ...(setting.models ? { models: setting.models } : {}),
  });
  try {
    await desk.introduce(database);
    return await use(nova, desk, database);
  } finally {
    await nova.stop();
  }
}

const stubEnv = (url: string) => ({ OPENAI_BASE_URL: url, NOVA_MODEL: "stub", NOVA_ROUTER_MODEL: "off" });

/** Every message was routed by its words alone, and took one call of the model. */
async function assertOneCallEach(database: Database): Promise<void> {
  const rows = await database.within(serviceOf(HOME), async (tx) => {
    const found = await tx.query<{ stage: string; agent: string; calls: number; turns: number }>(
      `select turn.route ->> 'stage' as stage, turn.agent, step.model_calls as calls, count(*)::integer as turns
       from turn join step on step.turn_id = turn.id group by 1, 2, 3`,
    );
    return found.rows;
  });
  const odd = rows.filter((row) => row.stage !== "lexical" || row.agent !== SPOKEN_TO || row.calls !== 1);
  if (odd.length === 0 && rows.length > 0) return;
  throw new Error(`of ${AGENTS} agents ${SPOKEN_TO} was to answer all, by its words: ${JSON.stringify(rows)}`);
}
