/** `nova eval` in its terminal, on small files of our own in the forms that it reads. */
import { mkdir, mkdtemp, readdir, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { PassThrough } from "node:stream";
import { afterAll, beforeAll, expect, test } from "vitest";
import { z } from "zod";
import type { RecallOptions, RoutingOptions } from "../../src/cli/measuring-commands.ts";
import { createTerminal } from "../../src/cli/terminal.ts";
import type { Scratch } from "../../src/eval/scratch.ts";
import type { Suite } from "../../src/eval/suite/suite.ts";
import { createMeasuring } from "../../src/commands/measuring.ts";
import { onScratch } from "../../src/commands/on-trial.ts";
import { silentLog } from "../support/log.ts";

let folder: string;
let shared: Scratch;
const over = Promise.withResolvers<void>();
let closed: Promise<void>;
/** Opening one takes a second, so the tests share it, each with people of its own. */
async function openShared(): Promise<void> {
  const ready = Promise.withResolvers<Scratch>();
  closed = onScratch({ log: silentLog }, new AbortController().signal, async (scratch) => {
    ready.resolve(scratch);
    await over.promise;
  });
  // When it cannot be opened, that is the failure to tell of.
  shared = await Promise.race([ready.promise, closed.then(() => ready.promise)]);
}
let runs = 0;

const at = (name: string): string => join(folder, name);
const put = (name: string, value: unknown): Promise<void> => writeFile(at(name), JSON.stringify(value));

const turn = (id: string, speaker: string, text: string, caption?: string) => ({ id, speaker, text, caption });
const CONVERSATIONS = {
  split: "own",
  conversations: [
    {
      id: "boats",
      speakers: ["Mara", "Odd"],
      sessions: [
        {
          n: 1,
          at: "2024-03-02T18:30",
          turns: [
            turn("D1:1", "Mara", "I painted the hull of the dinghy green last week."),
            turn("D1:2", "Odd", "Nice! I am still looking for a new mast."),
            turn("D1:3", "Mara", "Have a look at this.", "a heron on a jetty"),
          ],
        },
      ],
      qa: [
        {
          id: "q0",
          question: "What colour is Mara's hull?",
          question_typo: "What colour is Mara's hul?",
          category: "single-hop",
          evidence: ["D1:1"],
          answer: "green",
        },
        { id: "q1", question: "Who saw a heron?", category: "open-domain", evidence: ["D1:3"] },
        { id: "q2", question: "What mast does Mara look for?", category: "adversarial", evidence: ["D1:2"] },
      ],
    },
  ],
};
const UTTERANCES = {
  domains: { water: ["sail", "swim"], land: ["walk"] },
  train: {
    sail: ["hoist the sail", "trim the jib", "set the mainsail", "steer to the harbour"],
    swim: ["swim a length", "dive into the pool", "float on my back", "a lap of front crawl"],
    walk: ["walk up the hill", "hike the long path", "stroll in the woods", "a march along the road"],
  },
  val: { sail: ["hoist the jib"], swim: ["swim a lap"], walk: ["hike up the hill"] },
  oos_train: ["what does the tax office want"],
  oos_val: ["recite the tax code"],
};
const places = [0, 1, 2, 3];
const FEWSHOT = {
  note: "drawn by hand",
  sports: { 1: { sail: places, swim: places, walk: places }, 2: { sail: [3, 2], swim: [3, 2], walk: [3, 2] } },
  places: {
    1: {
      water: [
        ["sail", 0],
        ["swim", 0],
      ],
      land: [
        ["walk", 0],
        ["walk", 1],
      ],
    },
  },
};
const day = new Date("2025-01-05T10:00:00Z");
const SUITE: Suite = [
  {
    name: "shed",
    part: "dev",
    lines: [
      { ref: "key", kind: "note", text: "The key of the shed hangs behind the fuse box.", at: day },
      { ref: "mower", kind: "decision", text: "We sell the old mower in spring.", at: day, project: "Garden" },
    ],
    cases: [
      { id: "shed-1", kind: "note", question: "Where is the key of the shed?", expects: ["key"] },
      { id: "shed-2", kind: "decision", question: "When do we sell the mower?", project: "Garden", expects: ["mower"] },
      { id: "shed-3", kind: "nothing", question: "Which quarks does a proton consist of?", expects: [] },
      { id: "shed-4", kind: "wrong_person", question: "When does Sibyl sell the mower?", expects: ["mower"] },
    ],
  },
];

beforeAll(async () => {
  folder = await mkdtemp(join(tmpdir(), "nova-eval-"));
  await Promise.all([
    openShared(),
    put("talks.json", CONVERSATIONS),
    put("neg.json", {
      items: [{ id: "f0", conversation: "boats", question: "Which violin concerto did Mara rehearse?" }],
    }),
    put("stray.json", { items: [{ id: "f0", conversation: "trains", question: "?" }] }),
    put("said.json", UTTERANCES),
    put("few.json", FEWSHOT),
    writeFile(at("broken.json"), "{"),
    mkdir(at("taken")),
    mkdir(at("nobody/tools"), { recursive: true }),
  ]);
});
afterAll(async () => {
  over.resolve();
  await closed;
  await rm(folder, { recursive: true });
});

type Setting = { readonly signal?: AbortSignal; readonly agents?: string };
const AGENTS = new URL("../../agents", import.meta.url).pathname;

function setUp(suite: Suite = SUITE, { signal = new AbortController().signal, agents = AGENTS }: Setting = {}) {
  const run = ++runs;
  let out = "";
  const codes: number[] = [];
  const stream = new PassThrough();
  const collect = Object.assign(new PassThrough(), { isTTY: false });
  collect.on("data", (chunk: Buffer) => (out += chunk.toString()));
  const measuring = createMeasuring({
    terminal: createTerminal({ input: stream, out: collect, err: new PassThrough() }, true),
    version: "1.2.3",
    signal,
    onScratch: (work) => work({ ...shared, person: (name) => shared.person(`${name} in run ${run}`) }),
    agents,
    suite: async () => suite,
    end: (code) => void codes.push(code),
  });
  return { ...measuring, out: () => out, json: () => JSON.parse(out) as unknown, codes };
}

async function resultsIn(name: string): Promise<{ system: string; results: Record<string, unknown> }> {
  return JSON.parse(await readFile(at(name), "utf8")) as { system: string; results: Record<string, unknown> };
}

test("recall: turns are stored with their captions, every question is asked, and the results are written", async () => {
  const nova = setUp();
  await nova.evalRecall({ data: at("talks.json"), out: at("r.json"), json: true });
  expect(nova.json()).toMatchObject({ questions: 2, missing: 0, overall: { "recall@1": 100 }, stored: { turns: 3 } });
  const { system, results } = await resultsIn("r.json");
  expect(system).toBe("nova 1.2.3");
  expect(results).toMatchObject({
    q0: { ids: expect.arrayContaining(["D1:1"]) },
    q1: { ids: expect.arrayContaining(["D1:3"]) },
  });
  expect(Object.keys(results)).toEqual(["q0", "q1", "q2"]);
});

test("abstain: each question is judged as an agent would hear it", async () => {
  const nova = setUp();
  await nova.evalAbstain({ data: at("talks.json"), neg: at("neg.json"), out: at("a.json") });
  expect(nova.out()).toContain("foreign AUROC");
  const { results } = await resultsIn("a.json");
  expect(results["q0"]).toMatchObject({ abstain: false });
  expect(results["f0"]).toMatchObject({ abstain: true, verdict: "none" });
});

test("routing: every draw is learned, and each has a file of its own", async () => {
  const nova = setUp();
  await nova.evalRouting({ data: at("said.json"), fewshot: at("few.json"), shots: "2", out: at("l.json"), json: true });
  expect(nova.json()).toMatchObject({
    draws: [{ seed: "1", examples: 6, items: 3, oos: { items: 1, oosRecall: null } }, { seed: "2" }],
  });
  expect((await resultsIn("l.json")).results).toMatchObject({
    "val/sail/0": { label: "sail" },
    "oos_val/0": { confidence: expect.any(Number) },
  });
  expect(Object.keys((await resultsIn("l.seed2.json")).results)).toHaveLength(4);
});

test("routing: domains are labels, too, and the background is learned when asked for", async () => {
  const nova = setUp();
  const options = { data: at("said.json"), fewshot: at("few.json"), shots: "2", seed: "1", json: true } as const;
  await nova.evalRouting({ ...options, labels: "domain", background: true });
  expect(nova.json()).toMatchObject({ draws: [{ seed: "1", examples: 4, accuracy: 100, oos: { oosRecall: 100 } }] });
});

test("routing without data tries the agents on call", async () => {
  const nova = setUp();
  await nova.evalRouting({ json: true });
  const { accuracy, passed } = z.object({ accuracy: z.number(), passed: z.boolean() }).parse(nova.json());
  expect(accuracy).toBeGreaterThan(60);
  expect([passed, nova.codes]).toEqual([true, [0]]);
});

test("routing without data fails where nothing was settled", async () => {
  const nova = setUp(SUITE, { agents: at("nobody") });
  await nova.evalRouting({});
  expect(nova.out()).toContain("Fails: rightly settled not measured, at least 90 wanted.");
  expect(nova.codes).toEqual([1]);
});

test("without data the own suite is tried, and what must hold decides the exit code", async () => {
  const good = setUp();
  await good.evalRecall({ json: true });
  expect(good.json()).toMatchObject({
    all: { cases: 2, recall: 100 },
    nothing: { cases: 1, right: 100 },
    near: { cases: 0, right: null },
    wrongPerson: { cases: 1, right: 100 },
    passed: true,
  });
  const [shed] = SUITE;
  const bad = setUp(shed ? [{ ...shed, cases: shed.cases.map((each) => ({ ...each, expects: ["nowhere"] })) }] : []);
  await bad.evalRecall({ failures: true });
  expect(bad.out()).toContain("shed-1 (note, dev): not among the first 5: nowhere\n  Where is the key of the shed?");
  expect([good.codes, bad.codes]).toEqual([[0], [1]]);
});

/** The options with their files in the folder. */
function placed<Options extends RecallOptions & RoutingOptions>(options: Options): Options {
  const files = Object.entries(options).filter(([key]) => ["data", "train", "out", "fewshot"].includes(key));
  return { ...options, ...Object.fromEntries(files.map(([key, name]) => [key, at(String(name))])) };
}

const refusedRecalls: [string, RecallOptions, string][] = [
  ["a missing file", { data: "none.json" }, "cannot be read: there is no such file"],
  ["another form", { data: "said.json" }, "said.json has another form than is read here: conversations:"],
  ["no JSON", { data: "broken.json" }, "broken.json is no JSON"],
  ["a folder to write to", { data: "talks.json", out: "taken" }, "taken: it is a folder"],
  ["no folder to write into", { data: "talks.json", out: "nowhere/r.json" }, "nowhere/r.json: there is no such"],
  ["no typos", { data: "talks.json", question: "typo" }, "no conversations[0].qa[1].question_typo"],
];
test.each(refusedRecalls)("recall refuses %s before it begins", async (_what, options, words) => {
  await expect(setUp().evalRecall(placed(options))).rejects.toMatchObject({
    code: "bad_input",
    message: expect.stringContaining(words),
  });
});

test("a fault is named by its place in the file", async () => {
  const [talk] = CONVERSATIONS.conversations;
  await put("fault.json", { conversations: [{ ...talk, sessions: [{ n: 1, at: "yesterday", turns: [] }] }] });
  const asked = setUp().evalRecall({ data: at("fault.json") });
  await expect(asked).rejects.toThrow("conversations[0].sessions[0].at: is no time such as 2024-05-08T13:56");
});

const refusedRoutings: [RoutingOptions, string][] = [
  [{ data: "said.json", fewshot: "few.json" }, "--shots is missing"],
  [{ data: "said.json", fewshot: "few.json", shots: "many" }, "--shots many is no number"],
  [{ data: "said.json", fewshot: "few.json", shots: "3" }, 'The draw holds 2 examples of "sail", not 3.'],
  [{ data: "said.json", fewshot: "few.json", shots: "2", seed: "9" }, "no draw with the seed 9"],
  [{ data: "said.json", shots: "2" }, "--shots belongs to --fewshot"],
  [{ data: "said.json", part: "train" }, "The part `train` is what is learned"],
  [{ data: "said.json", train: "said.json", part: "train" }, "The part `train` is what is learned"],
  [{ data: "said.json", part: "test" }, 'The part "test" of the data does not exist'],
  [{ fewshot: "few.json" }, "--fewshot belongs to --data"],
];
test.each(refusedRoutings)("routing refuses %j", async (options, words) => {
  await expect(setUp().evalRouting(placed(options))).rejects.toMatchObject({
    code: "bad_input",
    message: expect.stringContaining(words),
  });
});

test("abstain refuses questions on conversations that the data do not hold", async () => {
  const asked = setUp().evalAbstain({ data: at("talks.json"), neg: at("stray.json") });
  await expect(asked).rejects.toThrow('items[0].conversation of the file after --neg is "trains"');
});

test("an interrupted measurement leaves no file behind", async () => {
  const controller = new AbortController();
  const nova = setUp(SUITE, { signal: controller.signal });
  const asked = nova.evalRecall({ data: at("talks.json"), out: at("never.json") });
  controller.abort(new Error("enough"));
  await expect(asked).rejects.toThrow("enough");
  expect((await readdir(folder)).filter((name) => name.startsWith("never"))).toEqual([]);
});
