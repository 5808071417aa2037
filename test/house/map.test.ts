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

const short = [...map.matchAll(/`((?:[a-z-]+\/)?[\w-]+\.ts)`/g)].map(([, name = ""]) => name);
const files = (
  await Promise.all(["src", "adapters", "agents"].map((room) => readdir(join(PROJECT, room), { recursive: true })))
).flat();
test.each([...new Set(short)].filter((name) => !named.includes(name)))("there is a file %s", (name) => {
  expect(files.some((file) => file === name || file.endsWith(`/${name}`))).toBe(true);
});

const rooms = (await Promise.all(["src", "adapters", "agents"].map(folders))).flat();
test.each(rooms)("the room %s is named", (room) => {
  expect(map).toContain(`\`${room}\``);
});

const sourcesIn = async (folder: string): Promise<readonly string[]> =>
  (await readdir(join(PROJECT, folder))).filter((name) => name.endsWith(".ts"));

test.each(await sourcesIn("src"))("the roof's file src/%s is named", (file) => {
  expect(map).toContain(`\`src/${file}\``);
});

const roof = ["src/service", "src/commands", "src/settings"].map(async (folder) =>
  (await sourcesIn(folder)).map((file) => ({ folder, file })),
);
test.each((await Promise.all(roof)).flat())("the roof's file $folder/$file is named in its row", ({ folder, file }) => {
  expect(map.split("\n").find((line) => line.startsWith(`| \`${folder}\` |`))).toContain(`\`${file}\``);
});

test.each(["adapters/slack", "adapters/discord"])("the parts of %s are those that it names", async (room) => {
  const row = map.split("\n").find((line) => line.startsWith("|") && line.includes(`\`${room}\``)) ?? "";
  const told = Array.from(row.matchAll(/`([a-z]+)` \(/g), ([, part = ""]) => `${room}/${part}`);
  expect((await folders(room)).toSorted()).toEqual(told.toSorted());
});

const [, ofModels = ""] = /^\| `src\/langchain` \|([^\n]*)/m.exec(map) ?? [];
const parts = Array.from(ofModels.matchAll(/`([a-z]+)` \(/g), ([, part = ""]) => part);

test("the parts of src/langchain are those that it names", async () => {
  const found = await folders("src/langchain");
  expect(found.toSorted()).toEqual(parts.map((part) => `src/langchain/${part}`).toSorted());
});

test.each(parts)("the part %s of src/langchain needs only those named before it", async (part) => {
  const folder = join(PROJECT, "src/langchain", part);
  const texts = await Promise.all((await readdir(folder)).map((file) => readFile(join(folder, file), "utf8")));
  const needed = new Set(texts.flatMap((text) => Array.from(text.matchAll(/"\.\.\/([a-z]+)\//g), ([, name]) => name)));
  const before = parts.slice(0, parts.indexOf(part));
  expect([...needed].filter((name) => name === undefined || !before.includes(name))).toEqual([]);
});

test("it stays short", () => {
  expect(map.split("\n").length).toBeLessThan(160);
});
