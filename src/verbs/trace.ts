/** `nova trace`: what happened in a turn, as a tree, or which turns there were lately. */
import { z } from "zod";
import { NovaError, turnId } from "#core";
import { type TraceOutput, output } from "./trace-output.ts";
import { drawRecent, drawTrace } from "./trace-tree.ts";
import { defineVerb } from "./verb.ts";
import { AS_OPTION, operationsOf, who } from "./who.ts";

export const trace = defineVerb({
  name: "trace",
  summary: "Show what happened in a turn",
  forms: [
    {
      path: "trace",
      summary: "Show what happened in a turn, step by step; without a turn, list the latest ones",
      arguments: [["[turn]", "a turn's id, for instance t12, or `last`"]],
      options: [[...AS_OPTION]],
      examples: ["nova trace", "nova trace last", "nova trace t12 --json"],
      input: ([turn], { as }) => ({ turn, as }),
    },
  ],
  input: z.object({
    turn: z
      .string()
      .regex(/^(last|t?\d{1,18})$/i, "a turn's id looks like t12")
      .optional(),
    as: z.string().optional(),
  }),
  output,
  async run({ turn, as }, parts): Promise<TraceOutput> {
    const operations = operationsOf(parts, await who(parts, as));
    if (turn === undefined) return { recent: [...(await operations.recent(15))] };
    const id = turn === "last" ? (await operations.recent(1))[0]?.turn : turnId(turn.replace(/^t/i, ""));
    const found = id === undefined ? undefined : await operations.turn(id);
    if (!found) {
      throw new NovaError("not_found", turn === "last" ? "There are no turns yet." : `There is no turn ${turn}.`, {
        advice: "`nova trace` lists the latest ones.",
      });
    }
    const otelTrace = parts.traceOf(found.summary.turn);
    return { summary: found.summary, events: [...found.events], ...(otelTrace !== undefined && { otelTrace }) };
  },
  words: (result, ink) => ("recent" in result ? drawRecent(result, ink) : drawTrace(result, ink)),
});
