/** Carries out `change_schedule`: another time, other words, a pause or its end, of one schedule. Opened by performing.ts. */
import { z } from "zod";
import {
  clip,
  freeName,
  NovaError,
  scheduleId,
  sentenceFor,
  tellRule,
  tellHeld,
  tellSkipped,
  tellTime,
  whenIn,
  whenJson,
  zoneOf,
  type Effect,
  type People,
  type Performed,
  type Performer,
  type Person,
  type Rhythm,
  type Schedule,
  type ScheduleRevision,
  type Schedules,
  type When,
} from "#core";

export type ChangeScheduleDeps = {
  readonly schedules: Pick<Schedules, "list" | "change" | "revise" | "rhythm">;
  readonly people: Pick<People, "all">;
};

const stored = z.object({
  id: z.string(),
  name: z.string(),
  change: z.enum(["pause", "resume", "time", "words", "snooze"]),
  was: z.string(),
  /** What `whenJson` wrote: the new time, or until when it is put off. */
  when: z.unknown(),
  words: z.string().nullable(),
  own: z.boolean(),
});
type Change = z.infer<typeof stored>;

const LONGEST_NAME = 60;

export function createChangeSchedule(deps: ChangeScheduleDeps): Performer {
  const { schedules } = deps;
  return {
    verb: "change_schedule",
    async perform(effect, _key, _signal, { taints, shared }): Promise<Performed> {
      const change = stored.parse(effect.args);
      const person = await personOf(effect, deps);
      if (!person) return gone(change);
      const wording = taints.length > 0 ? "outside" : change.own ? "person" : "agent";
      try {
        const changed = await carryOut(change, { person, wording }, schedules);
        return changed
          ? { kind: "done", told: told(change, changed, await tellable(person, shared, schedules)) }
          : gone(change);
      } catch (error) {
        if (!(error instanceof NovaError) || error.code !== "bad_input") throw error;
        return { kind: "failed", code: error.code, told: sentenceFor(error) };
      }
    },
    async reconcile(effect, _key, _signal, { shared }) {
      const change = stored.parse(effect.args);
      const person = await personOf(effect, deps);
      // Also what has been said since: it was changed, and that was its end.
      const all = person ? await schedules.list(person, { all: true }) : [];
      const known = all.find(({ id }) => id === change.id);
      if (!person || !known || !isSo(change, known)) return { kind: "absent" };
      return { kind: "done", told: told(change, known, await tellable(person, shared, schedules)) };
    },
  };
}

const personOf = async ({ tenant, person }: Effect, { people }: ChangeScheduleDeps): Promise<Person | undefined> =>
  (await people.all(tenant)).find(({ id }) => id === person);

const gone = ({ name }: Change): Performed => ({
  kind: "failed",
  code: "gone",
  told: `There is no “${name}” any more, so nothing was changed.`,
});

type Whose = { readonly person: Person; readonly wording: Schedule["wording"] };

async function carryOut(
  change: Change,
  { person, wording }: Whose,
  schedules: ChangeScheduleDeps["schedules"],
): Promise<Schedule | undefined> {
  const id = scheduleId(change.id);
  switch (change.change) {
    case "pause":
      return schedules.change(id, person, "paused");
    case "resume":
      return schedules.change(id, person, "active");
    case "time":
      return schedules.revise(id, person, { when: whenIn(change.when).when });
    case "snooze":
      return schedules.revise(id, person, { notBefore: untilOf(change) });
    case "words": {
      const words = change.words ?? "";
      const named = renamed(change, words, await schedules.list(person));
      return schedules.revise(id, person, { words, wording, ...named });
    }
  }
}

/** What was called by its words is called by the new ones. */
function renamed({ id, name, was }: Change, words: string, all: readonly Schedule[]): Pick<ScheduleRevision, "name"> {
  if (clip(was, LONGEST_NAME).toLowerCase() !== name.toLowerCase()) return {};
  const taken = all.filter((each) => each.id !== id).map((each) => each.name);
  return { name: freeName(words, taken) };
}

/** A little before, as what comes then does come. */
const untilOf = ({ when }: Change): Date => {
  const read = whenIn(when).when;
  return new Date((read.kind === "at" ? read.at.getTime() : 0) - 1);
};

function isSo(change: Change, { state, because, words, when, nextAt }: Schedule): boolean {
  switch (change.change) {
    case "pause":
      return state === "paused";
    case "resume":
      // What was paused comes to its own end only when it went on before.
      return state === "active" || (state === "done" && because === null);
    case "words":
      return words === change.words;
    case "time": {
      const read = whenIn(change.when);
      return JSON.stringify(whenJson(when, read.zone)) === JSON.stringify(whenJson(read.when, read.zone));
    }
    case "snooze":
      return nextAt !== null && nextAt > untilOf(change);
  }
}

/** Without the quiet hours, where others read along. */
async function tellable(
  person: Person,
  shared: boolean,
  schedules: Pick<ChangeScheduleDeps["schedules"], "rhythm">,
): Promise<Rhythm> {
  const rhythm = await schedules.rhythm(person.id);
  return shared ? { ...rhythm, quiet: null } : rhythm;
}

function told({ change, name, was, when: wanted }: Change, schedule: Schedule, rhythm: Rhythm): string {
  const { when, words, nextAt, state } = schedule;
  const { zone } = rhythm;
  const quiet = tellHeld(schedule, rhythm);
  const waits = quiet === "" ? "" : `; ${quiet}`;
  const next = nextAt ? ` It comes next on ${tellTime(nextAt, zoneOf(when, zone))}${waits}.` : "";
  const held = state === "paused" ? " It is paused, as before." : "";
  switch (change) {
    case "pause":
      return `“${name}” is paused, and says nothing until it is resumed.`;
    case "resume":
      return `“${name}” goes on.${next}`;
    case "words":
      return `“${name}” says “${words}” from now on.${held}`;
    case "time":
      return `“${name}” is moved: ${timeWords(when, zone)}.${skippedWords(wanted)} Before: ${was}.${when.kind === "at" ? "" : next}${held}`;
    case "snooze":
      return `“${name}” is put off.${next}`;
  }
}

function skippedWords(when: unknown): string {
  const words = tellSkipped(whenIn(when).skipped);
  return words === "" ? "" : ` ${words}`;
}

const timeWords = (when: When, zone: string): string =>
  when.kind === "at" ? tellTime(when.at, zone) : `${tellRule(when, zone)} (${zoneOf(when, zone)})`;
