/** Times that count from when they were said: also where Nova reads them later, or an answer to its question came in between. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { HOUR, movableClock } from "../effects/desk.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const MINUTE = 60_000;
const clock = movableClock();
let lab: TestNova;
beforeAll(async () => {
  lab = await startNova({ clock });
  await say("/timezone UTC");
});
afterAll(() => lab.nova.stop());

let rooms = 0;
beforeEach(() => {
  rooms += 1;
});

/** In a conversation of the test's own. `late`: so long after it was written. */
async function say(text: string, { late = 0 } = {}): Promise<string> {
  const room = `room-${rooms}`;
  const before = lab.channel.sent(room).length;
  await lab.channel.say("owner", text, { room, sentAt: new Date(clock.now().getTime() - late) });
  await lab.nova.settled(AbortSignal.timeout(20_000));
  return lab.channel.sent(room).slice(before).join("");
}

/** It is this time of day, of the next day that has it. */
function at(hours: number, minutes = 0): Date {
  const now = clock.now();
  const next = new Date(now);
  next.setUTCHours(hours, minutes, 0, 0);
  clock.forward(next.getTime() - now.getTime() + (next <= now ? 24 * HOUR : 0));
  return clock.now();
}

async function due(words: string): Promise<Date> {
  const { rows } = await lab.database.pool.query<{ next_at: Date }>(
    "select next_at from schedule where words = $1 order by id desc limit 1",
    [words],
  );
  const [row] = rows;
  if (!row) throw new Error(`no reminder of: ${words}`);
  return row.next_at;
}

const dayAfter = (day: Date, days: number, hour: number): Date => {
  const then = new Date(day);
  then.setUTCHours(hour, 0, 0, 0);
  return new Date(then.getTime() + days * 24 * HOUR);
};
const apart = (one: Date, other: Date): number => Math.abs(one.getTime() - other.getTime());

describe("a message that waited while Nova was off", () => {
  test("counts from when it was written", async () => {
    const now = at(12);
    await say("remind me in 20 minutes that the oven is on", { late: 15 * MINUTE });
    expect(apart(await due("the oven is on"), new Date(now.getTime() + 5 * MINUTE))).toBeLessThan(MINUTE);
  });

  test("names the day after the one that it was written on", async () => {
    const now = at(0, 10);
    await say("remind me tomorrow at 9 to call Ann", { late: 20 * MINUTE });
    expect(await due("call Ann")).toEqual(dayAfter(now, 0, 9));
  });

  test("asks for another time where its own is over by now, and says which it was", async () => {
    at(12);
    const reply = await say("remind me in 20 minutes to take the bread out", { late: 2 * HOUR });
    expect(reply).toMatch(/10:20[^]*is over by now[^]*When then\?[^]*in 1 hour/);
    await say("in 1 hour");
    expect(apart(await due("take the bread out"), new Date(clock.now().getTime() + HOUR))).toBeLessThan(MINUTE);
  });
});

describe("what is put off", () => {
  test("waits so long from when that was written", async () => {
    at(8);
    await say("remind me every day at 13:00 to stand up");
    at(12);
    expect(await say("snooze the stand up reminder for 90 minutes", { late: 50 * MINUTE })).toMatch(
      /waits that long anyway/,
    );
    expect(await say("snooze the stand up reminder for 30 minutes", { late: 50 * MINUTE })).toMatch(
      /11:40[^]*is over by now[^]*When then\?/,
    );
    await say("never mind");
    await say("cancel the reminder about stand up");
  });

  test("by a day waits for the same time of that day", async () => {
    at(0, 10);
    await say("remind me every day at 00:05 to drink");
    expect(await say("snooze the drink reminder for one day", { late: 20 * MINUTE })).toMatch(/waits that long anyway/);
    await say("cancel the reminder about drink");
  });
});

describe("an answer to a question of Nova's", () => {
  test("adds to what was said before it, and moves no time", async () => {
    const now = at(12);
    expect(await say("remind me in 20 minutes")).toContain("What shall I remind you of?");
    clock.forward(10 * MINUTE);
    await say("the cake");
    expect(apart(await due("the cake"), new Date(now.getTime() + 20 * MINUTE))).toBeLessThan(MINUTE + 1_000);
  });

  test("gives the hour of the day that was meant, also after midnight", async () => {
    const now = at(23, 50);
    expect(await say("remind me tomorrow to call Bob")).toMatch(/time/);
    clock.forward(20 * MINUTE);
    await say("9");
    expect(await due("call Bob")).toEqual(dayAfter(now, 1, 9));
  });

  test("and so through two questions", async () => {
    const now = at(23, 50);
    expect(await say("remind me tomorrow")).toContain("What shall I remind you of?");
    clock.forward(20 * MINUTE);
    expect(await say("the dentist")).toMatch(/time/);
    await say("at 9");
    expect(await due("the dentist")).toEqual(dayAfter(now, 1, 9));
  });

  test("is counted from when it was given, where it names a time of its own", async () => {
    const now = at(12);
    expect(await say("remind me to stretch")).toContain("When?");
    clock.forward(10 * MINUTE);
    await say("in 20 minutes");
    expect(apart(await due("stretch"), new Date(now.getTime() + 30 * MINUTE))).toBeLessThan(MINUTE);
  });

  test("by a button counts from the words, as a typed one does", async () => {
    const now = at(12);
    await say("@editor remind me in 20 minutes to take the pie out");
    const turn = lab.channel.parts.at(-1)?.turn;
    clock.forward(10 * MINUTE);
    const pressed = await lab.channel.press("owner", `use:${turn}:scheduler`, { room: `room-${rooms}` });
    expect(pressed.card.text).toContain("Asking the Scheduler");
    await lab.nova.settled(AbortSignal.timeout(20_000));
    expect(apart(await due("take the pie out"), new Date(now.getTime() + 20 * MINUTE))).toBeLessThan(MINUTE + 1_000);
  });

  test("chooses the day that was offered; near midnight days are offered by their dates", async () => {
    const now = at(23, 50);
    const offered = await say("remind me tomorrow to call Cyd");
    expect(offered).not.toMatch(/\n\W*\d\. tomorrow/);
    clock.forward(20 * MINUTE);
    await say("1");
    expect(await due("call Cyd")).toEqual(dayAfter(now, 1, 9));
    // What is offered for words that are no time at all.
    const then = at(23, 50);
    await say("remind me soonish to call Dan");
    await say("remind me to call Eve");
    clock.forward(20 * MINUTE);
    await say("tomorrow at 09:00");
    expect(await due("call Eve")).toEqual(dayAfter(then, 1, 9));
  });
});
