/** Midnight is the end of the day that is named, for what comes once as for what comes again; where that is no rule, it is asked. */
import { expect, test } from "vitest";
import { nextOf, readWhen, type Here } from "#core";

/** A Saturday, 16:00. */
const BERLIN: Here = { zone: "Europe/Berlin", now: new Date("2026-11-21T15:00:00Z") };

/** What is understood, by the next two times; or what is offered. */
async function understood(words: string): Promise<string> {
  const read = await readWhen(words, BERLIN);
  if (read.kind === "none") return "none";
  if (read.kind === "unclear") return `? ${read.options.join(" | ")}`;
  const first = nextOf(read.when, BERLIN.now);
  const second = first && nextOf(read.when, first);
  return [first, second].flatMap((each) => (each ? [each.toISOString().slice(0, 16)] : [])).join(" ");
}

test.each([
  ["on Friday at midnight", "2026-11-27T23:00"],
  ["every Friday at midnight", "2026-11-27T23:00 2026-12-04T23:00"],
  ["every Friday at 24:00", "2026-11-27T23:00 2026-12-04T23:00"],
  ["every Friday at 00:00", "2026-11-26T23:00 2026-12-03T23:00"],
  ["jeden Freitag um Mitternacht", "2026-11-27T23:00 2026-12-04T23:00"],
  ["every day at midnight", "2026-11-21T23:00 2026-11-22T23:00"],
  ["every day at 12:00 and 24:00", "2026-11-21T23:00 2026-11-22T11:00"],
  ["every Saturday and Monday at midnight", "2026-11-21T23:00 2026-11-23T23:00"],
  ["every weekday at midnight", "2026-11-23T23:00 2026-11-24T23:00"],
  ["every weekend at midnight", "2026-11-21T23:00 2026-11-22T23:00"],
  ["every 2 weeks on Friday at midnight", "2026-11-27T23:00 2026-12-11T23:00"],
  ["every 3 days at midnight", "2026-11-21T23:00 2026-11-24T23:00"],
  ["on the 1st of each month at midnight", "2026-12-01T23:00 2027-01-01T23:00"],
  ["on the last day of each month at midnight", "2026-11-30T23:00 2026-12-31T23:00"],
  ["every year on 30 April at midnight", "2027-04-30T22:00 2028-04-30T22:00"],
  ["every year on 31 December at midnight", "2026-12-31T23:00 2027-12-31T23:00"],
])("%s", async (words, expected) => {
  expect(await understood(words)).toBe(expected);
});

test.each([
  ["on the first Friday of each month at midnight", "on the first Friday of each month"],
  ["on the 31st of each month at 24:00", "on the 31st of each month"],
  ["every year on 28 February at midnight", "every year on 28 February"],
])("%s is asked about", async (words, rule) => {
  expect(await understood(words)).toBe(`? ${rule} at 00:00 | ${rule} at 23:59`);
  expect(await understood(`${rule} at 23:59`)).toMatch(/^2/);
});

test.each([
  [
    "every Friday at 12:00 and 24:00",
    "every Friday at 00:00 and 12:00 | every Friday at 12:00 | every Friday at 23:59",
  ],
  [
    "every weekday at 9 and 24:00",
    "every weekday at 00:00 and 09:00 | every weekday at 09:00 | every weekday at 23:59",
  ],
  ["every weekday at 9:30 and 24:00", "every weekday at 00:00 | every weekday at 09:30 | every weekday at 23:59"],
])("%s loses no time unsaid", async (words, offers) => {
  const read = await readWhen(words, BERLIN);
  expect(read.kind === "unclear" ? read.options.join(" | ") : read).toBe(offers);
  expect(read).toMatchObject({ question: expect.stringContaining("One schedule") });
});
