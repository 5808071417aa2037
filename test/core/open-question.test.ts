/** What an answer chooses of what was offered, and which words leave a question. */
import { describe, expect, test } from "vitest";
import {
  asksYesOrNo,
  chosenOption,
  leaves,
  messageId,
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

test.each([
  "never mind",
  "No, forget it.",
  "cancel",
  "cancel that please",
  "nothing, thanks",
  "none of these",
  "leave it",
])("“%s” leaves any question", (said) => {
  expect(leaves(said, "Shall I?")).toBe(true);
});

test.each([
  "no, at three",
  "cancel the reminder",
  "forget m6",
  "nothing is wrong with it",
  "drop Ben a line",
  "skip lunch",
])("“%s” leaves none", (said) => {
  expect(leaves(said, "When?")).toBe(false);
});

test("a bare no leaves what is no question of yes or no, and answers what is one", () => {
  for (const question of ["When?", "Which day do you mean?", "Do you mean Tom or Tim?"])
    expect(leaves("no", question)).toBe(true);
  for (const question of ["Shall I send it?", "Do you mean this one? Nothing is forgotten yet."]) {
    expect(asksYesOrNo(question)).toBe(true);
    expect(leaves("No.", question)).toBe(false);
  }
});
