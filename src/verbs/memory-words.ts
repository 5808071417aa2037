/** What `nova memory` returns, and how that reads. */
import { z } from "zod";
import { MEMORY_KINDS } from "#core";
import { counted, indent, minute, oneLine, percent } from "./layout.ts";
import type { Ink } from "./verb.ts";

const item = z.object({
  id: z.string(),
  kind: z.enum(MEMORY_KINDS),
  text: z.string(),
  author: z.string(),
  trust: z.string(),
  at: z.coerce.date(),
  person: z.string().nullable(),
});
const recalled = item.extend({
  score: z.number(),
  why: z.object({
    lex: z.number(),
    subject: z.number(),
    time: z.number(),
    length: z.number(),
    penalty: z.number(),
  }),
  matched: z.array(z.string()),
  cut: z.boolean(),
});
/** The fields of core's `Recalled`. */
export const kept = z.object({
  items: z.array(recalled),
  tokens: z.number(),
  confidence: z.number(),
  verdict: z.enum(["answer", "weak", "none"]),
  readings: z.array(z.object({ word: z.string(), as: z.string() })).optional(),
  otherwise: z.object({ asked: z.string(), found: z.string().nullable() }).optional(),
});

export const output = z.discriminatedUnion("did", [
  z.object({ did: z.literal("add"), id: z.string(), kept: z.enum(["new", "seen", "forgotten"]) }),
  kept.extend({ did: z.literal("search"), explain: z.boolean() }),
  z.object({ did: z.literal("list"), items: z.array(item) }),
  z.object({ did: z.literal("show"), item }),
  z.object({ did: z.literal("forget"), id: z.string() }),
]);
export type MemoryOutput = z.infer<typeof output>;
type Item = z.infer<typeof item>;

export function drawMemory(result: MemoryOutput, ink: Ink): string {
  switch (result.did) {
    case "add":
      return ADDED[result.kept](ink.cyan(`m${result.id}`));
    case "search":
      return drawSearch(result, ink);
    case "list":
      if (result.items.length === 0) return 'Nothing is kept yet. `nova memory add "…"` keeps a note.';
      return result.items.map((each) => `${head(each, ink)}\n${indent(oneLine(each.text, 110))}`).join("\n");
    case "show":
      return `${head(result.item, ink)}\n\n${result.item.text}`;
    case "forget":
      return `Forgotten: ${ink.cyan(`m${result.id}`)}, and what was made from it.`;
  }
}

const ADDED: Readonly<Record<"new" | "seen" | "forgotten", (id: string) => string>> = {
  new: (id) => `Kept as ${id}.`,
  seen: (id) => `Already kept as ${id}.`,
  forgotten: () => "Not kept: the same words were forgotten before. Say it in other words to keep it again.",
};

type Found = Extract<MemoryOutput, { did: "search" }>;

function drawSearch(result: Found, ink: Ink): string {
  const found = `${counted(result.items.length, "item")}, ${counted(result.tokens, "token")}`;
  const sure = `${percent(result.confidence)} sure`;
  const verdict = { answer: ink.green("answer"), weak: ink.yellow("weak"), none: ink.dim("nothing relevant") };
  const items = result.items.map((each) =>
    [
      `${head(each, ink)}${ink.dim(` · score ${each.score.toFixed(2)}`)}`,
      indent(each.cut ? `${each.text}…` : each.text),
      ...(result.explain ? [indent(ink.dim(reasons(each)))] : []),
    ].join("\n"),
  );
  const notes = [otherwise(result), readings(result)].filter((note) => note !== "").map((note) => ink.dim(note));
  return [[`${verdict[result.verdict]} · ${sure} · ${found}`, ...notes].join("\n"), ...items].join("\n\n");
}

/** Whom it was found for, when that is not the one asked about. */
function otherwise({ otherwise: told }: Found): string {
  if (!told) return "";
  return told.found === null ? `not found for ${told.asked}` : `found for ${told.found}, not for ${told.asked}`;
}

/** What was read for what. */
const readings = ({ readings: read = [] }: Found): string =>
  read.map(({ word, as }) => `"${word}" was read as "${as}"`).join(", ");

function reasons({ matched, why }: z.infer<typeof recalled>): string {
  const parts = Object.entries(why).map(([name, value]) => `${name} ${value.toFixed(2)}`);
  return `matched: ${matched.join(", ") || "only its context"}\n${parts.join(" · ")}`;
}

function head({ id, kind, author, at }: Item, ink: Ink): string {
  return `${ink.cyan(`m${id}`)} ${ink.dim(`${kind} · ${author} · ${minute(at)}`)}`;
}
