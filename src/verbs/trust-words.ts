/** What `nova trust` returns, and how that reads. Used by trust.ts. */
import { z } from "zod";
import { TRUSTS } from "#core";
import { columns, counted, indent, minute, oneLine, percent } from "./layout.ts";
import type { Ink } from "./verb.ts";

const level = z.enum(TRUSTS);
const count = z.int().min(0);

const row = z.object({
  agent: z.string(),
  verb: z.string(),
  /** Null: wherever nothing is set for the project. */
  project: z.string().nullable(),
  /** What counts; null where its file grants the verb no more, so that nothing counts. */
  trust: level.nullable(),
  start: level.nullable(),
  ceiling: level.nullable(),
  set: z.object({ trust: level, by: z.string(), at: z.coerce.date(), why: z.string().nullable() }).nullable(),
  /** What is counted came after this, the last time that it was set or reset; null: all of it. */
  since: z.coerce.date().nullable(),
  decisions: count,
  /** Approved as proposed. */
  unedited: count,
  edited: count,
  denied: count,
  /** Done without a person. */
  alone: count,
  incidents: count,
  medianMs: z.number().nullable(),
  suggestion: z
    .object({ kind: z.enum(["raise", "lower"]), to: level, barred: z.boolean(), why: z.string() })
    .nullable(),
});
export type TrustRow = z.infer<typeof row>;

const what = {
  agent: z.string(),
  verb: z.string(),
  project: z.string().nullable(),
  before: level.nullable(),
};
const changed = {
  ...what,
  /** Projects that something else is set for. */
  elsewhere: z.array(z.object({ project: z.string(), trust: level })),
};

/** What would be changed. `trust`: what would count then; null where its file grants the verb no more. */
export const looked = z.object({ did: z.literal("look"), ...what, trust: level.nullable(), raises: z.boolean() });

export const output = z.discriminatedUnion("did", [
  z.object({ did: z.literal("list"), rows: z.array(row) }),
  looked,
  z.object({ did: z.literal("set"), ...changed, trust: level }),
  /** `trust`: what counts now; null where its file grants the verb no more. */
  z.object({ did: z.literal("reset"), ...changed, trust: level.nullable() }),
  z.object({
    did: z.literal("history"),
    settings: z.array(
      z.object({
        agent: z.string(),
        verb: z.string(),
        project: z.string().nullable(),
        /** Null: it was taken back. */
        trust: level.nullable(),
        why: z.string().nullable(),
        by: z.string(),
        at: z.coerce.date(),
      }),
    ),
  }),
]);
export type TrustOutput = z.infer<typeof output>;

export function drawTrust(result: TrustOutput, ink: Ink): string {
  switch (result.did) {
    case "list":
      return drawList(result.rows, ink);
    case "look":
      return drawLook(result, ink);
    case "set":
      return drawSet(result, ink);
    case "reset":
      return drawReset(result, ink);
    case "history":
      return drawHistory(result.settings, ink);
  }
}

const MEANINGS: Readonly<Record<z.infer<typeof level>, string>> = {
  T0: "proposes nothing",
  T1: "proposes nothing, and reads",
  T2: "drafts, and nothing comes of it",
  T3: "proposes, and a person decides",
  T4: "does alone what can be undone, and tells",
};

type Of<Did extends TrustOutput["did"]> = Extract<TrustOutput, { did: Did }>;

function drawLook({ agent, verb, project, before, trust }: Of<"look">, ink: Ink): string {
  const where = project === null ? "" : ` in the project ${project}`;
  const to = trust === null ? "its file grants it no more" : `at ${ink.bold(trust)} it ${MEANINGS[trust]}`;
  return `${ink.bold(agent)} is at ${before ?? "none"} for \`${verb}\`${where}; ${to}.`;
}

function drawSet({ agent, verb, project, before, trust, elsewhere }: Of<"set">, ink: Ink): string {
  const where = project === null ? "" : ` in the project ${project}`;
  const said =
    before === trust
      ? `${ink.bold(agent)} stays at ${trust} for \`${verb}\`${where}; what came before counts no more towards suggestions.`
      : `${ink.bold(agent)} is at ${ink.bold(trust)} for \`${verb}\`${where}, before at ${before}: it ${MEANINGS[trust]}.`;
  const waiting =
    before === "T4" || before === "T3"
      ? ["What waits, and what was approved and is not begun, is held to it, too."]
      : [];
  return [said, ...(before === trust ? [] : waiting), ...setElsewhere(elsewhere)].join("\n");
}

function drawReset({ agent, verb, project, trust, elsewhere }: Of<"reset">, ink: Ink): string {
  const where = project === null ? "" : ` in the project ${project}`;
  const now =
    trust === null ? "its file grants it no more" : `it is at ${ink.bold(trust)} again: it ${MEANINGS[trust]}`;
  return [
    `What was set for ${ink.bold(agent)} and \`${verb}\`${where} is taken back; ${now}.`,
    ...setElsewhere(elsewhere),
  ].join("\n");
}

const setElsewhere = (elsewhere: Of<"set">["elsewhere"]): readonly string[] =>
  elsewhere.length === 0
    ? []
    : [`What is set for projects stands: ${elsewhere.map(({ project, trust }) => `${project} ${trust}`).join(", ")}.`];

function drawList(rows: readonly TrustRow[], ink: Ink): string {
  if (rows.length === 0) return "No agent may change anything.";
  const table = columns([
    ["agent", "verb", "where", "trust", "start", "ceiling", "decided", "as proposed", "median", "alone", "incidents"],
    ...rows.map((each) => [
      each.agent,
      each.verb,
      each.project ?? "everywhere",
      each.trust ?? "no more",
      each.start ?? "-",
      each.ceiling ?? "-",
      String(each.decisions),
      each.decisions === 0 ? "-" : percent(each.unedited / each.decisions),
      each.medianMs === null ? "-" : duration(each.medianMs),
      String(each.alone),
      String(each.incidents),
    ]),
  ]);
  const [head = "", ...lines] = table;
  const notes = rows.flatMap((each) => suggested(each, ink));
  return [
    ink.dim(head),
    ...lines,
    ...(notes.length === 0 ? [] : ["", ink.bold("Suggestions, which nobody but you carries out"), ...notes]),
  ].join("\n");
}

function suggested({ agent, verb, project, suggestion, trust }: TrustRow, ink: Ink): readonly string[] {
  if (!suggestion) return [];
  const { kind, to, barred, why } = suggestion;
  const where = project === null ? "" : ` --project ${JSON.stringify(project)}`;
  const how = barred
    ? `Its file's ceiling is ${trust}: there \`ceiling: ${to}\` would let you raise it.`
    : `nova trust set ${agent} ${verb} ${to}${where}`;
  return [`${ink.cyan(`${agent} ${verb}`)}: ${kind} it to ${to}? ${why}`, indent(how)];
}

function drawHistory(settings: Of<"history">["settings"], ink: Ink): string {
  if (settings.length === 0) return "Nothing was ever set: every agent's file holds.";
  const [head = "", ...lines] = columns([
    ["when (UTC)", "agent", "verb", "where", "trust", "by", "why"],
    ...settings.map((each) => [
      minute(each.at),
      each.agent,
      each.verb,
      each.project ?? "everywhere",
      each.trust ?? "taken back",
      each.by,
      each.why === null ? "-" : oneLine(each.why, 80),
    ]),
  ]);
  return [ink.dim(head), ...lines].join("\n");
}

/** To the unit that matters: decisions take seconds or days. */
function duration(ms: number): string {
  if (ms < 60_000) return `${Math.round(ms / 1_000)} s`;
  if (ms < 3_600_000) return `${Math.round(ms / 60_000)} min`;
  return ms < 172_800_000 ? `${Math.round(ms / 3_600_000)} h` : counted(Math.round(ms / 86_400_000), "day");
}
