/**
 * Which test files depend on the run's engine: those that come to a file that asks for it. All others prove the same on
 * every engine, so a run on a server leaves them out. Called by test/vitest.config.ts; test/house/engines.test.ts proves it.
 */
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative } from "node:path";

const PROJECT = new URL("../..", import.meta.url).pathname;

/** The only ways in which a test can learn of the engine: the template of the run, or a setting of its environment. */
const ASKS = /inject\("databaseTemplate"\)|process\.env(?:\.|\[")NOVA_TEST_(?:DATABASE_URL|POSTGRES)\b/;
const IMPORT = /(?:from|import)\s*\(?\s*"(\.{1,2}\/[^"]+)"/g;

export const read = (file: string): string => readFileSync(join(PROJECT, file), "utf8");

/** Paths from the project's folder. */
export const filesIn = (folder: string, end: string): readonly string[] =>
  readdirSync(join(PROJECT, folder), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(end))
    .map((name) => join(folder, name))
    .toSorted();

export const asksForEngine = (file: string): boolean => ASKS.test(read(file));

/** The file and all that it imports. */
export function reached(file: string, seen = new Set<string>()): ReadonlySet<string> {
  // Text in a test may look like an import, too.
  if (seen.has(file) || !existsSync(join(PROJECT, file))) return seen;
  seen.add(file);
  for (const [, path = ""] of read(file).matchAll(IMPORT))
    reached(relative(PROJECT, join(PROJECT, dirname(file), path)), seen);
  return seen;
}

export const sameOnEveryEngine = (): readonly string[] =>
  filesIn("test", ".test.ts").filter((file) => ![...reached(file)].some(asksForEngine));

/**
 * What they prove of channels, verbs, agents and the order of a turn rests on stores that are tried on every engine by
 * themselves. Of turns and effects those stay that are about what is stored, taken up again, or decided at once by several.
 */
const ABOVE_THE_STORES = new RegExp(
  [
    "^test/(?:adapters|channels|cli|security|agents)/",
    "^test/story/(?:platforms|provider|reload|remembered|webhook|drain|shutdown|day|hooks|setup)\\b",
    "^test/turn/(?!turn|delivery|recovery|interrupted|spending|labels|revise|schedules)",
    "^test/effects/(?:ways|told|messages)\\b",
  ].join("|"),
);

/**
 * Statements, what is decided and done once, and turns taken up again: the same on every engine but for what happens at once, which only a server has. It
 * tries them with every change, and the embedded engine by night. What is the engine's own stays.
 */
const BELOW_THE_STORES = new RegExp(
  [
    "^test/postgres/(?!database|transport|transaction|failure|line|server|wire|who|release)",
    "^test/turn/(?:turn|delivery|recovery|interrupted|spending|labels|revise)\\b",
    "^test/effects/(?!ways|told|messages)",
    "^test/story/effects\\b",
  ].join("|"),
);

/** A backup's whole story takes longest of all; the archive's own tests tell its parts with every change. */
const BY_NIGHT = /^test\/story\/backup\b/;

export const leftToTheNight = (): readonly string[] =>
  filesIn("test", ".test.ts").filter((file) => BY_NIGHT.test(file));

export const leftToTheServer = (): readonly string[] =>
  filesIn("test", ".test.ts").filter((file) => BELOW_THE_STORES.test(file));

/** Left out on a server, unless the whole is asked for: `.ci/nightly` does. */
export const leftToOneEngine = (): readonly string[] =>
  filesIn("test", ".test.ts").filter((file) => ABOVE_THE_STORES.test(file));
