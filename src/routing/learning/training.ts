/** What is learned of a set of agents: learned when first asked for, and kept as long as their files say the same. */
import { setImmediate } from "node:timers/promises";
import type { AgentSpec, Taught } from "#core";
import { GENERAL } from "../names.ts";
import { createClassifier, fitModel, prepare, type Classifier, type Prepared } from "./classifier.ts";
import { digestOf, learnable, lessonsOf, NOBODY, type Lesson } from "./examples.ts";
import { holdOut, type Asked, type HeldOut } from "./held-out.ts";
import { decode, encode, type LearnedParts } from "./learned-file.ts";
import { fitThresholds, type Thresholds } from "./thresholds.ts";

export type Learned = { readonly classifier: Classifier; readonly thresholds: Thresholds };

/** Where what was learned outlives the process. Neither ever throws: without it, learning takes its time again. */
export interface RouterCache {
  read(key: string): Promise<Uint8Array | undefined>;
  write(key: string, bytes: Uint8Array): Promise<void>;
}

/**
 * Remembers what it learned, here and in the cache. Learning 34 agents of 20 examples takes 1.6 s of a processor, of 75
 * 4.8 s, with a rest after each fold; reading them from the cache 23 and 59 ms.
 */
export type Trainer = (agents: readonly AgentSpec[]) => Promise<Learned>;

/** One set per role, for its own words and for those from outside, and those of a reload while the old ones are in use. */
const MOST = 12;
/** With 10, the thresholds differed by hundredths and took twice as long. */
const FOLDS = 5;

const NO_CACHE: RouterCache = { read: async () => undefined, write: async () => {} };

/**
 * `taught`: what people said about whom their words are for, newest first. What is learned with it holds pieces of their
 * words, and is kept nowhere: what they take back is gone with the process.
 */
export function createTrainer(cache: RouterCache = NO_CACHE, taught: readonly Taught[] = []): Trainer {
  const learning = new Map<string, Promise<Learned>>();
  return async (agents) => {
    const key = digestOf(agents);
    const known = learning.get(key);
    if (known) return known;
    const told = learnable(agents, taught);
    const learned =
      told.length > 0
        ? learn(lessonsOf(agents, told), agents).then(ready)
        : readKept(cache, key).then((found) => found ?? learnAndKeep(agents, { cache, key }));
    learning.set(key, learned);
    const [oldest] = learning.keys();
    if (learning.size > MOST && oldest !== undefined) learning.delete(oldest);
    return learned;
  };
}

/** Undefined when nothing was kept, or nothing that can be read. */
async function readKept(cache: RouterCache, key: string): Promise<Learned | undefined> {
  const bytes = await cache.read(key);
  const kept = bytes && decode(bytes, key);
  return kept && ready(kept);
}

async function learnAndKeep(
  agents: readonly AgentSpec[],
  { cache, key }: { readonly cache: RouterCache; readonly key: string },
): Promise<Learned> {
  const learned = await learn(lessonsOf(agents), agents);
  await cache.write(key, encode(learned, key));
  return ready(learned);
}

const ready = ({ parts, thresholds }: LearnedParts): Learned => ({ classifier: createClassifier(parts), thresholds });

/** The classifier learns all the lessons; the thresholds are told from classifiers that had each not heard a fifth. */
export async function learn(lessons: readonly Lesson[], agents: readonly AgentSpec[]): Promise<LearnedParts> {
  const prepared = prepare(lessons);
  const heldOut = await tryOut(lessons, prepared);
  const thresholds = fitThresholds(heldOut, { labels: agents.map(({ id }) => id), general: GENERAL });
  return { parts: { ...prepared, background: NOBODY, model: fitModel(prepared) }, thresholds };
}

/** Every spoken lesson as it is predicted by those who have not heard it. */
async function tryOut(lessons: readonly Lesson[], prepared: Prepared): Promise<readonly HeldOut[]> {
  const asked = lessons.flatMap((lesson, index): Asked[] =>
    lesson.spoken && "label" in lesson ? [{ text: lesson.text, label: lesson.label, index }] : [],
  );
  return holdOut(prepared, asked, { folds: FOLDS, background: NOBODY, rest: () => setImmediate() });
}
