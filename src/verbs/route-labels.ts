/** `nova route labels`: what a person said about whom their words are for, and taking that back. Used by route.ts. */
import { z } from "zod";
import { LABEL_SOURCES, labelId, NovaError, type Person, type RouteLabels } from "#core";
import { columns, counted, minute, oneLine } from "./layout.ts";
import type { Ink } from "./verb.ts";

export const labelled = z.object({
  labels: z.array(
    z.object({
      id: z.string(),
      at: z.coerce.date(),
      words: z.string(),
      wanted: z.string(),
      given: z.string().nullable(),
      source: z.enum(LABEL_SOURCES),
      turn: z.string(),
    }),
  ),
  /** The label that was taken back. */
  removed: z.string().optional(),
});
export type Labelled = z.infer<typeof labelled>;

const MOST = 200;
const SHOWN_WORDS = 60;

export async function labelsOf(
  labels: Pick<RouteLabels, "list" | "remove">,
  person: Person,
  remove: string | undefined,
): Promise<Labelled> {
  if (remove !== undefined && !(await labels.remove(person, labelId(remove)))) {
    throw new NovaError("not_found", `There is no correction ${remove} of ${person.name}'s.`, {
      advice: "`nova route labels` lists them with their numbers.",
    });
  }
  const left = await labels.list(person, MOST);
  return { labels: left.map((label) => ({ ...label })), ...(remove !== undefined && { removed: remove }) };
}

const SOURCES: Readonly<Record<(typeof LABEL_SOURCES)[number], string>> = {
  wrong_agent: "“Wrong agent”",
  clarified: "chosen when asked",
  command: "/wrong",
};

export function drawnLabels({ labels, removed }: Labelled, ink: Ink): string {
  const taken =
    removed === undefined
      ? []
      : [`Taken back: correction ${removed}. What was learned of it goes with the next reload or start.`];
  if (labels.length === 0) return [...taken, "Nothing was corrected: every route is the router's own."].join("\n");
  const rows = labels.map(({ id, at, words, wanted, given, source }) => [
    id,
    minute(at),
    given === null ? wanted : `${wanted}, not ${given}`,
    SOURCES[source],
    oneLine(words, SHOWN_WORDS),
  ]);
  return [...taken, ink.dim(counted(labels.length, "correction")), ...columns(rows)].join("\n");
}
