/** Does what comes due: reminds, asks in a person's name, and tells of what was missed or keeps failing. Run by worker.ts. */
import { isAway, type DueRun, type Inbound, type Receipt, type RunEnd, type RunNews, type ScheduleId } from "#core";
import type { Crew } from "../crew.ts";
import { againAt, decide } from "./due.ts";
import { failingWords, missedWords, reminderWords } from "./words.ts";
import { snoozeActions } from "./snooze.ts";

export interface Timekeeper {
  /** Answers wake-up calls from now on. */
  start(): Promise<void>;
  /** Finds what is due and has no call any more, and what people are to be told. */
  sweep(): Promise<void>;
  stop(): Promise<void>;
}

type TimekeeperCrew = Pick<Crew, "due" | "alarms" | "schedules" | "announcements" | "clock" | "log"> & {
  /** The ordinary door of messages. */
  accept(inbound: Inbound): Promise<Receipt>;
};

/** A schedule that was off for long has at most a few runs to catch up; more at once is nobody's wish. */
const MOST_AT_ONCE = 3;

export function createTimekeeper(crew: TimekeeperCrew): Timekeeper {
  const { due, alarms, clock, log } = crew;
  let stopped = false;

  const serve = async (schedule: ScheduleId): Promise<void> => {
    for (let times = 0; times < MOST_AT_ONCE && !stopped; times += 1) {
      const run = await due.claim(schedule, clock.now(), decide);
      if (!run) return;
      const end = again(run, await carryOut(run, crew), clock.now());
      await due.end(run, end);
      log.info("schedule.run", { schedule, outcome: end.outcome, code: end.code });
    }
  };

  return {
    start: () => alarms.serve(serve),

    async sweep() {
      for (const schedule of await due.due(clock.now())) {
        if (stopped) return;
        try {
          await serve(schedule);
        } catch (error) {
          if (isAway(error)) throw error;
          log.error("schedule.not_run", error, { schedule });
        }
      }
      await due.judge();
      await tellNews(crew, () => stopped);
    },

    async stop() {
      stopped = true;
      await alarms.hush();
    },
  };
}

/** The same for the same due time for ever: done twice it is one reminder, and one message. */
const keyOf = ({ schedule, dueAt }: DueRun): string => `schedule:${schedule.id}:${dueAt.getTime()}`;

/** Nothing was said to anybody, so that saying it later is not saying it twice. */
function again(run: DueRun, end: RunEnd, now: Date): RunEnd {
  const at = end.outcome === "failed" && end.code === UNREACHABLE ? againAt(run, now) : undefined;
  return at ? { ...end, again: at } : end;
}

const UNREACHABLE = "unreachable";

/** Throws when the database is away; the run is left open then, and done again by the same key. */
async function carryOut(run: DueRun, crew: TimekeeperCrew): Promise<RunEnd> {
  try {
    return run.schedule.does === "remind" ? await remind(run, crew) : await ask(run, crew);
  } catch (error) {
    if (isAway(error)) throw error;
    crew.log.error("schedule.failed", error, { schedule: run.schedule.id });
    return failed("internal");
  }
}

async function remind(run: DueRun, { announcements, schedules, clock }: TimekeeperCrew): Promise<RunEnd> {
  const { person, address } = run.schedule;
  const { zone } = await schedules.rhythm(person.id);
  const said = await announcements.say({
    key: keyOf(run),
    to: person,
    address,
    text: reminderWords(run, { zone, now: clock.now() }),
    actions: snoozeActions(run.id),
    agent: null,
    ...originOf([run]),
  });
  return said.kind === "unreachable" ? failed(UNREACHABLE) : { outcome: "said", code: null, message: said.message };
}

/** Whoever reads again what was said takes words for data that nobody vouches for. */
const originOf = (all: readonly Pick<DueRun, "schedule">[]): { readonly origin?: "outside" } =>
  all.some(({ schedule }) => schedule.wording === "outside") ? { origin: "outside" } : {};

/** The words come in in the person's name, under a key of the run, and as what they are: nobody is there who could order anything. */
async function ask(run: DueRun, { due, clock, ...crew }: TimekeeperCrew): Promise<RunEnd> {
  const { person, address, words, wording, project } = run.schedule;
  const place = await due.placeFor(person, address);
  if (!place) return failed(UNREACHABLE);
  const key = keyOf(run);
  const receipt = await crew.accept({
    deliveryKey: key,
    messageKey: key,
    ...place,
    text: words,
    scheduled: wording,
    sentAt: clock.now(),
    ...(project === null ? {} : { project }),
  });
  return receipt.kind === "accepted"
    ? { outcome: "asked", code: null, message: receipt.message }
    : failed(receipt.kind === "refused" ? receipt.code : receipt.kind);
}

const failed = (code: string): RunEnd => ({ outcome: "failed", code, message: null });

/** News for somebody who cannot be told anything. */
const KEPT_MS = 7 * 24 * 60 * 60_000;

/** All of it: what is kept for somebody who cannot be told keeps nobody else's from them. */
async function tellNews(crew: TimekeeperCrew, isStopped: () => boolean): Promise<void> {
  for (let page = await crew.due.news(null); page.length > 0 && !isStopped();) {
    await tellPage(page, crew);
    page = await crew.due.news(page.at(-1)?.run ?? null);
  }
}

/** Said first and noted afterwards, so that it is said again rather than never. */
async function tellPage(page: readonly RunNews[], crew: TimekeeperCrew): Promise<void> {
  for (const group of grouped(page)) {
    try {
      await tellGroup(group, crew);
    } catch (error) {
      // One that cannot be told keeps nobody else's from them, and is tried again.
      if (isAway(error)) throw error;
      crew.log.error("schedule.news_not_told", error, { schedule: group[0]?.schedule.id });
    }
  }
}

async function tellGroup(
  group: readonly RunNews[],
  { due, announcements, schedules, clock }: TimekeeperCrew,
): Promise<void> {
  const [first] = group;
  const last = group.at(-1);
  if (!first || !last) return;
  const { person } = first.schedule;
  const { zone } = await schedules.rhythm(person.id);
  const said = await announcements.say({
    key: `schedule:${first.news}:${last.run}`,
    to: person,
    address: null,
    text: first.news === "missed" ? missedWords(group, zone) : failingWords(first, zone),
    agent: null,
    ...originOf(group),
  });
  // Of what does not come again they hear as soon as there is somewhere to tell it.
  const isWaiting = group.some(
    ({ schedule, dueAt }) => schedule.when.kind === "at" && clock.now().getTime() - dueAt.getTime() < KEPT_MS,
  );
  if (said.kind !== "unreachable" || !isWaiting) await due.told(group);
}

/** All that one person missed is one message; each schedule that fails is one of its own. */
function grouped(news: readonly RunNews[]): readonly (readonly RunNews[])[] {
  const groups = Map.groupBy(news, (each) =>
    each.news === "missed" ? `missed ${each.schedule.person.id}` : `failing ${each.run}`,
  );
  return [...groups.values()];
}
