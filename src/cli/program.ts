/** The command line's grammar: every command with its help. Built by cli.ts from the verbs that exist. */
import { Command } from "commander";
import { addDoctoring, type DoctoringActions } from "./doctoring-commands.ts";
import { addKeeping, type KeepingActions } from "./keeping-commands.ts";
import { addMeasuring, type MeasuringActions } from "./measuring-commands.ts";
import { addSettingUp, type SettingUpActions } from "./setting-up-commands.ts";

/** One way to call a verb; the shape of a verb's form. */
export type Form = {
  readonly path: string;
  readonly summary: string;
  readonly isDefault?: boolean;
  readonly arguments?: readonly (readonly [string, string])[];
  readonly options?: readonly (readonly [string, string])[];
  readonly standardInput?: string;
  readonly examples: readonly string[];
  input(args: readonly (string | undefined)[], options: Readonly<Record<string, unknown>>): unknown;
};
export type VerbUsage = { readonly name: string; readonly summary: string; readonly forms: readonly Form[] };

export type Actions = DoctoringActions &
  KeepingActions &
  MeasuringActions &
  SettingUpActions & {
    start(): Promise<void>;
    chat(options: { as?: string }): Promise<void>;
    ask(text: string, options: { as?: string; json?: boolean }): Promise<void>;
    /** Arguments are joined and complete but for `-`, which stands for standard input. */
    verb(
      usage: VerbUsage,
      form: Form,
      args: readonly (string | undefined)[],
      options: Record<string, unknown>,
    ): Promise<void>;
  };

export type ProgramOptions = {
  readonly version: string;
  readonly verbs: readonly VerbUsage[];
  readonly actions: Actions;
  /** Lines about the environment for the help of `start`. */
  readonly settings: readonly (readonly [string, string])[];
};

export function createProgram({ version, verbs, actions, settings }: ProgramOptions): Command {
  const program = new Command("nova")
    .description("A self-hosted assistant of many agents.")
    .version(version, "-V, --version", "print the version")
    .helpOption("-h, --help", "show help")
    .helpCommand("help [verb]", "show help for a verb")
    .exitOverride()
    .showHelpAfterError("Run it with --help to see how it is used.");

  program
    .command("start")
    .summary("Run Nova: the chat page, the channels, the work")
    .description("Run Nova until Ctrl-C or SIGTERM: the chat page, the channels, and the work that waits.")
    .addHelpText("after", examples(["npm start", "NOVA_PORT=8080 npm start"]) + environmentHelp(settings))
    .action(() => actions.start());
  program
    .command("chat")
    .summary("Talk to Nova in this terminal")
    .description("Talk to Nova in this terminal. Ctrl-C stops an answer, or leaves at an empty prompt.")
    .option(...AS)
    .addHelpText("after", examples(["nova chat", "nova chat --as Ada"]))
    .action((options: { as?: string }) => actions.chat(options));
  program
    .command("ask")
    .summary("Ask once and print the answer")
    .description("Ask once and print the answer. Ends with exit code 1 when Nova could not answer.")
    .argument("<text...>", "the message; - reads it from standard input")
    .option(...AS)
    .option("--json", "print the answer as JSON")
    .addHelpText(
      "after",
      examples([
        'nova ask "what did we decide about the printer?"',
        "nova ask - < letter.txt",
        'nova ask "what is 17% of 2,340?" --json',
      ]),
    )
    .action((text: string[], options: { as?: string; json?: boolean }) => actions.ask(text.join(" "), options));

  for (const verb of verbs) addVerb(program, verb, actions);
  addKeeping(program, actions);
  addMeasuring(program, actions);
  addSettingUp(program, actions);
  addDoctoring(program, actions);
  program.addHelpText(
    "after",
    `\nEvery verb has --help. From a checkout, \`npm run nova -- <verb>\` is \`nova <verb>\`.`,
  );
  return program;
}

const AS = ["--as <person>", "speak as this person (default: the owner)"] as const;

function addVerb(program: Command, verb: VerbUsage, actions: Actions): void {
  const [only] = verb.forms;
  if (!only) return;
  if (verb.forms.length === 1 && only.path === verb.name) return addForm(program, verb, only, actions);
  const group = program.command(verb.name).summary(verb.summary).description(`${verb.summary}.`);
  for (const form of verb.forms) addForm(group, verb, form, actions);
}

function addForm(parent: Command, verb: VerbUsage, form: Form, actions: Actions): void {
  const name = form.path.slice(form.path.lastIndexOf(" ") + 1);
  const command = parent.command(name, { isDefault: form.isDefault ?? false });
  command.summary(form.path === verb.name ? verb.summary : form.summary).description(`${form.summary}.`);
  for (const [flags, what] of form.arguments ?? []) command.argument(flags, what);
  for (const [flags, what] of form.options ?? []) command.option(flags, what);
  command.option("--json", "print the result as JSON").addHelpText("after", examples(form.examples));
  // A default form also meets the words that were meant as a subcommand; it says so itself.
  command.allowExcessArguments(form.isDefault ?? false);
  command.action(async () => {
    const takesMore = command.registeredArguments.some(({ variadic }) => variadic);
    const isTooMuch = !takesMore && command.processedArgs.length < command.args.length;
    if (isTooMuch && form.isDefault) refuseSubcommand(command, verb);
    const args = command.processedArgs.map((value: unknown) => joined(value));
    await actions.verb(verb, form, args, command.opts());
  });
}

function refuseSubcommand(command: Command, verb: VerbUsage): never {
  const known = verb.forms.map(({ path }) => path.slice(verb.name.length + 1));
  command.error(`error: \`nova ${verb.name}\` has no "${command.args[0]}". It has: ${known.join(", ")}.`);
}

/** Variadic arguments come as one text, as they were typed. */
function joined(value: unknown): string | undefined {
  if (Array.isArray(value)) return value.join(" ");
  return typeof value === "string" ? value : undefined;
}

const examples = (lines: readonly string[]): string =>
  `\nExample${lines.length === 1 ? "" : "s"}:\n${lines.map((line) => `  $ ${line}`).join("\n")}\n`;

function environmentHelp(settings: ProgramOptions["settings"]): string {
  const width = Math.max(...settings.map(([name]) => name.length));
  return `\nEnvironment:\n${settings.map(([name, what]) => `  ${name.padEnd(width)}  ${what}`).join("\n")}\n`;
}
