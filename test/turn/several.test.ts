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
  [
    "Remind me tomorrow at 9 to call Ada. Tell Owner that the build is green.",
    /Reminder set: call Ada, [^]*09:00/,
    /call Ada\. Tell|did not do/,
  ],
  [
    "Remind me tomorrow at 9 to call Ida. Note that the lease ends in June.",
    /Reminder set: call Ida, [^]*Kept as a note[^]*the lease ends in June/,
    /call Ida\. Note/,
  ],
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
    "@analyst what is 2+2, and translate the mail above to French",
    /2\+2 = 4\nNot worked out: “translate the mail above to French”\./,
    /did not do/,
  ],
  [
    "what is 2+2? list my notes. show me the last runs. remind me tomorrow at 9 to call Eve",
    /2\+2 = 4[^]*list my notes[^]*last runs[^]*\*\*remind me tomorrow at 9 to call Eve\*\*\s+I did not begin with this: I do three things at once at most\. Ask for it by itself\./,
    /Reminder set/,
  ],
  // A question's options stay behind it, and what a colleague may have done is not denied.
  [
    "remind me to call Zoe, and give me a poem",
    /^\W*I did not do this: “give me a poem”\. Please ask for it by itself\.\W+When\?\s+(?:1\.|-) in/,
  ],
  ["remind me what we decided about tea, and give me a poem", /I may not have done this: “give me a poem”\./],
  // One sum that cannot be worked out takes none with it, and what comes next is nobody's answer.
  [
    "what is 12*9 and what is my locker code and what time is it?",
    /12\*9 = 108[^]*“what time is it”[^]*“what is my locker code”/,
    /model|2,340/i,
  ],
  [
    "what is 17% of 80 and what is the square of Rome and what is 3*3?",
    /13\.6[^]*3\*3 = 9[^]*“what is the square of Rome”/,
    /model/i,
  ],
  [
    "remember that the tax office said we must pay the fine, and when is the office open?",
    /Kept as a note[^]*the tax office said we must pay the fine\n[^]*when is the office open\?[^]*nothing stored about that/,
  ],
  [
    "what is 12*9, what time is it, what did I note about Ben, list my notes and what is 5% of 80?",
    /12\*9 = 108[^]*Not worked out: “what time is it”[^]*tax office[^]*5% of 80 = 4/,
    /Not worked out: “list/,
  ],
  [
    "remind me at 17:00 to check the oven, and if it is done, remind me to eat at 18:00",
    /Reminder set: check the oven, and if it is done/,
    /Reminder set: eat/,
  ],
  // An order at the end of a text is the text's, and that is said.
  [
    "proofread this: teh meeting are moved to 3 pm. And remind me tomorrow at 9 to send it",
    /The meeting are moved[^]*I took “remind me tomorrow at 9 to send it” as a part of the text; say it by itself if it was meant for me\./,
    /Reminder set/,
  ],
  [
    "summarise: The council met on Monday. It talked for long. and then translate it",
    /I took “translate it” as a part of the text/,
  ],
  ["proofread this: teh meeting are moved. Let me know if that works.", /The meeting/, /I took/],
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
