/** `nova eval routing --data`: learns a few examples of each label and labels the rest. Called by the roof. */
import { setImmediate } from "node:timers/promises";
import { isDeepStrictEqual } from "node:util";
import { NovaError } from "#core";
import { drawsFor, examplesOf } from "./draw.ts";
import { NO_LABEL, scoreRouting, type LabelledItem, type LabelResult, type RoutingScore } from "./routing-score.ts";
import { rounded, watched, type LearnedExample, type Learner, type Watch } from "./scratch.ts";
import { itemsOf, labelling, type FewshotFile, type Labels, type UtteranceFile } from "./utterance-file.ts";

export type RoutingAsk = {
  readonly data: UtteranceFile;
  /** Holds the `train` part that the draws name. */
  readonly train: UtteranceFile;
  /** Absent: the whole training part is learned, once. */
  readonly fewshot?: { readonly file: FewshotFile; readonly shots: number; readonly seed?: string };
  readonly part: string;
  readonly labels: Labels;
  /** Learns `oos_train` as texts that fit nothing. */
  readonly background: boolean;
};

export type RoutingRun = {
  /** Of the draw; `all` when the whole part was learned. */
  readonly seed: string;
  readonly examples: number;
  readonly learnedMs: number;
  readonly score: RoutingScore;
  readonly results: ReadonlyMap<string, LabelResult>;
};

export async function measureRouting(ask: RoutingAsk, learner: Learner, watch: Watch): Promise<readonly RoutingRun[]> {
  refuseLearned(ask);
  const labelOf = labelling(ask.labels, [ask.data, ask.train]);
  const items = itemsOf(ask.data, ask.part, labelOf);
  const lessons = lessonsOf(ask, labelOf);
  const background = backgroundOf(ask);
  const runs: RoutingRun[] = [];
  for (const { seed, examples } of lessons) {
    const name = lessons.length > 1 ? `Draw ${seed}` : "The draw";
    watch.status(`${name}: learning ${examples.length.toLocaleString("en-US")} examples`);
    await rest(watch);
    const began = watch.elapsed();
    const label = await learner.learn(examples, background, () => rest(watch));
    const learnedMs = Math.round(watch.elapsed() - began);
    const results = await labelled(items, label, { watch, name });
    const score = scoreRouting(items, results, { canRefuse: ask.background });
    runs.push({ seed, examples: examples.length, learnedMs, score, results });
  }
  return runs;
}

/** Learning waits for nothing by itself, and Ctrl-C would. */
async function rest({ signal }: Watch): Promise<void> {
  await setImmediate();
  signal.throwIfAborted();
}

async function labelled(
  items: readonly LabelledItem[],
  label: Awaited<ReturnType<Learner["learn"]>>,
  { watch, name }: { readonly watch: Watch; readonly name: string },
): Promise<ReadonlyMap<string, LabelResult>> {
  const results = new Map<string, LabelResult>();
  for (const [at, { id, text }] of items.entries()) {
    watched(watch, `${name}: labelling`, { at, of: items.length });
    const began = watch.elapsed();
    const said = label(text);
    const ms = rounded(watch.elapsed() - began);
    results.set(id, { label: said.label ?? NO_LABEL, confidence: said.confidence, ms });
    // Labelling waits for nothing by itself, and Ctrl-C would.
    await setImmediate();
  }
  return results;
}

/** Whoever is asked what it learned by heart is nearly always right. */
function refuseLearned({ data, train, part }: RoutingAsk): void {
  if (part !== "train" || !isDeepStrictEqual(data.train, train.train)) return;
  throw new NovaError("bad_input", "The part `train` is what is learned, so labelling it would measure nothing.", {
    advice: "Name another part with --part, or another file to learn from with --train.",
  });
}

type Lesson = { readonly seed: string; readonly examples: readonly LearnedExample[] };

function lessonsOf(
  { train: file, fewshot, labels }: RoutingAsk,
  labelOf: (intent: string) => string | undefined,
): Lesson[] {
  const train = file.train;
  if (!train) {
    throw new NovaError("bad_input", "The file to learn from has no part `train`.", {
      advice: "Name the file that has one with --train.",
    });
  }
  if (!fewshot) {
    const examples = Object.entries(train).flatMap(([intent, texts]) => {
      const label = labelOf(intent);
      return label === undefined ? [] : texts.map((text) => ({ text, label }));
    });
    return [{ seed: "all", examples }];
  }
  const draws = drawsFor(fewshot.file, train, labels);
  const seeds = Object.entries(draws).filter(([seed]) => fewshot.seed === undefined || seed === fewshot.seed);
  if (seeds.length === 0) {
    throw new NovaError("bad_input", `There is no draw with the seed ${fewshot.seed}.`, {
      advice: `Seeds: ${Object.keys(draws).join(", ")}.`,
    });
  }
  return seeds.map(([seed, draw]) => ({ seed, examples: examplesOf(draw, train, fewshot.shots) }));
}

function backgroundOf({ train, background }: RoutingAsk): readonly string[] {
  if (!background) return [];
  if (train.oos_train) return train.oos_train;
  throw new NovaError("bad_input", "--background needs the field oos_train in the file that is learned from.");
}
