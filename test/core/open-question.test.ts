/** What an answer chooses of what was offered, and which words leave a question. */
import { describe, expect, test } from "vitest";
import {
  asksYesOrNo,
  chosenOption,
  leaves,
  mayLeave,
  openQuestion,
  messageId,
  personId,
  agentId,
  conversationId,
  offeredIn,
  plainOption,
  type Message,
} from "#core";

const asked = (text: string) => {
  const question: Message = {
    id: messageId("1"),
    conversation: conversationId("1"),
    author: { kind: "agent", agent: null },
    text,
    at: new Date(0),
    turn: null,
    reply: { kind: "clarify", model: null },
  };
  return { question, options: offeredIn(text) };
};

const FORGET = asked(
  "Which?\n\n- [m37] “the box at work”\n- [m6] “the box in the attic”\n\n1. forget m37\n2. forget m6",
);
const DAYS = asked("Which day?\n\n1. 3 May 2027 at 09:00\n2. 5 March 2027 at 09:00");

describe("chosen of what was offered", () => {
  test.each([
    ["2", "forget m6"],
    ["option 2.", "forget m6"],
    ["the second one", "forget m6"],
    ["last", "forget m6"],
    ["m6", "forget m6"],
    ["Forget m37", "forget m37"],
    ["the one at work", "forget m37"],
    ["I mean the attic one, please", "forget m6"],
    ["3", undefined],
    ["the box", undefined],
    ["what is in the attic?", undefined],
    ["the third", undefined],
  ])("%s", (said, option) => {
    expect(chosenOption(said, FORGET)).toBe(option);
  });

  test("a part that only one of them has", () => {
    expect(chosenOption("march", DAYS)).toBe("5 March 2027 at 09:00");
    expect(chosenOption("2027", DAYS)).toBeUndefined();
  });

  test("plainly, by its number, its place or its very words alone", () => {
    expect(plainOption("the first", DAYS.options)).toBe("3 May 2027 at 09:00");
    expect(plainOption("march", DAYS.options)).toBeUndefined();
    expect(plainOption("the last box is gone", FORGET.options)).toBeUndefined();
  });
});

describe("what a question offers", () => {
  test("is what it ends with, not a numbered list inside it", () => {
    const asked =
      "Your list says:\n\n1. milk\n2. bread\n3. salt\n\nWhere shall eggs go?\n\n1. above the milk\n2. at the end";
    expect(offeredIn(asked)).toEqual(["above the milk", "at the end"]);
  });

  test("is every line of a list where no options end it", () => {
    expect(offeredIn("1. Tom\n2. Tim\n\nWhich one?")).toEqual(["Tom", "Tim"]);
    expect(offeredIn("Which one?\n- Tom\n- Tim")).toEqual(["Tom", "Tim"]);
    expect(offeredIn("Which one?")).toEqual([]);
  });
});

test.each(["never mind", "No, forget it.", "cancel", "cancel that please", "leave it", "egal"])(
  "“%s” leaves any question",
  (said) => {
    expect(leaves(said, "Shall I?")).toBe(true);
  },
);

test.each([
  "no, at three",
  "cancel the reminder",
  "forget m6",
  "nothing is wrong with it",
  "drop Ben a line",
  "skip lunch",
  "egal wann",
])("“%s” leaves none", (said) => {
  expect(leaves(said, "When?")).toBe(false);
});

test.each(["nothing, thanks", "none of these", "neither"])(
  "“%s” leaves what was offered, and answers a question",
  (said) => {
    expect(leaves(said, FORGET.question.text)).toBe(true);
    expect(leaves(said, "Which points shall I leave out?")).toBe(false);
    expect(leaves(said, "What shall I remind you of?", { acts: true })).toBe(true);
    expect(mayLeave(said)).toBe(true);
  },
);

test("a bare no leaves what is no question of yes or no, and answers what is one", () => {
  for (const question of ["When?", "At what time?", "Which day do you mean?", "Which one?\n\n1. Tom\n2. Tim"])
    for (const said of ["no", "No, thanks."]) expect(leaves(said, question)).toBe(true);
  for (const question of [
    "Any deadline?",
    "Do you have an order number or a deadline to mention?",
    "Shall I mention it?",
  ])
    for (const said of ["no", "no thanks"]) expect(leaves(said, question)).toBe(false);
  for (const question of ["Shall I send it?", "Do you mean this one? Nothing is forgotten yet."]) {
    expect(asksYesOrNo(question)).toBe(true);
    expect(leaves("No.", question)).toBe(false);
  }
});

describe("a question with another exchange behind it", () => {
  const at = (minute: number) => new Date(minute * 60_000);
  const person = { kind: "person", person: personId("1"), name: "Owner" } as const;
  const said = (text: string, minute: number, reply?: Message["reply"]): Message => ({
    id: messageId(String(minute)),
    conversation: conversationId("1"),
    author: reply ? { kind: "agent", agent: agentId(reply.kind === "clarify" ? "librarian" : "editor") } : person,
    text,
    at: at(minute),
    turn: null,
    reply: reply ?? null,
  });
  const begun = [
    said("forget the note about the box", 1),
    said(FORGET.question.text, 2, { kind: "clarify", model: null }),
    said("give me a title", 3),
  ];
  const behind = (text: string) => openQuestion([...begun, said(text, 4, { kind: "answer", model: null })], at(5));

  test("is still open where that only answered", () => {
    expect(behind("Blue Skies.")?.options).toEqual(["forget m37", "forget m6"]);
  });

  test("is closed where that offers or asks something itself", () => {
    expect(behind("1. Blue\n2. Red")).toBeUndefined();
    expect(behind("Blue Skies. Shall I make it longer?")).toBeUndefined();
  });
});
