/** Reminders and schedules, from the words that set them to what is said at the time, on a clock that the test moves. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { HOME } from "#core";
import { createPeople } from "../../src/postgres/people/people.ts";
import { verbs } from "../../src/verbs/index.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const SATURDAY = "2026-11-21T15:00:00Z";
let now = new Date(SATURDAY);
let nova: TestNova;

/** One Nova for all: each test has reminders of its own, and goes on where the one before it left the clock. */
beforeAll(async () => {
  nova = await startNova({ service: true, clock: { now: () => now }, sweepEveryMs: 40 });
  await nova.ask("/timezone Europe/Berlin");
}, 60_000);
afterAll(() => nova[Symbol.asyncDispose]());
const drawn = (result: unknown): string => {
  const ink = { bold: String, dim: String, red: String, green: String, yellow: String, cyan: String };
  return (
    verbs
      .find(({ name }) => name === "schedules")
      ?.read(JSON.parse(JSON.stringify(result)))
      .words(ink) ?? ""
  );
};
let before = 0;
beforeEach(() => {
  before = nova.channel.parts.length;
});

const said = (words: string): readonly string[] =>
  nova.channel
    .sent()
    .slice(before)
    .filter((text) => text.startsWith("Reminder: ") && text.includes(words));
const untilSaid = async (words: string, times = 1): Promise<void> => {
  await expect.poll(() => said(words).length, { timeout: 20_000 }).toBe(times);
};
const until = async (words: string): Promise<void> => {
  await expect.poll(() => nova.channel.sent().slice(before).join("\n"), { timeout: 20_000 }).toContain(words);
};
const buttonOf = (words: string, label: string): string => {
  const part = nova.channel.parts.findLast(({ body }) => body.startsWith("Reminder: ") && body.includes(words));
  return part?.actions.find((action) => action.label === label)?.id ?? "none";
};

test("“remind me …” is told with the absolute time, said at the time, and put off by a click", async () => {
  expect(await nova.ask("/timezone")).toContain("It is Saturday, 21 November 2026, 16:00 (Europe/Berlin)");
  const told = await nova.ask("remind me tomorrow at 9 to call Ann");
  expect(told).toContain(
    "Reminder set: call Ann, Sunday, 22 November 2026, 09:00 (Europe/Berlin). Undo: Say “cancel the reminder”",
  );
  expect(told).not.toMatch(/Approve|It stays inside|may do this alone/);
  expect(await nova.ask("what reminders do I have?")).toContain(
    "**call Ann**: Sunday, 22 November 2026, 09:00 (Europe/Berlin)",
  );

  now = new Date("2026-11-22T08:00:30Z");
  await untilSaid("call Ann");
  expect(said("call Ann")).toEqual(["Reminder: call Ann"]);

  const [later, tomorrow] = [buttonOf("call Ann", "In an hour"), buttonOf("call Ann", "Tomorrow")];
  expect((await nova.channel.press("owner", later)).card.text).toBe(
    "Again on Sunday, 22 November 2026, 10:01 (Europe/Berlin): call Ann",
  );
  // The first click said when.
  expect(await nova.channel.press("owner", tomorrow)).toMatchObject({ kind: "stale" });
  expect(await nova.channel.press("owner", later)).toMatchObject({ kind: "stale" });
  now = new Date("2026-11-22T09:01:10Z");
  await untilSaid("call Ann", 2);

  expect(await nova.channel.press("owner", buttonOf("call Ann", "Done"))).toMatchObject({ card: { text: "Done." } });
  await until("Done: call Ann");
  expect(await nova.channel.press("owner", "snooze:999999:done")).toMatchObject({ kind: "stale" });
}, 90_000);

test("a member's own reminder is set unasked, as the owner's is, and nobody else's is", async () => {
  const people = createPeople(nova.database, { clock: { now: () => now }, random: randomBytes });
  await nova.channel.introduce("mia", await people.add(HOME, "Mia", "member"));
  await nova.channel.introduce("gus", await people.add(HOME, "Gus", "guest"));
  const asks = async (who: string) => {
    const from = nova.channel.parts.length;
    await nova.channel.say(who, "remind me on 6 May 2027 at 9:00 to oil the door", { room: who });
    await nova.nova.settled(AbortSignal.timeout(20_000));
    return nova.channel.parts
      .slice(from)
      .map(({ body }) => body)
      .join("\n");
  };
  const mias = await asks("mia");
  expect(mias).toContain("Reminder set: oil the door, Thursday, 6 May 2027, 09:00");
  expect(mias).not.toContain("Waits for a decision");
  expect(await asks("gus")).not.toMatch(/Reminder set|Waits for a decision/);
}, 60_000);

test("an open time is asked about, and “2” or the words of a choice settle it", async () => {
  expect(await nova.ask("remind me at 9 to write to Ben")).toMatch(/today at 21:00[^]*tomorrow at 09:00/);
  expect(await nova.ask("2")).toContain("Reminder set: write to Ben, Monday, 23 November 2026, 09:00 (Europe/Berlin)");
  expect(await nova.ask("remind me on 3/5 at 9 to pay the tax")).toContain("5 March 2027 at 09:00");
  expect(await nova.ask("5 March 2027 at 09:00")).toContain("Friday, 5 March 2027, 09:00 (Europe/Berlin)");
  // Whole words: "Be" is nobody's name.
  expect(await nova.ask("cancel the reminder about Be")).toMatch(/None of yours fits[^]*1\. /);
  expect(await nova.ask("cancel the reminder about the tax")).toContain("“pay the tax” is removed");
  expect(await nova.ask("cancel the reminder about Ben")).toContain("“write to Ben” is removed");
  expect(await nova.ask("/schedules")).toContain("no reminders or schedules");
}, 90_000);

test("one that is set is moved, reworded, paused, resumed and put off in words; which one is meant is asked", async () => {
  now = new Date("2026-11-22T09:05:00Z");
  expect(await nova.ask("every day at 9 America/New_York remind me to check the NY deploy")).toContain(
    "Reminder set: check the NY deploy, every day at 09:00 (America/New",
  );
  await nova.ask("remind me tomorrow at 9 to feed the cat");
  await nova.ask("remind me every day at 12 to stretch");
  expect(await nova.ask("remind me tomorrow at 9 to feed the cat")).toContain("That one is set already");
  // A time of day keeps the day, and the rule.
  expect(await nova.ask("move the cat reminder to 16:00")).toContain(
    "“feed the cat” is moved: Monday, 23 November 2026, 16:00 (Europe/Berlin). Before: Monday, 23 November 2026, 09:00",
  );
  expect(await nova.ask("change the reminder about the cat to 25 November at 16:30")).toContain(
    "Wednesday, 25 November 2026, 16:30 (Europe/Berlin). Before: Monday, 23 November 2026, 16:00",
  );
  expect(await nova.ask("postpone the cat reminder by an hour")).toContain("moved: Wednesday, 25 November 2026, 17:30");
  expect(await nova.ask("move the stretch reminder to 13:30")).toContain(
    "is moved: every day at 13:30 (Europe/Berlin)",
  );
  expect(await nova.ask("change the cat reminder to feed both cats")).toContain("“feed the cat” says “feed both cats”");
  expect(await nova.ask("pause the stretch reminder")).toContain("“stretch” is paused");
  expect(await nova.ask("pause stretch")).toContain("is paused already");
  expect(await nova.ask("resume stretch")).toContain("“stretch” goes on. It comes next on");
  expect(await nova.ask("snooze stretch until 28 November at 9:00")).toContain(
    "“stretch” is put off. It comes next on Saturday, 28 November 2026, 13:30",
  );
  const list = await nova.ask("/schedules");
  expect(list).toMatch(/\*\*feed both cats\*\*: Wednesday, 25 November 2026, 17:30/);
  expect(list).toMatch(/\*\*stretch\*\*: every day at 13:30.+next Saturday, 28 November 2026, 13:30/);
  // None fits, several fit: nothing is changed.
  expect(await nova.ask("pause the dog reminder")).toMatch(/None of yours fits[^]*1\. /);
  expect(await nova.ask("move the reminder to 18:00")).toMatch(/Which one do you mean\?[^]*feed both cats/);
  expect(await nova.ask("cancel all reminders")).toMatch(/I do not remove all at once[^]*stretch/);
  const gone = await nova.ask(
    "delete my reminder about both cats and the one about stretch and the reminder to check the NY deploy",
  );
  for (const name of ["feed both cats", "stretch", "check the NY deploy"])
    expect(gone).toContain(`“${name}” is removed`);
}, 90_000);

test("a schedule asks in the person's name, and its answer says whose it is", async () => {
  const told = await nova.ask("every Monday at 8 ask: what is 6 times 7?");
  expect(told).toContain("every Monday at 08:00 (Europe/Berlin), next on Monday, 23 November 2026, 08:00");
  // Asked about before it becomes anything: nothing is refused afterwards a second time.
  const often = await nova.ask("every 2 minutes ask what failed");
  expect(often.match(/more often than every 5 minutes/g)).toHaveLength(1);
  expect(often).toMatch(/1\. every 5 minutes/);
  expect(await nova.ask("2")).toContain("every hour (Europe/Berlin)");
  expect(await nova.ask("/schedules remove what failed")).toContain("is removed");
  expect(await nova.ask("every Monday at 8 ask: /approve 1")).toContain("gives no commands");
  now = new Date("2026-11-23T07:00:20Z");
  await until("42");
  expect(await nova.ask("/timezone UTC")).toContain("keeps Europe/Berlin");
  expect(await nova.ask("/schedules")).toContain(
    "every Monday at 08:00 (Europe/Berlin), next Monday, 30 November 2026, 08:00",
  );
  expect(await nova.ask("/timezone Europe/Berlin")).not.toContain("keeps");
  expect(await nova.ask("/schedules pause what is 6")).toContain("is paused");
  now = new Date("2026-11-30T07:00:20Z");
  expect(await nova.ask("/schedules resume what is 6")).toContain("next on Monday, 7 December 2026, 08:00");
  expect(await nova.ask("/schedules remove what is 6")).toContain("is removed");
  expect(
    nova.channel
      .sent()
      .slice(before)
      .filter((text) => text.includes("42"))
      .map((text) => text.slice(0, text.indexOf("\n"))),
  ).toEqual(["From your schedule “what is 6 times 7?”:"]);
}, 90_000);

test("what was due while Nova was off is said late, once, or summed up when it is of no use any more", async () => {
  now = new Date("2026-12-01T09:00:00Z");
  await nova.ask("remind me tomorrow at 9 to feed the cat");
  await nova.ask("remind me on 2 December at 10 to open the door");
  await nova.ask("remind me every day at 12 to stretch");
  // Nothing ran meanwhile: the clock goes on as it does while a machine is off.
  now = new Date("2026-12-03T08:30:00Z");
  await untilSaid("open the door");
  expect(said("open the door")).toEqual([
    "Reminder: open the door (due at 10:00 on Wednesday, 2 December 2026; I was not running)",
  ]);
  await untilSaid("stretch");
  await until(
    "I was not running when this was due, and it is more than a day ago: feed the cat, on Wednesday, 2 December 2026, 09:00 (Europe/Berlin).",
  );
  expect(said("feed the cat")).toEqual([]);
  // The two middays are caught up once, and it goes on from there.
  expect(await nova.ask("/schedules")).toContain("next Thursday, 3 December 2026, 12:00");
  expect(said("stretch")).toHaveLength(1);
  await nova.ask("/schedules remove stretch");
}, 90_000);

test("quiet hours hold back what comes again and again, and keep what was named", async () => {
  now = new Date("2026-12-03T20:30:00Z");
  expect(await nova.ask("/quiet 22:00-07:00")).toContain("22:00 to 07:00");
  expect(await nova.ask("remind me every hour to drink water")).toContain(
    "; your quiet hours last until 07:00 on Friday, 4 December 2026, so it is first said then",
  );
  expect(await nova.ask("/schedules")).toContain("until 07:00 on Friday, 4 December 2026, so it is first said then");
  await nova.ask("remind me today at 23:15 to turn off the heating");
  now = new Date("2026-12-03T22:15:10Z");
  await untilSaid("turn off the heating");
  now = new Date("2026-12-04T02:30:10Z");
  await expect
    .poll(async () => (await nova.database.pool.query("select 1 from schedule_run where outcome = 'quiet'")).rowCount, {
      timeout: 20_000,
    })
    .toBeGreaterThan(0);
  expect(said("drink water")).toEqual([]);
  now = new Date("2026-12-04T06:00:10Z");
  await untilSaid("drink water");
  expect(said("drink water")[0]).toContain("it waited for the end of your quiet hours");
  await nova.ask("/schedules remove drink water");
  expect(await nova.ask("/quiet off")).toContain("no quiet hours");
}, 90_000);

test("where others read along nobody's quiet hours and time zone are told; set there, they count", async () => {
  const inTeam = async (text: string): Promise<string> => {
    const from = nova.channel.sent("team").length;
    await nova.channel.say("owner", text, { room: "team", shared: true });
    await nova.nova.settled(AbortSignal.timeout(20_000));
    return nova.channel.sent("team").slice(from).join("");
  };
  await nova.ask("/quiet 22:00-07:00");
  const told = [await inTeam("/quiet"), await inTeam("/timezone"), await inTeam("/schedules")];
  for (const text of told) expect(text).not.toMatch(/22|07:00|Berlin|Europe|It is /);
  expect(told[0]).toMatch(/in private only: send me `\/quiet` there/);
  expect(told[1]).toMatch(/in private only: send me `\/timezone` there/);

  const set = [await inTeam("/quiet 21:30-06:15"), await inTeam("/timezone Asia/Tokyo")];
  for (const text of set) {
    expect(text).toMatch(/set as you said.*in private only/);
    expect(text).not.toMatch(/21:30|06:15|Tokyo|Berlin/);
  }
  expect(await nova.ask("/quiet")).toContain("21:30 to 06:15 (Asia/Tokyo)");
  expect(await nova.ask("/timezone Europe/Berlin")).toContain("Your time zone is Europe/Berlin");
  expect(await nova.ask("/quiet off")).toContain("no quiet hours");
}, 60_000);

test("nothing that a guest or a blocked person planned goes on", async () => {
  now = new Date("2026-12-05T09:00:00Z");
  const people = createPeople(nova.database, { clock: { now: () => now }, random: randomBytes });
  for (const name of ["Ada", "Bob"]) {
    await nova.channel.introduce(name, await people.add(HOME, name, "member"));
    await nova.verb("schedules", { do: "add", words: `greet ${name}`, when: "in 1 hour", as: name });
  }
  await nova.verb("people", { do: "role", name: "Ada", role: "guest" });
  await nova.verb("people", { do: "block", whom: "Bob" });
  now = new Date("2026-12-06T08:00:30Z");
  await expect
    .poll(
      async () =>
        (await nova.database.pool.query("select because from schedule where words like 'greet%' order by id")).rows,
      { timeout: 20_000 },
    )
    .toEqual([{ because: "guest" }, { because: "blocked" }]);
  expect(said("greet")).toEqual([]);
}, 90_000);

test("the operator adds, lists, holds and removes them for whom they choose, and sees what became of each", async () => {
  now = new Date("2026-12-07T09:00:00Z");
  const run = async (input: object) => drawn(await nova.verb("schedules", input));
  const add = { do: "add", words: "lock the door", when: "every weekday at 18:00", name: "door" };
  expect(await run(add)).toContain(
    "door will be said every weekday at 18:00, next on Monday, 7 December 2026, 18:00 (Europe/Berlin)",
  );
  await expect(run(add)).rejects.toThrow("There is a schedule called “door” already.");
  await expect(run({ ...add, when: "at 3" })).rejects.toThrow(/morning or in the afternoon/);
  await expect(run({ ...add, when: "soon" })).rejects.toThrow(/no time that Nova understands/);
  await expect(run({ ...add, name: "never", when: "0 9 31 2 *" })).rejects.toThrow(/never comes/);
  expect(await run({ do: "list" })).toMatch(/remind +door +every weekday at 18:00.+lock the door/);
  expect(await run({ do: "list", as: "Ada" })).not.toContain("door");
  await expect(run({ do: "pause", name: "door", as: "Ada" })).rejects.toThrow(/no schedule called/);
  now = new Date("2026-12-07T17:00:20Z");
  await untilSaid("lock the door");
  await expect
    .poll(() => run({ do: "runs", name: "door" }), { timeout: 20_000 })
    .toMatch(/7 December 2026, 18:00 .+ said +t\d+/);
  expect(await run({ do: "pause", name: "door" })).toContain("is paused");
  expect(await run({ do: "resume", name: "door" })).toContain("next on Tuesday, 8 December 2026");
  expect(await run({ do: "remove", name: "door" })).toContain("is removed");
  expect(await run({ do: "list", all: true })).toMatch(/door +done \(removed\)/);
}, 90_000);

test("that the clocks skip the hour that was named is said with the time that is set instead", async () => {
  now = new Date("2027-03-20T09:00:00Z");
  const skipped = "The clocks skip 02:30 on that day.";
  const instead = "Sunday, 28 March 2027, 03:00 (Europe/Berlin)";
  const told = await nova.ask("remind me on 28 March 2027 at 02:30 to feed the owl");
  expect(told).toContain(`Reminder set: feed the owl, ${instead}. ${skipped}`);
  expect(await nova.ask("remind me on 29 March 2027 at 02:30 to feed the hen")).not.toContain("clocks");
  expect(await nova.ask("move the hen reminder to 28 March 2027 at 02:30")).toContain(`moved: ${instead}. ${skipped}`);
  const { rows } = await nova.database.pool.query<{ id: string }>("select max(id)::text as id from proposal");
  expect(await nova.verb("approvals", { do: "show", id: rows[0]?.id })).toMatchObject({
    lines: expect.arrayContaining([{ label: "Note", value: skipped, field: null }]),
  });
  const added = await nova.verb("schedules", { do: "add", words: "feed the cat", when: "28 March 2027 at 02:30" });
  expect(drawn(added)).toBe(`feed the cat will be said on ${instead}. ${skipped}`);
}, 90_000);
