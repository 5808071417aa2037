/** The grammar of `nova eval`, which measures Nova on a scratch database. Added to the program by program.ts. */
import { Option, type Command } from "commander";

export type RecallOptions = {
  data?: string;
  out?: string;
  question?: "plain" | "typo";
  evidence?: "official" | "audited";
  failures?: boolean;
  json?: boolean;
};
export type AbstainOptions = { data?: string; neg?: string; out?: string; failures?: boolean; json?: boolean };
export type RoutingOptions = {
  data?: string;
  train?: string;
  fewshot?: string;
  shots?: string;
  seed?: string;
  part?: string;
  labels?: "intent" | "domain";
  background?: boolean;
  out?: string;
  failures?: boolean;
  json?: boolean;
};

export type MeasuringActions = {
  evalRecall(options: RecallOptions): Promise<void>;
  evalAbstain(options: AbstainOptions): Promise<void>;
  evalRouting(options: RoutingOptions): Promise<void>;
  evalAll(options: { failures?: boolean; json?: boolean }): Promise<void>;
};

const OUT = ["--out <file>", "where to write the result of every item"] as const;
const FAILURES = ["--failures", "name each of Nova's own cases that failed"] as const;
const JSON_OPTION = ["--json", "print the figures as JSON"] as const;

export function addMeasuring(program: Command, actions: MeasuringActions): void {
  const group = program
    .command("eval")
    .summary("Measure recall, abstaining and routing")
    .description(
      "Measure recall, abstaining and routing on a scratch database in memory: what is stored is neither read nor " +
        "changed, and a service may run beside it. Without --data Nova's own cases are tried by the rules that people's " +
        "messages meet, and the exit code is 1 when a figure is not what it must be. With --data there is no such figure.",
    )
    .addHelpText(
      "after",
      examples(["nova eval all", "nova eval recall --failures", "nova eval recall --data locomo.json --out r.json"]),
    );
  addRecall(group, actions);
  addAbstain(group, actions);
  addRouting(group, actions);
  group
    .command("all")
    .summary("Nova's own cases of all three")
    .description(
      "Try Nova's own cases of recall, abstaining and routing. The last lines of each say what must hold; exit code 1 when " +
        "any of it does not.",
    )
    .option(...FAILURES)
    .option(...JSON_OPTION)
    .addHelpText("after", examples(["nova eval all", "nova eval all --failures"]))
    .action((options: { failures?: boolean; json?: boolean }) => actions.evalAll(options));
}

function addRecall(group: Command, actions: MeasuringActions): void {
  group
    .command("recall")
    .summary("Is what was asked for found?")
    .description(
      "Store the turns of a file of conversations, ask its questions and score what is found: the ranking, whatever the " +
        "verdict. The figures are those of `score.mjs retrieval` on the file that --out names. Without --data: Nova's " +
        "own suite, as a person meets it.",
    )
    .option("--data <file>", "conversations with questions, in the LoCoMo form of the benchmark")
    .option(...OUT)
    .addOption(new Option("--question <which>", "which wording to ask (default: plain)").choices(["plain", "typo"]))
    .addOption(
      new Option("--evidence <which>", "which turns count as answers (default: official)").choices([
        "official",
        "audited",
      ]),
    )
    .option(...FAILURES)
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      examples([
        "nova eval recall",
        "nova eval recall --data locomo.json --out r.json",
        "nova eval recall --data locomo.json --question typo --json",
      ]),
    )
    .action((options: RecallOptions) => actions.evalRecall(options));
}

function addAbstain(group: Command, actions: MeasuringActions): void {
  group
    .command("abstain")
    .summary("Is it known what memory does not hold?")
    .description(
      "Store the turns of a file of conversations, ask its questions and those of --neg, which nothing there answers, and " +
        "score confidence and verdict. In --out, `abstain` is true where the verdict is none. Without --data: Nova's own " +
        "suite.",
    )
    .option("--data <file>", "conversations with questions, in the LoCoMo form of the benchmark")
    .option("--neg <file>", "questions asked of a conversation that does not answer them")
    .option(...OUT)
    .option(...FAILURES)
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      examples(["nova eval abstain", "nova eval abstain --data locomo.json --neg locomo.abstain.json --out r.json"]),
    )
    .action((options: AbstainOptions) => actions.evalAbstain(options));
}

function addRouting(group: Command, actions: MeasuringActions): void {
  group
    .command("routing")
    .summary("Are utterances given to whom they are for?")
    .description(
      "Teach the router's classifier a few examples of each label, have it label the items of a part, and score that: the " +
        "classifier alone, without the thresholds and the model that decide about people's messages. With several draws " +
        "the figures stand draw by draw and as their mean; --out holds the first draw, and the others lie beside it " +
        "(r.json, r.seed2.json). Without --data: the agents on call, each of their examples unseen, with the thresholds.",
    )
    .option("--data <file>", "utterances by part and intent, in the form of the benchmark")
    .option("--train <file>", "the file whose part `train` is learned (default: that of --data)")
    .option("--fewshot <file>", "which examples to learn (default: the whole part `train`)")
    .option("--shots <n>", "how many examples of each label; needs --fewshot")
    .option("--seed <seed>", "one draw of --fewshot (default: all of them)")
    .option("--part <part>", "which part to label, other than what is learned (default: val)")
    .addOption(new Option("--labels <which>", "what is to be told (default: intent)").choices(["intent", "domain"]))
    .option(
      "--background",
      "learn oos_train as what fits nothing; otherwise the label oos is never given, and how often is null",
    )
    .option(...OUT)
    .option(...FAILURES)
    .option(...JSON_OPTION)
    .addHelpText(
      "after",
      examples([
        "nova eval routing",
        "nova eval routing --data clinc150.json --fewshot fewshot.json --shots 10 --out r.json",
        "nova eval routing --data test.json --train dev.json --fewshot fewshot.json --shots 20 --part test --labels domain",
      ]),
    )
    .action((options: RoutingOptions) => actions.evalRouting(options));
}

const examples = (lines: readonly string[]): string =>
  `\nExamples:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n`;
