/** ARCHITECTURE.md is true: every path it names exists, and no room is missing from it. */
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { join } from "node:path";
import { expect, test } from "vitest";

const PROJECT = new URL("../..", import.meta.url).pathname;
const map = await readFile(join(PROJECT, "ARCHITECTURE.md"), "utf8");

/** Paths in code marks. Those with a place to fill in, such as `agents/<domain>/<id>.md`, name no file. */
const named = [...map.matchAll(/`([^`\n]+)`/g)]
  .map(([, text = ""]) => text)
  .filter(
    (text) => /^(?:src|adapters|agents|migrations|test|\.[a-z]+)(?:\/|$)|^\.[\w.]+$/.test(text) && !text.includes("<"),
  );

async function folders(path: string): Promise<string[]> {
  const entries = await readdir(join(PROJECT, path), { withFileTypes: true });
  return entries.filter((entry) => entry.isDirectory()).map((entry) => `${path}/${entry.name}`);
}

test("it names paths at all", () => {
  expect(named.length).toBeGreaterThan(30);
});

test.each([...new Set(named)].filter((path) => path !== "./"))("%s exists", (path) => {
  expect(existsSync(join(PROJECT, path))).toBe(true);
});

const rooms = (await Promise.all(["src", "adapters", "agents"].map(folders))).flat();
test.each(rooms)("the room %s is named", (room) => {
  expect(map).toContain(`\`${room}\``);
});

const roof = (await readdir(join(PROJECT, "src"))).filter((name) => name.endsWith(".ts")).map((name) => `src/${name}`);
test.each(roof)("the roof's file %s is named", (file) => {
  expect(map).toContain(`\`${file}\``);
});

test("it stays short", () => {
  expect(map.split("\n").length).toBeLessThan(160);
});
