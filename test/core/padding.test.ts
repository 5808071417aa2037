/** Blanks that only fill: what is left of them, and how words that were read without them are found again with them. */
import { expect, test } from "vitest";
import { closedUp, paddedEnd, unpadded } from "#core";

const wide = " ".repeat(100);
const kept = " ".repeat(64);

test("of more than 64 blanks the rest is left out, or only where they go over lines", () => {
  expect(unpadded(`a${wide}b${kept}c`)).toBe(`a${kept}b${kept}c`);
  expect(closedUp(`a${wide}b${"\n".repeat(100)}c`)).toBe(`a${wide}b${"\n".repeat(64)}c`);
});

test.each([
  ["all of it", `@x a${wide}b${wide}c`, 0],
  ["without a name in front", `@x a${wide}b${wide}c`, 3],
  ["from between two runs", `a${wide}b${wide}c`, 65],
  ["its last word", `a${wide}b`, 65],
  ["what has no such run", "@x a b", 3],
])("an end is found with its blanks: %s", (_what, whole, from) => {
  const end = unpadded(whole).slice(from);
  const found = paddedEnd(end, whole) ?? "";
  expect(whole.endsWith(found)).toBe(true);
  expect(unpadded(found)).toBe(end);
});

test("words that are no end of it are not found", () => {
  expect(paddedEnd("a", `a${wide}b`)).toBeUndefined();
});
