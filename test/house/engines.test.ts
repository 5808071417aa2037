/** What a run on a server leaves out opens no database, directly or through what it imports. */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";
import { expect, test } from "vitest";
import { WITHOUT_DATABASE } from "../support/without-database.ts";

const PROJECT = new URL("../..", import.meta.url).pathname;

/** Whoever reaches one of these opens a database, or a process that does. */
const DOORS = ["src/postgres/database.ts", "src/cli.ts", "test/support/service.ts", "test/cli/process.ts"];

const IMPORT = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

function reached(file: string, seen = new Set<string>()): ReadonlySet<string> {
  // Text in a test may look like an import, too.
  if (seen.has(file) || !existsSync(join(PROJECT, file))) return seen;
  seen.add(file);
  for (const [, path = ""] of readFileSync(join(PROJECT, file), "utf8").matchAll(IMPORT)) {
    reached(relative(PROJECT, join(PROJECT, dirname(file), path)), seen);
  }
  return seen;
}

const testsIn = (folder: string): readonly string[] =>
  readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => join(folder, name));

test("a test of the stores is seen to open a database", () => {
  expect([...reached("test/postgres/turns.test.ts")]).toContain("src/postgres/database.ts");
});

test.each(WITHOUT_DATABASE)("%s holds tests, and none of them opens a database", (folder) => {
  expect(testsIn(folder).length).toBeGreaterThan(0);
  const opening = testsIn(folder).filter((file) => DOORS.some((door) => reached(file).has(door)));
  expect(opening).toEqual([]);
});
