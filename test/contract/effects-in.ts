/** The contract of effects, as tests over every effect that the loader finds in a folder. */
import { describe, expect, test } from "vitest";
import { z } from "zod";
import {
  HOME,
  NovaError,
  personId,
  projectId,
  type BindContext,
  type Bound,
  type Destination,
  type EffectDefinition,
  type Json,
  type JsonObject,
} from "#core";
import { createPolicy } from "../../src/policy/policy.ts";
import { cardOf } from "../../src/turn/approval/cards.ts";
import { AGENDA, ANA, NOW, toolContext } from "./context.ts";

const BEN = { id: personId("2"), tenant: HOME, name: "Ben", role: "member" } as const;
const KNOWN: readonly Destination[] = [
  { kind: "person", person: BEN, on: "chat" },
  { kind: "project", id: projectId("7"), name: "Apollo" },
  { kind: "place", id: "3", name: "team", on: "chat" },
  { kind: "receiver", id: "4", name: "books", host: "books.example.com" },
];
const NAMES = ["Ben", "Apollo", "team", "books"];
const ODD = ["nobody", "", " ", "x".repeat(9_000), "'; drop table", "Bеn", "\u202E", "../..", "tomorrow at nine"];

/** Registers the suite. `where` names the folder in the report. */
export function judgeEffects(where: string, effects: readonly EffectDefinition[]): void {
  test(`the effects of ${where} have verbs that are all different`, () => {
    expect(new Set(effects.map(({ verb }) => verb)).size).toBe(effects.length);
  });

  describe.each(effects.map((effect) => [effect.verb, effect] as const))(`${where}: %s`, (_, effect) => {
    test("is described for models and people", () => {
      expect(effect.verb).toMatch(/^[a-z][a-z0-9_]*$/);
      expect(effect.description.split(/\s+/).length).toBeGreaterThan(4);
      expect(effect.examples.length).toBeGreaterThanOrEqual(3);
      expect(new Set(effect.examples).size).toBe(effect.examples.length);
    });

    test("can be undone if it is done without a person, and is typed if it is serious", () => {
      expect(["S1", "S2", "S3"]).toContain(effect.stakes);
      expect(effect.stakes === "S1" && effect.undo === null).toBe(false);
      expect(effect.stakes === "S3" && effect.typed === undefined).toBe(false);
    });

    test("describes each field of its input, and lets none of them say whose data is meant", () => {
      const { properties = {} } = z.toJSONSchema(effect.input, { io: "input" });
      for (const [name, field] of Object.entries(properties)) {
        expect(name).not.toMatch(/tenant|branch|principal|(^|_)ids?$|Ids?$/);
        expect(field).toMatchObject({ description: expect.stringMatching(/\w/) });
      }
    });

    test("S8: takes no field that it does not name", () => {
      for (const input of inputsFor(effect)) {
        for (const key of ["tenant", "person", "approved", "trust"]) {
          expect(effect.input.strict().safeParse({ ...input, [key]: "1" }).success).toBe(false);
        }
      }
    });

    test("binds, asks or refuses in words, whatever stands in its fields", async () => {
      const ends = await Promise.all(inputsFor(effect).map((input) => bind(effect, input)));
      for (const end of ends) expect(wordsOf(end)).toMatch(/\w/);
    });

    test("its card shows all that is decided on, and says so again after a database kept it", async () => {
      const ends = await Promise.all(inputsFor(effect).map((input) => bind(effect, input)));
      const bound = ends.filter((end) => end.kind === "bound");
      expect(bound.length).toBeGreaterThan(0);
      for (const { args, destinations } of bound) {
        expect(destinations.every((name) => name.trim() !== "")).toBe(true);
        const one = canonical(effect, args);
        expect(one.kind).toBe("canonical");
        const kept = JSON.parse(JSON.stringify(args)) as JsonObject;
        expect(drawn(effect, kept)).toBe(drawn(effect, args));
        expect(effect.title(args)).toMatch(/^\S.*\S$/);
        expect(effect.typed?.(args).trim() ?? "typed").not.toBe("");
        for (const changed of changesOf(args)) expect(drawn(effect, changed)).not.toBe(drawn(effect, args));
      }
    });
  });
}

function canonical({ verb }: EffectDefinition, args: JsonObject) {
  return createPolicy().canonical({ verb, args, tenant: HOME, person: ANA.id, project: null, branch: null });
}

function drawn(definition: EffectDefinition, args: JsonObject): string {
  const effect = { verb: definition.verb, args, tenant: HOME, person: ANA.id, project: null, branch: null };
  return JSON.stringify(cardOf(effect, definition));
}

async function bind(effect: EffectDefinition, input: JsonObject): Promise<Bound> {
  const context: BindContext = {
    ask: toolContext({ words: JSON.stringify(input) }).ask,
    where: { project: null, branch: null },
    destinations: {
      find: async (name) => KNOWN.filter((each) => nameOf(each).toLowerCase() === name.trim().toLowerCase()),
      names: async () => NAMES,
    },
    timeZone: "Europe/Berlin",
    agenda: AGENDA,
    clock: { now: () => NOW },
    signal: new AbortController().signal,
  };
  return effect.bind(effect.input.strict().parse(input), context).catch((error: unknown): Bound => {
    if (error instanceof NovaError) return { kind: "refused", reason: `${error.message} ${error.advice}` };
    throw error;
  });
}

const nameOf = (destination: Destination): string =>
  destination.kind === "person" ? destination.person.name : destination.name;

const wordsOf = (bound: Bound): string =>
  bound.kind === "bound" ? "bound" : bound.kind === "refused" ? bound.reason : bound.question;

/** Inputs that the schema takes: plausible ones first, then odd ones. */
function inputsFor(effect: EffectDefinition): readonly JsonObject[] {
  const { properties = {}, required = [] } = z.toJSONSchema(effect.input, { io: "input" });
  const shape: Readonly<Record<string, z.core.$ZodType>> = effect.input.shape;
  const fits = (name: string, value: Json) => shape[name] !== undefined && z.safeParse(shape[name], value).success;
  const filled = (names: readonly string[], candidates: readonly Json[]) =>
    Object.fromEntries(
      names.flatMap((name) => {
        const value = candidates.find((candidate) => fits(name, candidate));
        return value === undefined ? [] : [[name, value]];
      }),
    );
  const plausible: readonly (readonly Json[])[] = [
    ...NAMES.map((name) => [name, "2026-12-01T09:00", "tomorrow at nine", 5, true, [name]]),
    ["tomorrow at nine", "Ben", 5, true],
    ["every weekday at nine", "Ben", 5, true],
  ];
  const enums = Object.values(properties).flatMap((field) =>
    typeof field === "object" && Array.isArray(field.enum) ? field.enum : [],
  );
  const all = [...plausible, ...ODD.map((odd) => [odd, ...NAMES, 5, true])];
  return all
    .flatMap((candidates) =>
      [Object.keys(properties), required].map((names) => filled(names, [...candidates, ...enums])),
    )
    .filter((input) => effect.input.strict().safeParse(input).success);
}

/** The same with one value changed, for each that is no id: what stands for something else is shown by its name. */
function changesOf(args: JsonObject): readonly JsonObject[] {
  return Object.entries(args).flatMap(([key, value]) => {
    if (/(?:^|[a-z_])id$/i.test(key)) return [];
    if (typeof value === "number") return [{ ...args, [key]: value + 86_400_000 }];
    if (typeof value === "boolean") return [{ ...args, [key]: !value }];
    if (typeof value !== "string" || !Number.isNaN(Date.parse(value))) return [];
    return [{ ...args, [key]: `${value}x` }];
  });
}
