/** The `nova` command: reads the command line and the environment, runs one command, sets the exit code. */
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { z } from "zod";
import { sentenceFor, type AdapterDefinition, type Log } from "#core";
import { ask, messageOf } from "./cli/ask.ts";
import { banner, createChannelLines } from "./cli/banner.ts";
import { typedBeforehand } from "./cli/beforehand.ts";
import { chat } from "./cli/chat.ts";
import { call } from "./cli/client.ts";
import { endingOf, FAILED, INTERRUPTED, OK } from "./cli/ending.ts";
import { createProgram, type Actions } from "./cli/program.ts";
import { createStops } from "./cli/stops.ts";
import { checkArguments, createTerminal, readAll, safe } from "./cli/terminal.ts";
import { createDoctoring } from "./commands/doctoring.ts";
import { createKeeping } from "./commands/keeping.ts";
import { createMeasuring } from "./commands/measuring.ts";
import { createSettingUp, lookAtChannels } from "./commands/setting-up.ts";
import { visitNova, type Fetch } from "./commands/visit.ts";
import { readChatHistory, writeChatHistory } from "./home/chat-history.ts";
import { createLog } from "./log.ts";
import { loadAdapters } from "./plugins/index.ts";
import { startNova } from "./service/start.ts";
import { environment, readConfig, type Config, type LogLevel } from "./settings/config.ts";
import { verbs, type Beforehand, type Verb } from "./verbs/index.ts";

const FOLDER = join(import.meta.dirname, "..");

const { version } = z
  .object({ version: z.string() })
  .parse(JSON.parse(readFileSync(join(FOLDER, "package.json"), "utf8")));

const terminal = createTerminal(
  { input: process.stdin, out: process.stdout, err: process.stderr },
  (process.env["NO_COLOR"] ?? "") !== "",
);
/** LangChain reads these by itself and would send every prompt to a tracing service. Nova's own traces stay here. */
for (const name of ["LANGSMITH_TRACING", "LANGSMITH_TRACING_V2", "LANGCHAIN_TRACING", "LANGCHAIN_TRACING_V2"]) {
  process.env[name] = "false";
}

const stops = createStops(process, () => process.exit(INTERRUPTED));

/** From the signal to the end of the process, whatever happens. */
const LAST_MS = 19_900;

const actions: Actions = {
  ...createKeeping({ terminal, version, signal: stops.signal, prepare: () => prepare("warn"), onWait, visit }),

  ...createDoctoring({
    terminal,
    version,
    signal: stops.signal,
    prepare: () => prepare("error"),
    channels: async (log) => lookAtChannels(await definitions(), { env: process.env, log }),
    onIll: () => void (process.exitCode = FAILED),
  }),

  ...createSettingUp({
    terminal,
    signal: stops.signal,
    env: process.env,
    definitions,
    log: () => createLog("error"),
    onIll: () => void (process.exitCode = FAILED),
  }),

  ...createMeasuring({
    terminal,
    version,
    signal: stops.signal,
    onScratch: async (work) =>
      (await import("./commands/on-trial.ts")).onScratch({ log: createLog("warn") }, stops.signal, work),
    agents: join(FOLDER, "agents"),
    suite: async () => (await import("./eval/suite/own.ts")).ownSuite,
    end: (code) => void (process.exitCode = code),
  }),

  async start() {
    const { config, log } = await prepare(process.stderr.isTTY ? "warn" : "info");
    const channelLine = createChannelLines(terminal.ink);
    let code = FAILED;
    await startNova(config, {
      version,
      log,
      signal: stops.signal,
      onWait: () => onWait(config),
      onDatabaseWait,
      onChannel: (news) => terminal.out.write(channelLine(news)),
      onStopping() {
        terminal.out.write("\nStopping when what runs is finished. Ctrl-C again stops at once.\n");
        // Whoever sent the signal kills after a while: something that will not end must not cost a clean ending.
        setTimeout(() => process.exit(code), LAST_MS).unref();
      },
      onReady(nova, { url, loginUrl }) {
        const database = config.databaseUrl === null ? "embedded" : "server";
        terminal.out.write(
          banner({ version, url, loginUrl, model: nova.model, home: config.home, database }, terminal.ink),
        );
      },
    });
    code = OK;
  },
  async chat({ as }) {
    await visit(async (fetch, config) => {
      const history = await readChatHistory(config.home);
      const keepHistory = (lines: readonly string[]) => writeChatHistory(config.home, lines);
      await chat(fetch, terminal, { as, history, keepHistory, signal: stops.signal });
      return OK;
    });
  },
  async ask(words, { as, json = false }) {
    const text = messageOf(words === "-" ? await readAll(terminal.input) : words);
    await visit((fetch) => ask(fetch, terminal, { text, as, json, signal: stops.signal }));
  },
  async verb(usage, form, args, { json, yes, ...options }) {
    const verb = verbs.find(({ name }) => name === usage.name);
    if (!verb) return;
    const given = await Promise.all(args.map(async (arg) => (arg === "-" ? readAll(terminal.input) : arg)));
    const piped = form.standardInput;
    if (piped !== undefined && options[piped] === true) options[piped] = await readAll(terminal.input);
    const asked = form.input(given, options);
    const beforehand = verb.forms.find(({ path }) => path === form.path)?.beforehand;
    await visit(async (fetch) => {
      const ask = (body: unknown) => call(fetch, { path: `/control/${verb.name}`, body, signal: stops.signal });
      const body = beforehand ? await meantBy(verb, beforehand, { ask, asked, yes: yes === true }) : asked;
      const result = await ask(body);
      const reading = verb.read(safe(result));
      terminal.out.write(`${json === true ? JSON.stringify(result, null, 2) : reading.words(terminal.ink)}\n`);
      return reading.failed ? FAILED : OK;
    });
  },
};

type Meaning = {
  readonly ask: (body: unknown) => Promise<unknown>;
  readonly asked: unknown;
  readonly yes: boolean;
};

/** What is to be done, once whoever asked has seen what that is and said that it is meant. */
async function meantBy(verb: Verb, beforehand: Beforehand, { ask, asked, yes }: Meaning) {
  const result = await ask(beforehand.look(asked));
  const put = beforehand.question(result);
  const about = verb.read(safe(result)).words(terminal.errInk);
  const typed = put && (await typedBeforehand(terminal, put, { about, yes, signal: stops.signal }));
  return beforehand.meant(asked, result, typed);
}

/** Runs the work and takes its result as the exit code. */
async function visit(work: (fetch: Fetch, config: Config) => Promise<number>): Promise<void> {
  const { config, log } = await prepare("warn");
  const options = { log, signal: stops.signal, onWait: () => onWait(config), onDatabaseWait };
  process.exitCode = await visitNova(config, options, (fetch) => work(fetch, config));
}

async function prepare(level: LogLevel): Promise<{ config: Config; log: Log }> {
  const config = readConfig(process.env, await definitions());
  return { config, log: createLog(config.logLevel ?? level) };
}

function definitions(): Promise<readonly AdapterDefinition[]> {
  return loadAdapters(join(FOLDER, "adapters"));
}

function onDatabaseWait(place: string): void {
  terminal.err.write(`Waiting for the database at ${place} …\n`);
}

function onWait({ home }: Config): void {
  terminal.err.write(`Another Nova process is using ${home}; waiting for it, at most 30 seconds.\n`);
}

/** For the help of `start`: those of Nova itself, and behind them those of the channels. Whoever is broken is told by other verbs. */
async function settings(): Promise<readonly (readonly [string, string])[]> {
  const channels = await definitions().catch(() => []);
  const shapes: readonly z.ZodObject[] = [environment, ...channels.map(({ settings: own }) => own)];
  return shapes.flatMap(({ shape }) =>
    Object.keys(shape).map((name) => [name, shape[name]?.description ?? ""] as const),
  );
}

/** Nobody else waits until the channels are read. */
const asksForHelp = (words: readonly string[]): boolean => words.some((word) => /^(?:-h|--help|help)$/.test(word));

// A reader that has seen enough, such as `head`, is no failure.
process.stdout.on("error", (error: NodeJS.ErrnoException) => process.exit(error.code === "EPIPE" ? OK : FAILED));

try {
  checkArguments(process.argv.slice(2));
  const known = asksForHelp(process.argv.slice(2)) ? await settings() : [];
  const program = createProgram({ version, verbs, actions, settings: known });
  if (process.argv.length <= 2) program.outputHelp();
  else await program.parseAsync(process.argv);
} catch (error) {
  if (stops.signal.aborted) process.exitCode = INTERRUPTED;
  else {
    const ending = endingOf(error, terminal.errInk);
    if (!ending) createLog("error").error("cli.failed", error);
    terminal.err.write(ending?.words ?? `${sentenceFor(error)}\n`);
    process.exitCode = ending?.code ?? FAILED;
  }
} finally {
  stops.ignore();
}
