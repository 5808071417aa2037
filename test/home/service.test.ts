/** Finding the running service through run.json, and whatever a crash may have left there. */
import { mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { enterHome } from "../../src/home/enter.ts";
import { lockHome } from "../../src/home/lock.ts";
import { readRunFile, removeRunFile, writeRunFile } from "../../src/home/run-file.ts";
import { findService } from "../../src/home/service.ts";
import { createControl } from "../../src/http/control.ts";
import { silentLog } from "../support/log.ts";

const TOKEN = "a-token-of-some-length";

let folder: string;
const closers: (() => Promise<unknown>)[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nova-run-"));
});
afterEach(async () => {
  for (const close of closers.splice(0)) await close();
  await rm(folder, { recursive: true, force: true });
});

const run = (port: number, token = TOKEN) => ({
  port,
  token,
  pid: process.pid,
  startedAt: new Date("2026-01-01T00:00:00Z"),
  version: "1.2.3",
});

async function service(): Promise<number> {
  const control = createControl({
    token: TOKEN,
    version: "1.2.3",
    verbs: [{ name: "echo", run: async (input) => ({ heard: input }) }],
    routes: [],
    log: silentLog,
  });
  closers.push(() => control.stop());
  return (await control.listen()).port;
}

async function stranger(answer: string): Promise<number> {
  const server: Server = createServer((_request, response) => response.end(answer));
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  closers.push(() => new Promise((resolve) => server.close(resolve)));
  return (server.address() as AddressInfo).port;
}

test("the run file is its owner's alone, read back as written, and gone when removed", async () => {
  await writeRunFile(folder, run(4_711));
  expect((await stat(join(folder, "run.json"))).mode & 0o777).toBe(0o600);
  expect(await readRunFile(folder)).toEqual(run(4_711));
  await removeRunFile(folder);
  expect(await readRunFile(folder)).toBeUndefined();
});

test.each(["", "{", "[]", '{"port":"x"}', '{"port":0,"token":"short"}'])(
  "a run file holding %j is none",
  async (text) => {
    await writeFile(join(folder, "run.json"), text);
    expect(await readRunFile(folder)).toBeUndefined();
  },
);

test("a service that answers and takes the token is found, and its verbs can be called", async () => {
  await writeRunFile(folder, run(await service()));
  const found = await findService(folder);
  const request = new Request("http://nova/control/echo", { method: "POST", body: JSON.stringify({ a: 1 }) });
  expect(await (await found?.fetch(request))?.json()).toEqual({ result: { heard: { a: 1 } } });
});

test("nobody at the port, a refused token, and a stranger at the port are all no service", async () => {
  const gone = await stranger("");
  await closers.pop()?.();
  await writeRunFile(folder, run(gone));
  expect(await findService(folder)).toBeUndefined();

  await writeRunFile(folder, run(await service(), "another-token-of-length"));
  expect(await findService(folder)).toBeUndefined();

  for (const answer of ["<h1>hello</h1>", '{"ok":true}']) {
    await writeRunFile(folder, run(await stranger(answer)));
    expect(await findService(folder)).toBeUndefined();
  }
});

test("a stale run file does not keep anybody out of the folder", async () => {
  await writeRunFile(folder, run(await stranger("not nova")));
  const entered = await enterHome(folder, { waitMs: 0 });
  expect(entered.kind).toBe("alone");
  if (entered.kind === "alone") entered.lock.release();
});

test("a service that comes up while a verb waits for the folder is used", async () => {
  const held = await lockHome(folder, { waitMs: 0 });
  const waits: string[] = [];
  const entering = enterHome(folder, { waitMs: 20_000, onWait: () => void waits.push("waits") });
  await writeRunFile(folder, run(await service()));
  expect((await entering).kind).toBe("service");
  held.release();
});

test("a folder that stays taken without a service is given up with words", async () => {
  const held = await lockHome(folder, { waitMs: 0 });
  let waits = 0;
  const entering = enterHome(folder, { waitMs: 700, onWait: () => void (waits += 1) });
  await expect(entering).rejects.toMatchObject({ code: "locked" });
  expect(waits).toBe(1);
  held.release();
});
