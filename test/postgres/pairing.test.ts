/** Strangers' requests, accounts, roles and blocks, as the database holds them. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { HOME, serviceOf, type Person } from "#core";
import { createDirectory } from "../../src/postgres/people/directory.ts";
import { createPairings } from "../../src/postgres/people/pairing.ts";
import { account, answer, channel, inbound, openStores, type Stores } from "./stores.ts";

let nova: Stores;
let owner: Person;
beforeAll(async () => {
  nova = await openStores();
  owner = await nova.people.owner("Olga");
});
afterAll(() => nova.close());

const pairings = () => createPairings(nova.database, { clock: nova.clock, random: randomBytes });
const directory = () => createDirectory(nova.database, { clock: nova.clock });
const HOUR_MS = 60 * 60_000;
const DAY_MS = 24 * 60 * 60_000;
const pass = (ms: number) => void (nova.clock.time = new Date(nova.clock.time.getTime() + ms));
const asks = async (name: string): Promise<string> => (await pairings().ask(account(name), name)) ?? "";
const member = (name: string) => ({ kind: "new", name, role: "member" }) as const;
const known = (name: string) => ({ kind: "known", name }) as const;

test("a request has a short code, keeps it when asked again, and one line of what the sender goes by", async () => {
  const code = await pairings().ask(account("s1"), "  Eve\n\u202eadmin  `x` ");
  expect(code).toMatch(/^[0-9A-HJKMNP-TV-Z]{6}$/);
  pass(HOUR_MS);
  expect(await pairings().ask(account("s1"), "x".repeat(500))).toBe(code);
  const [first] = await pairings().waiting();
  expect(first).toMatchObject({ account: account("s1"), code, name: "x".repeat(60) });
  pass(HOUR_MS);
  await pairings().ask(account("s1"), "  Eve\n\u202eadmin  ");
  expect((await pairings().waiting())[0]?.name).toBe("Eve admin");
});

test("a code is told once an hour, also of many who ask at once, and an asking that failed has told none", async () => {
  const asked = () => pairings().ask(account("s0"), null);
  const broken = createPairings(nova.database, {
    clock: nova.clock,
    random: () => {
      throw new Error("no chance is left");
    },
  });
  await expect(broken.ask(account("s0"), null)).rejects.toThrow("no chance is left");
  const told = (await Promise.all([asked(), asked(), asked()])).filter((code) => code !== undefined);
  expect(told).toHaveLength(1);
  pass(HOUR_MS - 1);
  expect(await asked()).toBeUndefined();
  pass(1);
  expect(await asked()).toBe(told[0]);
});

test("approving links that account to that person and nothing else, and only the owner can", async () => {
  const code = await asks("s2");
  const zoe = await nova.people.add(HOME, "Zoe", "member");
  await expect(pairings().approve(code, member("Ada"), zoe.id)).rejects.toMatchObject({ code: "forbidden" });
  await expect(pairings().reject(code, zoe.id)).rejects.toMatchObject({ code: "forbidden" });
  expect(await nova.people.identify(account("s2"))).toEqual({ kind: "unknown" });

  const approved = await pairings().approve(
    ` ${code.toLowerCase()} `,
    { kind: "new", name: "Ada", role: "guest" },
    owner.id,
  );
  expect(approved).toMatchObject({ kind: "approved", added: true, person: { name: "Ada", role: "guest" } });
  expect(await nova.people.identify(account("s2"))).toMatchObject({ kind: "linked", person: { name: "Ada" } });
  for (const other of [
    { ...account("s2"), scope: "elsewhere" },
    { ...account("s2"), platform: "other" },
    account("s2x"),
  ])
    expect(await nova.people.identify(other)).toEqual({ kind: "unknown" });
});

test("of many who decide at once one decision holds, and the same one again is answered the same", async () => {
  const code = await asks("s3");
  const names = ["Bea", "Cid", "Dag", "Eli"];
  const decided = await Promise.all(names.map((name) => pairings().approve(code, member(name), owner.id)));
  const approved = decided.flatMap((each) => (each.kind === "approved" ? [each.person] : []));
  expect(approved).toHaveLength(1);
  expect(await pairings().approve(code, member(approved[0]!.name), owner.id)).toMatchObject({
    kind: "approved",
    person: approved[0],
    added: true,
  });
  expect(await pairings().reject(code, owner.id)).toBeUndefined();
  // Who lost left nobody behind.
  const all = (await nova.people.all(HOME)).map(({ name }) => name);
  expect(names.filter((name) => all.includes(name))).toEqual([approved[0]!.name]);
});

test("somebody known gets the account only when that is said, and keeps the role; a blocked one gets nothing", async () => {
  const fay = await nova.people.add(HOME, "Fay", "guest");
  const code = await asks("s4");
  await directory().block(fay.id);
  await expect(pairings().approve(code, known("fay"), owner.id)).rejects.toThrow("Fay is blocked.");
  await expect(nova.people.issueCode(fay.id, new Date())).rejects.toThrow("Fay is blocked.");
  await directory().unblock(fay.id);
  expect(await pairings().approve(code, member("fay"), owner.id)).toEqual({ kind: "taken", person: fay });
  expect(await pairings().approve(code, known("nobody"), owner.id)).toEqual({ kind: "nobody" });
  for (const who of [member("olga"), known("olga")])
    expect(await pairings().approve(code, who, owner.id)).toEqual({ kind: "owners" });
  expect(await nova.people.identify(account("s4"))).toEqual({ kind: "unknown" });
  expect(await pairings().approve(code, known(" fay "), owner.id)).toMatchObject({
    added: false,
    person: { id: fay.id, role: "guest" },
  });
});

test("who is turned away hears nothing for a week; old codes are good for nothing", async () => {
  const code = await asks("s5");
  expect(await pairings().reject(code, owner.id)).toMatchObject({ account: account("s5") });
  pass(HOUR_MS);
  expect(await pairings().ask(account("s5"), null)).toBeUndefined();
  expect(await pairings().approve(code, member("Gus"), owner.id)).toEqual({ kind: "none" });

  const late = await asks("s6");
  pass(7 * DAY_MS);
  expect(await pairings().approve(late, member("Gus"), owner.id)).toEqual({ kind: "none" });
  expect(await pairings().waiting()).toEqual([]);
  expect(await pairings().ask(account("s5"), null)).toMatch(/^.{6}$/);
});

test("a hundred requests wait at most, and the oldest make room", async () => {
  const oldest = await asks("flood-0");
  pass(1_000);
  await Promise.all(Array.from({ length: 110 }, (_, n) => asks(`flood-${n + 1}`)));
  const waiting = await pairings().waiting();
  expect(waiting).toHaveLength(100);
  expect(waiting.map(({ code }) => code)).not.toContain(oldest);
});

test("an account that is linked or blocked otherwise asks no more", async () => {
  const [one, two] = [await asks("s7"), await asks("s8")];
  await nova.people.link(account("s7"), owner.id);
  await directory().block(account("s8"));
  for (const code of [one, two])
    expect(await pairings().approve(code, member("Hal"), owner.id)).toEqual({ kind: "none" });
  expect(await nova.people.identify(account("s8"))).toEqual({ kind: "blocked" });
  expect(await directory().shutOut()).toEqual([account("s8")]);
  expect(await directory().unblock(account("s8"))).toBe(true);
  expect(await nova.people.identify(account("s8"))).toEqual({ kind: "unknown" });
});

test("a code links an account that is nobody's or the same person's, and takes none away", async () => {
  const ivy = await nova.person("ivy");
  const jan = await nova.person("jan");
  const until = new Date(nova.clock.time.getTime() + 60_000);
  const code = await nova.people.issueCode(jan.id, until);
  await nova.people.link(account("olgas"), owner.id);
  for (const name of ["olgas", "ivy"])
    expect(await nova.people.redeem(code, account(name), nova.clock.time)).toEqual({ kind: "taken" });
  expect(await nova.people.identify(account("ivy"))).toEqual({ kind: "linked", person: ivy });
  const linked = { kind: "linked", person: jan };
  expect(await nova.people.redeem(code, account("jan-2"), nova.clock.time)).toEqual(linked);
  const own = await nova.people.issueCode(jan.id, until);
  expect(await nova.people.redeem(own, account("jan"), nova.clock.time)).toEqual(linked);
});

test("of a code and the settings that name an account at the same moment the settings win", async () => {
  const jo = await nova.person("jo");
  const until = new Date(nova.clock.time.getTime() + 60_000);
  for (let n = 0; n < 8; n += 1) {
    const raced = account(`raced-${n}`);
    const code = await nova.people.issueCode(jo.id, until);
    await Promise.all([nova.people.redeem(code, raced, nova.clock.time), directory().claim([raced], owner.id)]);
    expect(await nova.people.identify(raced)).toEqual({ kind: "linked", person: owner });
  }
});

test("the owner is neither demoted nor blocked, by whatever way", async () => {
  await nova.people.link(account("olga"), owner.id);
  await expect(directory().changeRole(owner.id, "guest")).rejects.toMatchObject({ code: "forbidden" });
  await expect(directory().block(owner.id)).rejects.toMatchObject({ code: "forbidden" });
  await expect(directory().block(account("olga"))).rejects.toMatchObject({ code: "forbidden" });
  const say = (sql: string) => nova.database.within(serviceOf(HOME), (tx) => tx.query(sql));
  const member = (await nova.people.add(HOME, "Kim", "member")).id;
  for (const sql of [
    `update person set role = 'member' where id = ${owner.id}`,
    `insert into person_block (person_id, blocked_at) values (${owner.id}, now())`,
    `update identity set state = 'blocked' where external_id = 'olga'`,
  ])
    await expect(say(sql)).rejects.toThrow(/owner/);
  await expect(say(`update person set role = 'owner' where id = ${member}`)).rejects.toThrow("nobody is made owner");
});

test("a new role holds from the next turn that is taken, also for what waits already", async () => {
  const lea = await nova.person("lea");
  const { conversation } = await nova.say("lea", "a question");
  await directory().changeRole(lea.id, "guest");
  const turn = (await nova.turns.take(conversation))!;
  expect(turn).toMatchObject({ person: { role: "guest" }, origin: "guest" });
  await nova.turns.settle(turn, answer("done"));
});

test("what an account waits for is not answered once it is blocked, unlinked or another's", async () => {
  const mia = await nova.people.add(HOME, "Mia", "member");
  const ned = await nova.people.add(HOME, "Ned", "member");
  const losing: readonly (readonly [string, (name: string) => Promise<unknown>])[] = [
    ["m1", (name) => directory().block(account(name))],
    ["m2", (name) => directory().unlink(account(name))],
    ["m3", (name) => nova.people.link(account(name), ned.id)],
    ["m4", () => directory().block(mia.id)],
  ];
  for (const [name, lose] of losing) {
    await nova.people.link(account(name), mia.id);
    const waiting = await nova.say(name, "waits");
    await lose(name);
    const turn = (await nova.turns.take(waiting.conversation))!;
    expect([name, turn.cancelled]).toEqual([name, true]);
    expect(await nova.turns.settle(turn, answer("too late"))).toEqual({ kind: "stopped" });
    expect(await nova.turns.settle(turn, { ...answer("Stopped."), state: "cancelled" })).toMatchObject({
      kind: "settled",
    });
    expect((await nova.database.pool.query("select from outbox_part where turn_id = $1", [turn.id])).rowCount).toBe(0);
    expect(await nova.turns.unfinished()).toEqual([]);
  }
});

test("what is in the outbox already is not handed out once its account is blocked, unlinked or another's", async () => {
  const una = await nova.people.add(HOME, "Una", "member");
  const vic = await nova.person("vic");
  const losing: readonly (readonly [string, (name: string) => Promise<unknown>])[] = [
    ["u1", (name) => directory().block(account(name))],
    ["u2", (name) => directory().unlink(account(name))],
    ["u3", (name) => nova.people.link(account(name), vic.id)],
    ["u4", () => directory().block(una.id)],
  ];
  for (const [name, lose] of losing) {
    const address = { ...channel, container: name };
    await nova.people.link(account(name), una.id);
    const { conversation } = await nova.say(name, "asks", { address });
    const theirs = (await nova.turns.take(conversation))!;
    await nova.turns.settle(theirs, answer("ab", { parts: [{ body: "a" }, { body: "b" }] }));
    // The channel is away: the first part waits, with a reply to somebody else behind it.
    const first = await nova.outbox.next(conversation);
    const away = { kind: "not_sent", retry: true, code: "channel_not_running", afterMs: DAY_MS } as const;
    await nova.outbox.record(first!.part, away, false);
    await nova.say("vic", "asks, too", { address });
    const another = (await nova.turns.take(conversation))!;
    await nova.turns.settle(another, answer("for vic"));

    await lose(name);
    const next = await nova.outbox.next(conversation);
    expect([name, next?.part.body]).toEqual([name, "for vic"]);
    await nova.outbox.record(next!.part, { kind: "sent", externalId: name }, false);
    expect(await nova.outbox.next(conversation)).toBeUndefined();
    expect(await nova.outbox.dueIn(conversation)).toBeUndefined();
    const { rows } = await nova.database.pool.query<{ state: string; code: string }>(
      "select state, code from outbox_part where turn_id = $1",
      [theirs.id],
    );
    expect(rows).toEqual([
      { state: "failed", code: "silenced" },
      { state: "failed", code: "silenced" },
    ]);
  }
});

test("what runs is stopped by it, and later messages are refused until it is taken back", async () => {
  const pia = await nova.person("pia");
  const { conversation } = await nova.say("pia", "runs");
  const turn = (await nova.turns.take(conversation))!;
  expect(await nova.turns.check(turn)).toBe("held");
  await directory().block(pia.id);
  expect(await nova.turns.check(turn)).toBe("stopped");
  expect(await nova.intake.put(inbound("pia", "later"), false)).toEqual({ kind: "blocked" });
  await nova.turns.settle(turn, { ...answer("Stopped."), state: "cancelled" });
  expect(await directory().unblock(pia.id)).toBe(true);
  expect(await directory().unblock(pia.id)).toBe(false);
  expect(await nova.intake.put(inbound("pia", "again"), false)).toMatchObject({ kind: "new" });
});

test("a browser is signed out while its person is blocked", async () => {
  const rex = await nova.people.add(HOME, "Rex", "member");
  const until = new Date(nova.clock.time.getTime() + 60_000);
  const opened = await nova.people.openSession(await nova.people.issueCode(rex.id, until), nova.clock.time, until);
  if (opened.kind !== "open") throw new Error("refused");
  const code = await nova.people.issueCode(rex.id, until);
  await directory().block(rex.id);
  expect(await nova.people.session(opened.token, nova.clock.time)).toBeUndefined();
  expect(await nova.people.openSession(code, nova.clock.time, until)).toEqual({ kind: "refused" });
  expect(await nova.people.redeem(code, account("rex"), nova.clock.time)).toEqual({ kind: "refused" });
  await directory().unblock(rex.id);
  expect(await nova.people.session(opened.token, nova.clock.time)).toEqual(rex);
});

test("with the account of the page its browsers are signed out; what is vouched for anew each time is not taken away", async () => {
  const wil = await nova.person("wil");
  const until = new Date(nova.clock.time.getTime() + 60_000);
  const opened = await nova.people.openSession(await nova.people.issueCode(wil.id, until), nova.clock.time, until);
  if (opened.kind !== "open") throw new Error("refused");
  const [desk, hook] = ["terminal", "webhook"].map((platform) => ({ platform, scope: "local", id: wil.id }));
  for (const vouched of [desk!, hook!]) {
    await nova.people.link(vouched, wil.id);
    await expect(directory().unlink(vouched)).rejects.toMatchObject({ code: "bad_input" });
  }
  await nova.people.link({ ...account("wil"), platform: "slack" }, wil.id);
  await directory().unlink({ ...account("wil"), platform: "slack" });
  expect(await nova.people.session(opened.token, nova.clock.time)).toEqual(wil);
  await directory().unlink(account("wil"));
  expect(await nova.people.session(opened.token, nova.clock.time)).toBeUndefined();
});

test("accounts that the settings name are the owner's, whoever had them; a blocked one stays out", async () => {
  const sue = await nova.person("sue");
  await directory().block(account("lost"));
  const named = [account("sue"), account("new"), account("lost")];
  expect(await directory().claim(named, owner.id)).toEqual({
    blocked: [account("lost")],
    moved: [{ account: account("sue"), from: sue.id }],
  });
  expect(await directory().claim(named, owner.id)).toEqual({ blocked: [account("lost")], moved: [] });
  for (const name of ["sue", "new"])
    expect(await nova.people.identify(account(name))).toEqual({ kind: "linked", person: owner });
  expect(await directory().unlink(account("sue"))).toEqual(owner);
  expect(await directory().unlink(account("sue"))).toBeUndefined();
});

test("a blocked account that is taken away from its person stays blocked", async () => {
  const tom = await nova.person("tom");
  await directory().block(account("tom"));
  expect(await directory().unlink(account("tom"))).toEqual(tom);
  expect(await nova.people.identify(account("tom"))).toEqual({ kind: "blocked" });
});
