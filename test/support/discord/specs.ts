/** Checks what Nova sends against Discord's published description, where that is at hand. Used by rest.ts. */
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import Ajv2020, { type ValidateFunction } from "ajv/dist/2020.js";
import addFormats from "ajv-formats";
import { isRecord } from "./answer.ts";
import type { Json } from "./world.ts";

const FOLDER = process.env["NOVA_SPECS"] ?? join(import.meta.dirname, "../../../../shared/specs");

/** What is wrong with the body of a request, in words; empty when nothing is, or nothing can be said. */
export type SpecCheck = (method: string, template: string, body: unknown) => readonly string[];

let shared: SpecCheck | undefined;

export function specCheck(): SpecCheck {
  shared ??= readSpecs(join(FOLDER, "discord-openapi.json"));
  return shared;
}

function readSpecs(path: string): SpecCheck {
  if (!existsSync(path)) return () => [];
  const specs: { paths: Record<string, Record<string, unknown>>; components: unknown } = JSON.parse(
    readFileSync(path, "utf8"),
    (_key: string, value: unknown) => (isRecord(value) && "oneOf" in value ? anyOf(value) : value),
  );
  const ajv = new Ajv2020.default({ strict: false, logger: false, allErrors: true });
  addFormats.default(ajv);
  ajv.addSchema({ $id: "discord", components: specs.components });
  const known = new Map<
    string,
    { readonly check: ValidateFunction; readonly fields: ReadonlySet<string> | undefined }
  >();

  return (method, template, body) => {
    const key = `${method} ${template}`;
    let entry = known.get(key);
    if (!entry) {
      const operation = specs.paths[template]?.[method.toLowerCase()];
      if (!isRecord(operation)) return [`${key}: Discord has no such route`];
      const schema = at(operation, "requestBody", "content", "application/json", "schema");
      if (schema === undefined) return [];
      entry = { check: ajv.compile(placed(schema)), fields: fieldsOf(schema, specs) };
      known.set(key, entry);
    }
    const found = entry.check(body)
      ? []
      : (entry.check.errors ?? []).slice(0, 5).map((e) => `${key}: ${e.instancePath || "/"} ${e.message ?? ""}`);
    const { fields } = entry;
    const strange = fields && isRecord(body) ? Object.keys(body).filter((name) => !fields.has(name)) : [];
    return [...found, ...strange.map((name) => `${key}: there is no field "${name}"`)];
  };
}

function anyOf({ oneOf, ...rest }: Json): Json {
  return { ...rest, anyOf: oneOf };
}

function at(value: unknown, ...path: readonly string[]): unknown {
  return path.reduce<unknown>((inner, key) => (isRecord(inner) ? inner[key] : undefined), value);
}

/** References that point into the whole document, from a schema that stands outside it. */
function placed(schema: unknown): object {
  return JSON.parse(JSON.stringify(schema).replaceAll('"#/components', '"discord#/components'));
}

/** Top-level fields that any form of the body may have; undefined for what is no object. */
function fieldsOf(schema: unknown, root: unknown): ReadonlySet<string> | undefined {
  if (!isRecord(schema)) return undefined;
  const { $ref } = schema;
  if (typeof $ref === "string") return fieldsOf(at(root, ...$ref.slice(2).split("/")), root);
  const own = isRecord(schema["properties"]) ? Object.keys(schema["properties"]) : [];
  const forms = ["anyOf", "allOf"].flatMap((key) => (Array.isArray(schema[key]) ? schema[key] : []));
  const inner = forms.flatMap((form) => [...(fieldsOf(form, root) ?? [])]);
  const all = new Set([...own, ...inner]);
  return all.size > 0 ? all : undefined;
}
