/** Section (a): signed posts through the real HTTP door, stored and acknowledged, beside the barest of both. */
import { join } from "node:path";
import { createProgressBus, systemClock, type AdapterHost } from "#core";
import { createChannels } from "../../src/service/channels.ts";
import { createHttpServer } from "../../src/http/server.ts";
import { loadAdapters } from "../../src/plugins/index.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { openStores } from "../../src/service/stores.ts";
import { accept } from "../../src/turn/accept.ts";
import { createRedeem } from "../../src/turn/redeem.ts";
import { silentLog } from "../support/log.ts";
import { commitLoop, sendLoop } from "./bare-accept.ts";
import type { Engine } from "./engine.ts";
import { median, one, over, quantile, type Figure } from "./figures.ts";
import { ROUND_MS, type Rounds } from "./lanes.ts";
import { postRounds } from "./sender.ts";
import { REST_OF_HOST } from "../support/host.ts";

const LANES = [1, 16] as const;

export async function measureAccept(engine: Engine): Promise<readonly Figure[]> {
  const database = await engine.database();
  try {
    const figures: Figure[] = [];
    for (const lanes of LANES) {
      const posts = await atTheDoor(database, (door) => postRounds({ ...door, lanes }));
      const sends = await sendLoop(database, lanes);
      const commits = await commitLoop(database, lanes);
      const at = lanes === 1 ? "1 sender" : `${lanes} senders`;
      figures.push(
        ...told(`posts stored and acknowledged, ${at}`, posts),
        ...told(`bare pg-boss send in a transaction, ${at}`, sends),
        ...told(`bare insert and commit, ${at}`, commits),
        one(`accept to bare send, ${at}, p50`, "×", p50(posts) / p50(sends), "≤ 1.5"),
      );
    }
    return figures;
  } finally {
    await database.close();
  }
}

const p50 = (rounds: Rounds): number => median(rounds.flat());

function told(what: string, rounds: Rounds): readonly Figure[] {
  const rates = rounds.map((times) => (times.length / ROUND_MS) * 1_000);
  return [
    over(what, "/s", rates),
    over("  p50", "ms", rounds.map(median)),
    over(
      "  p99",
      "ms",
      rounds.map((times) => quantile(times, 0.99)),
    ),
  ];
}

type Door = { readonly url: string; readonly secret: string };

/** The door as Nova builds it, with nobody at work behind it: turns would take the same processor. */
async function atTheDoor<T>(database: Database, use: (door: Door) => Promise<T>): Promise<T> {
  const stores = await openStores(database, { clock: systemClock, log: silentLog, cap: null });
  const redeem = createRedeem({ ...stores, clock: systemClock, log: silentLog });
  const host: AdapterHost = {
    ...REST_OF_HOST,
    accept: (inbound) => accept(inbound, { ...stores, log: silentLog, redeem }, { stop: () => undefined }),
    people: stores.people,
    endpoints: stores.endpoints,
    transcript: stores.transcript,
    progress: createProgressBus(() => undefined),
    agentName: (id) => id,
    clock: systemClock,
    log: silentLog,
    publicUrl: () => "http://127.0.0.1",
  };
  const definitions = await loadAdapters(join(import.meta.dirname, "../../adapters"), ["webhook"]);
  const channels = createChannels(definitions, {}, host);
  const server = createHttpServer({ host: "127.0.0.1", port: 0, routes: channels.routes, health: [], log: silentLog });
  const { url } = await server.start();
  try {
    const person = await stores.people.owner("Owner");
    const name = `bench-${Date.now()}`;
    const wanted = { name, preset: "standard", origin: "person", agent: null, person, project: null } as const;
    const { secret } = await stores.endpoints.add(wanted);
    return await use({ url: `${url}/hooks/${name}`, secret });
  } finally {
    await server.stop();
    await channels.stop();
    await stores.queue.stop(0);
  }
}
