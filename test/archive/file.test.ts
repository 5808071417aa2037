/** Backup files: written whole or not at all, and not believed when they are damaged. */
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { gunzipSync, gzipSync } from "node:zlib";
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import type { ArchivePart } from "#core";
import { checkBackup, readBackup } from "../../src/archive/read.ts";
import { writeBackup } from "../../src/archive/write.ts";

const signal = new AbortController().signal;
const ROWS = 1_200;

async function* parts(): AsyncGenerator<ArchivePart> {
  const tables = [
    { name: "person", rows: 1 },
    { name: "message", rows: ROWS },
  ];
  const manifest = { version: "1.2.3", engine: "embedded", madeAt: new Date(0), migrations: ["0001.sql"] } as const;
  yield { kind: "manifest", manifest: { ...manifest, tables } };
  yield { kind: "table", table: { name: "person", columns: ["id", "name"], sequences: { id: "2" } } };
  yield { kind: "rows", rows: [["1", null]] };
  yield { kind: "table", table: { name: "message", columns: ["id", "text"], sequences: {} } };
  for (let from = 0; from < ROWS; from += 400) {
    yield { kind: "rows", rows: Array.from({ length: 400 }, (_, at) => [`${from + at}`, `line "${at}"\n\u2028😀`]) };
  }
  yield { kind: "end", tables: tables.map((table) => ({ ...table, digest: "0" })) };
}

let folder: string;
let whole: Buffer;
beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nova-file-"));
  await writeBackup(join(folder, "whole"), parts(), () => {});
  whole = await readFile(join(folder, "whole"));
});
afterAll(() => rm(folder, { recursive: true, force: true }));

test("what is read is what was written; only its owner may read the file", async () => {
  const seen: ArchivePart[] = [];
  for await (const part of readBackup(join(folder, "whole"))) seen.push(part);
  const rows = (list: readonly ArchivePart[]) => list.flatMap((part) => (part.kind === "rows" ? part.rows : []));
  const given: ArchivePart[] = [];
  for await (const part of parts()) given.push(part);
  expect(rows(seen)).toEqual(rows(given));
  expect(seen.filter(({ kind }) => kind !== "rows")).toMatchObject(given.filter(({ kind }) => kind !== "rows"));
  expect((await stat(join(folder, "whole"))).mode & 0o777).toBe(0o600);
});

describe("a file is refused when", () => {
  const text = () => gunzipSync(whole).toString();
  const lines = (change: (all: string[]) => string[]) => gzipSync(change(text().split("\n")).join("\n"));
  const damages: readonly (readonly [string, RegExp, () => Buffer])[] = [
    ["it is empty", /is no backup of Nova: the file is empty/, () => Buffer.alloc(0)],
    ["it is text", /is no backup of Nova: it is not compressed/, () => Buffer.from("Dear diary,\n")],
    ["it is another gzip", /is no backup of Nova: it is gzip, but of something else/, () => gzipSync("Dear diary,\n")],
    ["it is a gzip of nothing", /there is nothing in it/, () => gzipSync("")],
    ["it is a gzip of other JSON", /it is gzip, but of something else/, () => gzipSync('{"nova":"export"}\n')],
    [
      "it is of a later format",
      /in format 2; this Nova reads format 1/,
      () => gzipSync(text().replace('"format":1', '"format":2')),
    ],
    ["its end is cut off", /is not whole: it ends too early/, () => whole.subarray(0, whole.length - 20)],
    ["half of it is there", /is not whole: it ends too early/, () => whole.subarray(0, whole.length / 2)],
    ["its last line is missing", /is not whole: it ends too early/, () => lines((all) => all.slice(0, -2))],
    ["a row is missing", /is damaged: its content is not what was written/, () => lines((all) => all.toSpliced(9, 1))],
    [
      "a letter is another",
      /is damaged: its content is not what was written/,
      () => gzipSync(text().replace("line", "lime")),
    ],
    ["a row is longer", /is damaged: a row does not fit/, () => lines((all) => all.toSpliced(9, 1, '["1","2","3"]'))],
    ["a line is no JSON", /is damaged: a line is no JSON/, () => lines((all) => all.toSpliced(9, 1, "oops"))],
    [
      "a line is of another kind",
      /is damaged: a line is none of a backup's/,
      () => lines((all) => all.toSpliced(9, 1, "{}")),
    ],
    ["it goes on after its end", /is damaged: it goes on after its end/, () => gzipSync(`${text()}["1","2"]\n`)],
  ];
  test.each(damages)("%s", async (_what, words, damaged) => {
    const file = join(folder, "damaged");
    await writeFile(file, damaged());
    await expect(checkBackup(file, () => {}, signal)).rejects.toThrow(words);
  });

  test("a byte of it is another, wherever that is", async () => {
    const file = join(folder, "flipped");
    // The gzip head says when and where it was made; nothing depends on that.
    for (let at = 10; at < whole.length; at += Math.ceil(whole.length / 60)) {
      const flipped = Buffer.from(whole);
      flipped[at] = (flipped[at] ?? 0) ^ 0x41;
      await writeFile(file, flipped);
      await expect(
        checkBackup(file, () => {}, signal),
        `byte ${at}`,
      ).rejects.toThrow(/flipped (is damaged|is not whole|is no backup)/);
    }
  });

  test("it is a folder, or is not there", async () => {
    await expect(checkBackup(folder, () => {}, signal)).rejects.toThrow("it is a folder");
    await expect(checkBackup(join(folder, "none"), () => {}, signal)).rejects.toThrow("There is no file");
  });
});

describe("writing", () => {
  let place: string;
  beforeEach(async () => {
    place = await mkdtemp(join(folder, "write-"));
  });

  test("overwrites no file, and no other backup that is being written", async () => {
    await writeFile(join(place, "a"), "mine");
    await expect(writeBackup(join(place, "a"), parts(), () => {})).rejects.toThrow("exists already");
    await writeFile(join(place, "b.partial"), "theirs");
    await expect(writeBackup(join(place, "b"), parts(), () => {})).rejects.toThrow("another backup writes it");
    expect(await readFile(join(place, "a"), "utf8")).toBe("mine");
    expect((await readdir(place)).toSorted()).toEqual(["a", "b.partial"]);
  });

  test("leaves nothing behind when what it writes breaks off", async () => {
    const breaking = async function* (): AsyncGenerator<ArchivePart> {
      for await (const part of parts()) {
        if (part.kind === "end") throw new Error("the database has gone");
        yield part;
      }
    };
    await expect(writeBackup(join(place, "c"), breaking(), () => {})).rejects.toThrow("the database has gone");
    expect(await readdir(place)).toEqual([]);
  });

  test("says why it cannot", async () => {
    await expect(writeBackup(join(place, "no", "d"), parts(), () => {})).rejects.toThrow("its folder does not exist");
    await expect(writeBackup(place, parts(), () => {})).rejects.toThrow("is a folder");
    // A device that is always full. Its folder takes no new names from this test, so the file itself is it.
    await expect(writeBackup("/proc/nova.backup", parts(), () => {})).rejects.toThrow("could not be written");
  });
});
