/** `nova signals`: where answers were weak lately, as codes, newest first. */
import { z } from "zod";
import { SIGNALS, watchOf } from "#core";
import { columns, minute } from "./layout.ts";
import { defineVerb, type Ink } from "./verb.ts";
import { AS_OPTION, who } from "./who.ts";

const MOST = 500;
const USUAL = 30;

const WHOLE = `\`--limit\` must be a whole number from 1 to ${MOST}`;
const limit = z.coerce.number(WHOLE).int(WHOLE).min(1, WHOLE).max(MOST, WHOLE);

const output = z.object({
  signals: z.array(
    z.object({
      turn: z.string(),
      at: z.coerce.date(),
      kind: z.enum(SIGNALS),
      agent: z.string().nullable(),
      code: z.string(),
      outcome: z.string().nullable(),
    }),
  ),
});
type Output = z.infer<typeof output>;

export const signals = defineVerb({
  name: "signals",
  summary: "List where answers were weak lately",
  forms: [
    {
      path: "signals",
      summary: "List where answers were weak lately: without ground, corrected, for want of a tool, refused",
      options: [["--limit <count>", `how many, at most ${MOST} (default: ${USUAL})`], [...AS_OPTION]],
      examples: ["nova signals", "nova signals --limit 100 --json"],
      input: (_, { limit, as }) => ({ limit, as }),
    },
  ],
  input: z.object({ limit: limit.default(USUAL), as: z.string().optional() }),
  output,
  async run({ limit, as }, parts): Promise<Output> {
    const found = await parts.signals.list(watchOf(await who(parts, as)), limit);
    return { signals: [...found] };
  },
  words: drawn,
});

function drawn(found: Output, ink: Ink): string {
  if (found.signals.length === 0) return "No answer was weak in the turns that are kept.";
  const rows = found.signals.map(({ turn, at, kind, agent, code, outcome }) => [
    ink.cyan(`t${turn}`),
    minute(at),
    agent ?? "nova",
    KINDS[kind],
    outcome === null ? code : `${code}: ${outcome}`,
  ]);
  return [columns(rows).join("\n"), "", ink.dim("`nova trace <turn>` shows what happened in one of them.")].join("\n");
}

const KINDS: Readonly<Record<(typeof SIGNALS)[number], string>> = {
  breach: "without ground",
  correction: "corrected",
  missing_tool: "missing",
  refused: "refused",
};
