/** Whether recall knows what it knows: our own notes, questions they answer, and questions they do not. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Person } from "#core";
import { openRoom, type Room } from "./room.ts";
import { ANSWERED, HALF_MET, NOTES, UNRELATED, WRONG_PERSON } from "./verdict-cases.ts";

let room: Room;
let sam: Person;
beforeAll(async () => {
  room = await openRoom();
  sam = await room.person("Sam");
  for (const [kind, text] of NOTES) await room.keep(sam, text, { kind });
});
afterAll(() => room.close());

describe("a question that a note answers is answered by that note", () => {
  test.each(ANSWERED)("%s", async (question, says) => {
    const { verdict, items } = await room.recall(sam, question);
    expect(items[0]?.text).toContain(says);
    expect(verdict).toBe("answer");
  });
});

describe("a question that a note meets half way is weak, and the note is shown", () => {
  test.each(HALF_MET)("%s", async (question, says) => {
    const { verdict, items } = await room.recall(sam, question);
    expect(verdict).toBe("weak");
    expect(items[0]?.text).toContain(says);
  });
});

describe("a question about somebody else is weak at best", () => {
  test.each(WRONG_PERSON)("%s", async (question, says) => {
    const { verdict, items } = await room.recall(sam, question);
    expect(verdict).not.toBe("answer");
    expect(items[0]?.text ?? "").toContain(says);
  });
});

describe("an unrelated question finds nothing", () => {
  test.each(UNRELATED)("%s", async (question) => {
    expect(await room.recall(sam, question)).toMatchObject({ verdict: "none", items: [], tokens: 0 });
  });
});
