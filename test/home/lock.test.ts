/** The folder's lock, raced by real processes. */
import { type ChildProcess, spawn } from "node:child_process";
import { chmod, mkdir, mkdtemp, rm, stat, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import { lockHome } from "../../src/home/lock.ts";

const HOLDER = new URL("hold-lock.ts", import.meta.url).pathname;

let folder: string;
const children: ChildProcess[] = [];

beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nova-lock-"));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(folder, { recursive: true, force: true });
});

/** Starts a process that tries the lock; resolves with its first word. */
function contend(options: { uid?: number } = {}): { child: ChildProcess; word: Promise<string> } {
  const child = spawn(process.execPath, ["--disable-warning=ExperimentalWarning", HOLDER, folder], {
    stdio: ["ignore", "pipe", "inherit"],
    ...options,
  });
  children.push(child);
  const word = new Promise<string>((resolve) => {
    child.stdout?.once("data", (chunk: Buffer) => resolve(chunk.toString().trim()));
  });
  return { child, word };
}

test("of two processes that start together, one gets the folder and the other is told that it is locked", async () => {
  const words = await Promise.all([contend().word, contend().word]);
  expect(words.toSorted()).toEqual(["held", "locked"]);
});

test("a holder that is killed frees the folder at once", async () => {
  const { child, word } = contend();
  expect(await word).toBe("held");
  await expect(lockHome(folder, { waitMs: 0 })).rejects.toMatchObject({ code: "locked" });

  child.kill("SIGKILL");
  await new Promise((resolve) => child.once("exit", resolve));
  const lock = await lockHome(folder, { waitMs: 0 });
  lock.release();
});

test("a lock that was released can be taken again, also by another process", async () => {
  const lock = await lockHome(folder, { waitMs: 0 });
  lock.release();
  lock.release();
  expect(await contend().word).toBe("held");
});

test("waiting tells once that it waits, and ends when the folder is free", async () => {
  const first = await lockHome(folder, { waitMs: 0 });
  const onWait = vi.fn<() => void>();
  const second = lockHome(folder, { waitMs: 10_000, onWait });
  await vi.waitFor(() => expect(onWait).toHaveBeenCalledOnce());
  first.release();
  (await second).release();
  expect(onWait).toHaveBeenCalledOnce();
});

test("a wait that is over says what to do, and an aborted one ends with the signal's reason", async () => {
  const held = await lockHome(folder, { waitMs: 0 });
  await expect(lockHome(folder, { waitMs: 150 })).rejects.toMatchObject({
    code: "locked",
    message: expect.stringContaining(folder),
    advice: expect.stringContaining("NOVA_HOME"),
  });
  const controller = new AbortController();
  const waiting = lockHome(folder, { waitMs: 60_000, signal: controller.signal, onWait: () => controller.abort() });
  await expect(waiting).rejects.toMatchObject({ name: "AbortError" });
  held.release();
});

test("a missing folder is made, for its owner only", async () => {
  const inside = join(folder, "deep", "home");
  const lock = await lockHome(inside, { waitMs: 0 });
  expect((await stat(inside)).mode & 0o777).toBe(0o700);
  lock.release();
});

test("a path that is no folder is refused with words", async () => {
  const file = join(folder, "file");
  await writeFile(file, "");
  await expect(lockHome(file, { waitMs: 0 })).rejects.toMatchObject({
    code: "bad_config",
    message: expect.stringContaining(file),
    advice: expect.stringContaining("NOVA_HOME"),
  });
});

test("a folder that may not be read is refused with words", async () => {
  await chmod(folder, 0o000);
  // Root may read everything, so then somebody else has to try.
  const tries = contend(process.getuid?.() === 0 ? { uid: 65_534 } : {});
  expect(await tries.word).toBe("bad_config");
});

test("a lock file that is no lock file is refused with words, not overwritten", async () => {
  await mkdir(join(folder, "lock"));
  await expect(lockHome(folder, { waitMs: 0 })).rejects.toMatchObject({ code: "bad_config" });
});
