/** What an agent takes and gives, for `nova agents show`: its fields in plain words, and a call to copy. Pure. */
import { z } from "zod";
import type { AgentSpec } from "#core";
import { oneLine } from "./layout.ts";

/** The parts of JSON Schema that contracts use. */
const fieldSchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.unknown()).optional(),
  const: z.unknown().optional(),
  get items() {
    return fieldSchema.optional();
  },
  get anyOf() {
    return z.array(fieldSchema).optional();
  },
  get oneOf() {
    return z.array(fieldSchema).optional();
  },
  get properties() {
    return z.record(z.string(), fieldSchema).optional();
  },
  required: z.array(z.string()).default([]),
  maxLength: z.number().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  description: z.string().default(""),
});
type Field = z.infer<typeof fieldSchema>;

export type ShownField = {
  /** With dots in the fields of an object, `[]` behind a list. */
  readonly name: string;
  readonly type: string;
  readonly required: boolean;
  readonly what: string;
};

/** At any depth, as they stand; none for what is no object. */
export const fieldsOf = (schema: unknown): readonly ShownField[] => below(fieldSchema.parse(schema), "");

function below({ properties = {}, required }: Field, path: string): readonly ShownField[] {
  return Object.entries(properties).flatMap(([key, field]) => {
    const name = path === "" ? key : `${path}.${key}`;
    const inner = field.type === "array" ? below(field.items ?? EMPTY, `${name}[]`) : below(field, name);
    return [{ name, type: typeOf(field), required: required.includes(key), what: field.description }, ...inner];
  });
}

const EMPTY: Field = { required: [], description: "" };

function typeOf(field: Field): string {
  const { type, items, maxLength, minimum, maximum } = field;
  if (field.const !== undefined) return `always ${JSON.stringify(field.const)}`;
  if (field.enum) return `one of ${field.enum.map(String).join(", ")}`;
  const variants = field.anyOf ?? field.oneOf;
  if (variants) return [...new Set(variants.map(typeOf))].join(" or ");
  if (type === "array") return items ? `list of: ${typeOf(items)}` : "list";
  if (type === "string" && maxLength !== undefined) return `text, at most ${maxLength.toLocaleString("en")} characters`;
  const from = minimum === undefined || minimum === Number.MIN_SAFE_INTEGER ? "" : ` from ${minimum}`;
  const to = maximum === undefined || maximum === Number.MAX_SAFE_INTEGER ? "" : ` to ${maximum}`;
  return `${KINDS[type ?? ""] ?? type ?? "anything"}${from}${to}`;
}

const KINDS: Readonly<Record<string, string>> = {
  string: "text",
  number: "number",
  integer: "whole number",
  boolean: "true or false",
  object: "object",
  null: "nothing",
};

/** A call that can be pasted into a shell; `$TOKEN` is the endpoint's. */
export function callOf({ id, skills }: Pick<AgentSpec, "id" | "skills">, input: unknown, url: string): string {
  const example = oneLine(skills[0]?.examples[0] ?? "", 120);
  const body = JSON.stringify(sampleOf(fieldSchema.parse(input), example)).replaceAll("'", String.raw`'\''`);
  return [
    `curl -X POST ${url}/api/agents/${id} \\`,
    `  -H "authorization: Bearer $TOKEN" -H "content-type: application/json" \\`,
    `  -d '${body}'`,
  ].join("\n");
}

/** Only what is required; the agent's own example where words are wanted. */
function sampleOf(field: Field, example: string): unknown {
  if (field.const !== undefined) return field.const;
  if (field.enum) return field.enum[0];
  const [variant] = field.anyOf ?? field.oneOf ?? [];
  if (variant) return sampleOf(variant, example);
  switch (field.type) {
    case "object":
      return Object.fromEntries(
        field.required.map((key) => [key, sampleOf(field.properties?.[key] ?? EMPTY, wordsFor(key, example))]),
      );
    case "array":
      return [];
    case "boolean":
      return true;
    case "null":
      return null;
    case "number":
    case "integer":
      return Math.max(field.minimum ?? 1, Math.min(1, field.maximum ?? 1));
    case undefined:
    default:
      return example;
  }
}

/** An instruction comes without the text that it is about. */
function wordsFor(key: string, example: string): string {
  if (key === "instruction") return example.split(":", 1)[0] ?? example;
  return key === "text" ? "The ferry leaves at nine, and the shop opens at ten." : example;
}
