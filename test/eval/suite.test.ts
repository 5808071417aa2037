/** Nova's own suite of recall cases is whole: every case can be judged, and no part helps the other. */
import { expect, test } from "vitest";
import { terms, words } from "#core";
import { crowd } from "../../src/eval/suite/distractors.ts";
import { ownSuite } from "../../src/eval/suite/own.ts";
import { ASKED_AT, type CaseKind, type Cluster, type Part, type SuiteCase } from "../../src/eval/suite/suite.ts";
import { withTypos } from "../../src/eval/suite/typos.ts";
import { ANSWERED, HALF_MET, NOTES, UNRELATED, WRONG_PERSON } from "../memory/verdict-cases.ts";

const PARTS: readonly Part[] = ["dev", "held"];

const clustersOf = (part: Part): readonly Cluster[] => ownSuite.filter((cluster) => cluster.part === part);
const linesOf = (part: Part) => clustersOf(part).flatMap(({ lines }) => lines);
const casesOf = (part: Part) => clustersOf(part).flatMap(({ cases }) => cases);
const all = <T>(of: (part: Part) => readonly T[]): readonly T[] => PARTS.flatMap(of);

const repeated = (texts: readonly string[]): readonly string[] => texts.filter((text, k) => texts.indexOf(text) !== k);

test("refs, ids, clusters and streams are each unique", () => {
  const lines = all(linesOf);
  expect(repeated(lines.map(({ ref }) => ref))).toEqual([]);
  expect(repeated(all(casesOf).map(({ id }) => id))).toEqual([]);
  expect(repeated(ownSuite.map(({ name }) => name))).toEqual([]);
  for (const { name, lines: own } of ownSuite)
    expect(own.filter(({ ref, stream = ref }) => !ref.startsWith(name) || !stream.startsWith(name))).toEqual([]);
});

test("every question is asked once", () => {
  const asked = all(casesOf).map(({ question, project = "" }) => `${words(question).join(" ")} @${project}`);
  expect(repeated(asked)).toEqual([]);
});

test("what a case expects is kept in its own cluster, and where it is asked it can be seen", () => {
  for (const { lines, cases } of ownSuite) {
    const projects = new Map(lines.map(({ ref, project }) => [ref, project]));
    for (const { id, expects, project } of cases) {
      expect([id, expects.filter((ref) => !projects.has(ref))]).toEqual([id, []]);
      const seen = expects.map((ref) => projects.get(ref));
      expect([id, project === undefined || seen.every((its) => (its ?? project) === project)]).toEqual([id, true]);
      expect([id, new Set(expects).size]).toEqual([id, expects.length]);
    }
  }
});

test("only a question about nothing kept expects no line", () => {
  const expectsNone = all(casesOf).filter(({ expects }) => expects.length === 0);
  expect(expectsNone.filter(({ kind }) => kind !== "nothing")).toEqual([]);
  expect(expectsNone).toHaveLength(all(casesOf).filter(({ kind }) => kind === "nothing").length);
});

test("a line that a case expects is worded like no other, so it is one item of its own", () => {
  for (const part of PARTS) {
    const expected = new Set(casesOf(part).flatMap(({ expects }) => expects));
    const texts = linesOf(part).map(({ text }) => text);
    const shared = new Set(repeated(texts));
    expect(linesOf(part).filter(({ ref, text }) => expected.has(ref) && shared.has(text))).toEqual([]);
  }
});

const LEAST: Readonly<Record<CaseKind, number>> = {
  note: 60,
  decision: 30,
  update: 30,
  turn: 30,
  same_word: 20,
  time: 30,
  typo: 40,
  nothing: 90,
  wrong_person: 40,
};

test("there are enough cases of each kind, about two in five for choosing and three for measuring", () => {
  const count = (kind: string, cases: readonly SuiteCase[]) => cases.filter((each) => each.kind === kind).length;
  for (const [kind, least] of Object.entries(LEAST)) {
    const [dev, held] = [count(kind, casesOf("dev")), count(kind, casesOf("held"))];
    expect([kind, dev + held >= least, dev * 4 >= held]).toEqual([kind, true, true]);
  }
  const share = casesOf("dev").length / all(casesOf).length;
  expect(share).toBeGreaterThan(0.35);
  expect(share).toBeLessThan(0.45);
});

test("the memory is not trivial: each part holds 500 different lines, most of them asked for by nobody", () => {
  for (const part of PARTS) {
    const texts = new Set(linesOf(part).map(({ text }) => text));
    const wanted = new Set(casesOf(part).flatMap(({ expects }) => expects));
    expect(texts.size).toBeGreaterThanOrEqual(500);
    expect(texts.size - wanted.size).toBeGreaterThan(250);
  }
});

test("all is kept before anything is asked", () => {
  expect(all(linesOf).filter(({ at }) => !(at.getTime() < ASKED_AT.getTime()))).toEqual([]);
});

/** Written with a capital in the middle of a sentence: people, projects, firms and places. */
function namesIn(text: string): readonly string[] {
  return [...text.matchAll(/(?<=[\p{L}\p{N},)'’-]\s)\p{Lu}[\p{L}]+/gu)].map(([name]) => name);
}

const CALENDAR = new Set(
  "January February March April May June July August September October November December Monday Tuesday Wednesday Thursday Friday Saturday Sunday Christmas Easter".split(
    " ",
  ),
);

const namesOf = (part: Part): ReadonlySet<string> =>
  new Set([
    ...linesOf(part).flatMap(({ text, author, project }) => [
      ...namesIn(text),
      ...[author, project].filter((name) => name !== undefined),
    ]),
    ...casesOf(part).flatMap(({ question }) => namesIn(question)),
  ]);

test("no name of one part is known in the other", () => {
  const [dev, held] = [namesOf("dev"), namesOf("held")];
  expect(dev.size).toBeGreaterThan(50);
  expect([...dev].filter((name) => held.has(name) && !CALENDAR.has(name))).toEqual([]);
});

test("the measured part asks nothing that today's thresholds were read off", () => {
  const earlier = [...ANSWERED, ...HALF_MET, ...WRONG_PERSON].map(([question]) => question).concat(UNRELATED);
  const key = (text: string) => terms(text).toSorted().join(" ");
  const known = new Set([...earlier, ...NOTES.map(([, text]) => text)].map(key));
  const ours = [...casesOf("held").map(({ question }) => question), ...linesOf("held").map(({ text }) => text)];
  expect(ours.filter((text) => terms(text).length > 0 && known.has(key(text)))).toEqual([]);
});

test("a slip changes one word by one edit, and nothing else of the case", () => {
  const made = all(casesOf).filter(({ id }) => id.endsWith(":typo"));
  expect(made.length).toBeGreaterThanOrEqual(25);
  for (const slipped of made) {
    const source = all(casesOf).find(({ id }) => `${id}:typo` === slipped.id);
    expect({ ...slipped, id: source?.id, kind: source?.kind, question: source?.question }).toEqual(source);
    const [before, after] = [source?.question.split(" ") ?? [], slipped.question.split(" ")];
    const changed = before.filter((word, k) => word !== after[k]);
    expect([slipped.question, after.length, changed.length]).toEqual([slipped.question, before.length, 1]);
    expect(Math.abs(slipped.question.length - (source?.question.length ?? 0))).toBeLessThanOrEqual(1);
  }
});

test("the same seed slips and fills in the same way, another one differently", () => {
  const cluster = ownSuite.find(({ name }) => name === "kestrel");
  expect.assert(cluster);
  const slips = (seed: number) => withTypos(cluster, 5, seed).cases.map(({ question }) => question);
  expect(slips(1)).toEqual(slips(1));
  expect(slips(1)).not.toEqual(slips(2));

  const recipe = {
    count: 12,
    kind: "note",
    patterns: ["{a} and {b}, {a}"],
    slots: { a: ["one", "two", "three", "four"], b: ["five", "six", "seven", "eight"] },
  } as const;
  const filled = (seed: number) => crowd("fill", "dev", [recipe], seed);
  expect(filled(1)).toEqual(filled(1));
  expect(filled(1)).not.toEqual(filled(2));
  expect(new Set(filled(1).lines.map(({ text }) => text)).size).toBe(12);
  expect(() => crowd("poor", "dev", [{ ...recipe, count: 17 }], 1)).toThrow("do not make that many");
});

test("no slot of a pattern is left open, and none is empty", () => {
  expect(all(linesOf).filter(({ text }) => /[{}]|\s{2}/.test(text) || text.trim() === "")).toEqual([]);
});
