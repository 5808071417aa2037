/** Fills a tool's arguments from what stands in the message, literally; what does not stand there is asked for. */
import { z } from "zod";
import { STOP_WORDS, stem, words, type ToolDefinition } from "#core";
import { numeral } from "../texts/numerals.ts";

export type Filled =
  | { readonly kind: "filled"; readonly args: Readonly<Record<string, unknown>> }
  | { readonly kind: "missing"; readonly field: string; readonly description: string };

/** The parts of JSON Schema that tools use for their fields. */
const fieldSchema = z.object({
  type: z.string().optional(),
  enum: z.array(z.union([z.string(), z.number()])).optional(),
  pattern: z.string().optional(),
  format: z.string().optional(),
  minimum: z.number().optional(),
  maximum: z.number().optional(),
  maxLength: z.number().optional(),
  description: z.string().default(""),
});
type Field = z.infer<typeof fieldSchema>;

const objectSchema = z.object({
  properties: z.record(z.string(), fieldSchema).default({}),
  required: z.array(z.string()).default([]),
});

/** What may be filled in: a tool's arguments or an effect's. */
export type Fillable = Pick<ToolDefinition, "name" | "input">;

/** `literally`: nothing that has to be guessed, so that a free text has to stand in quotes, and there is one at most. */
export function fillArguments(tool: Fillable, message: string, how?: "literally"): Filled {
  const { properties, required } = objectSchema.parse(z.toJSONSchema(tool.input, { io: "input" }));
  const args: Record<string, unknown> = {};
  const free = Object.entries(properties).filter(([name, field]) => required.includes(name) && isFree(field));
  for (const [name, field] of Object.entries(properties)) {
    const needed = required.includes(name);
    const value = needed
      ? (stated(name, field, message) ??
        (how === undefined ? phrase(tool, field, message) : free.length === 1 ? quotedIn(field, message) : undefined))
      : surely(name, field, message);
    if (value !== undefined) args[name] = value;
    else if (needed) return { kind: "missing", field: name, description: field.description };
  }
  const parsed = tool.input.safeParse(args);
  if (parsed.success) return { kind: "filled", args };
  const name = String(parsed.error.issues[0]?.path[0] ?? "");
  return { kind: "missing", field: name, description: properties[name]?.description ?? "" };
}

/** An optional argument that the tool reads from the message itself is left to the tool. */
function surely(name: string, field: Field, message: string): unknown {
  if (/\bread\b/i.test(field.description)) return undefined;
  if (field.type === "boolean") return words(message).map(stem).includes(stem(name.toLowerCase())) ? true : undefined;
  if (isNumber(field)) return numberFor(name, field, message);
  return field.type === "string" && !field.enum && !field.pattern && !field.format
    ? undefined
    : stated(name, field, message);
}

/** What a field's own schema lets one recognise: a listed value, a pattern, a date, a number. */
function stated(name: string, field: Field, message: string): unknown {
  if (field.enum) return listed(field.enum, message);
  if (isNumber(field)) return numberFor(name, field, message) ?? onlyNumber(field, message);
  if (field.pattern) return matching(field.pattern, message);
  if (field.format === "date") return /\b\d{4}-\d{2}-\d{2}\b/.exec(message)?.[0];
  if (field.format === "date-time") return /\b\d{4}-\d{2}-\d{2}T[\d:.]+(?:Z|[-+]\d{2}:\d{2})/.exec(message)?.[0];
  return undefined;
}

/** The longest listed value that stands in the message, also in the plural, or as "slow" for `slowest`. */
function listed(values: readonly (string | number)[], message: string): unknown {
  const said = ` ${words(message).join(" ")} `;
  const stands = (value: string) => {
    const form = words(value).join(" ");
    return [form, `${form}s`, form.replace(/e?st$/, "")].some((word) => word.length > 2 && said.includes(` ${word} `));
  };
  return values.filter((value) => stands(String(value))).toSorted((a, b) => String(b).length - String(a).length)[0];
}

function matching(pattern: string, message: string): string | undefined {
  const whole = new RegExp(pattern, "iu");
  const tokens = message.split(/[\s,;()[\]"“”]+/).map((token) => token.replace(/[.?!:]+$/, ""));
  const fitting = tokens.filter((token) => token !== "" && whole.test(token));
  // An id with its letter is surer than a bare number.
  return fitting.find((token) => /\p{L}/u.test(token)) ?? fitting[0];
}

/** A number beside the field's name, a span of time in the field's unit, or "the last five" for a limit. */
function numberFor(name: string, field: Field, message: string): number | undefined {
  const said = withDigits(message);
  const label = words(name.replace(/([A-Z])/g, " $1")).join("|");
  const beside = new RegExp(String.raw`\b(\d+)\s+(?:${label})|\b(?:${label})\w*\s*(?:=|:|is|of|to)?\s*(\d+)`, "i").exec(
    said,
  );
  const limit = /^(?:limit|count|n|max|top|last|number)$/i.test(name) ? LIMIT.exec(said) : null;
  const found = beside?.[1] ?? beside?.[2] ?? limit?.[1] ?? limit?.[2];
  if (found !== undefined) return within(field, Number(found));
  const span = spanIn(name, said);
  return span === undefined ? undefined : within(field, Math.min(span, field.maximum ?? span));
}

const LIMIT =
  /\b(?:last|latest|recent|newest|top|first|past|up to)\s+(\d+)\b(?!\s*(?:minute|hour|day|week|month))|\b(\d+)\s+(?:last|most recent|\p{L}{2,}est)\b/iu;

const HOURS: Readonly<Record<string, number>> = { minute: 1 / 60, hour: 1, day: 24, week: 168, month: 720 };

/** "this week" and "the last 3 days" as a number of the unit that the field is named after. */
function spanIn(name: string, said: string): number | undefined {
  const unit = HOURS[name.toLowerCase().replace(/s$/, "")];
  const span = /\b(?:last|past|this|previous|in)\s+(\d+\s+)?(minute|hour|day|week|month)s?\b/i.exec(said);
  const hours = span && (HOURS[span[2]?.toLowerCase() ?? ""] ?? 0) * Number(span[1] ?? 1);
  return unit && hours ? Math.ceil(hours / unit) : undefined;
}

/** "ten" as "10". */
const withDigits = (message: string): string =>
  message.replace(/\b(?:two|three|four|five|six|seven|eight|nine|ten|eleven|twelve)\b/gi, (word) =>
    String(numeral(word)),
  );

/** When a message holds one number only, it is the one that is needed. */
function onlyNumber(field: Field, message: string): number | undefined {
  const found = [...message.matchAll(/(?<![\w.-])-?\d+(?:\.\d+)?(?![\w-]|\.\d)/g)].map(([number]) => Number(number));
  return found.length === 1 ? within(field, found[0] ?? Number.NaN) : undefined;
}

function within({ type, minimum = -Infinity, maximum = Infinity }: Field, value: number): number | undefined {
  const fits = value >= minimum && value <= maximum && (type !== "integer" || Number.isInteger(value));
  return fits ? value : undefined;
}

/** A free text is what stands in quotes, else the whole message, if it says more than the tool's own name does. */
function phrase(tool: Fillable, field: Field, message: string): string | undefined {
  if (!isFree(field)) return undefined;
  const text = quotedIn(field, message) ?? message.trim();
  if (text.length > (field.maxLength ?? Infinity)) return undefined;
  const known = new Set(words(`${tool.name.replaceAll("_", " ")} ${LEADS}`).map(stem));
  const says = words(text).filter((word) => !STOP_WORDS.has(word) && !known.has(stem(word)));
  return says.length > 0 ? text : undefined;
}

const isFree = ({ type, enum: listedValues, pattern, format }: Field): boolean =>
  type === "string" && !listedValues && !pattern && !format;

const quotedIn = (field: Field, message: string): string | undefined =>
  isFree(field) ? /["“]([^"”]{2,})["”]/.exec(message)?.[1]?.trim() : undefined;

const LEADS =
  "please search find look show tell give list get check note notes memory something anything calculate compute work figure number add sum help want need know";

const isNumber = ({ type }: Field): boolean => type === "number" || type === "integer";
