/** Signed posts: accepted once, tried until they are taken, and given up with a word. On a real database, to a real peer. */
import { randomBytes, randomUUID } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { Webhook } from "standardwebhooks";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { HOME, type Announcement, type Effect, type EgressAnswer, type Person, type Receiver } from "#core";
import { readAllowed } from "../../src/egress/addresses.ts";
import { createEgress } from "../../src/egress/egress.ts";
import { createPostRound } from "../../src/effects/post-round.ts";
import { createPostWebhook } from "../../src/effects/post-webhook.ts";
import { attemptedAs, LEAST_FAILURES, PAUSES_MS } from "../../src/effects/webhook-schedule.ts";
import { createWebhookPosts } from "../../src/postgres/effects/webhook-posts.ts";
import { createReceivers } from "../../src/postgres/effects/receivers.ts";
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
  const webhookPosts = createWebhookPosts(nova.database, { clock: nova.clock, newId: randomUUID });
  const receivers = createReceivers(nova.database, { clock: nova.clock, random: randomBytes });
  const postRound = createPostRound({
    webhookPosts,
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
    webhookPosts,
    receivers,
    postRound,
    performer: createPostWebhook({ webhookPosts, clock: nova.clock, onStored: () => undefined }),
  };
}

const later = (ms: number): void => void (nova.clock.time = new Date(nova.clock.time.getTime() + ms));
const { signal } = new AbortController();
const CLEAN = { taints: [], shared: false };

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
  const state = async () => (await one.webhookPosts.keyed(key, HOME))!;
  return { ...one, receiver, secret, key, performed, state };
}

test("it fails twice, then is taken: one id, a fresh time and signature for each attempt, and no attempt before its time", async () => {
  answers = [{ status: 500 }, { status: 301, headers: { location: `${origin}/elsewhere` } }];
  const { postRound, performed, secret, key, receiver, performer, state } = await post();
  expect(performed).toMatchObject({ kind: "done", told: expect.stringContaining("Accepted for delivery") });
  // Told again after a crash it is the same post.
  expect(await performer.perform(effectTo(receiver), key, signal, CLEAN)).toMatchObject({ kind: "done" });
  expect(await performer.reconcile?.(effectTo(receiver), key, signal, CLEAN)).toMatchObject({ kind: "done" });
  expect(await performer.reconcile?.(effectTo(receiver), "another", signal, CLEAN)).toEqual({ kind: "absent" });

  await postRound.pass();
  await postRound.pass();
  expect(heard).toHaveLength(1);
  later(4_999);
  await postRound.pass();
  expect(heard).toHaveLength(1);
  later(1);
  await postRound.pass();
  later(5 * 60_000);
  await postRound.pass();
  await postRound.pass();
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
  await Promise.all(all.map(({ postRound }) => postRound.pass()));
  expect(heard).toHaveLength(1);
  expect(await state()).toMatchObject({ state: "delivered", attempts: 1 });
});

test("an attempt whose process died is made again when its claim is over, and the dead one's word does not count", async () => {
  const { webhookPosts, postRound, state } = await post();
  const [dead] = await webhookPosts.claim(nova.clock.now(), 1, 60_000);
  await postRound.pass();
  expect(heard).toEqual([]);
  later(60_000);
  await postRound.pass();
  expect(heard).toHaveLength(1);
  expect(await webhookPosts.record(dead!, { kind: "failed", code: "late" })).toBe(false);
  expect(await state()).toMatchObject({ state: "delivered", attempts: 2 });
});

test("who is busy is left alone for as long as it asks, also with other posts; who is gone gets nothing more, and both are told", async () => {
  answers = [{ status: 429, headers: { "retry-after": "120" } }];
  const { postRound, webhookPosts, receivers, receiver, performer, state } = await post();
  await postRound.pass();
  await performer.perform(effectTo(receiver), `second to ${receiver.name}`, signal, CLEAN);
  await postRound.pass();
  expect(heard).toHaveLength(1);
  expect((await state()).nextAt).toEqual(new Date(nova.clock.time.getTime() + 120_000));
  expect(await webhookPosts.dueIn(nova.clock.now())).toBe(120_000);
  later(120_000);
  answers = [{ status: 410 }];
  await postRound.pass();
  expect(await receivers.named(HOME, receiver.name)).toMatchObject({ state: "disabled", disabledWhy: "gone" });
  expect(
    (await webhookPosts.list(HOME, { receiver: receiver.name, limit: 9 })).map(({ state: each }) => each),
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
  await postRound.pass();
  expect(heard[0]?.headers["webhook-signature"]?.split(" ")).toHaveLength(2);
  later(1_000);
  expect(await receivers.secrets(rotated.receiver, HOME)).toEqual([rotated.secret]);
});

const HOUR = 3_600_000;

test("after the last attempt it is given up, its person is told, and it can be sent again by hand", async () => {
  const { postRound, webhookPosts, state } = await post();
  answers = Array.from({ length: PAUSES_MS.length + 1 }, () => ({ status: 503 }));
  for (const pause of [0, ...PAUSES_MS]) {
    later(pause);
    await postRound.pass();
  }
  const given = await state();
  expect([heard.length, given.state, given.attempts, given.lastCode]).toEqual([10, "failed", 10, "503"]);
  expect(said.map(({ to }) => to.name)).toEqual(["ben"]);
  expect(said[0]?.text).toContain(`nova receivers replay ${given.id}`);
  later(1_000_000_000);
  await postRound.pass();
  expect(heard).toHaveLength(10);

  const id = heard[0]?.headers["webhook-id"];
  expect(await webhookPosts.replay(given.id, HOME, nova.clock.now())).toMatchObject({ state: "waiting" });
  expect(await webhookPosts.replay(given.id, HOME, nova.clock.now())).toBeUndefined();
  await postRound.pass();
  expect(heard.at(-1)?.headers["webhook-id"]).toBe(id);
  expect(await state()).toMatchObject({ state: "delivered" });
});

/** Whom Nova told that something did not arrive. */
const givenUp = () => said.filter(({ key }) => key.startsWith("webhook:")).map(({ to, text }) => [to.name, text]);

test("whoever waits for a post hears once that it is given up, when its receiver is gone or removed", async () => {
  const { postRound, webhookPosts, receivers, receiver, performer } = await post();
  answers = [{ status: 429, headers: { "retry-after": "60" } }];
  await postRound.pass();
  const ask = (person: Person, key: string) =>
    performer.perform({ ...effectTo(receiver), person: person.id }, `${key} ${receiver.name}`, signal, CLEAN);
  await ask(ben, "second");
  await ask(ana, "third");
  later(60_000);
  // All three are under way when the first says that it is gone.
  answers = [{ status: 410 }, { status: 500 }, { status: 500 }];
  await postRound.pass();
  await postRound.pass();
  const list = await webhookPosts.list(HOME, { receiver: receiver.name, limit: 9 });
  expect(list.map(({ state }) => state)).toEqual(["failed", "failed", "failed"]);
  expect(givenUp()).toHaveLength(2);
  expect(givenUp()).toContainEqual(["ben", expect.stringMatching(/^2 posts did not arrive[^]*nova receivers rotate/)]);
  expect(givenUp()).toContainEqual(["ana", expect.stringMatching(/^The post `build.green` did not arrive/)]);

  // Removed while something waits: that has failed, its person is told, and it stays in the list.
  await receivers.rotate(HOME, receiver.name, nova.clock.now());
  answers = [{ status: 500 }];
  said = [];
  await ask(ben, "fourth");
  await postRound.pass();
  expect(givenUp()).toEqual([]);
  expect(await receivers.remove(HOME, receiver.name)).toBe(true);
  expect(await receivers.remove(HOME, receiver.name)).toBe(false);
  // Told by whichever process looks next, and by no other.
  await process().postRound.pass();
  await postRound.pass();
  expect(givenUp()).toEqual([["ben", expect.stringMatching(/it was removed[^]*ask for it again/)]]);
  const [newest] = await webhookPosts.list(HOME, { limit: 1 });
  expect(newest).toMatchObject({ receiver: receiver.name, state: "failed", lastCode: "removed" });
  expect(await webhookPosts.replay(newest!.id, HOME, nova.clock.now())).toBeUndefined();
  later(1_000_000_000);
  heard = [];
  await postRound.pass();
  expect(heard).toEqual([]);
});

test("what arrived while its receiver was disabled or removed counts as arrived", async () => {
  const { webhookPosts, postRound, receivers, receiver, state } = await post();
  const [claimed] = await webhookPosts.claim(nova.clock.now(), 1, 60_000);
  await receivers.remove(HOME, receiver.name);
  expect(await webhookPosts.record(claimed!, { kind: "delivered", code: "204" })).toBe(true);
  expect(await state()).toMatchObject({ state: "delivered", lastCode: "204" });
  await postRound.pass();
  expect(givenUp()).toEqual([]);
});

test("one failure long after another disables nobody; failing on and on for five days does", async () => {
  const { postRound, receivers, receiver, performer, key, webhookPosts } = await post();
  const states = async () => (await receivers.named(HOME, receiver.name))!;
  answers = Array.from({ length: PAUSES_MS.length + 1 }, () => ({ status: 503 }));
  for (const pause of [0, ...PAUSES_MS]) {
    later(pause);
    await postRound.pass();
  }
  expect((await webhookPosts.keyed(key, HOME))?.state).toBe("failed");
  // A quiet week, then a single failure.
  later(7 * 24 * HOUR);
  answers = [{ status: 503 }];
  await performer.perform(effectTo(receiver), `after a week ${names}`, signal, CLEAN);
  await postRound.pass();
  expect(await states()).toMatchObject({ state: "active", failingSince: nova.clock.time });
  await postRound.pass();
  later(5_000);
  await postRound.pass();
  expect(await states()).toMatchObject({ state: "active", failingSince: null });

  // Twin: every few hours another one that fails.
  for (let hours = 0; hours < 5 * 24; hours += 6) {
    answers = Array.from({ length: 99 }, () => ({ status: 503 }));
    await performer.perform(effectTo(receiver), `at ${hours} ${names}`, signal, CLEAN);
    await postRound.pass();
    expect((await states()).state).toBe("active");
    later(6 * HOUR);
  }
  await postRound.pass();
  expect(await states()).toMatchObject({ state: "disabled", disabledWhy: "failing" });
  expect(said.filter(({ key: each }) => each.startsWith("receiver:")).length).toBeGreaterThan(0);
});

test("Nova's own stop is no failure of the receiver, and no step in the schedule", async () => {
  const { webhookPosts, receivers, receiver, state } = await post();
  const [claimed] = await webhookPosts.claim(nova.clock.now(), 1, 60_000);
  const at = nova.clock.now();
  expect(await webhookPosts.record(claimed!, { kind: "stopped", code: "stopped", at })).toBe(true);
  expect(await receivers.named(HOME, receiver.name)).toMatchObject({ failingSince: null, state: "active" });
  expect(await state()).toMatchObject({ state: "waiting", nextAt: at, lastCode: "stopped" });
  const [again] = await webhookPosts.claim(nova.clock.now(), 1, 60_000);
  expect(again).toMatchObject({ id: claimed!.id, tries: 0, attempts: 1, receiver: { failures: 0 } });
  await webhookPosts.record(again!, { kind: "delivered", code: "204" });
});

test.each([
  ["taken", { kind: "delivered", code: "204" }],
  ["failed", { kind: "later", code: "500", at: new Date("2030-01-01T00:00:00Z"), heldUntil: null }],
] as const)("who asked to be left alone is, also when another post was %s a moment later", async (_what, end) => {
  const { webhookPosts, postRound, receiver, performer } = await post();
  await performer.perform(effectTo(receiver), `beside ${names}`, signal, CLEAN);
  const [one, two] = await webhookPosts.claim(nova.clock.now(), 2, 600_000);
  const heldUntil = new Date(nova.clock.time.getTime() + 120_000);
  await webhookPosts.record(one!, { kind: "later", code: "429", at: nova.clock.now(), heldUntil });
  await webhookPosts.record(two!, end);
  expect(await webhookPosts.dueIn(nova.clock.now())).toBe(120_000);
  later(119_999);
  await postRound.pass();
  expect(heard).toEqual([]);
  // Twin: when its time is over it is asked again.
  later(1);
  await postRound.pass();
  expect(heard).toHaveLength(1);
});

test("the worker of posts tries by itself what is stored, and stops", async () => {
  const { postRound, state } = await post();
  postRound.start();
  postRound.look();
  await expect.poll(state).toMatchObject({ state: "delivered" });
  await postRound.stop();
});

const at = new Date("2026-03-02T10:00:00Z");
const answered = (status: number, headers: Record<string, string> = {}): EgressAnswer => ({
  kind: "answered",
  status,
  headers,
  body: "",
  cut: false,
});
/** After so many tries, so many hours of failure, and so many failures in them. */
type Before = readonly [tries: number, failing: number | null, failures?: number];
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
  ["five days of failure", answered(500), [2, 5 * 24, LEAST_FAILURES - 1], { kind: "disabled", why: "failing" }],
  ["just under five days", answered(500), [2, 5 * 24 - 1, 50], { kind: "later" }],
  ["five days, and seldom tried", answered(500), [2, 5 * 24, LEAST_FAILURES - 2], { kind: "later" }],
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
])("what an attempt comes to: %s", (_what, answer, [tries, failingHours, failures = 0], expected) => {
  const failingSince = failingHours === null ? null : new Date(at.getTime() - failingHours * HOUR);
  const claimed = {
    id: "1",
    tenant: HOME,
    person: ben.id,
    receiver: { id: "1", name: "peer", url: origin, failingSince, failures },
    webhookId: "msg_1",
    event: "e",
    body: "{}",
    attempts: tries,
    tries,
    secrets: [],
  };
  expect(attemptedAs(answer, claimed, { now: at, chance: 0 })).toMatchObject(expected);
});
