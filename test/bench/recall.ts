/** Section (c): how long recall takes among few notes and many, all of one person. */
import { systemClock, wholeOf, type NewMemory } from "#core";
import { createLexicon } from "../../src/memory/lexicon.ts";
import { createMemoryWriter } from "../../src/postgres/memory/writer.ts";
import { openStores } from "../../src/service/stores.ts";
import { HERE_AND_NOWHERE, noteAt, questionAt } from "./notes.ts";
import { silentLog } from "../support/log.ts";
import type { Engine } from "./engine.ts";
import { median, one, quantile, type Figure } from "./figures.ts";

const SIZES = [1_000, 10_000] as const;
const LARGE = 100_000;
const AIMS: Readonly<Record<number, string>> = { 1_000: "p95 ≤ 10 ms", [LARGE]: "p95 ≤ 150 ms" };
const BATCH = 500;
const WARM_UP = 20;
const ASKED = 100;

/** `full` adds the largest size; keeping so many notes, each by the product's own write path, takes minutes. */
export async function measureRecall(engine: Engine, full: boolean): Promise<readonly Figure[]> {
  const database = await engine.database();
  try {
    const stores = await openStores(database, { clock: systemClock, log: silentLog, cap: null });
    try {
      const person = await stores.people.owner("Owner");
      const writer = createMemoryWriter(createLexicon());
      const scope = { ...wholeOf(person), ...HERE_AND_NOWHERE };
      const recall = stores.memory.as(person, { ...HERE_AND_NOWHERE, shared: false });
      const figures: Figure[] = [];
      let kept = 0;
      for (const size of full ? [...SIZES, LARGE] : SIZES) {
        const began = performance.now();
        const first = kept;
        while (kept < size) {
          const items: NewMemory[] = Array.from({ length: Math.min(BATCH, size - kept) }, (_, i) => noteAt(kept + i));
          await database.within(scope, (tx) => writer.keep(tx, scope, items));
          kept += items.length;
        }
        const rate = ((kept - first) / (performance.now() - began)) * 1_000;
        await database.upkeep();
        if (database.engine === "server") await database.pool.query("vacuum (analyze)");
        const times: number[] = [];
        for (let i = 0; i < WARM_UP + ASKED; i += 1) {
          const asked = performance.now();
          const { items } = await recall.recall({ query: questionAt(i * 37, size), budgetTokens: 800 });
          if (i >= WARM_UP) times.push(performance.now() - asked);
          // Finding nothing would be quickest.
          if (items.length === 0) throw new Error(`nothing was found for question ${i} among ${size} notes`);
        }
        figures.push(
          one(`notes kept, up to ${size}`, "/s", rate),
          one(`recall among ${size} notes, p50`, "ms", median(times)),
          one(`recall among ${size} notes, p95`, "ms", quantile(times, 0.95), AIMS[size]),
        );
      }
      return figures;
    } finally {
      await stores.queue.stop(0);
    }
  } finally {
    await database.close();
  }
}
