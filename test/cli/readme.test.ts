/** The pages and the help promise no setting and no verb that does not exist, and forget none that does. */
import { readFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { expect, test } from "vitest";
import { environment } from "../../src/settings/config.ts";
import { loadAdapters } from "../../src/plugins/index.ts";
import { verbs } from "../../src/verbs/index.ts";
import { createNova } from "./process.ts";

const ROOT = new URL("../../", import.meta.url);
const page = (name: string): string => readFileSync(new URL(`docs/${name}`, ROOT), "utf8");

const adapters = await loadAdapters(new URL("adapters", ROOT).pathname);
const read = [environment, ...adapters.map(({ settings }) => settings)].flatMap(({ shape }) => Object.keys(shape));

test("the table of settings holds every variable that is read, and no other", () => {
  const told = [...page("settings.md").matchAll(/^\| (.*?) \|/gm)].flatMap(
    ([, cell = ""]) => cell.match(/\b[A-Z]+(?:_[A-Z]+)+\b/g) ?? [],
  );
  expect(told.toSorted()).toEqual(read.toSorted());
});

test("the help of `nova start` tells of every variable that is read, those of channels included", async () => {
  const { code, out } = await createNova(tmpdir(), () => {}).run(["start", "--help"]);
  expect(code).toBe(0);
  const told = [...out.matchAll(/^ {2}([A-Z]+(?:_[A-Z]+)+) +\S/gm)].map(([, name = ""]) => name);
  expect(told.toSorted()).toEqual(read.toSorted());
});

test("the table of verbs holds every verb", () => {
  const told = [...page("terminal.md").matchAll(/^\| `nova (\w+)/gm)].map(([, name = ""]) => name);
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
