/** What `nova schedules` returns, and how that reads. Used by schedules.ts. */
import { z } from "zod";
import { tellQuiet, tellSkipped, tellTime } from "#core";
import { columns, counted, oneLine } from "./layout.ts";
import type { Ink } from "./verb.ts";

const schedule = z.object({
  id: z.string(),
  name: z.string(),
  does: z.enum(["remind", "ask"]),
  words: z.string(),
  /** The rule in words. */
  when: z.string(),
  /** In which the times are told. */
  zone: z.string(),
  urgent: z.boolean(),
  state: z.enum(["active", "paused", "done"]),
  because: z.enum(["removed", "blocked", "guest"]).nullable(),
  nextAt: z.coerce.date().nullable(),
  failures: z.number(),
});
type Shown = z.infer<typeof schedule>;

const quiet = z.object({ from: z.number(), to: z.number() }).nullable();

const run = z.object({
  dueAt: z.coerce.date(),
  startedAt: z.coerce.date(),
  outcome: z.enum(["said", "asked", "quiet", "missed", "failed"]),
  code: z.string().nullable(),
  turn: z.string().nullable(),
});

export const output = z.discriminatedUnion("did", [
  z.object({
    did: z.literal("list"),
    person: z.string(),
    zone: z.string(),
    /** False: nobody set it; it is this machine's. */
    zoneIsOwn: z.boolean(),
    quiet,
    schedules: z.array(schedule),
  }),
  z.object({
    did: z.literal("add"),
    schedule,
    zoneIsOwn: z.boolean(),
    /** The time of day that was meant, where the clocks skip it on that day. */
    skipped: z.string().nullable(),
  }),
  z.object({ did: z.enum(["pause", "resume", "remove"]), schedule }),
  z.object({ did: z.literal("runs"), schedule, runs: z.array(run) }),
]);
export type SchedulesOutput = z.infer<typeof output>;

const NAME = 40;
const WORDS = 60;

export function drawSchedules(result: SchedulesOutput, ink: Ink): string {
  switch (result.did) {
    case "list":
      return drawList(result, ink);
    case "add": {
      const { schedule: added } = result;
      const zone = result.zoneIsOwn
        ? ""
        : ` ${added.zone} is this machine's zone; \`/timezone\` in a chat sets another.`;
      const clocks = result.skipped === null ? "" : ` ${tellSkipped(result.skipped)}`;
      const what = added.does === "ask" ? "will be asked" : "will be said";
      return `${ink.bold(added.name)} ${what} ${nextOf(added)}.${clocks}${zone}`;
    }
    case "pause":
      return `${ink.bold(result.schedule.name)} is paused.`;
    case "resume":
      return `${ink.bold(result.schedule.name)} goes on, ${nextOf(result.schedule)}.`;
    case "remove":
      return `${ink.bold(result.schedule.name)} is removed.`;
    case "runs":
      return drawRuns(result, ink);
  }
}

function drawList(result: Extract<SchedulesOutput, { did: "list" }>, ink: Ink): string {
  const { schedules, zone, zoneIsOwn: own } = result;
  const rhythm = `Times are told in ${zone}${own ? "" : ", the zone of this machine"}. Quiet hours: ${tellQuiet({ zone, own, quiet: result.quiet })}.`;
  if (schedules.length === 0)
    return `${result.person} has no reminders or schedules. \`nova schedules add --help\` shows how one is set.\n${ink.dim(rhythm)}`;
  const rows = schedules.map((each) => [
    each.does,
    oneLine(each.name, NAME),
    nextOf(each),
    each.words === each.name ? "" : oneLine(each.words, WORDS),
  ]);
  return [...columns(rows), "", ink.dim(rhythm)].join("\n");
}

function nextOf({ state, because, nextAt, when, zone, failures }: Shown): string {
  const failing = failures === 0 ? "" : ` (failed ${counted(failures, "time")} in a row)`;
  if (state !== "active" || nextAt === null) return `${state}${because === null ? "" : ` (${because})`}`;
  const rule = when.startsWith("once on ") ? "" : `${when}, next `;
  return `${rule}on ${tellTime(nextAt, zone)}${failing}`;
}

function drawRuns({ schedule: of, runs }: Extract<SchedulesOutput, { did: "runs" }>, ink: Ink): string {
  if (runs.length === 0) return `${ink.bold(of.name)} was not due yet.`;
  const rows = runs.map(({ dueAt, outcome, code, turn }) => [
    tellTime(dueAt, of.zone),
    outcome === "failed" ? ink.red(outcome) : outcome,
    code ?? "",
    turn === null ? "" : `t${turn}`,
  ]);
  return [`${ink.bold(of.name)}: ${of.when}`, ...columns(rows)].join("\n");
}
