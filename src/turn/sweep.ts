/** Now and then: wakes what has work and no call, whatever became of the call, and clears old things away. Run by worker.ts. */
import type { Crew } from "./crew.ts";
import type { Timekeeper } from "./schedule/timekeeper.ts";

export interface Sweep {
  /** Sweeps once, and from then on again and again. */
  start(): Promise<void>;
  stop(): void;
}

const CLEAN_EVERY_MS = 24 * 60 * 60_000;

type SweepCrew = Pick<Crew, "turns" | "outbox" | "watch" | "queue" | "cleaning" | "clock" | "log">;

/** `timekeeper`: does what comes due; absent: nothing does, here. */
export function createSweep(crew: SweepCrew, everyMs: number, timekeeper?: Pick<Timekeeper, "sweep">): Sweep {
  let timer: NodeJS.Timeout | undefined;
  let stopped = false;
  let cleanedAt = -Infinity;

  const clean = async (): Promise<void> => {
    const now = crew.clock.now();
    if (now.getTime() - cleanedAt < CLEAN_EVERY_MS) return;
    cleanedAt = now.getTime();
    const removed = await crew.cleaning.clean(now);
    crew.log.info("sweep.cleaned", removed);
  };

  /** Never throws: a database that is away now is asked again the next time. */
  const sweep = async (): Promise<void> => {
    try {
      await rouse(crew);
      await clean();
      await timekeeper?.sweep();
      crew.log.debug("sweep.done");
    } catch (error) {
      if (!stopped) crew.log.error("sweep.failed", error);
    }
    plan();
  };

  const plan = (): void => {
    if (stopped) return;
    timer = setTimeout(() => void sweep(), everyMs);
    timer.unref();
  };

  return {
    async start() {
      await rouse(crew);
      try {
        await timekeeper?.sweep();
      } catch (error) {
        crew.log.error("sweep.failed", error);
      }
      plan();
    },
    stop() {
      stopped = true;
      clearTimeout(timer);
    },
  };
}

async function rouse({ turns, outbox, watch, queue, log }: SweepCrew): Promise<void> {
  const asleep = await queue.rouse("turn", await turns.unfinished());
  const unsent = await queue.rouse("deliver", await outbox.unsent());
  const due = await queue.rouse("effect", await watch.due());
  if (asleep.length + unsent.length + due.length === 0) return;
  log.info("sweep.woken", { turns: asleep.length, deliveries: unsent.length, effects: due.length });
}
