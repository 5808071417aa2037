/** The one way out: what leads inside is refused where the connection is made, whatever it is called; the rest is let out. */
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { EgressAsk } from "#core";
import { mayReach, readAllowed, type Allowed } from "../../src/egress/addresses.ts";
import { createEgress, type OpenEgress } from "../../src/egress/egress.ts";

let server: Server;
let port = 0;
let asked: { method: string; url: string; headers: Record<string, unknown>; body: string }[] = [];
/** What the peer answers, by path. */
const answers = new Map<string, { status: number; headers?: Record<string, string>; body?: string; hang?: boolean }>();
beforeAll(async () => {
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += String(piece)));
    request.on("end", () => {
      const { method = "", url = "", headers } = request;
      asked.push({ method, url, headers, body });
      const answer = answers.get(url) ?? { status: 200, body: "well" };
      if (answer.hang) return;
      response.writeHead(answer.status, answer.headers ?? {});
      response.end(answer.body ?? "");
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  port = (server.address() as AddressInfo).port;
});
afterAll(() => {
  server.closeAllConnections();
  server.close();
});
beforeEach(() => {
  asked = [];
});

const allow = (...texts: readonly string[]): readonly Allowed[] =>
  texts.map((text) => readAllowed(text) ?? expect.unreachable(text));
/** Names mean what the test says they mean; one that means several things in turn means the last one for ever. */
const named =
  (names: Readonly<Record<string, readonly (readonly string[])[]>>) =>
  (host: string): Promise<{ address: string; family: number }[]> => {
    const meanings = names[host];
    if (!meanings) return Promise.reject(Object.assign(new Error("no such name"), { code: "ENOTFOUND" }));
    const turn = (looked[host] = (looked[host] ?? 0) + 1);
    const now = meanings[Math.min(turn, meanings.length) - 1] ?? [];
    return Promise.resolve(now.map((address) => ({ address, family: address.includes(":") ? 6 : 4 })));
  };
const looked: Record<string, number> = {};

async function out(egress: OpenEgress, url: string, more: Partial<EgressAsk> = {}) {
  const ask = { method: "POST" as const, url, body: "{}", mostMs: 2_000, mostBytes: 100, ...more };
  try {
    return await egress.request(ask, new AbortController().signal);
  } finally {
    await egress.close();
  }
}

const NAMES = {
  inside: [["127.0.0.1"]],
  "metadata.example": [["169.254.169.254"]],
  "private.example": [["10.1.2.3"]],
  "shared.example": [["100.64.0.1"]],
  "unique.example": [["fd00:ec2::254"]],
  "mapped.example": [["::ffff:127.0.0.1"]],
  "nat64.example": [["64:ff9b::7f00:1"]],
  "compatible.example": [["::7f00:1"]],
  "both.example": [["93.184.215.14", "127.0.0.1"]],
  "azure.example": [["168.63.129.16"]],
  "many.example": [["224.0.0.1"]],
  "rebound.example": [["127.0.0.1"], ["93.184.215.14"]],
};

test.each([
  "http://127.0.0.1/",
  "http://localhost/",
  "http://2130706433/",
  "http://0x7f.1/",
  "http://0177.0.0.1/",
  "http://127.1/",
  "http://0/",
  "http://[::1]/",
  "http://[::ffff:127.0.0.1]/",
  "http://[::ffff:7f00:1]/",
  "http://[::7f00:1]/",
  "http://[::127.0.0.1]/",
  "http://[100:0:0:1::1]/",
  "http://[4000::1]/",
  "http://compatible.example/",
  "http://[fe80::1]/",
  "http://169.254.169.254/latest/meta-data",
  "http://10.0.0.1/",
  "http://172.16.0.1/",
  "http://192.168.0.1/",
  "http://100.64.0.1/",
  "http://224.0.0.1/",
  "http://255.255.255.255/",
  "http://inside/",
  "http://inside./",
  "http://metadata.example/",
  "http://private.example/",
  "http://shared.example/",
  "http://unique.example/",
  "http://mapped.example/",
  "http://nat64.example/",
  "http://both.example/",
  "http://azure.example/",
  "http://many.example/",
  "http://rebound.example/",
  "file:///etc/passwd",
  "gopher://example.com/",
  "ftp://example.com/",
  "https://user:word@example.com/",
  "https://example.com:22/",
  "not an address",
])("S22: %s is refused", async (url) => {
  // The machine's own name leads inside as well.
  const egress = createEgress({ resolve: named({ ...NAMES, localhost: [["::1"]] }) });
  expect(await out(egress, url)).toEqual({ kind: "refused", why: expect.stringMatching(/\.$/) });
  expect(asked).toEqual([]);
});

test("S22: the door of the peer itself is refused by its number and by a name, at its own port", async () => {
  for (const url of [`http://127.0.0.1:${port}/`, `http://inside:${port}/`]) {
    // The port alone is let in, for another host.
    const egress = createEgress({ resolve: named(NAMES), allowed: allow(`elsewhere.example:${port}`, "10.0.0.0/8") });
    expect(await out(egress, url)).toMatchObject({ kind: "refused" });
  }
  expect(asked).toEqual([]);
});

test.each([
  ["its address", (at: number) => [`127.0.0.1:${at}`], "127.0.0.1"],
  ["its range", () => ["127.0.0.0/8"], "127.0.0.1"],
  ["its name", (at: number) => [`inside:${at}`], "inside"],
  ["the range behind its name", () => ["127.0.0.0/8"], "inside"],
] as const)("S22 twin: a private receiver that the operator let in by %s is reached", async (_what, entries, host) => {
  const egress = createEgress({ resolve: named(NAMES), allowed: allow(...entries(port)) });
  expect(await out(egress, `http://${host}:${port}/hook`)).toMatchObject({
    kind: "answered",
    status: 200,
    body: "well",
  });
  expect(asked).toMatchObject([{ method: "POST", url: "/hook", body: "{}" }]);
});

test.each([
  ["93.184.215.14", true],
  ["2606:2800:220:1:248:1893:25c8:1946", true],
  ["8.8.8.8", true],
  ["::ffff:8.8.8.8", true],
  ["127.0.0.1", false],
  ["::ffff:10.0.0.1", false],
  ["2002:7f00:1::", false],
  ["2a00:1450:4001:81b::200e", true],
  ["3ffe:ffff::1", true],
  ["::7f00:1", false],
  ["::127.0.0.1", false],
  ["::8.8.8.8", false],
  ["::ffff:0:7f00:1", false],
  ["64:ff9b::8.8.8.8", false],
  ["64:ff9b:1::7f00:1", false],
  ["2001:0:7f00:1::", false],
  ["2001:db8::1", false],
  ["100::1", false],
  ["100:0:0:1::1", false],
  ["1fff::1", false],
  ["4000::1", false],
  ["fec0::1", false],
  ["not an address", false],
])("S22 twin: of addresses that a name may lead to, %s is public: %s", (address, isPublic) => {
  expect(mayReach(address, { host: "example.com", port: 443, allowed: [] })).toBe(isPublic);
});

test("S22: a name that means something else at the next look gains nothing: each connection has its own look", async () => {
  const egress = createEgress({
    resolve: named({ "turning.example": [["127.0.0.1"], ["169.254.169.254"]] }),
    allowed: allow("127.0.0.1"),
  });
  const ask = { method: "GET" as const, url: `http://turning.example:${port}/`, mostMs: 2_000, mostBytes: 100 };
  const { signal } = new AbortController();
  // Twin: while it means what is let in, it is answered.
  expect(await egress.request({ ...ask, headers: { connection: "close" } }, signal)).toMatchObject({
    kind: "answered",
  });
  expect(await egress.request(ask, signal)).toMatchObject({ kind: "refused" });
  expect(asked).toHaveLength(1);
  await egress.close();
});

test("S22: a redirect is not followed unasked, and one that leads inside is refused at its hop", async () => {
  answers.set("/away", { status: 302, headers: { location: "http://169.254.169.254/latest" } });
  answers.set("/home", { status: 307, headers: { location: "/hook" } });
  const open = () => createEgress({ resolve: named(NAMES), allowed: allow(`127.0.0.1:${port}`) });
  const at = `http://127.0.0.1:${port}`;
  expect(await out(open(), `${at}/away`)).toMatchObject({ kind: "answered", status: 302 });
  expect(await out(open(), `${at}/away`, { redirects: 3 })).toMatchObject({ kind: "refused" });
  // Twin: one that stays where it may is followed when that is asked for.
  expect(await out(open(), `${at}/home`, { redirects: 3 })).toMatchObject({ kind: "answered", status: 200 });
  expect(asked.map(({ method, url }) => `${method} ${url}`)).toEqual([
    "POST /away",
    "POST /away",
    "POST /home",
    "POST /hook",
  ]);
});

test("an answer is read to its most, waited for to its most, and leaves no cookie behind", async () => {
  answers.set("/long", { status: 200, headers: { "set-cookie": "a=b" }, body: "x".repeat(100_000) });
  answers.set("/never", { status: 200, hang: true });
  const egress = createEgress({ allowed: allow("127.0.0.1") });
  const ask = (path: string) => ({
    method: "GET" as const,
    url: `http://127.0.0.1:${port}${path}`,
    mostMs: path === "/never" ? 200 : 5_000,
    mostBytes: 100,
  });
  const { signal } = new AbortController();
  expect(await egress.request(ask("/long"), signal)).toMatchObject({
    kind: "answered",
    body: "x".repeat(100),
    cut: true,
  });
  expect(await egress.request(ask("/never"), signal)).toEqual({ kind: "failed", code: "timeout" });
  expect(await egress.request(ask("/hook"), signal)).toMatchObject({ kind: "answered", cut: false });
  expect(asked.at(-1)?.headers).not.toHaveProperty("cookie");
  await egress.close();
  const gone = createEgress({ resolve: named({}) });
  expect(await out(gone, "http://nowhere.example/")).toEqual({ kind: "failed", code: "enotfound" });
});

test.each([
  ["10.0.0.0/8", true],
  ["192.168.1.20:9000", true],
  ["[fd00::5]:8080", true],
  ["fd00::/8", true],
  ["ci.internal", true],
  ["ci.internal:8443", true],
  ["0177.0.0.1", false],
  ["2130706433", false],
  ["10.0.0.0/8:99999", false],
  ["http://ci.internal", false],
  ["", false],
  ["*", false],
])("what the operator may let in: %s is read: %s", (text, isRead) => {
  expect(readAllowed(text) !== undefined).toBe(isRead);
});

test("before anything is asked, a name that leads inside is told apart from one that nobody knows", async () => {
  const resolve = named({ "in.example": [["93.184.216.34", "10.0.0.7"]], "out.example": [["93.184.216.34"]] });
  const egress = createEgress({ resolve });
  const look = (url: string) => egress.lookedUp(url, new AbortController().signal);
  expect(await look("https://in.example/hook")).toContain("not on the public network");
  expect(await look("https://out.example/hook")).toBeUndefined();
  expect(await look("https://unknown.example/hook")).toBeUndefined();
  expect(await look("https://127.0.0.1/hook")).toContain("not on the public network");
  expect(await look("ftp://out.example/hook")).toContain("http");
  await egress.close();
  const open = createEgress({ resolve, allowed: allow("in.example:443") });
  expect(await open.lookedUp("https://in.example/hook", new AbortController().signal)).toBeUndefined();
  await open.close();
});
