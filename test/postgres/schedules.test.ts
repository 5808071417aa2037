/** Schedules on a real database: one due time is one run, whoever claims it and whoever dies over it. */
import { afterAll, beforeAll, expect, test } from "vitest";
import {
  agentId,
  conversationId,
  tellClock,
  type Announcements,
  type DueSchedules,
  type NewSchedule,
  type Person,
  type Receipt,
  type Schedule,
} from "#core";
import { createProjects } from "../../src/postgres/projects.ts";
import { createDueSchedules } from "../../src/postgres/schedules/due.ts";
import { createSchedules } from "../../src/postgres/schedules/schedules.ts";
import { createAnnouncements } from "../../src/turn/announce.ts";
import { decide } from "../../src/turn/schedule/due.ts";
import { createTimekeeper } from "../../src/turn/schedule/timekeeper.ts";
import { silentLog } from "../support/log.ts";
import { account, answer, openStores, REACHES, type Stores } from "./stores.ts";

const ZONE = "Europe/Berlin";
const HOUR = 3_600_000;
const ROUTED = { confidence: 1, stage: "exact", candidates: [], reason: "It was named." } as const;
let nova: Stores;
let schedules: ReturnType<typeof createSchedules>;
let due: DueSchedules;
beforeAll(async () => {
  nova = await openStores();
  schedules = createSchedules(nova.database, { clock: nova.clock, zone: ZONE });
  due = createDueSchedules(nova.database, { reaches: REACHES, zone: ZONE });
});
afterAll(() => nova.close());

/** Answers no calls of the queue: what the tests want done, they sweep for. */
const keeper = (own: DueSchedules = due, told?: Announcements, refusal?: Receipt) => {
  const render = (_at: unknown, text: string) => [{ body: text }];
  return createTimekeeper({
    due: own,
    alarms: nova.queue.alarms,
    schedules,
    announcements: told ?? createAnnouncements(nova.announced, { render, renderOwn: render }),
    clock: nova.clock,
    log: silentLog,
    accept: async (inbound): Promise<Receipt> => {
      if (refusal) return refusal;
      const accepted = await nova.intake.put(inbound, false);
      if (accepted.kind === "new") return { ...accepted, kind: "accepted", duplicate: false };
      return accepted.kind === "seen" ? { ...accepted, kind: "accepted", duplicate: true } : { kind: "blocked" };
    },
  });
};

let keys = 0;
const planned = (person: Person, more: Partial<NewSchedule> = {}): Promise<Schedule> =>
  schedules.add({
    person,
    project: null,
    name: `plan ${(keys += 1)}`,
    does: "remind",
    words: "look up",
    wording: "person",
    when: { kind: "at", at: new Date(nova.clock.now().getTime() + HOUR) },
    address: null,
    urgent: false,
    key: `key ${keys}`,
    ...more,
  });
const claim = (id: Schedule["id"]) => due.claim(id, nova.clock.now(), decide);
const clockAt = (ms: number): string => tellClock(new Date(ms), ZONE);
const later = (ms: number) => (nova.clock.time = new Date(nova.clock.time.getTime() + ms));
const spoken = async (person: Person): Promise<readonly string[]> =>
  (
    await nova.database.pool.query<{ text: string }>(
      "select message.text from message join turn on turn.id = message.turn_id where turn.person_id = $1 and direction = 'out' and said_key is not null order by message.id",
      [person.id],
    )
  ).rows.map(({ text }) => text);
const outcomes = async ({ id, person }: Schedule) =>
  (await schedules.runs(id, person, 50)).map(({ outcome, code }) => (code === null ? outcome : `${outcome} ${code}`));

test("the same key is one schedule, a name in use is refused, and what is done makes room for it", async () => {
  const ada = await nova.person("Ada");
  const first = await planned(ada, { name: "Tea", key: "tea" });
  expect((await planned(ada, { name: "tea", key: "tea" })).id).toBe(first.id);
  await expect(planned(ada, { name: " TEA " })).rejects.toThrow("called “TEA” already");
  expect((await planned(await nova.person("Ben"), { name: "Tea", key: "tea" })).id).not.toBe(first.id);
  await schedules.change(first.id, ada, "removed");
  expect((await planned(ada, { name: "tea" })).id).not.toBe(first.id);
  expect(await schedules.change(first.id, await nova.person("Cleo"), "active")).toBeUndefined();
  await expect(planned(ada, { does: "ask", words: "/approve 1" })).rejects.toThrow(/no commands/);
  await expect(planned(ada, { does: "ask", when: { kind: "cron", cron: "* * * * *", zone: ZONE } })).rejects.toThrow(
    /5 minutes/,
  );
});

test("a wake-up call is kept for each time, with ids only, and is taken at that time", async () => {
  const { id } = await planned(await nova.person("Dina"), {
    when: { kind: "at", at: new Date("2030-01-01T08:00:00Z") },
  });
  const { rows } = await nova.database.pool.query(
    "select data, start_after from pgboss.job where name = 'schedule' and data ->> 'schedule' = $1",
    [id],
  );
  expect(rows).toEqual([{ data: { schedule: id }, start_after: new Date("2030-01-01T08:00:00Z") }]);
});

test("many keepers at once say it once", async () => {
  const eve = await nova.person("Eve");
  const one = await planned(eve);
  later(HOUR + 1_000);
  const others = Array.from({ length: 6 }, () =>
    keeper(createDueSchedules(nova.database, { reaches: REACHES, zone: ZONE })),
  );
  await Promise.all(others.map((each) => each.sweep()));
  expect(await spoken(eve)).toEqual(["Reminder: look up"]);
  expect(await outcomes(one)).toEqual(["said"]);
});

test("who dies between the claim and the effect, or behind it, loses nothing and doubles nothing", async () => {
  const fay = await nova.person("Fay");
  const one = await planned(fay);
  const asked = await planned(fay, { does: "ask", words: "what is open?" });
  later(HOUR + 1_000);
  // Claimed, and then the process was gone.
  expect(await due.claim(one.id, nova.clock.now(), decide)).toMatchObject({ late: false });
  await keeper().sweep();
  // Nobody takes it from a process that may be at it; the other one was done.
  expect(await spoken(fay)).toEqual([]);
  expect(await outcomes(asked)).toEqual(["asked"]);
  later(61_000);
  await keeper().sweep();
  expect(await spoken(fay)).toEqual(["Reminder: look up"]);
  // Done, and the process was gone before it could say so.
  await nova.database.pool.query("update schedule_run set outcome = null where schedule_id = any($1)", [
    [one.id, asked.id],
  ]);
  later(61_000);
  await keeper().sweep();
  expect(await spoken(fay)).toEqual(["Reminder: look up"]);
  expect(await outcomes(one)).toEqual(["said"]);
  const { rows } = await nova.database.pool.query("select text from message where author_id = $1", [fay.id]);
  expect(rows).toEqual([{ text: "what is open?" }]);
});

test("an interrupted run heeds what happened since", async () => {
  const kim = await nova.person("Kim");
  const claimed = async (more: Partial<NewSchedule> = {}) => {
    const one = await planned(kim, more);
    later(HOUR + 1_000);
    expect(await due.claim(one.id, nova.clock.now(), decide)).toBeDefined();
    later(61_000);
    return one;
  };
  const paused = await claimed({
    when: { kind: "every", everyMs: HOUR, from: new Date(nova.clock.now().getTime() + HOUR) },
  });
  await schedules.change(paused.id, kim, "paused");
  const removed = await claimed();
  await schedules.change(removed.id, kim, "removed");
  const old = await claimed({ words: "yesterday's" });
  await keeper().sweep();
  expect(await spoken(kim)).toEqual([expect.stringContaining("Reminder: yesterday's")]);
  expect(await outcomes(paused)).toEqual(["failed paused"]);
  expect(await outcomes(removed)).toEqual(["failed removed"]);
  expect(await outcomes(old)).toEqual(["said"]);

  const missed = await claimed({ words: "too late" });
  later(25 * HOUR);
  const blocked = await nova.person("Lou");
  const silent = await planned(blocked, { does: "ask", words: "what is open?" });
  later(HOUR + 1_000);
  expect(await due.claim(silent.id, nova.clock.now(), decide)).toBeDefined();
  await nova.database.pool.query("update person set role = 'guest' where id = $1", [blocked.id]);
  later(61_000);
  await keeper().sweep();
  expect(await outcomes(missed)).toEqual(["missed"]);
  expect(await outcomes(silent)).toEqual(["failed guest"]);
  expect((await spoken(kim)).slice(1)).toEqual([expect.stringContaining("more than a day ago: too late")]);
  const { rows } = await nova.database.pool.query("select text from message where author_id = $1", [blocked.id]);
  expect(rows).toEqual([]);
});

test("a notice that cannot be told keeps no other from its reader", async () => {
  const [moe, nan] = [await nova.person("Moe"), await nova.person("Nan")];
  for (const person of [moe, nan]) await planned(person, { words: `for ${person.name}` });
  later(26 * HOUR);
  const announcements = createAnnouncements(nova.announced, {
    render: () => [],
    renderOwn: (_at, text) => {
      if (text.includes("for Moe")) throw new Error("no words for this");
      return [{ body: text }];
    },
  });
  await keeper(due, announcements).sweep();
  expect(await spoken(moe)).toEqual([]);
  expect(await spoken(nan)).toEqual([expect.stringContaining("for Nan")]);
  await keeper().sweep();
  expect(await spoken(moe)).toEqual([expect.stringContaining("for Moe")]);
});

test("what is put into a schedule comes in as what it is, in a turn of its own, and is told as data", async () => {
  const olga = await nova.person("Olga");
  const at = { kind: "at", at: new Date(nova.clock.now().getTime() + HOUR) } as const;
  for (const wording of ["person", "agent", "outside"] as const)
    await planned(olga, { does: "ask", words: `by ${wording}`, wording, when: at });
  await planned(olga, { words: "wire 900", wording: "outside", when: at });
  later(HOUR + 1_000);
  await nova.say("Olga", "and mine");
  await keeper().sweep();
  const { rows: said } = await nova.database.pool.query<{ text: string; scheduled: string | null; id: string }>(
    "select text, scheduled, conversation_id as id from message where author_id = $1 order by text",
    [olga.id],
  );
  expect(said.map(({ text, scheduled }) => [text, scheduled])).toEqual([
    ["and mine", null],
    ["by agent", "agent"],
    ["by outside", "outside"],
    ["by person", "person"],
  ]);
  const { rows: told } = await nova.database.pool.query(
    "select message.origin from message join turn on turn.id = turn_id where turn.person_id = $1 and direction = 'out'",
    [olga.id],
  );
  expect(told).toEqual([{ origin: "outside" }]);
  for (const id of new Set(said.map(({ id: each }) => each)))
    for (;;) {
      const turn = await nova.turns.take(conversationId(id));
      if (!turn) break;
      expect(turn.messages).toHaveLength(1);
      await nova.turns.settle(turn, answer("All right."));
    }
});

test("the third failure in a row is told, and then every tenth; one that works begins anew", async () => {
  const gil = await nova.person("Gil");
  const one = await planned(gil, {
    name: "open things",
    does: "ask",
    words: "what is open?",
    when: { kind: "every", everyMs: HOUR, from: nova.clock.now() },
  });
  const round = async (state: "failed" | "done") => {
    later(HOUR);
    await keeper().sweep();
    const { rows } = await nova.database.pool.query<{ id: string }>(
      "select id from conversation where person_id = $1",
      [gil.id],
    );
    for (const { id } of rows) {
      const turn = await nova.turns.take(conversationId(id));
      if (turn) await nova.turns.settle(turn, answer("The model is away.", { state }));
    }
    await keeper().sweep();
  };
  for (let times = 0; times < 4; times += 1) await round("failed");
  expect(await spoken(gil)).toEqual([
    expect.stringContaining("“open things” failed three times in a row, last with `turn_failed`"),
  ]);
  expect(await outcomes(one)).toEqual(Array(4).fill("failed turn_failed"));
  await round("done");
  expect((await schedules.list(gil)).map(({ failures }) => failures)).toEqual([0]);
  for (let times = 0; times < 13; times += 1) await round("failed");
  expect((await spoken(gil)).slice(1)).toEqual([
    expect.stringContaining("three times in a row"),
    expect.stringContaining("13 times in a row"),
  ]);
}, 60_000);

test("whoever cannot be told has it in the history, and a summary of what was missed comes once", async () => {
  const hal = await nova.people.add((await nova.person("Ida")).tenant, "Hal", "member");
  const unheard = await planned(hal);
  const jo = await nova.person("Jo");
  for (const words of ["one", "two"]) await planned(jo, { words });
  later(26 * HOUR);
  await Promise.all([keeper().sweep(), keeper().sweep()]);
  await keeper().sweep();
  expect(await outcomes(unheard)).toEqual(["missed"]);
  const summaries = await spoken(jo);
  expect(summaries).toHaveLength(1);
  expect(summaries[0]).toMatch(/these were due[^]*- one, due on[^]*- two, due on/);
  const again = await planned(hal);
  later(HOUR + 1);
  await keeper().sweep();
  expect(await outcomes(again)).toEqual(["failed unreachable"]);
});

test("a single reminder that reached nobody is said within the day, as soon as there is somewhere to say it", async () => {
  const pia = await nova.people.add((await nova.person("Quin")).tenant, "Pia", "member");
  const one = await planned(pia);
  const asked = await planned(pia, { does: "ask", words: "what is late?" });
  const was = clockAt(nova.clock.now().getTime() + HOUR);
  later(HOUR + 1_000);
  await keeper().sweep();
  later(6 * 60_000);
  await keeper().sweep();
  expect(await outcomes(one)).toEqual(["failed unreachable", "failed unreachable"]);
  await nova.people.link(account("Pia"), pia.id);
  later(2 * HOUR);
  await Promise.all([keeper().sweep(), keeper().sweep()]);
  await keeper().sweep();
  expect(await spoken(pia)).toEqual([`Reminder: look up (due at ${was}; I could not reach you then)`]);
  expect((await outcomes(one))[0]).toBe("said");
  expect((await outcomes(asked))[0]).toBe("asked");
  expect(await schedules.list(pia)).toEqual([]);
});

test("a single one that is given up is told of once there is anybody to tell, and its name may be in use again", async () => {
  const rex = await nova.people.add((await nova.person("Sue")).tenant, "Rex", "member");
  const one = await planned(rex, { name: "bins" });
  const other = await planned(rex, { name: "other bins", words: "taken out" });
  later(HOUR + 1_000);
  const [claimed] = await Promise.all([one, other].map(({ id }) => claim(id)));
  await planned(rex, {
    name: "bins",
    when: { kind: "every", everyMs: 1000 * HOUR, from: new Date("2031-01-01T00:00:00Z") },
  });
  expect(claimed).toBeDefined();
  later(61_000);
  for (let times = 0; times < 14; times += 1) {
    await keeper().sweep();
    later(2 * HOUR);
  }
  expect((await outcomes(other)).length).toBeGreaterThan(10);
  await nova.people.link(account("Rex"), rex.id);
  await keeper().sweep();
  await keeper().sweep();
  const told = await spoken(rex);
  expect(told.toSorted()).toEqual([
    expect.stringMatching(/^I could not reach you when this was due, and it is more than a day ago: taken out, on/),
    expect.stringMatching(/look up, due on .+ was not said: it ended with `unreachable`/),
  ]);
});

test("a single one that fails by itself, or whose words are refused, is told of at once", async () => {
  const tom = await nova.person("Tom");
  const broken = createAnnouncements(nova.announced, {
    render: () => [],
    renderOwn: (_at, text) => {
      if (text.startsWith("Reminder: ")) throw new Error("no words for this");
      return [{ body: text }];
    },
  });
  const one = await planned(tom, { words: "break" });
  later(HOUR + 1_000);
  await keeper(due, broken).sweep();
  expect(await outcomes(one)).toEqual(["failed internal"]);
  expect(await spoken(tom)).toEqual([expect.stringMatching(/break, due on .+ was not said: it ended with `internal`/)]);
  const asked = await planned(tom, { does: "ask", words: "what is open?" });
  later(HOUR + 1_000);
  await keeper(due, undefined, { kind: "blocked" }).sweep();
  expect(await outcomes(asked)).toEqual(["failed blocked"]);
  expect((await spoken(tom)).slice(1)).toEqual([
    expect.stringMatching(/“what is open\?”, due on .+ was not asked: it ended with `blocked`/),
  ]);
  await keeper().sweep();
  expect(await spoken(tom)).toHaveLength(2);
});

test("what has been said is not there to be removed any more, and stays what it was", async () => {
  const uma = await nova.person("Uma");
  const one = await planned(uma);
  later(HOUR + 1_000);
  await keeper().sweep();
  expect(await schedules.change(one.id, uma, "removed")).toBeUndefined();
  expect(await schedules.list(uma, { all: true })).toMatchObject([{ state: "done", because: null }]);
  const other = await planned(uma);
  // Asked for twice, it is removed once, and it is so.
  for (const _ of [1, 2])
    expect(await schedules.change(other.id, uma, "removed")).toMatchObject({ because: "removed" });
});

test("a question is asked no more often than every 5 minutes, also where its next two times lie apart", async () => {
  const vic = await nova.person("Vic");
  nova.clock.time = new Date(`${new Date(nova.clock.time.getTime() + 24 * HOUR).toISOString().slice(0, 10)}T08:58:30Z`);
  const often = (cron: string) => planned(vic, { does: "ask", when: { kind: "cron", cron, zone: "UTC" } });
  for (const cron of ["* 8 * * *", "0,58 9,10 * * *", "*/4 8 1 * *", "0,58 0,23 1,5,6 * *"])
    await expect(often(cron)).rejects.toThrow(/5 minutes/);
  for (const cron of ["*/5 * * * *", "0 9 29 2 *", "0,30 8-18 * * 1-5"]) await often(cron);
});

test("other words for one that is paused ask nothing of its time, which may be over", async () => {
  const wim = await nova.person("Wim");
  const one = await planned(wim, { words: "first" });
  await schedules.change(one.id, wim, "paused");
  later(2 * HOUR);
  expect(await schedules.revise(one.id, wim, { words: "second", wording: "person" })).toMatchObject({
    words: "second",
    state: "paused",
  });
  await expect(schedules.revise(one.id, wim, { words: " " })).rejects.toThrow(/nothing to say/);
  await expect(schedules.revise(one.id, wim, { when: one.when })).rejects.toThrow(/over/);
});

test("what a schedule of a project asks is worked on in that project, and the chat it comes to stays of none", async () => {
  const projects = createProjects(nova.database);
  for (const name of ["Xena", "Yan"]) {
    const person = await nova.person(name);
    const atlas = (await projects.ensure(person.tenant, "Atlas")).id;
    // One has a chat already; for the other one the run makes it.
    if (name === "Yan") {
      const { conversation } = await nova.say(name, "hello");
      await nova.turns.settle((await nova.turns.take(conversation))!, answer("Hello."));
    }
    await planned(person, { does: "ask", words: "what is open?", project: atlas });
    later(HOUR + 1_000);
    await keeper().sweep();
    const chats = () =>
      nova.database.pool.query<{ id: string; project_id: string | null }>(
        "select id, project_id from conversation where person_id = $1",
        [person.id],
      );
    const [chat] = (await chats()).rows;
    const id = conversationId(chat!.id);
    const asked = (await nova.turns.take(id))!;
    expect(asked).toMatchObject({ project: atlas, messages: [{ text: "what is open?" }] });
    expect(await nova.turns.trace(asked, [{ at: nova.clock.now(), event: { kind: "learned", what: "it" } }])).toBe(
      true,
    );
    expect(await nova.turns.settle(asked, answer("The door."))).toMatchObject({ kind: "settled" });
    expect((await chats()).rows).toEqual([{ id: chat!.id, project_id: null }]);
    const { rows } = await nova.database.pool.query(
      `select text, project_id from message where conversation_id = $1 and text in ('what is open?', 'The door.')
       union all select body, project_id from outbox_part where conversation_id = $1 and body = 'The door.' order by text`,
      [chat!.id],
    );
    expect(rows).toEqual(["The door.", "The door.", "what is open?"].map((text) => ({ text, project_id: atlas })));
    expect(await nova.transcript.turnOf(asked.id, person)).toMatchObject({ project: atlas });
    // The next words there are of no project again, and know of it.
    const next = await nova.say(name, "and now?", { address: asked.address });
    expect(next.conversation).toBe(id);
    const own = (await nova.turns.take(id))!;
    expect(own.project).toBeNull();
    const read = await nova.transcript.before(id, person, own.id, 10);
    expect(read.map(({ text }) => text).slice(-2)).toEqual(["what is open?", "The door."]);
    await nova.turns.settle(own, answer("That is all."));
  }
});

test("what a schedule of a project asks back is found beside its thread, where the person types the answer", async () => {
  const zoe = await nova.person("Zoe");
  const atlas = (await createProjects(nova.database).ensure(zoe.tenant, "Atlas")).id;
  const { conversation } = await nova.say("Zoe", "hello");
  await nova.turns.settle((await nova.turns.take(conversation))!, answer("Hello."));
  await planned(zoe, { does: "ask", words: "which is open?", project: atlas });
  later(HOUR + 1_000);
  await keeper().sweep();
  const asked = (await nova.turns.take(conversation))!;
  expect(asked.project).toBe(atlas);
  await nova.turns.settle(
    asked,
    answer("Which one?", {
      route: { to: { kind: "agent", agent: agentId("analyst") }, words: "which is open?", ...ROUTED },
      reply: { agent: agentId("analyst"), text: "Which one?", note: { kind: "clarify", model: null } },
    }),
  );
  const beside = await nova.say("Zoe", "the second", { address: { ...asked.address, root: "another" } });
  const turn = (await nova.turns.take(beside.conversation))!;
  const found = await nova.transcript.exchangesBeside(turn, new Date(0));
  expect(found).toMatchObject([{ turn: asked.id, isOpen: true }]);
  await nova.turns.settle(turn, answer("That one."));
  // What is said in a chat of the project itself is about that project.
  const place = { ...asked.address, root: "of-atlas" };
  const own = await nova.say("Zoe", "the second", { address: place, project: atlas });
  const inAtlas = (await nova.turns.take(own.conversation))!;
  expect(inAtlas.project).toBe(atlas);
  expect(await nova.transcript.exchangesBeside(inAtlas, new Date(0))).toEqual([]);
  await nova.turns.settle(inAtlas, answer("Which?"));
});

test("news that is kept for somebody out of reach, however much it is, keeps nobody else's back", async () => {
  const amy = await nova.person("Amy");
  const far = await nova.people.add(amy.tenant, "Far", "member");
  const kept = await planned(far);
  const { rowCount } = await nova.database.pool.query(
    `insert into schedule_run (tenant_id, person_id, schedule_id, due_at, started_at, outcome, late, news)
     select $1, $2, $3, $4::timestamptz - make_interval(secs => n), $4, 'missed', true, 'missed' from generate_series(1, 450) n`,
    [far.tenant, far.id, kept.id, nova.clock.now()],
  );
  expect(rowCount).toBe(450);
  await planned(amy, { words: "water the fern" });
  later(26 * HOUR);
  await keeper().sweep();
  expect(await spoken(amy)).toEqual([expect.stringContaining("water the fern")]);
  await nova.people.link(account("Far"), far.id);
  await keeper().sweep();
  expect(await spoken(far)).not.toEqual([]);
});
