/** The doctor finds what is wrong, names the remedy, and takes nothing that is well for ill. */
import { createServer, type RequestListener } from "node:http";
import { chmod, mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { createInk } from "../../src/cli/ink.ts";
import { readConfig } from "../../src/settings/config.ts";
import { judgeClock } from "../../src/doctor/clock.ts";
import { judgeDatabase, type DatabaseSeen } from "../../src/doctor/database.ts";
import { examine, well, type Finding } from "../../src/doctor/finding.ts";
import { room } from "../../src/doctor/home.ts";
import { judgeService } from "../../src/doctor/service.ts";
import { drawFindings } from "../../src/doctor/words.ts";
import { lookAtAll } from "../../src/commands/doctoring.ts";
import { lockHome } from "../../src/home/lock.ts";
import { silentLog } from "../support/log.ts";

const signal = new AbortController().signal;
let home: string;
beforeAll(async () => void (home = await mkdtemp(join(tmpdir(), "nova-doctor-"))));
afterAll(() => rm(home, { recursive: true, force: true }));

const look = (env: Record<string, string>): Promise<readonly Finding[]> =>
  lookAtAll(async () => ({ config: readConfig({ NOVA_HOME: home, NOVA_PORT: "0", ...env }), log: silentLog }), {
    version: "1.2.3",
    signal,
    onLook: () => {},
  });
const about = (findings: readonly Finding[], subject: string) => findings.filter((each) => each.subject === subject);

test("a folder that was never used is well, and nothing is made in looking", async () => {
  const fresh = join(home, "fresh");
  const findings = await look({ NOVA_HOME: fresh });
  expect(findings.filter(({ state }) => state !== "well").map(({ subject }) => subject)).toEqual(["clock"]);
  expect(about(findings, "database")[0]?.detail).toContain("none yet");
  await expect(mkdir(fresh)).resolves.toBeUndefined();
});

test("wrong settings are told, all of them, and nothing else is looked at", async () => {
  const [only, ...others] = await look({ NOVA_PORT: "70000", NOVA_LOG: "loud" });
  expect(only).toMatchObject({ subject: "settings", state: "ill", remedy: expect.stringContaining("start --help") });
  expect(only?.detail).toMatch(/NOVA_PORT[^]*NOVA_LOG/);
  expect(others).toEqual([]);
});

test("a folder that others can read, and one that is a file", async () => {
  const open = join(home, "open");
  await mkdir(open);
  await chmod(open, 0o755);
  expect(about(await look({ NOVA_HOME: open }), "folder")).toMatchObject([
    { state: "warning", remedy: expect.stringContaining("chmod 700") },
  ]);
  const file = join(home, "file");
  await writeFile(file, "");
  expect(about(await look({ NOVA_HOME: file }), "folder")).toMatchObject([{ state: "ill" }]);
});

test("a database that another process has open is left alone", async () => {
  const held = join(home, "held");
  await mkdir(join(held, "database"), { recursive: true, mode: 0o700 });
  const lock = await lockHome(held, { waitMs: 0 });
  const [database] = about(await look({ NOVA_HOME: held }), "database");
  lock.release();
  expect(database).toMatchObject({ state: "unknown", detail: expect.stringContaining("Another Nova process") });
});

test("a server that is not there, and a port that is taken", async () => {
  await serving(
    (_request, response) => response.end(),
    async (url) => {
      const { port } = new URL(url);
      const findings = await look({ DATABASE_URL: "postgres://me:secret@127.0.0.1:9/nova", NOVA_PORT: port });
      expect(about(findings, "database")).toMatchObject([{ state: "ill", remedy: expect.stringContaining("Start") }]);
      expect(about(findings, "port")).toMatchObject([{ state: "ill", remedy: expect.stringContaining("NOVA_PORT") }]);
      expect(JSON.stringify(findings)).not.toContain("secret");
    },
  );
});

describe("the model's server", () => {
  const listing = (...ids: string[]) => JSON.stringify({ data: ids.map((id) => ({ id })) });
  const answers: readonly (readonly [what: string, answer: RequestListener, Partial<Finding>])[] = [
    ["has the model", (_, to) => to.end(listing("small", "large")), { state: "well" }],
    [
      "lacks the model",
      (_, to) => to.end(listing("large")),
      { state: "warning", remedy: expect.stringContaining("large") },
    ],
    ["has no models", (_, to) => to.end(listing()), { state: "warning", remedy: expect.stringContaining("Load") }],
    ["sends a page", (_, to) => to.end("<h1>Hello</h1>"), { state: "warning", remedy: expect.stringContaining("/v1") }],
    ["has it under its latest tag", (_, to) => to.end(listing("small:latest")), { state: "well" }],
    [
      "refuses the key",
      (_, to) => to.writeHead(401).end("secret"),
      { state: "ill", remedy: "Correct OPENAI_API_KEY." },
    ],
    ["has no list", (_, to) => to.writeHead(404).end(), { state: "warning" }],
    ["wants a pause", (_, to) => to.writeHead(429).end(), { state: "warning" }],
    ["is broken", (_, to) => to.writeHead(500).end("secret"), { state: "ill" }],
    [
      "cuts the line",
      (request) => request.destroy(),
      { state: "ill", remedy: expect.stringContaining("OPENAI_BASE_URL") },
    ],
  ];
  test.each(answers)("%s", async (_what, answer, expected) => {
    await serving(answer, async (url) => {
      const findings = await look({ OPENAI_BASE_URL: `${url}/v1`, NOVA_MODEL: "small", OPENAI_API_KEY: "sk-key" });
      expect(about(findings, "model")).toMatchObject([expected]);
      expect(JSON.stringify(findings)).not.toMatch(/secret|sk-key/);
    });
  });

  test.each([
    ["where nothing listens any more", "", /: nothing listens there \(ECONNREFUSED\)\. The offline model/],
    [
      "on a port that no program of the web connects to",
      "http://127.0.0.1:9",
      /do not connect to that port \(BAD_PORT\)/,
    ],
    ["of a name that is none", "http://nova.invalid", /its host name was not found \(E\w+\)/],
  ])("%s: the cause is told", async (_what, url, detail) => {
    let left = "";
    await serving(
      () => {},
      async (taken) => void (left = taken),
    );
    const findings = await look({ OPENAI_BASE_URL: `${url || left}/v1`, NOVA_MODEL: "small" });
    expect(about(findings, "model")).toMatchObject([{ state: "ill", detail: expect.stringMatching(detail) }]);
  });

  test("whose clock differs by minutes: this machine's is told to be wrong", async () => {
    const late: RequestListener = (_, to) => {
      to.sendDate = false;
      to.setHeader("date", new Date(Date.now() - 600_000).toUTCString()).end(listing("small"));
    };
    await serving(late, async (url) => {
      const findings = await look({ OPENAI_BASE_URL: url, NOVA_MODEL: "small" });
      expect(about(findings, "clock")).toMatchObject([
        { state: "ill", detail: expect.stringContaining("10 minutes ahead") },
      ]);
    });
  });
});

test.each([
  [0, "well"],
  [-20_000, "well"],
  [90_000, "warning"],
  [-7_300_000, "ill"],
])("a clock that is off by %i ms is %s", (ms, state) => {
  expect(
    judgeClock(new Date(0), [
      { than: "x", ms: 1 },
      { than: "the server's", ms },
    ]),
  ).toMatchObject({ state });
});

test.each([
  [100e6, "ill"],
  [500e6, "warning"],
  [5e9, "well"],
])("%i free bytes are %s", (free, state) => expect(room(free).state).toBe(state));

test("a database that is newer, behind, or nearly out of connections", () => {
  const seen: DatabaseSeen = {
    version: "17.2",
    pgvector: null,
    pending: 2,
    strange: [],
    bytes: 9e6,
    connections: { used: 95, most: 100 },
  };
  expect(judgeDatabase(seen, "It", true).map(({ subject, state }) => [subject, state])).toEqual([
    ["database", "well"],
    ["extension", "well"],
    ["schema", "well"],
    ["database", "warning"],
  ]);
  const newer = judgeDatabase({ ...seen, strange: ["0099_far.sql"] }, "It", false);
  expect(newer.find(({ subject }) => subject === "schema")).toMatchObject({ state: "ill" });
});

test("a service of another version, a channel that is down, and replies that did not arrive", () => {
  const up = { ok: true, detail: "open" };
  const adapters = [{ platform: "web", transport: { ok: false, detail: "closed" }, admission: up, auth: up }];
  const seen = { version: "1.0.0", url: "http://x", adapters, report: { failedParts: 2, unknownParts: 0 } };
  expect(judgeService(seen, { pid: 1, version: "2.0.0" }).map(({ state }) => state)).toEqual([
    "warning",
    "ill",
    "warning",
  ]);
});

test("a part that hangs is told, one that breaks is logged, and the next one is still looked at", async () => {
  const hangs = { subject: "slow", look: () => new Promise<never>(() => {}) };
  const breaks = { subject: "broken", look: () => Promise.reject(new TypeError("secret")) };
  const quick = { subject: "quick", look: async () => [well("quick", "Yes.")] };
  const broken: unknown[] = [];
  const onBroken = (error: unknown) => void broken.push(error);
  const findings = await examine([hangs, breaks, quick], { patienceMs: 20, signal, onLook: () => {}, onBroken });
  expect(findings.map(({ subject, state, remedy }) => [subject, state, remedy !== ""])).toEqual([
    ["slow", "ill", true],
    ["broken", "ill", true],
    ["quick", "well", false],
  ]);
  expect(broken).toMatchObject([{ name: "TypeError" }]);
  expect(JSON.stringify(findings)).not.toContain("secret");
});

test("a restore that was broken off is told, and nothing is moved in looking", async () => {
  const half = join(home, "half");
  for (const name of ["database", "database.restored"]) await mkdir(join(half, name), { recursive: true, mode: 0o700 });
  const [database] = about(await look({ NOVA_HOME: half }), "database");
  expect(database).toMatchObject({ state: "warning", detail: expect.stringContaining("restore") });
  expect((await readdir(half)).toSorted()).toEqual(["database", "database.restored"]);
});

test("the words name state, detail and remedy, and sum up", () => {
  const findings = [
    well("disk", "There is room."),
    { subject: "clock", state: "ill" as const, detail: "Off.\nFar.", remedy: "Set it." },
  ];
  expect(drawFindings(findings, createInk(false))).toBe(
    ["✓ disk   There is room.", "✗ clock  Off.", "         Far.", "         → Set it.", "", "One thing is wrong."].join(
      "\n",
    ),
  );
  expect(drawFindings([well("disk", "There is room.")], createInk(false))).toContain("All is well.");
});

async function serving(answer: RequestListener, work: (url: string) => Promise<void>): Promise<void> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  try {
    await work(`http://127.0.0.1:${(server.address() as AddressInfo).port}`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
