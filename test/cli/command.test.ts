/** The whole command line in real processes: alone in its folder, beside a service, and with nonsense. */
import type { ChildProcess } from "node:child_process";
import { chmod, mkdir, readFile, rm, stat } from "node:fs/promises";
import { createServer } from "node:net";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { afterEach, beforeEach, expect, test } from "vitest";
import { lockHome } from "../../src/home/lock.ts";
import { startedHome } from "../support/home.ts";
import { isWhole } from "../support/nightly.ts";
import { createNova } from "./process.ts";

const SLOW = 120_000;

let home: string;
let nova: ReturnType<typeof createNova>;
const children: ChildProcess[] = [];

beforeEach(async () => {
  home = await startedHome("cli");
  nova = createNova(home, (child) => void children.push(child));
});
afterEach(async () => {
  for (const child of children.splice(0)) child.kill("SIGKILL");
  await rm(home, { recursive: true, force: true, maxRetries: 3 });
});

test(
  "a verb without a service works alone, and leaves the folder free and the answer kept",
  { timeout: SLOW },
  async () => {
    // The one of these tests that begins where a person begins: with an empty folder.
    await rm(home, { recursive: true });
    await mkdir(home);
    const asked = await nova.run(["ask", "@analyst", "what is 12 * 12?"]);
    expect(asked).toMatchObject({ code: 0, out: expect.stringMatching(/144[\s\S]*— Analyst · offline model\n$/) });

    const traced = await nova.run(["trace", "last", "--json"]);
    expect(JSON.parse(traced.out)).toMatchObject({
      summary: { state: "done", agent: "analyst", platform: "terminal" },
    });
  },
);

test(
  "verbs find the running service, a second service is refused, and SIGTERM ends it in order",
  { timeout: SLOW },
  async () => {
    const service = nova.start(["start"]);
    await service.says(/Nova \d+\.\d+\.\d+ is running/);
    const [, login = ""] = await service.says(/(http:\/\/127\.0\.0\.1:\d+\/login\?code=\S+)/);
    expect(service.out()).toContain("offline model - set OPENAI_API_KEY or OPENAI_BASE_URL for a real one");
    expect(service.out()).toContain(home);
    expect((await fetch(new URL("/healthz", login))).status).toBe(200);
    expect((await stat(join(home, "run.json"))).mode & 0o777).toBe(0o600);

    const [asked, status, second] = await Promise.all([
      nova.run(["ask", "-", "--json"], { input: "@analyst what is 6 * 7?\n" }),
      nova.run(["status", "--json"]),
      nova.run(["start"]),
    ]);
    expect(asked.code).toBe(0);
    expect(JSON.parse(asked.out)).toMatchObject({
      agent: "analyst",
      model: "offline",
      text: expect.stringContaining("42"),
    });
    expect(JSON.parse(status.out)).toMatchObject({ service: true, url: new URL(login).origin });
    expect(second).toMatchObject({ code: 1, err: expect.stringMatching(/already runs .+\n.*NOVA_HOME/) });

    service.child.kill("SIGTERM");
    expect(await service.ended).toMatchObject({ code: 0 });
    await expect(stat(join(home, "run.json"))).rejects.toMatchObject({ code: "ENOENT" });
  },
);

test(
  "after a kill -9 the folder is free at once, and the file that it left behind deceives nobody",
  { timeout: SLOW },
  async () => {
    const service = nova.start(["start"]);
    await service.says(/is running/);
    await nova.run(["memory", "add", "The boiler was serviced by Anselm"]);
    service.child.kill("SIGKILL");
    await service.ended;
    expect(await readFile(join(home, "run.json"), "utf8")).toContain("token");

    const found = await nova.run(["memory", "search", "who serviced the boiler?"]);
    expect(found).toMatchObject({ code: 0, err: "", out: expect.stringContaining("Anselm") });
  },
);

test("of two verbs at once one waits for the other and says so, and both are done", { timeout: SLOW }, async () => {
  const ended = await Promise.all([nova.run(["memory", "add", "first"]), nova.run(["memory", "add", "second"])]);
  expect(ended.map(({ code }) => code)).toEqual([0, 0]);
  expect(ended.map(({ err }) => err).join("")).toBe(
    `Another Nova process is using ${home}; waiting for it, at most 30 seconds.\n`,
  );
  expect(new Set(ended.map(({ out }) => /m\d+/.exec(out)?.[0]))).toEqual(new Set(["m1", "m2"]));
});

test(
  "a chat over a pipe answers line by line, passes over blank lines and keeps what was typed",
  { timeout: SLOW },
  async () => {
    const { code, out } = await nova.run(["chat"], {
      input: "\n@analyst what is 2 + 3?\n   \n/why\n/quit\nnever sent\n",
    });
    expect(code).toBe(0);
    expect(out).toMatch(/5[\s\S]*— Analyst · offline model\n\n[\s\S]*The last message went to Analyst/);
    expect(out).not.toContain("\u001b");
    expect((await stat(join(home, "chat-history"))).mode & 0o777).toBe(0o600);
  },
);

test("a port in use is told with the variable to change, and the folder is free again", { timeout: SLOW }, async () => {
  const other = createServer();
  await new Promise<void>((resolve) => other.listen(0, "127.0.0.1", resolve));
  const { port } = other.address() as AddressInfo;
  const { code, err, out } = await nova.run(["start"], { env: { NOVA_PORT: String(port) } });
  other.close();
  expect({ code, out }).toEqual({ code: 1, out: "" });
  expect(err).toMatch(new RegExp(`Port ${port} .*in use[\\s\\S]*NOVA_PORT`));
  (await lockHome(home, { waitMs: 0 })).release();
});

test("an unknown verb is refused with words", async () => {
  const words = /unknown command 'rout'[\s\S]*route/;
  expect(await nova.run(["rout", "x"])).toMatchObject({ code: 2, out: "", err: expect.stringMatching(words) });
});

// What is said of each stands in program.test.ts, too; each of these is a process.
test.skipIf(!isWhole).each([
  ["an unknown subcommand", ["memory", "burn"], /has no "burn"\. It has: add, search/],
  ["a missing argument", ["route"], /missing required argument/],
  ["an unknown option", ["status", "--loud"], /unknown option '--loud'/],
  ["an empty message", ["ask", " "], /The message is empty/],
])("%s is refused with words", async (_what, args, words) => {
  expect(await nova.run(args)).toMatchObject({ code: 2, out: "", err: expect.stringMatching(words) });
});

test.each([
  ["wrong values", { NOVA_PORT: "web", NOVA_LOGS: "x" }, /2 settings are wrong:[\s\S]*NOVA_LOGS[\s\S]*NOVA_PORT/],
  ["a home that is a file", { NOVA_HOME: "/dev/null" }, /\/dev\/null cannot be read and written[\s\S]*NOVA_HOME/],
])("an environment with %s is refused with words", async (_what, env, words) => {
  expect(await nova.run(["status"], { env })).toMatchObject({ code: 2, out: "", err: expect.stringMatching(words) });
});

test("standard input that is too long, or no text, is refused before anything is opened", async () => {
  expect(await nova.run(["ask", "-"], { input: Buffer.alloc(1_000_001, "x") })).toMatchObject({
    code: 1,
    err: expect.stringContaining("larger than 1 MB"),
  });
  expect(await nova.run(["ask", "-"], { input: Buffer.from([0xff, 0xfe, 0x41]) })).toMatchObject({
    code: 2,
    err: expect.stringContaining("not UTF-8"),
  });
});

test.skipIf(!isWhole)(
  "a chat over a pipe that is no UTF-8, or an argument, is refused and nothing is stored",
  { timeout: SLOW },
  async () => {
    const latin = Buffer.concat([
      Buffer.from("Remember that the caf"),
      Buffer.from([0xe9]),
      Buffer.from(" is closed.\n"),
    ]);
    const piped = await nova.run(["chat"], { input: latin });
    expect(piped).toMatchObject({ code: 2, out: "", err: expect.stringContaining("Standard input is not UTF-8") });
    const typed = await nova.run(["ask", "the caf\uFFFD is closed"]);
    expect(typed).toMatchObject({ code: 2, out: "", err: expect.stringMatching(/argument .* is not UTF-8/) });
    expect(JSON.parse((await nova.run(["memory", "list", "--json"])).out)).toMatchObject({ items: [] });
  },
);

test.skipIf(!isWhole)("unknown names end with 1 and the remedy", { timeout: SLOW }, async () => {
  const agent = await nova.run(["route", "@nobody", "help"]);
  expect(agent).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/nobody[\s\S]*nova agents/) });
  const person = await nova.run(["ask", "--as", "Mallory", "hello"]);
  expect(person).toMatchObject({ code: 1, out: "", err: expect.stringMatching(/Mallory[\s\S]*nova link --new/) });
});

test("a data folder that may not be read is refused with words", async () => {
  await chmod(home, 0o000);
  const { ended } = nova.start(["status"], {}, process.getuid?.() === 0 ? 65_534 : undefined);
  expect(await ended).toMatchObject({
    code: 2,
    err: expect.stringMatching(/cannot be read and written[\s\S]*NOVA_HOME/),
  });
  await chmod(home, 0o700);
});
