/** The one form of an effect and its digest: what was shown, what was decided on and what is done are the same. Used by policy.ts. */
import { createHash } from "node:crypto";
import serialize from "canonicalize";
import { z } from "zod";
import { wellFormed, type Canonical, type Effect, type Json, type JsonObject } from "#core";

/** More than this is no effect, but a document; nobody can decide on it from a card. */
const MOST_CHARACTERS = 40_000;
const MOST_DEPTH = 8;

const id = z.string().min(1).max(100);
const effectSchema = z.strictObject({
  verb: z.string().regex(/^[a-z][a-z0-9_]{0,62}$/),
  args: z.record(z.string(), z.unknown()),
  tenant: id,
  person: id,
  project: id.nullable(),
  branch: id.nullable(),
});

/** Strings in Unicode's composed form, every value one that JSON and a database keep as it is; all else is refused. */
export function canonical(effect: Effect): Canonical {
  if (!effectSchema.safeParse(effect).success) return refused("It is not an effect.");
  const args = plainObject(effect.args, 0);
  if (args === undefined) return refused("It holds something that cannot be stored as it is.");
  const { verb, tenant, person, project, branch } = effect;
  const one: Effect = { verb, args, tenant, person, project, branch };
  const text = serialize(one);
  if (text === undefined) return refused("It cannot be written down in one certain form.");
  if (text.length > MOST_CHARACTERS) {
    return refused(`It is longer than ${MOST_CHARACTERS.toLocaleString("en")} characters; make it shorter.`);
  }
  return { kind: "canonical", effect: one, digest: createHash("sha256").update(text, "utf8").digest("hex") };
}

/** Undefined for what is not plain JSON. */
function plain(value: unknown, depth: number): Json | undefined {
  if (value === null || typeof value === "boolean") return value;
  // Of -0 a database keeps 0.
  if (typeof value === "number") return Number.isFinite(value) ? value + 0 : undefined;
  if (typeof value === "string") return plainString(value);
  if (depth >= MOST_DEPTH || typeof value !== "object") return undefined;
  if (!Array.isArray(value)) return plainObject(value, depth);
  const items = Array.from(value, (item: unknown) => plain(item, depth + 1));
  return items.every((item) => item !== undefined) ? items : undefined;
}

function plainObject(value: object, depth: number): JsonObject | undefined {
  const prototype: unknown = Object.getPrototypeOf(value);
  if (prototype !== Object.prototype && prototype !== null) return undefined;
  const fields: [string, Json][] = [];
  for (const [key, field] of Object.entries(value)) {
    const name = plainString(key);
    const read: Json | undefined = plain(field, depth + 1);
    if (name === undefined || name === "__proto__" || read === undefined) return undefined;
    fields.push([name, read]);
  }
  // Two names may become one.
  return new Set(fields.map(([name]) => name)).size === fields.length ? Object.fromEntries(fields) : undefined;
}

/** What no database keeps, a zero character or half of one, is refused rather than mended: something else would be stored. */
const plainString = (text: string): string | undefined =>
  wellFormed(text) === text ? text.normalize("NFC") : undefined;

const refused = (reason: string): Canonical => ({ kind: "refused", reason });
