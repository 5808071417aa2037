/** What a model fills in of a tool or an effect: every field described, and none that would let it choose whose data is meant. */
import { z } from "zod";
import { isRecord } from "./file.ts";
import type { Problem } from "./problem.ts";

type Fault = Omit<Problem, "file">;

/** `forbidden` are parts of names, so that `branch` forbids `branchId` too; `advice` says what to do instead. */
export function faultsOf(input: unknown, forbidden: ReadonlySet<string>, advice: string): readonly Fault[] {
  if (!(input instanceof z.ZodObject)) {
    return [{ key: "input", what: "is not a zod object", advice: "Write `input: z.object({ … })`." }];
  }
  return fieldsOf(input).flatMap(({ key, description }): Fault[] => {
    const name = key.split(".").at(-1) ?? key;
    if (parts(name).some((part) => forbidden.has(part))) {
      return [{ key: `input.${key}`, what: "names whose data is meant", advice }];
    }
    if (!description) return [{ key: `input.${key}`, what: "has no description", advice: "Add `.describe(…)`." }];
    return [];
  });
}

type Field = { readonly key: string; readonly description: string | undefined };

/** The fields that a model would see, at any depth. */
function fieldsOf(input: z.ZodObject): readonly Field[] {
  return below(z.toJSONSchema(input, { io: "input", unrepresentable: "any" }), "");
}

function below(schema: unknown, path: string): readonly Field[] {
  if (!isRecord(schema)) return [];
  const properties = isRecord(schema["properties"]) ? schema["properties"] : {};
  const own = Object.entries(properties).flatMap(([name, field]) => {
    const key = path === "" ? name : `${path}.${name}`;
    const description = isRecord(field) && typeof field["description"] === "string" ? field["description"] : undefined;
    return [{ key, description }, ...below(field, key)];
  });
  const variants = ["anyOf", "oneOf", "allOf"].flatMap((word) => (Array.isArray(schema[word]) ? schema[word] : []));
  return [...own, ...[schema["items"], ...variants].flatMap((part) => below(part, path))];
}

/** `branchId` and `branch_id` alike are `branch`, `id`. */
function parts(name: string): string[] {
  return name
    .replace(/([a-z0-9])([A-Z])/g, "$1_$2")
    .toLowerCase()
    .split(/[^a-z0-9]+/);
}
