/** An operator's verb: what it takes, what it returns, how that reads. One verb a file; run by the control surface. */
import { z } from "zod";
import {
  NovaError,
  misfit,
  type Adapter,
  type Archive,
  type Clock,
  type Decisions,
  type Directory,
  type EffectDefinition,
  type Egress,
  type Endpoints,
  type FullRoster,
  type Memory,
  type OperationsStore,
  type Pairings,
  type People,
  type Projects,
  type Proposals,
  type Receivers,
  type Roster,
  type RouteLabels,
  type Router,
  type Schedules,
  type Signals,
  type Spending,
  type StoredTrust,
  type Transcript,
  type TurnId,
  type WebhookPosts,
} from "#core";

/** What verbs work with, built by the roof. */
export type VerbParts = {
  readonly people: People;
  readonly directory: Directory;
  readonly pairings: Pairings;
  readonly memory: Memory;
  readonly roster: FullRoster;
  /** What agents may propose. */
  readonly effects: readonly EffectDefinition[];
  readonly router: Router;
  readonly labels: RouteLabels;
  readonly operations: OperationsStore;
  readonly schedules: Schedules;
  readonly spending: Spending;
  readonly signals: Signals;
  readonly archive: Archive;
  readonly endpoints: Endpoints;
  readonly projects: Projects;
  readonly receivers: Receivers;
  readonly webhookPosts: Pick<WebhookPosts, "list" | "replay">;
  readonly egress: Egress;
  readonly proposals: Proposals;
  readonly storedTrust: StoredTrust;
  readonly decisions: Decisions;
  readonly transcript: Transcript;
  readonly clock: Clock;
  /** The address people reach this installation at, for instance http://127.0.0.1:3000. */
  readonly publicUrl: () => string;
  /** The address listened on, which a proxy may hide; undefined inside a single verb. */
  readonly listening: () => string | undefined;
  /** Reads the agents' files anew, and a router over them; throws a `bad_plugin` that names every fault. */
  readonly readAgents: () => Promise<{ readonly roster: Roster; readonly router: Router }>;
  /** Puts the agents' files as they are now on call; on a fault throws it, and those from before stay. */
  readonly reloadAgents: () => Promise<{ readonly onCall: number }>;
  readonly facts: () => Facts;
  /** The id by which a collector knows a turn; undefined when no spans are sent. */
  readonly traceOf: (turn: TurnId) => string | undefined;
};

/** How this process stands. */
export type Facts = {
  /** True when it listens on a port; false inside a single verb. */
  readonly service: boolean;
  readonly startedAt: Date;
  readonly version: string;
  readonly model: string;
  readonly database: "embedded" | "server";
  readonly adapters: readonly ({ readonly platform: string } & ReturnType<Adapter["health"]>)[];
};

/** Colours for words; plain where the output is no terminal. */
export type Ink = Readonly<Record<"bold" | "dim" | "red" | "green" | "yellow" | "cyan", (text: string) => string>>;

/** What a person is shown and has to type before a form is called. */
export type Beforehand = {
  /** The input that shows what it is about. */
  look(body: unknown): unknown;
  /** Undefined: there is nothing to ask. */
  question(result: unknown): Question | undefined;
  /** The input for what was shown; `typed` is undefined where nobody was asked. */
  meant(body: unknown, result: unknown, typed: string | undefined): unknown;
};

export type Question = {
  readonly words: string;
  /** What has to be typed, to the letter. */
  readonly typed: string;
  /** `--yes` stands for it. */
  readonly maySkip: boolean;
  /** Thrown where nobody can type. */
  readonly otherwise: NovaError;
};

/** One way to call the verb from a shell. */
export type Form = {
  /** The verb's name, or name and subcommand: `memory search`. */
  readonly path: string;
  readonly summary: string;
  /** The form that the bare name stands for. */
  readonly isDefault?: boolean;
  /** In commander's notation, `<words...>` or `[turn]`, with what they mean. A lone `-` reads standard input. */
  readonly arguments?: readonly (readonly [string, string])[];
  readonly options?: readonly (readonly [string, string])[];
  /** The option, as `input` gets it, that stands for a value on standard input: a secret is no argument. */
  readonly standardInput?: string;
  readonly examples: readonly string[];
  /** Asked on the terminal before it is done; the form then has an option `--yes`. */
  readonly beforehand?: Beforehand;
  /** The verb's input; still checked by its schema. Variadic arguments come joined by spaces. */
  input(args: readonly (string | undefined)[], options: Readonly<Record<string, unknown>>): unknown;
};

type VerbDefinition<Input extends z.ZodType, Output extends z.ZodType> = {
  readonly name: string;
  readonly summary: string;
  readonly forms: readonly Form[];
  readonly input: Input;
  /** What `--json` prints; dates travel as ISO strings and are read back. */
  readonly output: Output;
  run(input: z.output<Input>, parts: VerbParts, emit: Emit, signal: AbortSignal): Promise<z.output<Output>>;
  words(output: z.output<Output>, ink: Ink): string;
  /** True when the result is a failure: the command ends with exit code 1. */
  failed?(output: z.output<Output>): boolean;
};

/** Tells the caller how the work goes, while it goes. */
export type Emit = (event: unknown) => void;

export interface Verb {
  readonly name: string;
  readonly summary: string;
  readonly forms: readonly Form[];
  /** Takes any JSON; what does not fit is a `bad_input`. */
  run(body: unknown, parts: VerbParts, emit: Emit, signal: AbortSignal): Promise<unknown>;
  /** Reads a result that came over the wire. */
  read(result: unknown): { words(ink: Ink): string; readonly failed: boolean };
}

export function defineVerb<Input extends z.ZodType, Output extends z.ZodType>(
  verb: VerbDefinition<Input, Output>,
): Verb {
  const { name, summary, forms } = verb;
  return {
    name,
    summary,
    forms,
    async run(body, parts, emit, signal) {
      const input = verb.input.safeParse(body ?? {});
      if (!input.success) throw misuse(formIn(body, verb), input.error);
      return verb.run(input.data, parts, emit, signal);
    },
    read(result) {
      const output = verb.output.parse(result);
      return { words: (ink) => verb.words(output, ink), failed: verb.failed?.(output) ?? false };
    },
  };
}

/** The form that was meant, as far as the body says so. */
function formIn(body: unknown, { name, forms }: Pick<Verb, "name" | "forms">): string {
  const { data } = z.object({ do: z.string() }).safeParse(body);
  return forms.find(({ path }) => path === `${name} ${data?.do}`)?.path ?? name;
}

/** Where a message does not name the field itself, the field stands in front of it. */
function misuse(name: string, error: z.ZodError): NovaError {
  const issues = error.issues.map((issue) => {
    const field = issue.path.join(".");
    const message = misfit(issue, field === "" ? "it" : field);
    return field === "" || message.split(/\W+/).includes(field) ? message : `${field}: ${message}`;
  });
  return new NovaError("bad_input", `\`${name}\` cannot work with that: ${issues.join("; ")}.`, {
    advice: `\`nova ${name} --help\` shows how it is called.`,
  });
}
