/** The days that a question speaks of. */
import { expect, test } from "vitest";
import { spanIn } from "../../src/memory/time-span.ts";

const FRIDAY = new Date("2026-11-20T09:00:00Z");
const day = (at: number) => (Number.isFinite(at) ? new Date(at).toISOString().slice(0, 10) : "open");

test.each([
  ["what did we decide in March", "2026-03-01", "2026-04-01"],
  ["what happened in December", "2025-12-01", "2026-01-01"],
  ["decisions of march 2024", "2024-03-01", "2024-04-01"],
  ["what did it cost before July", "open", "2026-07-01"],
  ["since September", "2026-09-01", "open"],
  ["after february", "2026-03-01", "open"],
  ["what did we do yesterday", "2026-11-19", "2026-11-20"],
  ["what is due today", "2026-11-20", "2026-11-21"],
  ["this week", "2026-11-16", "2026-11-23"],
  ["last week", "2026-11-09", "2026-11-16"],
  ["Last month?", "2026-10-01", "2026-11-01"],
  ["last year", "2025-01-01", "2026-01-01"],
])("%s", (question, from, to) => {
  const span = spanIn(question, FRIDAY);
  expect([day(span!.from), day(span!.to)]).toEqual([from, to]);
});

test.each(["may I borrow the car", "the march of the penguins", "weekly", "who was last"])(
  "%s: no days",
  (question) => {
    expect(spanIn(question, FRIDAY)).toBeUndefined();
  },
);
