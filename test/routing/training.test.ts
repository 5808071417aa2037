/** What was learned outlives the process, and nothing else passes for it. */
import { mkdir, mkdtemp, readdir, rm, stat, utimes, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, test } from "vitest";
import type { AgentSpec } from "#core";
import { keepFiles } from "../../src/home/kept.ts";
import { underRecipe } from "../../src/routing/learning/recipe.ts";
import { createTrainer, type Learned, type RouterCache } from "../../src/routing/learning/training.ts";
import { ALL, CONCIERGE, EDITOR, LIBRARIAN, train } from "./trial-roster.ts";

const SAID = ["proofread this mail", "what did we decide?", "who won the match?", "größer ½ 😀", ""];

const told = ({ classifier, thresholds }: Learned) => ({
  predicted: SAID.map((text) => classifier.predict(text)),
  evidence: SAID.map((text) => classifier.evidence(text, "editor")),
  thresholds,
});

/** A cache in memory that counts. */
function cacheWith(files = new Map<string, Uint8Array>()) {
  const written: string[] = [];
  const cache: RouterCache = {
    read: async (key) => files.get(key),
    async write(key, bytes) {
      written.push(key);
      files.set(key, bytes);
    },
  };
  return { cache, files, written };
}

describe("what was learned once", () => {
  test("is read again as it was, without learning", async () => {
    const { cache, written } = cacheWith();
    const first = told(await createTrainer(cache)(ALL));
    expect(told(await createTrainer(cache)(ALL))).toEqual(first);
    expect(first).toEqual(told(await train(ALL)));
    expect(written).toHaveLength(1);
  });

  test("is learned once when several ask at a time", async () => {
    const { cache, written } = cacheWith();
    const trainer = createTrainer(cache);
    const [one, other] = await Promise.all([trainer(ALL), trainer([...ALL])]);
    expect(one).toBe(other);
    expect(written).toHaveLength(1);
  });

  const change = (agent: AgentSpec): AgentSpec[] => [
    { ...agent, purpose: "Something else." },
    { ...agent, negatives: ["never this"] },
    { ...agent, skills: agent.skills.map((skill) => ({ ...skill, examples: skill.examples.slice(1) })) },
  ];
  test("is learned anew when anything that matters has changed, and not for what does not", async () => {
    const { cache, written } = cacheWith();
    const trainer = createTrainer(cache);
    await trainer([CONCIERGE, EDITOR]);
    for (const changed of change(EDITOR)) await trainer([CONCIERGE, changed]);
    await trainer([CONCIERGE, LIBRARIAN]);
    expect(new Set(written).size).toBe(5);
    await trainer([CONCIERGE, { ...EDITOR, prompt: "Another prompt.", timeoutMs: 1 }]);
    expect(written).toHaveLength(5);
  });

  test("is learned anew when what was kept is cut off, changed, or of other agents", async () => {
    const { cache, files } = cacheWith();
    const agents = [CONCIERGE, EDITOR];
    const first = told(await createTrainer(cache)(agents));
    const [[key, whole] = ["", new Uint8Array()]] = files;
    await createTrainer(cache)([CONCIERGE, LIBRARIAN]);
    const foreign = [...files].find(([other]) => other !== key)?.[1] ?? whole;
    const flipped = whole.with(whole.length - 3, 255 - (whole.at(-3) ?? 0));
    for (const bytes of [new Uint8Array(), whole.slice(0, 5), whole.slice(0, -4), flipped, foreign]) {
      const damaged = cacheWith(new Map([[key, bytes]]));
      expect(told(await createTrainer(damaged.cache)(agents))).toEqual(first);
      expect(damaged.written).toEqual([key]);
    }
  });
});

describe("what one version of the code has learned", () => {
  let sources = "";
  beforeEach(async () => {
    sources = await mkdtemp(join(tmpdir(), "nova-recipe-"));
  });
  afterEach(() => rm(sources, { recursive: true, force: true }));

  test("is found by the same code, and not once any of its files says something else", async () => {
    const { cache } = cacheWith();
    const rule = join(sources, "deep", "rule.ts");
    await mkdir(join(sources, "deep"));
    await writeFile(rule, "export const EPOCHS = 8;");
    const mine = () => underRecipe(cache, [sources]);
    await mine().write("crew", new Uint8Array([1]));
    expect(await mine().read("crew")).toEqual(new Uint8Array([1]));
    expect(await mine().read("others")).toBeUndefined();
    await writeFile(rule, "export const EPOCHS = 9;");
    expect(await mine().read("crew")).toBeUndefined();
    const alone = () => underRecipe(cache, [rule]);
    await alone().write("crew", new Uint8Array([2]));
    expect(await alone().read("crew")).toEqual(new Uint8Array([2]));
    await writeFile(rule, "export const EPOCHS = 10;");
    expect(await alone().read("crew")).toBeUndefined();
  });
});

describe("the files in NOVA_HOME", () => {
  let home = "";
  beforeEach(async () => {
    home = await mkdtemp(join(tmpdir(), "nova-kept-"));
  });
  afterEach(() => rm(home, { recursive: true, force: true }));
  const bytes = new Uint8Array([1, 2, 3]);

  test("hold what was written, for this user alone, and no half of anything", async () => {
    const kept = keepFiles(home, { kind: "router", most: 3 });
    expect(await kept.read("a1")).toBeUndefined();
    await Promise.all([kept.write("a1", bytes), kept.write("a1", bytes)]);
    expect([...((await kept.read("a1")) ?? [])]).toEqual([1, 2, 3]);
    expect(await readdir(join(home, "cache"))).toEqual(["router-a1.bin"]);
    expect((await stat(join(home, "cache", "router-a1.bin"))).mode & 0o777).toBe(0o600);
  });

  test("are the newest only, and others' files stay", async () => {
    const kept = keepFiles(home, { kind: "router", most: 2 });
    await keepFiles(home, { kind: "other", most: 2 }).write("x", bytes);
    for (const [i, key] of ["a", "b", "c"].entries()) {
      await kept.write(key, bytes);
      await utimes(join(home, "cache", `router-${key}.bin`), i, i).catch(() => undefined);
    }
    await kept.write("d", bytes);
    expect((await readdir(join(home, "cache"))).toSorted()).toEqual(["other-x.bin", "router-c.bin", "router-d.bin"]);
  });

  test("are done without where they cannot be", async () => {
    const nowhere = keepFiles(join(home, "not", "there"), { kind: "router", most: 2 });
    await nowhere.write("a", bytes);
    expect(await nowhere.read("a")).toBeUndefined();
    expect(await readdir(home)).toEqual([]);
    await mkdir(join(home, "cache", "router-a.bin"), { recursive: true });
    const blocked = keepFiles(home, { kind: "router", most: 2 });
    await blocked.write("a", bytes);
    expect(await blocked.read("a")).toBeUndefined();
    expect(await readdir(join(home, "cache"))).toEqual(["router-a.bin"]);
  });
});
