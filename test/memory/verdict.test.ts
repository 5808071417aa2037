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

test("what was found for another says for whom", async () => {
  expect(await room.recall(sam, "What did Bob decide about the job queue?")).toMatchObject({
    verdict: "weak",
    otherwise: { asked: "Bob", found: "Ann" },
  });
  expect((await room.recall(sam, "What did Ann decide about the job queue?")).otherwise).toBeUndefined();
});

test("of two who talk, the words of one do not answer for the other", async () => {
  const kim = await room.person("Kim");
  const stream = "talk";
  await room.keep(kim, "My violin needs new strings.", { kind: "turn", author: "Lena", stream });
  await room.keep(kim, "Mine has a cracked bow, I play the cello.", { kind: "turn", author: "Jonas", stream });
  const [hers, his] = [
    await room.recall(kim, "What does Lena's violin need?"),
    await room.recall(kim, "What does Jonas's violin need?"),
  ];
  expect(hers.verdict).toBe("answer");
  expect(his).toMatchObject({ verdict: "weak", otherwise: { asked: "Jonas", found: "Lena" } });
  expect(his.confidence).toBeLessThan(hers.confidence / 2);
});

describe("an unrelated question finds nothing", () => {
  test.each(UNRELATED)("%s", async (question) => {
    expect(await room.recall(sam, question)).toMatchObject({ verdict: "none", items: [], tokens: 0 });
  });
});
