/** Reads an agent's file: the front matter between the `---` lines, strictly, and the prompt below it. */
import { isAlias, isScalar, parseDocument, visit, type Document } from "yaml";
import { z } from "zod";
import { agentFrontMatter, type AgentFrontMatter } from "#core";
import { suggest, type Problem } from "./problem.ts";

/** In fewer characters nobody has said what an agent is to do and to leave. */
const LEAST_PROMPT = 200;

export type ReadAgent =
  | { readonly kind: "read"; readonly front: AgentFrontMatter; readonly prompt: string }
  | { readonly kind: "refused"; readonly problems: readonly Problem[] };

export function readAgent(text: string, file: string): ReadAgent {
  const parts = /^---\r?\n([\s\S]*?)\r?\n---[ \t]*(?:\r?\n([\s\S]*))?$/.exec(text.replace(/^\uFEFF/, ""));
  if (!parts) return refused(file, "no front matter", "Begin the file with a line `---`, the fields, and `---` again.");

  const source = parts[1] ?? "";
  const document = parseDocument(source);
  const broken = document.errors[0];
  // The reader counts from the front matter's first line, people from the file's.
  const line = (broken?.linePos?.[0].line ?? 0) + 1;
  if (broken) return refused(file, `line ${line} is not YAML (${broken.code})`, "Mend the front matter at that line.");

  const cut = cutIn(document, source);
  if (cut.length > 0) return { kind: "refused", problems: cut.map((at) => cutAt(at, file)) };

  const [alias] = aliasesIn(document, source);
  if (alias !== undefined) return { kind: "refused", problems: [aliasAt(alias, file)] };

  const parsed = agentFrontMatter.safeParse(document.toJS() ?? {});
  if (!parsed.success) {
    // A misspelt field is also a missing one; the misspelling is what the reader can mend.
    const unknown = (issue: z.core.$ZodIssue) => (issue.code === "unrecognized_keys" ? 0 : 1);
    const issues = parsed.error.issues.toSorted((a, b) => unknown(a) - unknown(b));
    return { kind: "refused", problems: issues.map((issue) => problemOf(issue, file)) };
  }

  const prompt = (parts[2] ?? "").trim();
  if (prompt === "")
    return refused(file, "the prompt is empty", "Write what the agent is to do below the front matter.");
  if (prompt.length < LEAST_PROMPT) {
    const what = `the prompt has ${prompt.length} characters, and ${LEAST_PROMPT} are the least`;
    return refused(file, what, "Say what the agent does, how it answers, and what it leaves to others.");
  }
  return { kind: "read", front: parsed.data, prompt };
}

/** Lines of the file on which text without quotes ends at a `#`: the rest would be left out, and nobody told. */
function cutIn(document: Document, source: string): readonly number[] {
  const lines: number[] = [];
  visit(document, (_key, node) => {
    if (!isScalar(node) || node.type !== "PLAIN" || !node.range) return;
    const [start, end] = node.range;
    const isCut = typeof node.value === "string" && end > start && /^[ \t]+#/.test(source.slice(end));
    const isGone = node.value === null && source[end] === "#";
    if (isCut || isGone) lines.push(source.slice(0, end).split("\n").length + 1);
  });
  return lines;
}

/** Lines of the file on which text without quotes begins with a `*`, which YAML reads as the name of another place. */
function aliasesIn(document: Document, source: string): readonly number[] {
  const lines: number[] = [];
  visit(document, (_key, node) => {
    if (isAlias(node)) lines.push(source.slice(0, node.range?.[0] ?? 0).split("\n").length + 1);
  });
  return lines;
}

const aliasAt = (line: number, file: string): Problem => ({
  file,
  key: "",
  what: `line ${line}: the text begins with \`*\`, by which YAML means another place of the file`,
  advice: "Put the text in quotes.",
});

const cutAt = (line: number, file: string): Problem => ({
  file,
  key: "",
  what: `line ${line}: the text ends at its \`#\`, where YAML begins a comment`,
  advice: "Put the text in quotes if the rest belongs to it, and a comment on a line of its own.",
});

function problemOf(issue: z.core.$ZodIssue, file: string): Problem {
  const key = pathOf(issue.path);
  if (issue.code === "unrecognized_keys") {
    const wrong = issue.keys[0] ?? "";
    const path = key === "" ? wrong : `${key}.${wrong}`;
    return { file, key: path, what: "is not a field of an agent", advice: suggest(wrong, fieldsAt(issue.path)) };
  }
  if (issue.code === "invalid_value") {
    return { file, key, what: issue.message, advice: `Use one of: ${issue.values.map(String).join(", ")}.` };
  }
  if (issue.code === "invalid_type" && issue.message.endsWith("received undefined")) {
    return { file, key, what: "is missing", advice: `Add \`${key}\` to the front matter.` };
  }
  return { file, key, what: issue.message, advice: "Correct this field; src/core/agent.ts describes it." };
}

/** The fields known at a place of the front matter, for the guess at what a wrong one meant. */
function fieldsAt(path: readonly PropertyKey[]): readonly string[] {
  let schema: unknown = agentFrontMatter;
  for (const step of path) {
    schema = inner(schema);
    if (schema instanceof z.ZodArray) schema = schema.element;
    else if (schema instanceof z.ZodObject) schema = schema.shape[String(step)];
  }
  const place = inner(schema);
  return place instanceof z.ZodObject ? Object.keys(place.shape) : [];
}

function inner(schema: unknown): unknown {
  return schema instanceof z.ZodDefault || schema instanceof z.ZodPrefault ? inner(schema.unwrap()) : schema;
}

function pathOf(path: readonly PropertyKey[]): string {
  return path
    .map((step) => (typeof step === "number" ? `[${step}]` : `.${String(step)}`))
    .join("")
    .replace(/^\./, "");
}

function refused(file: string, what: string, advice: string): ReadAgent {
  return { kind: "refused", problems: [{ file, key: "", what, advice }] };
}
