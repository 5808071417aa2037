/** A run on a server leaves out only what cannot tell one engine from the other, and nothing that can. */
import { expect, test } from "vitest";
import {
  asksForEngine,
  filesIn,
  leftToOneEngine,
  leftToTheNight,
  leftToTheServer,
  reached,
  read,
  sameOnEveryEngine,
} from "../support/engine-choice.ts";

const leftOut = sameOnEveryEngine();

test.each([
  ["stores", "test/postgres/turns.test.ts"],
  ["whole Novas", "test/turn/turn.test.ts"],
  ["real processes", "test/story/day.test.ts"],
  ["servers of their own", "test/story/server-failures.test.ts"],
])("tests of %s run on a server too", (_what, file) => {
  expect([...reached(file)].some(asksForEngine)).toBe(true);
  expect(leftOut).not.toContain(file);
});

test.each(["test/core/markdown.test.ts", "test/routing/exact.test.ts", "test/cli/command.test.ts"])(
  "%s, which no engine can change, is left out",
  (file) => {
    expect(leftOut).toContain(file);
  },
);

test("what is left to one engine lies above the stores", () => {
  expect(leftToOneEngine()).toEqual(expect.arrayContaining(["test/adapters/slack.test.ts", "test/cli/people.test.ts"]));
  const stored =
    /^test\/(?:postgres|memory)\/|^test\/turn\/(?:turn|delivery|recovery|interrupted|spending|labels|revise)\.|^test\/effects\/(?:decide|carry-out|two-novas|webhooks)\./;
  expect(leftToOneEngine().filter((file) => stored.test(file))).toEqual([]);
  expect(filesIn("test", ".test.ts").filter((file) => stored.test(file)).length).toBeGreaterThan(30);
  expect(leftToTheNight()).toEqual(["test/story/backup.test.ts"]);
  expect(leftToTheServer().filter((file) => leftToOneEngine().includes(file) || leftOut.includes(file))).toEqual([]);
});

test("every test runs somewhere: what is left out on a server runs on the embedded engine", () => {
  const all = filesIn("test", ".test.ts");
  expect(all).toEqual(expect.arrayContaining([...leftOut]));
  expect(leftOut.length).toBeLessThan(all.length);
});

test("no test learns of the engine in a way that the rule does not see", () => {
  // These speak of imports and of the environment in the texts that they try the rules on.
  const others = filesIn("test", ".ts").filter((file) => !file.startsWith("test/house/"));
  const hidden = others.filter((file) => {
    const text = read(file);
    // The whole environment handed on or read under a name that is made, or something injected under another name. A home
    // works on a folder of its own whichever engine the run has, from a copy or from nothing.
    return (
      /process\.env(?!\.[A-Z]|\["[A-Z_]+"\])/.test(text) || /\binject\((?!"(?:database|home)Template"\))/.test(text)
    );
  });
  expect(hidden).toEqual([]);
  for (const folder of ["src", "adapters", "agents"])
    expect(filesIn(folder, ".ts").filter((file) => read(file).includes("NOVA_TEST_"))).toEqual([]);
});
