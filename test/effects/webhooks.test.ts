/** Signed posts: accepted once, tried until they are taken, and given up with a word. On a real database, to a real peer. */
import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { HOME, type Announcement, type Effect, type EgressAnswer, type Person, type Receiver } from "#core";
import { readAllowed } from "../../src/egress/addresses.ts";
import { createEgress } from "../../src/egress/egress.ts";
import { createDeliverer } from "../../src/effects/deliverer.ts";
import { createPostWebhook } from "../../src/effects/post-webhook.ts";
import { attemptedAs, PAUSES_MS } from "../../src/effects/webhook-schedule.ts";
import { createDeliveries } from "../../src/postgres/deliveries.ts";
import { createReceivers } from "../../src/postgres/receivers.ts";
import { silentLog } from "../support/log.ts";
import { openStores, type Stores } from "../postgres/stores.ts";

type Answer = { readonly status: number; readonly headers?: Record<string, string> };
type Heard = { readonly path: string; readonly headers: Record<string, string>; readonly body: string };

let nova: Stores;
let ana: Person;
let ben: Person;
let server: Server;
let origin = "";
let heard: Heard[] = [];
/** What the peer answers next; when there is nothing more, 204. */
let answers: Answer[] = [];
let said: Announcement[] = [];

beforeAll(async () => {
  nova = await openStores();
  ana = await nova.person("ana", "owner");
  ben = await nova.person("ben");
  server = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += String(piece)));
    request.on("end", () => {
      const headers = Object.fromEntries(Object.entries(request.headers).map(([name, value]) => [name, String(value)]));
      heard.push({ path: request.url ?? "", headers, body });
      const { status, headers: more = {} } = answers.shift() ?? { status: 204 };
      response.writeHead(status, more).end();
    });
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  origin = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
});
afterAll(async () => {
  server.closeAllConnections();
  server.close();
  await nova.close();
});
beforeEach(() => {
  heard = [];
  answers = [];
  said = [];
});

/** A process of Nova, as far as posts go. */
function process() {
  const deliveries = createDeliveries(nova.database, { clock: nova.clock, newId: randomUUID });
  const receivers = createReceivers(nova.database, { clock: nova.clock, random: randomBytes });
  const deliverer = createDeliverer({
    deliveries,
    egress: createEgress({ allowed: LOCAL.flatMap((entry) => readAllowed(entry) ?? []) }),
    announcements: {
      async say(announcement) {
        if (!said.some(({ key }) => key === announcement.key)) said.push(announcement);
        return { kind: "unreachable" };
      },
    },
    people: nova.people,
    clock: nova.clock,
    log: silentLog,
    chance: () => 0,
  });
  return {
    deliveries,
    receivers,
    deliverer,
    performer: createPostWebhook({ deliveries, clock: nova.clock, onStored: () => undefined }),
  };
}

const later = (ms: number): void => void (nova.clock.time = new Date(nova.clock.time.getTime() + ms));
const { signal } = new AbortController();
const CLEAN = { taints: [] };

const effectTo = (receiver: Receiver): Effect => ({
  verb: "post_webhook",
  args: {
    receiver: { id: receiver.id, name: receiver.name, host: "peer" },
    event: "build.green",
    text: "It is green.",
  },
  tenant: HOME,
  person: ben.id,
  project: null,
  branch: null,
});

const LOCAL = ["127.0.0.1"];

let names = 0;
async function post() {
  const one = process();
  names += 1;
  const { receiver, secret } = await one.receivers.add(ana, `peer-${names}`, `${origin}/${names}`);
  const key = `key ${names}`;
  const performed = await one.performer.perform(effectTo(receiver), key, signal, CLEAN);
  const state = async () => (await one.deliveries.keyed(key, HOME))!;
  return { ...one, receiver, secret, key, performed, state };
}

test("it fails twice, then is taken: one id, a fresh time and signature for each attempt, and no attempt before its time", async () => {
  answers = [{ status: 500 }, { status: 301, headers: { location: `${origin}/elsewhere` } }];
  const { deliverer, performed, secret, key, receiver, performer, state } = await post();
  expect(performed).toMatchObject({ kind: "done", told: expect.stringContaining("Accepted for delivery") });
  // Told again after a crash it is the same post.
  expect(await performer.perform(effectTo(receiver), key, signal, CLEAN)).toMatchObject({ kind: "done" });
  expect(await performer.reconcile?.(effectTo(receiver), key, signal, CLEAN)).toMatchObject({ kind: "done" });
  expect(await performer.reconcile?.(effectTo(receiver), "another", signal, CLEAN)).toEqual({ kind: "absent" });

  await deliverer.pass();
  await deliverer.pass();
  expect(heard).toHaveLength(1);
  later(4_999);
  await deliverer.pass();
  expect(heard).toHaveLength(1);
  later(1);
  await deliverer.pass();
  later(5 * 60_000);
  await deliverer.pass();
  await deliverer.pass();
  expect(heard.map(({ path }) => path)).toEqual(Array.from({ length: 3 }, () => `/${names}`));
  expect(await state()).toMatchObject({ state: "delivered", attempts: 3, lastCode: "204", nextAt: null });

  expect(new Set(heard.map(({ headers }) => headers["webhook-id"])).size).toBe(1);
  expect(new Set(heard.map(({ headers }) => headers["webhook-timestamp"])).size).toBe(3);
  for (const { headers, body } of heard) {
    const timestamp = new Date(Number(headers["webhook-timestamp"]) * 1_000);
    const signature = new Webhook(secret).sign(headers["webhook-id"] ?? "", timestamp, body);
    expect(headers["webhook-signature"]).toBe(signature);
  }
  expect(JSON.parse(heard[0]?.body ?? "")).toEqual({
    type: "build.green",
    timestamp: expect.any(String),
    data: { text: "It is green." },
  });
  expect(said).toEqual([]);
});

test("several processes make one attempt", async () => {
  const { state } = await post();
  const all = Array.from({ length: 4 }, process);
  await Promise.all(all.map(({ deliverer }) => deliverer.pass()));
  expect(heard).toHaveLength(1);
  expect(await state()).toMatchObject({ state: "delivered", attempts: 1 });
});

test("an attempt whose process died is made again when its claim is over, and the dead one's word does not count", async () => {
  const { deliveries, deliverer, state } = await post();
  const [dead] = await deliveries.claim(nova.clock.now(), 1, 60_000);
  await deliverer.pass();
  expect(heard).toEqual([]);
  later(60_000);
  await deliverer.pass();
  expect(heard).toHaveLength(1);
  expect(await deliveries.record(dead!, { kind: "failed", code: "late" })).toBe(false);
  expect(await state()).toMatchObject({ state: "delivered", attempts: 2 });
});

test("who is busy is left alone for as long as it asks, also with other posts; who is gone gets nothing more, and both are told", async () => {
  answers = [{ status: 429, headers: { "retry-after": "120" } }];
  const { deliverer, deliveries, receivers, receiver, performer, state } = await post();
  await deliverer.pass();
  await performer.perform(effectTo(receiver), `second to ${receiver.name}`, signal, CLEAN);
  await deliverer.pass();
  expect(heard).toHaveLength(1);
  expect((await state()).nextAt).toEqual(new Date(nova.clock.time.getTime() + 120_000));
  expect(await deliveries.dueIn(nova.clock.now())).toBe(120_000);
  later(120_000);
  answers = [{ status: 410 }];
  await deliverer.pass();
  expect(await receivers.named(HOME, receiver.name)).toMatchObject({ state: "disabled", disabledWhy: "gone" });
  expect(
    (await deliveries.list(HOME, { receiver: receiver.name, limit: 9 })).map(({ state: each }) => each),
  ).not.toContain("waiting");
  expect(said.map(({ to, text }) => [to.name, text])).toEqual(
    expect.arrayContaining([
      ["ben", expect.stringContaining("did not arrive")],
      ["ana", expect.stringContaining("it is gone")],
    ]),
  );
  expect(await performer.perform(effectTo(receiver), "third", signal, CLEAN)).toMatchObject({
    kind: "failed",
    code: "no_receiver",
  });

  // Twin: with a new secret it is open again, and signed by both while both are good.
  const rotated = (await receivers.rotate(HOME, receiver.name, new Date(nova.clock.time.getTime() + 1_000)))!;
  heard = [];
  answers = [];
  await performer.perform(effectTo(receiver), "fourth", signal, CLEAN);
  await deliverer.pass();
  expect(heard[0]?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  later(1_000);
  expect(await receivers.secrets(rotated.receiver, HOME)).toEqual([rotated.secret]);
});

test("after the last attempt it is given up, its person is told, and it can be sent again by hand", async () => {
  const { deliverer, deliveries, state } = await post();
  answers = Array.from({ length: PAUSES_MS.length + 1 }, () => ({ status: 503 }));
  for (const pause of [0, ...PAUSES_MS]) {
    later(pause);
    await deliverer.pass();
  }
  const given = await state();
  expect([heard.length, given.state, given.attempts, given.lastCode]).toEqual([10, "failed", 10, "503"]);
  expect(said.map(({ to }) => to.name)).toEqual(["ben"]);
  expect(said[0]?.text).toContain(`nova receivers replay ${given.id}`);
  later(1_000_000_000);
  await deliverer.pass();
  expect(heard).toHaveLength(10);

  const id = heard[0]?.headers["webhook-id"];
  expect(await deliveries.replay(given.id, HOME, nova.clock.now())).toMatchObject({ state: "waiting" });
  expect(await deliveries.replay(given.id, HOME, nova.clock.now())).toBeUndefined();
  await deliverer.pass();
  expect(heard.at(-1)?.headers["webhook-id"]).toBe(id);
  expect(await state()).toMatchObject({ state: "delivered" });
});

test("the worker of posts tries by itself what is stored, and stops", async () => {
  const { deliverer, state } = await post();
  deliverer.start();
  deliverer.look();
  await expect.poll(state).toMatchObject({ state: "delivered" });
  await deliverer.stop();
});

const HOUR = 3_600_000;
const at = new Date("2026-03-02T10:00:00Z");
const answered = (status: number, headers: Record<string, string> = {}): EgressAnswer => ({
  kind: "answered",
  status,
  headers,
  body: "",
  cut: false,
});
/** After so many tries, and so many hours of failure. */
type Before = readonly [tries: number, failing: number | null];
test.each<[string, EgressAnswer, Before, object]>([
  ["200", answered(200), [0, null], { kind: "delivered" }],
  ["299", answered(299), [3, 6 * 24], { kind: "delivered" }],
  [
    "a redirect",
    answered(302),
    [0, null],
    { kind: "later", code: "302", at: new Date(at.getTime() + 5_000), heldUntil: null },
  ],
  [
    "a refusal at the second",
    answered(400),
    [1, null],
    { kind: "later", at: new Date(at.getTime() + 300_000), heldUntil: null },
  ],
  [
    "no answer",
    { kind: "failed", code: "econnrefused" },
    [8, 1],
    { kind: "later", code: "econnrefused", at: new Date(at.getTime() + 24 * HOUR) },
  ],
  ["an address inside", { kind: "refused", why: "…" }, [0, null], { kind: "later", code: "refused_address" }],
  ["the tenth", answered(500), [9, 75], { kind: "failed", code: "500" }],
  ["gone", answered(410), [0, null], { kind: "disabled", why: "gone" }],
  ["five days of failure", answered(500), [2, 5 * 24], { kind: "disabled", why: "failing" }],
  ["just under five days", answered(500), [2, 5 * 24 - 1], { kind: "later" }],
  [
    "busy",
    answered(502),
    [0, null],
    { kind: "later", at: new Date(at.getTime() + 5_000), heldUntil: new Date(at.getTime() + 60_000) },
  ],
  [
    "asked to wait till a date",
    answered(503, { "retry-after": "Mon, 02 Mar 2026 11:00:00 GMT" }),
    [0, null],
    { kind: "later", at: new Date(at.getTime() + HOUR), heldUntil: new Date(at.getTime() + HOUR) },
  ],
  [
    "asked to wait for ever",
    answered(503, { "retry-after": "999999999" }),
    [0, null],
    { kind: "later", at: new Date(at.getTime() + 24 * HOUR) },
  ],
  [
    "asked for nonsense",
    answered(503, { "retry-after": "soon" }),
    [0, null],
    { kind: "later", at: new Date(at.getTime() + 5_000), heldUntil: null },
  ],
])("what an attempt comes to: %s", (_what, answer, [tries, failingHours], expected) => {
  const failingSince = failingHours === null ? null : new Date(at.getTime() - failingHours * HOUR);
  const claimed = {
    id: "1",
    tenant: HOME,
    person: ben.id,
    receiver: { id: "1", name: "peer", url: origin, failingSince },
    webhookId: "msg_1",
    event: "e",
    body: "{}",
    attempts: tries,
    tries,
    secrets: [],
  };
  expect(attemptedAs(answer, claimed, { now: at, chance: 0 })).toMatchObject(expected);
});
