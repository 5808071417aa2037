/** The README promises nothing that does not exist, and forgets nothing that does. */
import { readFileSync } from "node:fs";
import { expect, test } from "vitest";
import { environment } from "../../src/config.ts";
import { loadAdapters } from "../../src/plugins/index.ts";
import { verbs } from "../../src/verbs/index.ts";

const ROOT = new URL("../../", import.meta.url);
const readme = readFileSync(new URL("README.md", ROOT), "utf8");

test("its table of settings holds every variable that is read, and no other", async () => {
  const adapters = await loadAdapters(new URL("adapters", ROOT).pathname);
  const read = [environment, ...adapters.map(({ settings }) => settings)].flatMap(({ shape }) => Object.keys(shape));
  const table = readme.slice(readme.indexOf("## Settings"), readme.indexOf("## What embedded means"));
  const told = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(
    ([, cell = ""]) => cell.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? [],
  );
  expect(told.toSorted()).toEqual(read.toSorted());
});

test("its table of verbs holds every verb", () => {
  const told = [...readme.matchAll(/^\| `nova (\w+)/gm)].map(([, name = ""]) => name);
  expect(told.toSorted()).toEqual(
    [
      "start",
      "chat",
      "ask",
      "restore",
      "migrate",
      "init",
      "doctor",
      "eval",
      ...verbs.map(({ name }) => name),
    ].toSorted(),
  );
});
