/** Section (d): how long a route takes among thirty-four agents. No database is asked. */
import { openOnCall } from "../../src/service/on-call.ts";
import { median, one, quantile, type Figure } from "./figures.ts";
import { AGENTS, openRoster, questions } from "./roster.ts";

/** So that learning is measured, too. */
const NO_CACHE = { read: async () => undefined, write: async () => undefined };
const WARM_UP = 200;
const ASKED = 2_000;

export async function measureRoute(): Promise<readonly Figure[]> {
  const roster = await openRoster();
  try {
    const began = performance.now();
    const agents = await openOnCall(roster.agents, NO_CACHE);
    const router = agents.routerWith(undefined);
    const opened = performance.now() - began;
    if (agents.roster.all().length !== AGENTS) throw new Error(`there are ${agents.roster.all().length} agents`);
    const lines = questions(WARM_UP + ASKED);
    const times: number[] = [];
    for (const [i, words] of lines.entries()) {
      const asked = performance.now();
      const ask = { words, person: { role: "owner" }, origin: "owner", pinned: null, last: null, history: [] } as const;
      await router.route(ask, AbortSignal.timeout(10_000));
      if (i >= WARM_UP) times.push(performance.now() - asked);
    }
    return [
      one(`route among ${AGENTS} agents, p50`, "ms", median(times), "≤ 1"),
      one(`route among ${AGENTS} agents, p95`, "ms", quantile(times, 0.95)),
      one(`${AGENTS} agents read, learned and judged`, "ms", opened),
    ];
  } finally {
    await roster.close();
  }
}
