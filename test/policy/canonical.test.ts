/** The one form of an effect: the same for the same, another for anything else, and none for what cannot be kept. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { branchId, HOME, personId, projectId, type Effect, type JsonObject } from "#core";
import { createPolicy } from "../../src/policy/policy.ts";

const policy = createPolicy();
const canonical = (asked: Effect) => policy.canonical(asked);
const effect = (args: JsonObject, more: Partial<Effect> = {}): Effect => ({
  verb: "send_message",
  args,
  tenant: HOME,
  person: personId("1"),
  project: null,
  branch: null,
  ...more,
});
const digest = (args: JsonObject, more: Partial<Effect> = {}): string => {
  const one = canonical(effect(args, more));
  if (one.kind === "refused") throw new Error(one.reason);
  return one.digest;
};

describe("one form", () => {
  test("is the same whatever the order of fields, and is SHA-256 over RFC 8785", () => {
    expect(digest({ to: "Ben", text: "hi", deep: { b: [1, 2], a: null } })).toBe(
      digest({ deep: { a: null, b: [1, 2] }, text: "hi", to: "Ben" }),
    );
    expect(digest({})).toMatch(/^[0-9a-f]{64}$/);
  });

  test("composes what is written in two ways, also in names of fields", () => {
    const one = canonical(effect({ "caf\u0065\u0301": "Zoe\u0308" }));
    expect(one).toMatchObject({ kind: "canonical", effect: { args: { café: "Zoë" } } });
    expect(digest({ text: "Zoe\u0308" })).toBe(digest({ text: "Zoë" }));
  });

  test("outlives a database and another process: what is read back has the same digest", () => {
    fc.assert(
      fc.property(fc.dictionary(fc.string(), fc.jsonValue({ maxDepth: 4 })), (args) => {
        const one = canonical(effect(args as JsonObject));
        if (one.kind === "refused") return;
        const back = JSON.parse(JSON.stringify(one.effect)) as Effect;
        expect(canonical(back)).toEqual(one);
      }),
      { numRuns: 500 },
    );
  });

  test("S18: is another for every other effect, be it by a look-alike, a place or a person", () => {
    const forms = [
      digest({ to: "Ben" }),
      digest({ to: "Bеn" }),
      digest({ to: "Ben " }),
      digest({ to: "Ben\u200b" }),
      digest({ to: ["Ben"] }),
      digest({ To: "Ben" }),
      digest({ to: "Ben", cc: null }),
      digest({ to: "Ben" }, { verb: "send_messages" }),
      digest({ to: "Ben" }, { person: personId("2") }),
      digest({ to: "Ben" }, { project: projectId("2") }),
      digest({ to: "Ben" }, { branch: branchId("2") }),
      digest({ amount: 1 }),
      digest({ amount: "1" }),
      digest({ amount: 1.1 }),
    ];
    expect(new Set(forms).size).toBe(forms.length);
  });

  test("S18 twin: two that only look alike in print are told apart, and one that is the same is the same", () => {
    expect(digest({ amount: 1 })).toBe(digest({ amount: 1.0 }));
    expect(digest({ amount: -0 })).toBe(digest({ amount: 0 }));
  });
});

describe("no form, and so no proposal, for", () => {
  const circle: Record<string, unknown> = {};
  circle["self"] = circle;
  const deep = Array.from({ length: 20 }).reduce<unknown>((inner) => ({ inner }), "bottom");

  test.each<readonly [string, unknown]>([
    ["a number that is none", { amount: Number.NaN }],
    ["a number without end", { amount: Number.POSITIVE_INFINITY }],
    ["nothing in place of a value", { text: undefined }],
    ["a date", { at: new Date(0) }],
    ["a big integer", { amount: 1n }],
    ["a function", { run: () => 1 }],
    ["an instance", { map: new Map() }],
    ["half a character", { text: "\ud83d" }],
    ["a zero character, which PostgreSQL does not keep", { text: "a\0b" }],
    ["what goes on for ever", circle],
    ["what is too deep to be read", { deep }],
    ["what is too long to be read", { text: "x".repeat(50_000) }],
    ["a hole in a list", { list: Array.from({ length: 1 }) }],
    ["two names that become one", { é: 1, "e\u0301": 2 }],
  ])("%s", (_, args) => {
    expect(canonical(effect(args as JsonObject))).toMatchObject({
      kind: "refused",
      reason: expect.stringMatching(/\w/),
    });
  });

  test.each([
    undefined,
    null,
    {},
    { ...effect({}), tenant: "" },
    { ...effect({}), verb: "Send Message" },
    { ...effect({}), extra: 1 },
  ])("what is no effect: %o", (nonsense) => expect(canonical(nonsense as Effect).kind).toBe("refused"));
});
