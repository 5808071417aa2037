/** Schedules that are changed, and what others may read of it, on a clock that the test moves. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startNova, type TestNova } from "../support/nova.ts";

let now = new Date("2026-11-22T09:05:00Z");
let nova: TestNova;
beforeAll(async () => {
  nova = await startNova({ service: true, sweepEveryMs: 40, clock: { now: () => now } });
  await nova.ask("/timezone Europe/Berlin");
}, 60_000);
afterAll(() => nova[Symbol.asyncDispose]());

test("another time of day leaves what comes every few days or weeks on its days", async () => {
  expect(await nova.ask("remind me every 2 weeks on Monday at 9 to water the plants")).toContain(
    "every 2 weeks on Monday at 09:00 (Europe/Berlin), next on Monday, 23 November 2026",
  );
  await nova.ask("remind me every 3 days at 11 to take vitamins");
  now = new Date("2026-11-25T08:00:00Z");
  expect(await nova.ask("move the plants reminder to 10")).toContain(
    "is moved: every 2 weeks on Monday at 10:00 (Europe/Berlin). Before: every 2 weeks on Monday at 09:00 (Europe/Berlin). It comes next on Monday, 7 December 2026, 10:00",
  );
  // What is asked about it first keeps them as well.
  expect(await nova.ask("move the plants reminder to 3")).toMatch(/1\. every 2 weeks on Monday at 15:00/);
  expect(await nova.ask("1")).toContain("It comes next on Monday, 7 December 2026, 15:00");
  expect(await nova.ask("move the plants reminder to midnight")).toContain(
    "every 2 weeks on Tuesday at 00:00 (Europe/Berlin). Before: every 2 weeks on Monday at 15:00 (Europe/Berlin). It comes next on Tuesday, 8 December 2026, 00:00",
  );
  // Set on the 22nd, it comes on the 22nd, the 25th and the 28th.
  expect(await nova.ask("move the vitamins reminder to 8:30")).toContain(
    "It comes next on Saturday, 28 November 2026, 08:30",
  );
  expect(await nova.ask("move the vitamins reminder to 12:30")).toContain(
    "It comes next on Wednesday, 25 November 2026, 12:30",
  );
  // Minutes are no midnight.
  expect(await nova.ask("move the vitamins reminder to 0:24")).toContain(
    "It comes next on Saturday, 28 November 2026, 00:24",
  );
  // Another day is another rule.
  expect(await nova.ask("move the plants reminder to every 2 weeks on Friday at 10")).toContain(
    "It comes next on Friday, 27 November 2026, 10:00",
  );
}, 90_000);

test("quiet hours hold back what was set where others read along, and only its person is told", async () => {
  const inTeam = async (text: string): Promise<string> => {
    const from = nova.channel.sent("team").length;
    await nova.channel.say("owner", text, { room: "team", shared: true });
    await nova.nova.settled(AbortSignal.timeout(20_000));
    return nova.channel.sent("team").slice(from).join("");
  };
  await nova.ask("/quiet 22:00-07:00");
  const set = await inTeam("remind me every day at 6 in the morning to stretch");
  expect(set).toContain("Reminder set: stretch, every day at 06:00");
  const moved = await inTeam("move the stretch reminder to 05:30");
  expect(moved).toContain("is moved: every day at 05:30");
  for (const text of [set, moved]) expect(text).not.toMatch(/quiet|07:00/);
  expect(await nova.ask("move the stretch reminder to 06:15")).toContain("your quiet hours last until 07:00");
  expect(await nova.ask("remind me every day at 06:30 to get up")).toContain("your quiet hours last until 07:00");
  await nova.ask("/quiet off");
}, 90_000);

test("a change that nobody saw the end of is told as done, also where what was changed has been said since", async () => {
  now = new Date("2026-12-01T09:00:00Z");
  /** As a process leaves it that is killed between doing it and noting so. */
  const forgetEnd = (verb: string) =>
    nova.database.pool.query(
      `update effect set state = 'claimed', outcome = null, code = null, held_until = clock_timestamp() - interval '1 s'
       where key = (select effect.key from effect join proposal on proposal.id = effect.proposal_id
         where proposal.effect ->> 'verb' = $1 order by proposal.id desc limit 1)`,
      [verb],
    );
  const outcome = async (verb: string) =>
    (
      await nova.database.pool.query<{ state: string; outcome: string | null }>(
        `select effect.state, effect.outcome from effect join proposal on proposal.id = effect.proposal_id
         where proposal.effect ->> 'verb' = $1 order by proposal.id desc limit 1`,
        [verb],
      )
    ).rows[0];
  await nova.ask("remind me tomorrow at 12:00 to feed the cat");
  await nova.ask("move the cat reminder to today at 11:00");
  now = new Date("2026-12-01T10:00:10Z");
  await expect.poll(() => nova.channel.sent().join("\n"), { timeout: 20_000 }).toContain("Reminder: feed the cat");
  await forgetEnd("change_schedule");
  await expect
    .poll(() => outcome("change_schedule"), { timeout: 20_000 })
    .toMatchObject({
      state: "done",
      outcome: expect.stringContaining("“feed the cat” is moved: Tuesday, 1 December 2026, 11:00"),
    });

  // What was taken back is removed; what was said before it could be is not there any more.
  await nova.ask("remind me tomorrow at 9:00 to pay Ben");
  await nova.ask("cancel the reminder about Ben");
  await forgetEnd("remove_schedule");
  await expect
    .poll(() => outcome("remove_schedule"), { timeout: 20_000 })
    .toMatchObject({ state: "done", outcome: "“pay Ben” is removed." });
  await nova.database.pool.query("update schedule set because = null where words = 'pay Ben'");
  await forgetEnd("remove_schedule");
  await expect
    .poll(() => outcome("remove_schedule"), { timeout: 20_000 })
    .toMatchObject({ state: "failed", outcome: "There is no “pay Ben” any more." });
}, 90_000);
