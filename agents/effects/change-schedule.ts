/** Changes one of the person's own reminders or schedules: its time or its words, or it pauses, goes on, or is put off. */
import { z } from "zod";
import {
  defineEffect,
  isAskedTooOften,
  projectId,
  tellTime,
  tellRule,
  whenIn,
  zoneOf,
  type BindContext,
  type Bound,
  type CardLine,
  type JsonObject,
  type Schedule,
} from "#core";
import { shownWhen, skippedLines, titledWhen } from "./times/bind-when.ts";
import { bindMove, bindSnooze, type Moved } from "./times/bind-move.ts";
import { saysItself } from "./words/says-itself.ts";
import { scheduleNamed } from "./words/schedule-named.ts";

const CHANGES = ["pause", "resume", "time", "words", "snooze"] as const;

export default defineEffect({
  verb: "change_schedule",
  description: "Changes one of the person's own reminders or schedules: its time or words, or it pauses or goes on.",
  examples: [
    "move the cat reminder to 16:00",
    "change the reminder about Ann to tomorrow at 10",
    "pause the reminder to stretch",
    "snooze the reminder about the oven for an hour",
  ],
  input: z.object({
    name: z
      .string()
      .trim()
      .max(200)
      .describe("Its name, or words that stand in it, as the person wrote them. Empty: they named none."),
    change: z
      .enum(CHANGES)
      .describe(
        "`time`: it comes at another time. `words`: it says something else. `snooze`: it comes later this once.",
      ),
    to: z
      .string()
      .trim()
      .max(2_000)
      .describe(
        "The words for the new time, the new words, or for how long or until when it is put off, as the person wrote them.",
      ),
  }),
  stakes: "S1",
  undo: "Change it again in the same way; /schedules lists all.",
  async bind({ name, change, to }, context): Promise<Bound> {
    const found = scheduleNamed(name, await context.agenda.list());
    if (found.kind !== "one") return found;
    const { schedule } = found;
    const made = await changeOf(schedule, { change, to }, context);
    if (made.kind !== "made") return made;
    const { id, project } = schedule;
    const args = { ...NOTHING, ...made.args, id, name: schedule.name, projectId: project };
    return { kind: "bound", args, destinations: [], named: [name === "" ? schedule.name : name, schedule.name] };
  },
  existing: true,
  lands(args) {
    const { projectId: id } = placed.parse(args);
    return { project: id === null ? null : projectId(id) };
  },
  title(args) {
    const { name, change, when } = stored.parse(args);
    switch (change) {
      case "pause":
        return `Pause ${name}`;
      case "resume":
        return `Let ${name} go on`;
      case "words":
        return `Change what ${name} says`;
      case "time":
        return `Move ${name}: ${titledWhen(when)}`;
      case "snooze":
        return `Put ${name} off until ${shownWhen(when)}`;
    }
  },
  card(args: JsonObject): readonly CardLine[] {
    const { name, change, was, when, words, own } = stored.parse(args);
    return [
      { label: "Name", value: name },
      ...(words === null ? [] : [{ label: "Says", value: words, whole: true }]),
      ...(when === null ? [] : [{ label: change === "snooze" ? "Not before" : "When", value: shownWhen(when) }]),
      ...(when === null ? [] : skippedLines(when)),
      { label: "Before", value: was },
      ...(own ? [] : [{ label: "Whose words", value: "not word for word yours" }]),
    ];
  },
});

const NOTHING = { when: null, words: null, own: true };

type Made = { readonly kind: "made"; readonly args: JsonObject } | Exclude<Bound, { kind: "bound" }>;
type Wish = { readonly change: (typeof CHANGES)[number]; readonly to: string };

async function changeOf(schedule: Schedule, { change, to }: Wish, context: BindContext): Promise<Made> {
  const { state, name, words, does } = schedule;
  switch (change) {
    case "pause":
      if (state === "paused") return refused(`“${name}” is paused already.`);
      return { kind: "made", args: { change, was: "active" } };
    case "resume":
      if (state !== "paused") return refused(`“${name}” is not paused.`);
      return { kind: "made", args: { change, was: "paused" } };
    case "words":
      if (to === "") return { kind: "unclear", question: `What shall “${name}” say?`, options: [] };
      if (to === words) return refused(`“${name}” says just that already.`);
      if (does === "ask" && to.startsWith("/")) return refused("A schedule gives no commands.");
      return {
        kind: "made",
        args: { change, words: to, was: words, own: does === "remind" || saysItself(to, context) },
      };
    case "time":
      return timed(schedule, await bindMove(schedule, to, context), context);
    case "snooze":
      if (state === "paused") return refused(`“${name}” is paused, so that it says nothing anyway.`);
      return timed(schedule, await bindSnooze(schedule, to, context), context);
  }
}

function timed({ when, nextAt, does }: Schedule, moved: Moved, { timeZone: zone, ask }: BindContext): Made {
  if (moved.kind === "unclear" || moved.kind === "refused") return moved;
  if (moved.kind === "time" && does === "ask" && isAskedTooOften(whenIn(moved.when).when, ask.now))
    return refused("Nova is not asked more often than every 5 minutes, so nothing was changed. Choose a longer span.");
  const rule = when.kind === "at" ? tellTime(when.at, zone) : `${tellRule(when, zone)} (${zoneOf(when, zone)})`;
  const was = moved.kind === "snooze" && nextAt ? `next on ${tellTime(nextAt, zone)}` : rule;
  if (moved.kind === "time" && shownWhen(moved.when) === shownAlready(when, zone))
    return refused(`It comes just then already: ${rule}.`);
  return { kind: "made", args: { change: moved.kind, when: moved.when, was } };
}

const shownAlready = (when: Schedule["when"], zone: string): string =>
  when.kind === "at" ? tellTime(when.at, zone) : `${tellRule(when, zone)} (${zoneOf(when, zone)})`;

const refused = (reason: string): Made => ({ kind: "refused", reason });

const stored = z.object({
  name: z.string(),
  change: z.enum(CHANGES),
  was: z.string(),
  when: z.unknown().transform((when) => (when === null ? null : (whenIn(when), when))),
  words: z.string().nullable(),
  own: z.boolean(),
});
const placed = z.object({ projectId: z.string().nullable() });
