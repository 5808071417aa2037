/** Files out of Slack: the token is shown to Slack's file host alone, and nothing larger or slower than allowed is read. */
import { gzipSync } from "node:zlib";
import { afterAll, beforeAll, expect, test } from "vitest";
import type { FileRef } from "#core";
import { createFetch } from "../../adapters/slack/fetch.ts";
import type { Upload } from "../support/slack/file-host.ts";
import { openSlackWriter, type SlackWriter } from "./slack-writer.ts";

let writer: SlackWriter;
beforeAll(async () => void (writer = await openSlackWriter()));
afterAll(() => writer[Symbol.asyncDispose]());

const LIMITS = { bytes: 1_000_000, ms: 2_000 };

async function fetched(upload: Upload, origins: readonly string[] = [writer.slack.origin]) {
  const { id } = writer.slack.files.add("U1", upload);
  const file: FileRef = { ref: id, name: upload.name, mime: "", size: 0 };
  const fetch = createFetch({ api: writer.api, token: writer.slack.tokens.bot, origins });
  const result = await fetch(file, LIMITS, AbortSignal.timeout(5_000));
  return result.kind === "fetched" ? { ...result, text: Buffer.from(result.bytes).toString() } : result;
}

test("a file comes as it is, by its id alone", async () => {
  expect(await fetched({ name: "a.csv", bytes: "a,b\n1,2" })).toMatchObject({ kind: "fetched", text: "a,b\n1,2" });
  expect(await fetched({ name: "page.html", mime: "text/html", bytes: "<p>x" })).toMatchObject({ text: "<p>x" });
});

test("C1 files: the token reaches no other host: not by the address of a file, not by a redirect", async () => {
  const { foreign, asked } = writer.slack.files;
  for (const upload of [
    { name: "a.txt", bytes: "x", url: `${foreign}/a.txt` },
    { name: "b.txt", bytes: "x", redirectTo: `${foreign}/b.txt` },
    { name: "c.txt", bytes: "x", url: "http://files.slack.com/c.txt" },
    { name: "d.txt", bytes: "x", url: `https://files.slack.com@${new URL(foreign).host}/d.txt` },
    { name: "e.txt", bytes: "x", url: "file:///etc/hostname" },
    { name: "f.txt", bytes: "x", url: "" },
  ])
    expect(await fetched(upload)).toEqual({
      kind: "refused",
      why: expect.stringMatching(/lies where Slack keeps no files/),
    });
  expect(asked).toEqual([]);
});

test("C1 files: with Slack's own API even the API's host is not shown the token", async () => {
  const refused = await fetched({ name: "a.txt", bytes: "x" }, ["https://files.slack.com"]);
  expect(refused).toEqual({ kind: "refused", why: expect.stringMatching(/lies where Slack keeps no files/) });
});

test("C1 files: what another service keeps, what is too large and what never ends are refused with a reason", async () => {
  expect(await fetched({ name: "a.gdoc", bytes: "x", mode: "external" })).toEqual({
    kind: "refused",
    why: expect.stringMatching(/another service/),
  });
  expect(await fetched({ name: "big.txt", bytes: "x", size: 2_000_000 })).toEqual({
    kind: "refused",
    why: "big.txt is too large; Nova reads files of up to 1 MB.",
  });
  expect(await fetched({ name: "lies.txt", bytes: "x".repeat(1_000_001), size: 10 })).toMatchObject({
    kind: "refused",
  });
  // The next file's own address: it sends the reader in a circle.
  const { id } = writer.slack.files.add("U1", { name: "before", bytes: "" });
  const next = `F${String(Number(String(id).slice(1)) + 1).padStart(8, "0")}`;
  const round = `${writer.slack.origin}/files-pri/T0-${next}/round.txt`;
  expect(await fetched({ name: "round.txt", bytes: "x", redirectTo: round })).toEqual({
    kind: "refused",
    why: expect.stringMatching(/on and on/),
  });
  writer.slack.next("files.info", { error: "file_deleted" });
  expect(await fetched({ name: "gone.txt", bytes: "x" })).toEqual({
    kind: "refused",
    why: expect.stringMatching(/file_deleted/),
  });
});

test("S23: a file that unpacks to a thousand times its size is refused when the limit is reached", async () => {
  const bytes = gzipSync(Buffer.alloc(500_000_000));
  expect(bytes.length).toBeLessThan(LIMITS.bytes);
  const before = process.memoryUsage().arrayBuffers;
  expect(await fetched({ name: "bomb.txt", bytes, encoding: "gzip", size: 10 })).toMatchObject({ kind: "refused" });
  expect(process.memoryUsage().arrayBuffers - before).toBeLessThan(100_000_000);
});

test("S23 twin: one that is packed and small comes whole", async () => {
  const text = "a,b\n".repeat(1_000);
  expect(await fetched({ name: "packed.csv", bytes: gzipSync(text), encoding: "gzip" })).toMatchObject({ text });
});

test("a page to sign in is no file", async () => {
  const { id } = writer.slack.files.add("U1", { name: "a.txt", bytes: "x" });
  const fetch = createFetch({ api: writer.api, token: "xoxb-another", origins: [writer.slack.origin] });
  const result = await fetch({ ref: id, name: "a.txt", mime: "", size: 1 }, LIMITS, AbortSignal.timeout(5_000));
  expect(result).toEqual({ kind: "refused", why: expect.stringMatching(/files:read/) });
});

test("a Slack that is busy, broken or slow refuses nothing for good", async () => {
  const { slack } = writer;
  slack.next("files.info", { status: 429, headers: { "retry-after": "7" } });
  expect(await fetched({ name: "a.txt", bytes: "x" })).toMatchObject({ kind: "failed", afterMs: 7_000 });
  slack.next("files.info", { status: 503 });
  expect(await fetched({ name: "a.txt", bytes: "x" })).toMatchObject({ kind: "failed" });
  slack.next("files.info", "hang");
  expect(await fetched({ name: "a.txt", bytes: "x" })).toMatchObject({ kind: "failed" });
  for (const status of [429, 500])
    expect(await fetched({ name: "a.txt", bytes: "x", status })).toMatchObject({ kind: "failed", afterMs: 4_000 });
  expect(await fetched({ name: "a.txt", bytes: "x", status: 404 })).toMatchObject({ kind: "refused" });
});
