/** Carry out `set_reminder`, `set_schedule` and `remove_schedule`: one key makes one schedule. Opened by performing.ts. */
import { z } from "zod";
import {
  freeName,
  nextOf,
  NovaError,
  scheduleId,
  sentenceFor,
  tellHeld,
  tellSkipped,
  tellTime,
  tellWhen,
  whenIn,
  type Clock,
  type Effect,
  type Grounds,
  type People,
  type Performed,
  type Performer,
  type Person,
  type Schedule,
  type Schedules,
} from "#core";

export type SetScheduleDeps = {
  readonly schedules: Schedules;
  readonly people: Pick<People, "all">;
  readonly clock: Clock;
};

const reminder = z.object({
  text: z.string(),
  when: z.unknown(),
  urgent: z.boolean(),
  wordsOf: z.string().optional(),
});
const schedule = z.object({
  name: z.string(),
  does: z.enum(["ask", "remind"]),
  words: z.string(),
  when: z.unknown(),
  urgent: z.boolean(),
  own: z.boolean(),
  wordsOf: z.string().optional(),
});
const named = z.object({ id: z.string(), name: z.string() });

type Wanted = Pick<Schedule, "name" | "does" | "words" | "urgent"> & {
  readonly when: unknown;
  /** The words are the person's. */
  readonly own: boolean;
  /** Who else put it so before it was approved. */
  readonly wordsOf?: string | undefined;
};

export const createSetReminder = (deps: SetScheduleDeps): Performer =>
  setting("set_reminder", deps, (args) => {
    const { text, when, urgent, wordsOf } = reminder.parse(args);
    return { name: text, does: "remind", words: text, when, urgent, own: true, wordsOf };
  });

export const createSetSchedule = (deps: SetScheduleDeps): Performer =>
  setting("set_schedule", deps, (args) => schedule.parse(args));

function setting(verb: string, deps: SetScheduleDeps, read: (args: Effect["args"]) => Wanted): Performer {
  const { schedules, clock } = deps;
  const perform = async (
    effect: Effect,
    key: string,
    _signal: AbortSignal,
    { taints, shared }: Grounds,
  ): Promise<Performed> => {
    const person = await personOf(effect, deps);
    if (!person) return GONE;
    const known = await schedules.keyed(key, person);
    const { when, name, own, wordsOf, ...wanted } = read(effect.args);
    const { when: time, skipped } = whenIn(when);
    if (known) return { kind: "done", told: await told(known, skipped, { ...deps, person, shared }) };
    if (nextOf(time, clock.now()) === null)
      return { kind: "failed", code: "over", told: "That time is over by now, so nothing was set. Name another one." };
    const taken = (await schedules.list(person)).map((each) => each.name);
    try {
      const { project } = effect;
      const made = await schedules.add({
        ...wanted,
        // What it says then is heard from Nova; a question of another's is put to agents, who do nothing for it alone.
        wording: taints.length > 0 || (wordsOf && wanted.does === "remind") ? "outside" : own ? "person" : "agent",
        person,
        project,
        name: freeName(name, taken),
        when: time,
        address: null,
        key,
      });
      return { kind: "done", told: await told(made, skipped, { ...deps, person, shared }) };
    } catch (error) {
      if (!(error instanceof NovaError) || error.code !== "bad_input") throw error;
      return { kind: "failed", code: error.code, told: sentenceFor(error) };
    }
  };
  return {
    verb,
    perform,
    async reconcile(effect, key, _signal, { shared }) {
      const person = await personOf(effect, deps);
      const known = person && (await schedules.keyed(key, person));
      if (!person || !known) return { kind: "absent" };
      const { skipped } = whenIn(read(effect.args).when);
      return { kind: "done", told: await told(known, skipped, { ...deps, person, shared }) };
    },
  };
}

export function createRemoveSchedule(deps: SetScheduleDeps): Performer {
  const perform = async (effect: Effect): Promise<Performed> => {
    const { id, name } = named.parse(effect.args);
    const person = await personOf(effect, deps);
    if (!person) return GONE;
    const removed = await deps.schedules.change(scheduleId(id), person, "removed");
    return removed ? isRemoved(name) : { kind: "failed", code: "gone", told: `There is no “${name}” any more.` };
  };
  return {
    verb: "remove_schedule",
    perform,
    async reconcile(effect) {
      const { id, name } = named.parse(effect.args);
      const person = await personOf(effect, deps);
      const all = person ? await deps.schedules.list(person, { all: true }) : [];
      return all.some((each) => each.id === id && each.because === "removed") ? isRemoved(name) : { kind: "absent" };
    },
  };
}

const isRemoved = (name: string): Performed => ({ kind: "done", told: `“${name}” is removed.` });

const GONE: Performed = { kind: "failed", code: "gone", told: "Nobody is there any more for whom this would be set." };

const personOf = async ({ tenant, person }: Effect, { people }: SetScheduleDeps): Promise<Person | undefined> =>
  (await people.all(tenant)).find(({ id }) => id === person);

/** The words, and the absolute time with weekday and zone. */
async function told(
  schedule: Schedule,
  skipped: string | undefined,
  { schedules, clock, person, shared }: SetScheduleDeps & Pick<Grounds, "shared"> & { readonly person: Person },
): Promise<string> {
  const { name, does, words, when, nextAt } = schedule;
  const rhythm = await schedules.rhythm(person.id);
  const { zone, own } = rhythm;
  // When somebody sleeps is for nobody else to read.
  const quiet = shared ? "" : tellHeld(schedule, rhythm);
  const held = quiet === "" ? "" : `; ${quiet}`;
  const time = when.kind === "at" ? tellTime(when.at, zone) : tellWhen(when, { zone, now: clock.now() });
  const what = does === "ask" ? `Schedule set: I ask “${words}” in your name` : `Reminder set: ${words}`;
  const guessed = own ? "" : ` ${zone} is this machine's time zone; /timezone sets yours.`;
  const over = nextAt === null && when.kind !== "at" ? " It is not active." : "";
  const clocks = skipped === undefined ? "" : ` ${tellSkipped(skipped)}`;
  const known = name === words ? "" : ` It is called “${name}”.`;
  return `${what}, ${time}${held}.${clocks}${over}${guessed}${known}`;
}
