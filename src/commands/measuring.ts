/** What `nova eval` does in a terminal, on a database in memory that is gone afterwards. Built by cli.ts. */
import { resolve } from "node:path";
import { z } from "zod";
import { NovaError } from "#core";
import { FAILED, OK } from "../cli/ending.ts";
import { createLive } from "../cli/live.ts";
import type { MeasuringActions, RoutingOptions } from "../cli/measuring-commands.ts";
import { safe, type Terminal } from "../cli/terminal.ts";
import { measureAbstain } from "../eval/abstain.ts";
import { conversationFile, foreignFile } from "../eval/conversation-file.ts";
import { readData } from "../eval/data-file.ts";
import { abstainBounds, holds, recallBounds, routingBounds } from "../eval/floors.ts";
import { tryOwnSuite } from "../eval/own-recall.ts";
import { scoreOwnRoutes } from "../eval/own-routing.ts";
import { scoreOwn } from "../eval/own-score.ts";
import { failureWords, misroutedWords, ownAbstainWords, ownRecallWords, ownRoutingWords } from "../eval/own-words.ts";
import { measureRecall } from "../eval/recall.ts";
import { besides, reserveResults, type ResultsFile } from "../eval/results-file.ts";
import { measureRouting, type RoutingRun } from "../eval/routing.ts";
import type { OnScratch, Watch } from "../eval/scratch.ts";
import type { Suite } from "../eval/suite/suite.ts";
import { fewshotFile, utteranceFile } from "../eval/utterance-file.ts";
import { abstainWords, recallWords, routingWords } from "../eval/words.ts";

export type MeasuringDeps = {
  readonly terminal: Terminal;
  readonly version: string;
  readonly signal: AbortSignal;
  /** On a database in memory, so that nothing is left however it ends. */
  readonly onScratch: OnScratch;
  /** The folder that the agents on call lie in. */
  readonly agents: string;
  readonly suite: () => Promise<Suite>;
  readonly end: (code: number) => void;
};

export function createMeasuring({
  terminal,
  version,
  signal,
  onScratch,
  agents,
  suite,
  end,
}: MeasuringDeps): MeasuringActions {
  const system = `nova ${version}`;
  const { out, err, errInk } = terminal;

  const print = (json: boolean | undefined, value: unknown, words: readonly string[]): void => {
    out.write(`${json === true ? JSON.stringify(value, null, 2) : safe(words.join("\n\n"))}\n`);
  };
  const watching = async <T>(work: (watch: Watch) => Promise<T>): Promise<T> => {
    const live = createLive(err, errInk);
    const watch: Watch = { signal, elapsed: () => performance.now(), status: (line) => live.status(line) };
    return work(watch).finally(() => live.clear());
  };
  const scratchFor =
    (watch: Watch): OnScratch =>
    async (work) => {
      watch.status("Opening a scratch database");
      return onScratch(work);
    };
  const ownSuite = async (watch: Watch) => {
    const cases = await suite();
    return scratchFor(watch)((room) => tryOwnSuite(cases, room, watch));
  };
  const ownRoutes = async (watch: Watch) => {
    watch.status("Trying the agents' examples");
    const found = await (await partsOnTrial()).routesOnTrial(agents);
    signal.throwIfAborted();
    return { ...found, score: scoreOwnRoutes(found.routes, found.general) };
  };

  return {
    async evalRecall({ data, out: file, question = "plain", evidence = "official", failures, json }) {
      if (data === undefined) {
        refuse({ out: file }, "--data");
        const outcomes = await watching(ownSuite);
        const score = scoreOwn(outcomes);
        const passed = [...recallBounds(score), ...abstainBounds(score)].every(holds);
        const words = [ownRecallWords(score), ownAbstainWords(score)];
        print(json, { ...score, passed }, [...words, ...(failures ? [failureWords(outcomes)] : [])]);
        return end(passed ? OK : FAILED);
      }
      const { conversations } = await readData(data, conversationFile, signal);
      const measured = await watching((watch) =>
        writing(file, async (results) => {
          const found = await measureRecall(conversations, { asked: question, evidence }, scratchFor(watch), watch);
          await results?.write(system, found.results);
          return found;
        }),
      );
      print(json, { ...measured.score, stored: measured.stored }, [recallWords(measured)]);
    },

    async evalAbstain({ data, neg, out: file, failures, json }) {
      if (data === undefined) {
        refuse({ out: file, neg }, "--data");
        const outcomes = await watching(ownSuite);
        const score = scoreOwn(outcomes);
        const passed = abstainBounds(score).every(holds);
        const { nothing, near, far, wrongPerson, answerableRefused, auroc } = score;
        print(json, { nothing, near, far, wrongPerson, answerableRefused, auroc, passed }, [
          ownAbstainWords(score),
          ...(failures ? [failureWords(outcomes)] : []),
        ]);
        return end(passed ? OK : FAILED);
      }
      if (neg === undefined) throw wanting("--neg", "the questions that the data do not answer");
      const [{ conversations }, { items }] = await Promise.all([
        readData(data, conversationFile, signal),
        readData(neg, foreignFile, signal),
      ]);
      const measured = await watching((watch) =>
        writing(file, async (results) => {
          const found = await measureAbstain(conversations, items, scratchFor(watch), watch);
          const told = [...found.results].map(
            ([id, { confidence, verdict }]) => [id, { confidence, abstain: verdict === "none", verdict }] as const,
          );
          await results?.write(system, new Map(told));
          return found;
        }),
      );
      print(json, { ...measured.score, stored: measured.stored }, [abstainWords(measured)]);
    },

    async evalRouting(options) {
      const { data, out: file, failures, json } = options;
      if (data === undefined) {
        const { train, fewshot, shots, seed, part, labels } = options;
        refuse({ out: file, train, fewshot, shots, seed, part, labels }, "--data");
        const { routes, general, score } = await watching(ownRoutes);
        const passed = routingBounds(score).every(holds);
        const words = [ownRoutingWords(score), ...(failures ? [misroutedWords(routes, general)] : [])];
        print(json, { ...score, passed }, words);
        return end(passed ? OK : FAILED);
      }
      const ask = await routingAsk(data, options, signal);
      const runs = await watching((watch) =>
        writing(file, async (results) => {
          const { learner } = await partsOnTrial();
          const found = await measureRouting(ask, learner, watch);
          const [first, ...others] = found;
          if (results && first) await results.write(system, first.results);
          if (file !== undefined) for (const run of others) await writeBeside(file, run, system);
          return found;
        }),
      );
      const draws = runs.map(({ seed, examples, learnedMs, score }) => ({ seed, examples, learnedMs, ...score }));
      print(json, { draws }, [routingWords(runs)]);
    },

    async evalAll({ failures, json }) {
      const [outcomes, { routes, general, score: routing }] = await watching(async (watch) => [
        await ownSuite(watch),
        await ownRoutes(watch),
      ]);
      const recall = scoreOwn(outcomes);
      const passed = [...recallBounds(recall), ...abstainBounds(recall), ...routingBounds(routing)].every(holds);
      print(json, { recall, routing, passed }, [
        ownRecallWords(recall),
        ownAbstainWords(recall),
        ownRoutingWords(routing),
        ...(failures ? [failureWords(outcomes), misroutedWords(routes, general)] : []),
      ]);
      end(passed ? OK : FAILED);
    },
  };
}

/** Loaded when needed: it brings the database and the models with it, and every command would wait for them. */
const partsOnTrial = () => import("./on-trial.ts");

const wanting = (option: string, what: string): NovaError =>
  new NovaError("bad_input", `${option} is missing: ${what}.`, { advice: "See `nova eval --help`." });

function refuse(given: Readonly<Record<string, unknown>>, wanted: string): void {
  const [stray] = Object.entries(given).find(([, value]) => value !== undefined) ?? [];
  if (stray === undefined) return;
  throw new NovaError("bad_input", `--${stray} belongs to ${wanted}.`, { advice: "See `nova eval --help`." });
}

/** The place is tried before the work, and left as it was when that fails. */
async function writing<T>(
  file: string | undefined,
  work: (results: ResultsFile | undefined) => Promise<T>,
): Promise<T> {
  if (file === undefined) return work(undefined);
  const results = await reserveResults(resolve(file));
  try {
    return await work(results);
  } finally {
    await results.drop();
  }
}

const writeBeside = (file: string, run: RoutingRun, system: string): Promise<void> =>
  writing(besides(file, run.seed), async (results) => results?.write(system, run.results));

const count = z.coerce.number().int().min(1).max(10_000);

async function routingAsk(data: string, options: RoutingOptions, signal: AbortSignal) {
  const { train, fewshot, shots, seed, part = "val", labels = "intent", background = false } = options;
  const common = { part, labels, background };
  if (fewshot === undefined) refuse({ shots, seed }, "--fewshot");
  const utterances = await readData(data, utteranceFile, signal);
  const learned = train === undefined ? utterances : await readData(train, utteranceFile, signal);
  if (fewshot === undefined) return { ...common, data: utterances, train: learned };
  if (shots === undefined) throw wanting("--shots", "how many examples of each label are learned");
  const number = count.safeParse(shots);
  if (!number.success) throw new NovaError("bad_input", `--shots ${shots} is no number from 1 to 10,000.`);
  const file = await readData(fewshot, fewshotFile, signal);
  const draw = { file, shots: number.data, ...(seed === undefined ? {} : { seed }) };
  return { ...common, data: utterances, train: learned, fewshot: draw };
}
