/** What is shown of a reply while it is written, however it is cut into pieces. */
import fc from "fast-check";
import { describe, expect, test } from "vitest";
import { createVisible } from "../../src/langchain/call/visible.ts";
import { says } from "../support/model.ts";

/** What is visible after each piece. */
function watched(text: string, size: number): string[] {
  const visible = createVisible();
  return Array.from({ length: Math.ceil(text.length / size) }, (_, i) =>
    visible.add(text.slice(i * size, (i + 1) * size)),
  );
}

describe("a reply that is being written", () => {
  test("grows to its text, whatever it holds and wherever it is cut", () => {
    fc.assert(
      fc.property(fc.string({ unit: "binary" }), fc.integer({ min: 1, max: 9 }), (text, size) => {
        const seen = watched(says(text), size);
        expect(seen.at(-1)).toBe(text);
        for (const part of seen) expect(text.startsWith(part)).toBe(true);
      }),
    );
  });

  test("grows to its text also when each character is escaped", () => {
    const escaped = Array.from("Süß \u{1f33f}\n", (each) =>
      Array.from({ length: each.length }, (_, i) => `\\u${each.charCodeAt(i).toString(16).padStart(4, "0")}`).join(""),
    );
    expect(watched(`{"text":"${escaped.join("")}"}`, 1).at(-1)).toBe("Süß \u{1f33f}\n");
  });

  test.each([
    ["in a fence", '```json\n{"kind":"answer","text":"Hello."}\n```', "Hello."],
    ["with room between", '\n { "kind" : "answer" , "text" : "Hello." }', "Hello."],
    ["a question", '{"kind":"clarify","question":"Which?","options":["text","a"]}', "Which?"],
    ["a reason", '{"kind":"fail","code":"cannot","reason":"No \\"access\\"."}', 'No "access".'],
    ["after something nested", '{"more":{"text":"inner","list":["text",1]},"text":"outer"}', "outer"],
    ["a text before its kind", '{"text":"Hello.","kind":"answer"}', "Hello."],
    ["a broken line", '{"text":"one\ntwo"}', "one\ntwo"],
    ["a broken line beside an escape", '{"text":"one\ntwo\\t"}', "one\ntwo\\t"],
  ])("shows %s", (_what, text, shown) => {
    const visible = createVisible();
    expect(visible.add(text.slice(0, 3))).toBe("");
    expect(visible.ended).toBe(false);
    expect(visible.add(text.slice(3))).toBe(shown);
    expect(visible.ended).toBe(true);
  });

  test.each([
    ["prose", 'Sure! {"text":"no"}'],
    ["a list", '[{"text":"no"}]'],
    ["another field", '{"kind":"text","note":"text","tex":"no"}'],
    ["a field that is no text", '{"text":5,"options":["no"]}'],
    ["something nested", '{"more":{"text":"no"}}'],
    ["a hand-off", '{"kind":"handoff","to":"analyst","reason":"no","input":{"text":"no"}}'],
    ["a proposal", '{"text":"no","effects":[],"kind":"propose"}'],
    ["a call of others", '{"kind":"delegate","calls":[{"to":"editor","input":{"text":"no"}}],"reason":"no"}'],
    ["nothing", ""],
  ])("shows nothing of %s", (_what, text) => {
    expect(watched(text, 3).join("")).toBe("");
  });
});
