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

test("only performing.ts opens performers and their executor", () => {
  const openers = sources
    .filter(({ file }) => !file.startsWith("src/effects/"))
    .flatMap(({ file, text }) =>
      Array.from(text.matchAll(/from "[^"]*\/effects\/([\w-]+)\.ts"/g), ([, opened]) => `${file} → ${opened}`),
    )
    // Within agents, files of that folder share code.
    .filter((edge) => !edge.startsWith("agents/effects/"));
  expect(openers.length).toBeGreaterThan(1);
  expect(openers.filter((edge) => !edge.startsWith("src/performing.ts → "))).toEqual([]);
});

test("nobody but the executor calls perform or reconcile of a performer", () => {
  const callers = sources.filter(
    ({ file, text }) => file !== "src/core/effect.ts" && /performer\w*\.(?:perform|reconcile)\b/i.test(text),
  );
  expect(callers.map(({ file }) => file)).toEqual(["src/effects/executor.ts"]);
});
