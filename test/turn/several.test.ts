/** Several things in one message, without a model: each is done, or the reply says which was not. On Nova's own agents. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { startNova, type TestNova } from "../support/nova.ts";

let nova: TestNova;
beforeAll(async () => {
  nova = await startNova();
});
afterAll(() => nova[Symbol.asyncDispose]());

/** Words, what the one reply says in this order, and what it never says. */
const ROWS: readonly (readonly [string, RegExp, RegExp?])[] = [
  [
    "what is 17% of 80, and remind me tomorrow at 9 to call Ann",
    /17% of 80 = 13\.6[^]*Reminder set: call Ann, [^]*09:00/,
    /did not|not worked out/i,
  ],
  ["remind me tomorrow at 9 to call Bob and tell me what 12*9 is", /Reminder set: call Bob, [^]*12\*9 = 108/],
  ["hi nova, what is 3*7?", /^3\*7 = 21/],
  ["what is 12*9, 15% of 80 and 7+8?", /12\*9 = 108\n15% of 80 = 12\n7\+8 = 15/],
  ["what is 12*9, 1/0 and 7+8?", /12\*9 = 108\nNot worked out: “1\/0”\. [^]*no finite result[^\n]*\n7\+8 = 15/],
  [
    "what is 2+2? how many days are there between 3 May 2026 and 1 June 2026?",
    /2\+2 = 4[^]*2026-06-01\): 29 days/,
    /did not/,
  ],
  // What nobody does is told, once.
  [
    "how many turns failed today, and translate the mail above to French",
    /failed turns[^]*I did not do this: “translate the mail above to French”\. Please ask for it by itself\./,
  ],
  [
    "what is 2+2, and translate the mail above to French",
    /2\+2 = 4\nNot worked out: “translate the mail above to French”\./,
    /did not do/,
  ],
  [
    "what is 2+2? list my notes. show me the last runs. remind me tomorrow at 9 to call Eve",
    /2\+2 = 4[^]*list my notes[^]*last runs[^]*\*\*remind me tomorrow at 9 to call Eve\*\*\s+I did not begin with this: I do three things at once at most\. Ask for it by itself\./,
    /Reminder set/,
  ],
  // One thing is answered as ever.
  ["what is 17% of 80?", /^17% of 80 = 13\.6$/m, /did not/],
  [
    "remind me tomorrow at 9 to call Kim and send her the list",
    /Reminder set: call Kim and send her the list,/,
    /did not/,
  ],
];

test.each(ROWS.map(([words, says, never]) => ({ words, says, never: never ?? /^$/ })))(
  "$words",
  async ({ words, says, never }) => {
    const reply = await nova.ask(words);
    expect(reply).toMatch(says);
    expect(reply).not.toMatch(never);
  },
);
