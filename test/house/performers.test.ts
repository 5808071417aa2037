/** Whatever carries out an effect is opened in one place, and called by the executor alone. */
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect, test } from "vitest";

const PROJECT = new URL("../..", import.meta.url).pathname;
const sources = ["src", "agents", "adapters"].flatMap((folder) =>
  readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".ts"))
    .map((name) => ({ file: join(folder, name), text: readFileSync(join(PROJECT, folder, name), "utf8") })),
);

/** `x.perform`, `x?.perform`, `x["perform"]`, `{ perform } = x`, and `reconcile` of what is called a performer. */
const CALLS: readonly RegExp[] = [
  /\.\s*perform\b/,
  /\[\s*["'`]perform["'`]\s*\]/,
  /\{[^{}]*\bperform\b[^{}]*\}\s*=(?!=)/,
  /performer\w*\??\.\s*reconcile\b/i,
];

test("only performing.ts opens performers and their executor", () => {
  const openers = sources
    // What is stored of effects has a part of its room by the same name.
    .filter(({ file }) => !/^src\/(?:effects|postgres)\//.test(file))
    .flatMap(({ file, text }) =>
      Array.from(
        text.matchAll(/from "[^"]*(?<!\/postgres)\/effects\/([\w-]+)\.ts"/g),
        ([, opened]) => `${file} → ${opened}`,
      ),
    )
    // Within agents, files of that folder share code.
    .filter((edge) => !edge.startsWith("agents/effects/"));
  expect(openers.length).toBeGreaterThan(1);
  expect(openers.filter((edge) => !edge.startsWith("src/service/performing.ts → "))).toEqual([]);
});

test("nobody but the executor calls perform or reconcile of a performer", () => {
  // Whatever it is called that holds one, and however it is reached; an outlet has a `reconcile` of its own.
  const callers = sources
    .filter(({ file }) => file !== "src/core/effect.ts")
    .filter(({ text }) => CALLS.some((call) => call.test(text)));
  expect(callers.map(({ file }) => file)).toEqual(["src/effects/executor.ts"]);
});

test.each([
  ["await hand.perform(effect, key, signal)", true],
  ["byVerb.get(verb)?.perform(effect)", true],
  ["one\n    .perform(effect)", true],
  ['hand["perform"](effect)', true],
  ["const { verb, perform } = hand;", true],
  ["performer.reconcile?.(effect, key)", true],
  ["async perform(effect, key) {", false],
  ["return { verb, perform, reconcile: perform };", false],
  ["openPerforming(parts); performance.now()", false],
])("of lines, %j is seen as a call: %s", (line, isCall) => {
  expect(CALLS.some((call) => call.test(line))).toBe(isCall);
});
