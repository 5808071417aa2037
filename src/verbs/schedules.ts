/** `nova schedules`: a person's reminders and schedules, what became of each time, and the verbs that change them. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import {
  clip,
  freeName,
  NovaError,
  readWhen,
  scheduleMeant,
  tellRule,
  type Person,
  type Rhythm,
  type Schedule,
  type ScheduleRun,
} from "#core";
import { drawSchedules, output, type SchedulesOutput } from "./schedules-words.ts";
import { defineVerb, type VerbParts } from "./verb.ts";
import { AS_OPTION, who } from "./who.ts";

const as = z.string().trim().min(1).max(80).optional();
const name = z.string().trim().min(1, "a name is needed").max(200, "the name is too long");

const input = z.discriminatedUnion("do", [
  z.object({ do: z.literal("list"), all: z.boolean().default(false), as }),
  z.object({
    do: z.literal("add"),
    words: z.string().trim().min(1, "words are needed").max(2_000, "the words are too long"),
    when: z.string("say when with --when").trim().min(1, "say when with --when").max(200, "the time is too long"),
    name: name.optional(),
    ask: z.boolean().default(false),
    urgent: z.boolean().default(false),
    as,
  }),
  z.object({ do: z.enum(["pause", "resume", "remove"]), name, as }),
  z.object({ do: z.literal("runs"), name, limit: z.coerce.number().int().min(1).max(500).default(20), as }),
]);

const NAME = ["<name...>", "its name, or words that stand in it"] as const;
const AS = [...AS_OPTION] as const;

export const schedules = defineVerb({
  name: "schedules",
  summary: "List, add, pause and remove reminders and schedules, and see what became of each time",
  forms: [
    {
      path: "schedules list",
      summary: "List reminders and schedules with when they come next",
      isDefault: true,
      options: [["--all", "also those that are done or removed"], AS],
      examples: ["nova schedules", "nova schedules list --all --json"],
      input: (_given, options) => ({ do: "list", ...options }),
    },
    {
      path: "schedules add",
      summary: "Remind of something at a time, or with --ask have Nova answer it then",
      arguments: [["<words...>", "what to be reminded of, or what to ask"]],
      options: [
        ["--when <words>", "“tomorrow at 9”, “every weekday at 8:30”, or a cron line"],
        ["--name <name>", "a short name for it (default: its words)"],
        ["--ask", "Nova works on the words in the person's name and sends the answer"],
        ["--urgent", "also in quiet hours"],
        AS,
      ],
      examples: [
        'nova schedules add call Ann --when "tomorrow at 9"',
        'nova schedules add "what is open in the printer project?" --ask --when "every Monday at 8" --name printer',
      ],
      input: ([words], options) => ({ do: "add", words, ...options }),
    },
    {
      path: "schedules pause",
      summary: "Hold one; what comes due meanwhile is left out",
      arguments: [NAME],
      options: [AS],
      examples: ["nova schedules pause printer"],
      input: ([given], options) => ({ do: "pause", name: given, ...options }),
    },
    {
      path: "schedules resume",
      summary: "Let a paused one go on from now",
      arguments: [NAME],
      options: [AS],
      examples: ["nova schedules resume printer"],
      input: ([given], options) => ({ do: "resume", name: given, ...options }),
    },
    {
      path: "schedules remove",
      summary: "Remove one; what became of it so far is kept",
      arguments: [NAME],
      options: [AS],
      examples: ["nova schedules remove printer"],
      input: ([given], options) => ({ do: "remove", name: given, ...options }),
    },
    {
      path: "schedules runs",
      summary: "Tell what became of each time that one was due, the newest first",
      arguments: [NAME],
      options: [["--limit <count>", "how many (default: 20)"], AS],
      examples: ["nova schedules runs printer", "nova schedules runs printer --json"],
      input: ([given], options) => ({ do: "runs", name: given, ...options }),
    },
  ],
  input,
  output,
  async run(asked, parts): Promise<SchedulesOutput> {
    const person = await who(parts, asked.as);
    const rhythm = await parts.schedules.rhythm(person.id);
    switch (asked.do) {
      case "list": {
        const all = await parts.schedules.list(person, { all: asked.all });
        return {
          did: "list",
          person: person.name,
          ...shownRhythm(rhythm),
          schedules: all.map((each) => shown(each, rhythm)),
        };
      }
      case "add": {
        const { made, skipped } = await add(asked, { person, rhythm, parts });
        return { did: "add", schedule: shown(made, rhythm), zoneIsOwn: rhythm.own, skipped };
      }
      case "runs": {
        const meant = await find(asked.name, person, { parts, all: true });
        const runs = await parts.schedules.runs(meant.id, person, asked.limit);
        return { did: "runs", schedule: shown(meant, rhythm), runs: runs.map(shownRun) };
      }
      case "pause":
      case "resume":
      case "remove": {
        const to = { pause: "paused", resume: "active", remove: "removed" } as const;
        const meant = await find(asked.name, person, { parts, all: false });
        const changed = (await parts.schedules.change(meant.id, person, to[asked.do])) ?? meant;
        return { did: asked.do, schedule: shown(changed, rhythm) };
      }
    }
  },
  words: drawSchedules,
});

type Adding = Extract<z.infer<typeof input>, { do: "add" }>;
type Given = { readonly person: Person; readonly rhythm: Rhythm; readonly parts: VerbParts };

async function add(
  { words, when, name: called, ask, urgent }: Adding,
  { person, rhythm, parts }: Given,
): Promise<{ readonly made: Schedule; readonly skipped: string | null }> {
  const read = await readWhen(when, { zone: rhythm.zone, now: parts.clock.now() });
  if (read.kind === "unclear")
    throw new NovaError("bad_input", `“${when}” leaves something open. ${read.question}`, {
      advice: read.options.length === 0 ? "" : `For instance ${read.options.map((each) => `“${each}”`).join(" or ")}.`,
    });
  if (read.kind === "none")
    throw new NovaError("bad_input", `“${when}” is no time that Nova understands.`, {
      advice: "Write “tomorrow at 9”, “every weekday at 8:30”, “in 2 hours”, or a cron line such as “0 9 * * 1-5”.",
    });
  const taken = (await parts.schedules.list(person)).map((each) => each.name);
  const made = await parts.schedules.add({
    person,
    project: null,
    // A name that somebody chose is theirs to change; one that is made gives way.
    name: called ?? freeName(clip(words, 60), taken),
    does: ask ? "ask" : "remind",
    words,
    wording: "person",
    when: read.when,
    address: null,
    urgent,
    key: `verb:${randomUUID()}`,
  });
  return { made, skipped: read.skipped ?? null };
}

async function find(
  words: string,
  person: Person,
  { parts, all }: { readonly parts: VerbParts; readonly all: boolean },
): Promise<Schedule> {
  const known = await parts.schedules.list(person, { all });
  const meant = scheduleMeant(words, known);
  if (meant.kind === "one") return meant.schedule;
  const listed = (meant.kind === "several" ? meant.schedules : known).slice(0, 8).map((each) => `“${each.name}”`);
  const advice = listed.length === 0 ? "" : `There ${listed.length === 1 ? "is" : "are"} ${listed.join(", ")}.`;
  if (meant.kind === "several")
    throw new NovaError("bad_input", `“${words}” fits more than one schedule of ${person.name}.`, { advice });
  throw new NovaError("not_found", `${person.name} has no schedule called “${words}”.`, { advice });
}

const shownRhythm = ({ zone, own, quiet }: Rhythm) => ({ zone, zoneIsOwn: own, quiet });

const shown = (
  { id, name: called, does, words, when, urgent, state, because, nextAt, failures }: Schedule,
  { zone }: Rhythm,
) => ({
  id,
  name: called,
  does,
  words,
  when: tellRule(when, zone),
  zone: when.kind === "at" ? zone : (when.zone ?? zone),
  urgent,
  state,
  because,
  nextAt,
  failures,
});

const shownRun = ({ dueAt, startedAt, outcome, code, turn }: ScheduleRun) => ({
  dueAt,
  startedAt,
  outcome,
  code,
  turn,
});
