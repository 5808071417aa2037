/** Time words: what they mean in two zones and across changes of clocks, and what is asked where they leave it open. */
import { describe, expect, test } from "vitest";
import {
  nextOf,
  readQuiet,
  quietEnd,
  readWhen,
  soundWhen,
  splitWhen,
  tellWhen,
  whenIn,
  whenJson,
  type Here,
} from "#core";

/** A Saturday, 16:00 in Berlin, 10:00 in New York. */
const NOW = new Date("2026-11-21T15:00:00Z");
const BERLIN: Here = { zone: "Europe/Berlin", now: NOW };
const NEW_YORK: Here = { zone: "America/New_York", now: NOW };
const at = (here: Here, now: string): Here => ({ ...here, now: new Date(now) });
const SPRING = at(BERLIN, "2027-03-27T12:00:00Z");
const AUTUMN = at(BERLIN, "2027-10-30T12:00:00Z");

/** What is understood, by the next two times; or the question. */
async function understood(words: string, here: Here): Promise<string> {
  const read = await readWhen(words, here);
  if (read.kind === "none") return "none";
  if (read.kind === "unclear") return `? ${read.options.join(" | ")}`;
  const first = nextOf(read.when, here.now);
  const second = first && nextOf(read.when, first);
  return [first, second].flatMap((each) => (each ? [each.toISOString().slice(0, 16)] : [])).join(" ");
}

describe("once", () => {
  test.each<[string, string, Here?]>([
    ["tomorrow at 9", "2026-11-22T08:00"],
    ["tomorrow at 9", "2026-11-22T14:00", NEW_YORK],
    ["Tomorrow, at 9:30.", "2026-11-22T08:30"],
    ["at 18:15", "2026-11-21T17:15"],
    ["5pm", "2026-11-21T22:00", NEW_YORK],
    ["today at 5 p.m.", "2026-11-21T16:00"],
    ["tonight at 8", "2026-11-21T19:00"],
    ["this evening at 7", "2026-11-21T18:00"],
    ["tomorrow at 3 in the afternoon", "2026-11-22T14:00"],
    ["tomorrow morning at 8", "2026-11-22T07:00"],
    ["tomorrow at noon", "2026-11-22T11:00"],
    ["at midnight", "2026-11-21T23:00"],
    ["half past nine tomorrow", "2026-11-22T08:30"],
    ["tomorrow at quarter to 10", "2026-11-22T08:45"],
    ["on Monday at 9", "2026-11-23T08:00"],
    ["monday 8", "2026-11-23T07:00"],
    ["next Friday at 14:30", "2026-11-27T13:30"],
    ["Saturday at 18:00", "2026-11-21T17:00"],
    ["Saturday at 9", "2026-11-28T08:00"],
    ["friday in a week at 9", "2026-12-04T08:00"],
    ["the day after tomorrow at 10", "2026-11-23T09:00"],
    ["on 3 May at 9", "2027-05-03T07:00"],
    ["May 3rd at 9am", "2027-05-03T07:00"],
    ["3 May 2028 at 09:00", "2028-05-03T07:00"],
    ["on the 3rd at 9", "2026-12-03T08:00"],
    ["2026-12-24 18:00", "2026-12-24T17:00"],
    ["25/12 at 9", "2026-12-25T08:00"],
    ["4/4 at 9", "2027-04-04T07:00"],
    ["in 2 hours", "2026-11-21T17:00"],
    ["in half an hour", "2026-11-21T15:30"],
    ["in 90 minutes", "2026-11-21T16:30"],
    ["in 1 hour and 15 minutes", "2026-11-21T16:15"],
    ["in an hour and a half", "2026-11-21T16:30"],
    ["in 3 days", "2026-11-24T15:00"],
    ["in 3 days at 9", "2026-11-24T08:00"],
    ["in two weeks at 10:00", "2026-12-05T09:00"],
    ["in a month at 9", "2026-12-21T08:00"],
    ["tomorrow at 9 America/New_York", "2026-11-22T14:00"],
    ["Sunday, 22 November at 9", "2026-11-22T08:00"],
    // Clocks: Berlin goes forward on 28 March 2027 at 2, back on 31 October at 3; New York back on 7 November 2027 at 2.
    ["tomorrow at 9", "2027-03-28T07:00", SPRING],
    ["tomorrow at 02:30", "2027-03-28T01:00", SPRING],
    ["tomorrow at 02:30", "2027-10-31T00:30", AUTUMN],
    ["tomorrow at 9", "2027-10-31T08:00", AUTUMN],
    ["in 24 hours", "2027-03-28T12:00", SPRING],
    ["in 1 day", "2027-03-28T11:00", SPRING],
    ["tomorrow at 01:30", "2027-11-07T05:30", at(NEW_YORK, "2027-11-06T12:00:00Z")],
    ["tomorrow at 02:30", "2027-03-14T07:00", at(NEW_YORK, "2027-03-13T12:00:00Z")],
  ])("%s", async (words, expected, here = BERLIN) => {
    expect(await understood(words, here)).toBe(expected);
  });
});

test.each<[string, string | undefined, Here?]>([
  ["tomorrow at 02:30", "02:30"],
  ["on 28 March 2027 at 02:00", "02:00"],
  ["in 1 day", "02:15", at(BERLIN, "2027-03-27T01:15:00Z")],
  ["tomorrow at 03:00", undefined],
  ["tomorrow at 01:59", undefined],
  ["tomorrow at 02:30", undefined, AUTUMN],
  ["in 24 hours", undefined, at(BERLIN, "2027-03-27T01:15:00Z")],
  ["tomorrow at 02:30", undefined, at(NEW_YORK, "2027-03-27T12:00:00Z")],
])("what time of day the clocks skip is told: %s, %s", async (words, skipped, here = SPRING) => {
  const read = await readWhen(words, here);
  if (read.kind !== "when") throw new Error("it is no time");
  expect(read.skipped).toBe(skipped);
  expect(whenIn(whenJson(read.when, read.zone, read.skipped)).skipped).toBe(skipped);
});

describe("again and again", () => {
  test.each<[string, string, Here?]>([
    ["every day at 9", "2026-11-22T08:00 2026-11-23T08:00"],
    ["daily at 9pm", "2026-11-21T20:00 2026-11-22T20:00"],
    ["every weekday at 9", "2026-11-23T08:00 2026-11-24T08:00"],
    ["on weekdays at 8:30", "2026-11-23T07:30 2026-11-24T07:30"],
    ["every weekend at 10", "2026-11-22T09:00 2026-11-28T09:00"],
    ["every Monday at 8", "2026-11-23T07:00 2026-11-30T07:00"],
    ["every Monday and Thursday at 8", "2026-11-23T07:00 2026-11-26T07:00"],
    ["Tuesdays and Fridays at 17:00", "2026-11-24T16:00 2026-11-27T16:00"],
    ["every other Monday at 9", "2026-11-23T08:00 2026-12-07T08:00"],
    ["every 2 weeks on Monday at 9", "2026-11-23T08:00 2026-12-07T08:00"],
    ["on the 1st of each month at 8", "2026-12-01T07:00 2027-01-01T07:00"],
    ["every month on the 15th at 8", "2026-12-15T07:00 2027-01-15T07:00"],
    ["on the last day of each month at 18:00", "2026-11-30T17:00 2026-12-31T17:00"],
    ["on the first Monday of each month at 9", "2026-12-07T08:00 2027-01-04T08:00"],
    ["on the last Friday of every month at 9", "2026-11-27T08:00 2026-12-25T08:00"],
    ["every year on 3 May at 9", "2027-05-03T07:00 2028-05-03T07:00"],
    ["every 2 hours", "2026-11-21T17:00 2026-11-21T19:00"],
    ["hourly", "2026-11-21T16:00 2026-11-21T17:00"],
    ["every 15 minutes", "2026-11-21T15:15 2026-11-21T15:30"],
    ["every 2 hours from 8", "2026-11-21T17:00 2026-11-21T19:00"],
    ["every 2 days at 9", "2026-11-22T08:00 2026-11-24T08:00"],
    ["every day at 9 and 17", "2026-11-21T16:00 2026-11-22T08:00"],
    ["0 9 * * 1-5", "2026-11-23T08:00 2026-11-24T08:00"],
    ["cron 0 9 * * MON", "2026-11-23T14:00 2026-11-30T14:00", NEW_YORK],
    ["every day at 9 (America/New_York)", "2026-11-22T14:00 2026-11-23T14:00"],
    ["every day at 9", "2027-03-28T07:00 2027-03-29T07:00", SPRING],
    ["every day at 02:30", "2027-03-28T01:00 2027-03-29T00:30", SPRING],
    ["every day at 02:30", "2027-10-31T00:30 2027-11-01T01:30", AUTUMN],
    ["every 2 days at 9", "2027-10-31T08:00 2027-11-02T08:00", AUTUMN],
    ["every day at 01:30", "2027-11-07T05:30 2027-11-08T06:30", at(NEW_YORK, "2027-11-06T12:00:00Z")],
    ["every 12 hours", "2027-10-31T00:00 2027-10-31T12:00", AUTUMN],
  ])("%s", async (words, expected, here = BERLIN) => {
    expect(await understood(words, here)).toBe(expected);
  });
});

describe("in German", () => {
  test.each<readonly [string, string]>([
    ["morgen um 9", "2026-11-22T08:00"],
    ["morgen früh um 8", "2026-11-22T07:00"],
    ["übermorgen um 3 Uhr", "2026-11-23T02:00"],
    ["heute Abend um 8", "2026-11-21T19:00"],
    ["am Montag um 9 Uhr 30", "2026-11-23T08:30"],
    ["am 3. Mai um 9", "2027-05-03T07:00"],
    ["am 3.5. um 9 Uhr", "2027-05-03T07:00"],
    ["morgen um halb 10", "2026-11-22T08:30"],
    ["in zwei Stunden", "2026-11-21T17:00"],
    ["in einer halben Stunde", "2026-11-21T15:30"],
    ["in 3 Tagen um 9", "2026-11-24T08:00"],
    ["jeden Montag um 8", "2026-11-23T07:00 2026-11-30T07:00"],
    ["jeden Tag um 9 Uhr", "2026-11-22T08:00 2026-11-23T08:00"],
    ["jeden Werktag um 9", "2026-11-23T08:00 2026-11-24T08:00"],
    ["alle 2 Stunden", "2026-11-21T17:00 2026-11-21T19:00"],
    ["am 1. jedes Monats um 8", "2026-12-01T07:00 2027-01-01T07:00"],
  ])("%s", async (words, expected) => {
    expect(await understood(words, BERLIN)).toBe(expected);
  });
});

describe("what is asked rather than guessed", () => {
  test.each<[string, string, Here?]>([
    ["3/5 at 9", "? 3 May 2027 at 09:00 | 5 March 2027 at 09:00"],
    ["at 9", "? today at 21:00 | tomorrow at 09:00"],
    ["at 3", "? today at 15:00 | tomorrow at 03:00", NEW_YORK],
    ["tomorrow at 3", "? tomorrow at 15:00 | tomorrow at 03:00"],
    ["tomorrow", "? tomorrow at 09:00 | tomorrow at 14:00 | tomorrow at 18:00"],
    ["tomorrow morning", "? tomorrow at 08:00 | tomorrow at 09:00 | tomorrow at 10:00"],
    ["today at 8", "? today at 20:00 | tomorrow at 08:00"],
    ["at 5pm", "? tomorrow at 17:00", at(BERLIN, "2026-11-21T17:30:00Z")],
    ["on 3 May 2020 at 9", "? tomorrow at 09:00"],
    ["next Friday at 9", "? 27 November 2026 at 09:00 | 4 December 2026 at 09:00", at(BERLIN, "2026-11-23T15:00:00Z")],
    ["every weekday", "? every weekday at 09:00 | every weekday at 14:00 | every weekday at 18:00"],
    ["every morning", "? every day at 08:00 | every day at 09:00 | every day at 10:00"],
    ["every Monday at 3", "? every Monday at 15:00 | every Monday at 03:00"],
    ["every week at 9", "? every Monday at 09:00 | every Wednesday at 09:00 | every Friday at 09:00"],
    ["monthly", "? on the 1st of each month at 09:00 | on the last day of each month at 09:00"],
    [
      "every 2 weeks on Monday",
      "? every 2 weeks on Monday at 09:00 | every 2 weeks on Monday at 14:00 | every 2 weeks on Monday at 18:00",
    ],
    ["tomorrow at 9 and 17", "? tomorrow at 09:00 | tomorrow at 17:00"],
    [
      "next week",
      "? tomorrow at 09:00 | 24 November 2026 at 09:00 | 25 November 2026 at 09:00 | 26 November 2026 at 09:00 | 27 November 2026 at 09:00",
      at(BERLIN, "2026-11-22T15:00:00Z"),
    ],
    ["next weekend at 10", "? 28 November 2026 at 10:00 | 29 November 2026 at 10:00"],
    ["tonight", "? today at 18:00 | today at 19:00 | today at 20:00"],
    ["tonight", "? today at 21:00 | today at 22:00 | today at 23:00", at(BERLIN, "2026-11-21T19:30:00Z")],
    [
      "tonight",
      "? 22 November 2026 at 18:00 | 22 November 2026 at 19:00 | 22 November 2026 at 20:00",
      at(BERLIN, "2026-11-21T22:30:00Z"),
    ],
  ])("%s", async (words, expected, here = BERLIN) => {
    const asked = await readWhen(words, here);
    expect(await understood(words, here)).toBe(expected);
    for (const option of asked.kind === "unclear" ? asked.options : [])
      expect([option, (await readWhen(option, here)).kind]).toEqual([option, "when"]);
  });

  test.each([
    ["at 25:00", "There is no 25:00. When?"],
    ["tomorrow at 25:00", "There is no 25:00. At what time?"],
    ["tomorrow at 9:75", "There is no 9:75. At what time?"],
    ["every day at 25:00", "There is no 25:00. At what time?"],
    ["on 31 Feb at 9", "February has no 31st. When?"],
    ["31 November at 9", "November has no 31st. When?"],
    ["on April 31 at 9", "April has no 31st. When?"],
    ["every 10 seconds", "At most once a minute. When?"],
    ["in 0 minutes", "That is sooner than I can be. When?"],
  ])("%s: what is wrong with it comes first", async (words, question) => {
    const asked = await readWhen(words, BERLIN);
    expect(asked).toMatchObject({ kind: "unclear", question });
    const options = asked.kind === "unclear" ? asked.options : [];
    for (const option of options) expect([option, (await readWhen(option, BERLIN)).kind]).toEqual([option, "when"]);
    expect(options).not.toEqual([]);
  });

  test.each([
    "",
    "later",
    "some day",
    "the sooner the better",
    "call Ann",
    "tomorrow at 9 unless it rains",
    "Sunday 23 November at 9",
    "every now and then",
    "every blue moon at 9",
    "40/13 at 9",
    "about 12",
    "constructor",
  ])("%j is no time", async (words) => {
    expect(await understood(words, BERLIN)).toBe("none");
  });
});

test.each([
  ["tomorrow at 9 to call Ann", "call Ann", "tomorrow at 9"],
  ["to call Ann tomorrow at 9", "call Ann", "tomorrow at 9"],
  ["at 9 to call Ann on Monday", "call Ann", "at 9 on Monday"],
  ["tomorrow to call Ann at 9", "call Ann", "tomorrow at 9"],
  ["tomorrow at 9 to prepare the meeting on Monday at 10", "prepare the meeting on Monday at 10", "tomorrow at 9"],
  ["tomorrow at 9 to pay the rent by Friday", "pay the rent by Friday", "tomorrow at 9"],
  ["in 20 minutes that the oven is on", "the oven is on", "in 20 minutes"],
  ["every Monday at 8 to water the plants", "water the plants", "every Monday at 8"],
  ["to water the plants every Monday at 8", "water the plants", "every Monday at 8"],
  ["about the tax return on 3 May at 9", "the tax return", "on 3 May at 9"],
  ["to buy milk", "buy milk", ""],
  ["morgen um 9 an den Zahnarzt", "den Zahnarzt", "morgen um 9"],
])("%s", async (request, text, when) => {
  expect(await splitWhen(request, BERLIN)).toEqual({ text, when });
});

test.each([
  ["every weekday at 9", "every weekday at 09:00 (Europe/Berlin), next on Monday, 23 November 2026, 09:00"],
  ["tomorrow at 9", "Sunday, 22 November 2026, 09:00 (Europe/Berlin)"],
  ["every 90 minutes", "every 90 minutes (Europe/Berlin), next on Saturday, 21 November 2026, 17:30"],
  [
    "on the last Friday of every month at 9",
    "on the last Friday of each month at 09:00 (Europe/Berlin), next on Friday, 27 November 2026, 09:00",
  ],
  ["*/7 * * * *", "by `*/7 * * * *` (Europe/Berlin), next on Saturday, 21 November 2026, 16:07"],
])("%s is told with weekday and zone", async (words, told) => {
  const read = await readWhen(words, BERLIN);
  expect(read.kind === "when" && tellWhen(read.when, BERLIN)).toBe(told);
});

test.each([
  [{ kind: "cron", cron: "0 9 31 2 *", zone: "Europe/Berlin" }, /never comes/],
  [{ kind: "cron", cron: "0 25 * * *", zone: "Europe/Berlin" }, /no cron line/],
  [{ kind: "cron", cron: "0 9 * * *", zone: "Berlin" }, /no time zone “Berlin”/],
  [{ kind: "at", at: new Date(NOW.getTime() - 1) }, /over/],
  [{ kind: "at", at: new Date(NaN) }, /over/],
  [{ kind: "at", at: new Date("2060-01-01") }, /10 years/],
  [{ kind: "every", everyMs: 59_000, from: NOW }, /every minute/],
] as const)("%o is refused", (when, why) => {
  expect(() => soundWhen(when, NOW)).toThrow(why);
});

test("the nearest zones are named, and a zone is written as the database writes it", () => {
  const zoned = (zone: string) => soundWhen({ kind: "cron", cron: "0 9 * * *", zone }, NOW);
  expect(() => zoned("Berlin")).toThrow(expect.objectContaining({ advice: "Did you mean Europe/Berlin?" }));
  expect(zoned("europe/berlin")).toEqual({ kind: "cron", cron: "0 9 * * *", zone: "Europe/Berlin" });
});

test.each([
  ["22:00-07:00", "2026-11-21T21:30:00Z", "2026-11-22T06:00:00.000Z"],
  ["22:00-07:00", "2026-11-21T05:59:00Z", "2026-11-21T06:00:00.000Z"],
  ["22-7", "2026-11-21T06:00:00Z", undefined],
  ["12:00 to 13:30", "2026-11-21T11:00:00Z", "2026-11-21T12:30:00.000Z"],
  ["12:00-13:30", "2026-11-21T12:30:00Z", undefined],
  ["off", "2026-11-21T23:00:00Z", undefined],
  // Seven o'clock is seven, though the night was an hour shorter.
  ["22:00-07:00", "2027-03-27T22:00:00Z", "2027-03-28T05:00:00.000Z"],
])("quiet hours %s at %s end at %s", (text, moment, end) => {
  const read = readQuiet(text);
  expect(
    read && quietEnd({ zone: "Europe/Berlin", own: true, quiet: read.quiet }, new Date(moment))?.toISOString(),
  ).toBe(end);
});

test.each(["", "22", "25:00-07:00", "7-7", "always"])("%j are no quiet hours", (text) => {
  expect(readQuiet(text)).toBeUndefined();
});

test("quiet hours last through the hour that comes twice", () => {
  const rhythm = { zone: "Europe/Berlin", own: true, quiet: { from: 22 * 60, to: 2 * 60 + 30 } };
  // 02:10 for the first and for the second time.
  expect(quietEnd(rhythm, new Date("2026-10-25T00:10:00Z"))).toEqual(new Date("2026-10-25T00:30:00Z"));
  expect(quietEnd(rhythm, new Date("2026-10-25T01:10:20Z"))).toEqual(new Date("2026-10-25T01:30:00Z"));
  expect(quietEnd(rhythm, new Date("2026-10-25T01:30:00Z"))).toBeUndefined();
});
