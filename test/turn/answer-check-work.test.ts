/** The answer check reads what anybody sends: its work grows as the text does, whatever stands in it. */
import { expect, test } from "vitest";
import { createVeil } from "../../src/turn/check/veil.ts";
import { agentStep } from "../contract/context.ts";
import { agent } from "../langchain/steps.ts";
import { breachesOf } from "./checked.ts";

const [SHORT, LONG] = [25_000, 100_000];
const TEXTS: readonly (readonly [name: string, piece: string])[] = [
  ["a table of days and amounts", "| 2026-01-02 | 1,234.50 € | paid on 3 May 2026 at 14:30 |\n"],
  ["figures", "1 2 3 4 "],
  ["cells", "|1"],
  ["digits", "7"],
  ["a line without a full stop", "we sent the mail to Ben and have booked it "],
  ["quotations", '"a b c" [m1] '],
  ["brackets", "[m1] (["],
  ["spaces", "a    "],
  ["full stops", "."],
  ["backticks", "`"],
];

const spent = (work: () => void): number => {
  const from = process.cpuUsage();
  work();
  return process.cpuUsage(from).user / 1_000;
};

/** The quickest of a few: what else runs on the machine only adds. */
const quickest = (work: () => void): number => Math.min(...[1, 2, 3].map(() => spent(work)));

test.each(TEXTS)("work grows no faster than the text: %s", (_, piece) => {
  const look = (length: number) => {
    const text = piece.repeat(Math.ceil(length / piece.length)).slice(0, length);
    breachesOf({
      words: text,
      items: { 1: "There it is." },
      results: [text],
      answer: `${text}\n17`,
      agent: { grounding: "strict" },
    });
  };
  look(SHORT);
  // Four times the text; sixteen times would be its square. What takes no time at all cannot be compared.
  expect(quickest(() => look(LONG))).toBeLessThan(6 * quickest(() => look(SHORT)) + 30);
});

test("a draft is looked at once, and shows no claim of a deed, whole or begun", () => {
  const veil = createVeil(agentStep(agent({ domain: "general" }), { words: "Tell Ben." }));
  const whole = "Here is what I found. I have sent the mail to Ben. It is raining.\nSecond line, on its";
  const drafts = Array.from({ length: whole.length }, (_, i) => veil(whole.slice(0, i + 1)));
  expect(drafts.at(-1)).toBe("Here is what I found. It is raining.\nSecond line, on its");
  expect(drafts.filter((draft) => /sent/.test(draft))).toEqual([]);
  expect(veil("Another draft")).toBe("Another draft");
});

test("a line that grows costs what it is long", () => {
  const grow = (length: number) => {
    const line = "This is a sentence of a line that goes on. ".repeat(Math.ceil(length / 43)).slice(0, length);
    const veil = createVeil(agentStep(agent(), { words: "Tell me." }));
    for (let end = 20; end <= length; end += 20) veil(line.slice(0, end));
  };
  grow(5_000);
  expect(quickest(() => grow(20_000))).toBeLessThan(6 * quickest(() => grow(5_000)) + 30);
});
