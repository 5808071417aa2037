/** What `nova init` tells and tries, and what `nova doctor` tries of it. Built by cli.ts. */
import { resolve } from "node:path";
import { z } from "zod";
import {
  NovaError,
  readAccount,
  systemClock,
  type AdapterDefinition,
  type AdapterSetup,
  type Log,
  type SetupContext,
} from "#core";
import { call } from "../cli/client.ts";
import { createLive } from "../cli/live.ts";
import type { SettingUpActions } from "../cli/setting-up-commands.ts";
import type { Terminal } from "../cli/terminal.ts";
import { foundBroken, ill, well, type Examination, type Finding } from "../doctor/finding.ts";
import { drawFinding, drawVerdict } from "../doctor/words.ts";
import { findService, type Service } from "../home/service.ts";
import { coreProblems, DEFAULT_ADAPTERS } from "../settings/config.ts";

type Environment = SetupContext["env"];

export type SettingUpDeps = {
  readonly terminal: Terminal;
  readonly signal: AbortSignal;
  readonly env: Environment;
  readonly definitions: () => Promise<readonly AdapterDefinition[]>;
  readonly log: () => Log;
  /** Called when something is missing or wrong, so that the command fails. */
  readonly onIll: () => void;
};

export function createSettingUp(deps: SettingUpDeps): SettingUpActions {
  const { terminal, signal, env, definitions } = deps;
  return {
    async init(platform, { manifest = false, guide: steps = false, json = false }) {
      const known = (await definitions()).filter(hasSetup);
      if (platform === undefined) {
        if (manifest || steps) {
          const option = manifest ? "--manifest" : "--guide";
          throw new NovaError("bad_input", `${option} wants a platform.`, { advice: "Name one." });
        }
        const listed = known.map((definition) => listing(definition, env));
        terminal.out.write(json ? `${JSON.stringify({ platforms: listed }, null, 2)}\n` : drawListing(listed));
        return;
      }
      const definition = known.find((each) => each.platform === platform);
      if (!definition) throw noSetup(platform, known);
      const context = await contextOf(platform, { env, signal, mayWrite: true });
      const guide = definition.setup.guide(context);
      if (manifest) {
        if (guide.paste === null)
          throw new NovaError("bad_input", `Nothing is to be pasted for ${platform} yet.`, {
            advice: `Run \`nova init ${platform} --guide\`: it says what comes first.`,
          });
        terminal.out.write(`${guide.paste}\n`);
        return;
      }
      if (steps) {
        const printed = json
          ? JSON.stringify({ platform, guide: guide.lines, paste: guide.paste }, null, 2)
          : whole(guide);
        terminal.out.write(`${printed}\n`);
        return;
      }
      const problems = coreProblems(env, await definitions());
      const findings = await tryOut(definition, context, { ...deps, quiet: json, guide, problems });
      if (json) terminal.out.write(`${JSON.stringify(result(platform, guide, findings), null, 2)}\n`);
      if (isIll(findings)) deps.onIll();
    },
  };
}

type WithSetup = AdapterDefinition & { readonly setup: AdapterSetup };
type Guide = ReturnType<AdapterSetup["guide"]>;

const hasSetup = (definition: AdapterDefinition): definition is WithSetup => definition.setup !== undefined;
const isIll = (findings: readonly Finding[]): boolean => findings.some(({ state }) => state === "ill");

const whole = ({ lines, paste }: Guide): string => [...lines, ...(paste === null ? [] : ["", paste])].join("\n");

/** With all of the platform's settings there, nobody needs the steps any more. */
function isComplete({ settings }: WithSetup, env: Environment): boolean {
  const issues = settings.safeParse(env).error?.issues ?? [];
  return issues.every(({ path }) => env[String(path[0] ?? "")] !== undefined);
}

type Trying = SettingUpDeps & {
  readonly quiet: boolean;
  readonly guide: Guide;
  /** Of settings that are no channel's own. */
  readonly problems: readonly string[];
};

/** The guide, unless all is set; then a line for each thing that was tried, as soon as it is known. */
async function tryOut(
  definition: WithSetup,
  context: SetupContext,
  { terminal, log, quiet, guide, problems }: Trying,
): Promise<readonly Finding[]> {
  const { out, err, ink, errInk } = terminal;
  const say = (text: string): void => void (quiet || out.write(`${text}\n`));
  const hasGuide = !isComplete(definition, context.env);
  if (hasGuide) say(`${whole(guide)}\n`);
  const findings: Finding[] = [];
  const found = (finding: Finding): void => {
    findings.push(finding);
    say(drawFinding(finding, WIDTH, ink));
  };
  found(switchedOn(definition.platform, context.env));
  for (const problem of problems) found(refused(problem));
  let live = createLive(err, errInk);
  try {
    for await (const finding of findingsOf(definition, context, log)) {
      live.clear();
      found(finding);
      live = createLive(err, errInk);
      live.status("Trying what is set");
    }
  } finally {
    live.clear();
  }
  say(`\n${drawVerdict(findings, ink)}`);
  if (!hasGuide) say(ink.dim(`\`nova init ${definition.platform} --guide\` prints the steps.`));
  return findings;
}

/** The longest name of a variable that may be missing. */
const WIDTH = 22;

async function* findingsOf(
  { platform, setup }: WithSetup,
  context: SetupContext,
  log: () => Log,
): AsyncIterable<Finding> {
  try {
    for await (const { name, ok, detail, remedy } of setup.check(context)) {
      yield ok ? well(name, detail) : ill(name, detail, remedy);
    }
  } catch (error) {
    context.signal.throwIfAborted();
    log().error("init.check_failed", error, { platform });
    yield foundBroken(platform, error);
  }
}

/** In the words of the start, which would refuse it. */
function refused(problem: string): Finding {
  const [, name = "settings", what = problem] = /^(\w+): ([^]*)$/.exec(problem) ?? [];
  return ill(name, what, "Correct it: `npm start` refuses it too.");
}

/** What is set up and not asked for would merely be skipped at the start. */
function switchedOn(platform: string, env: Environment): Finding {
  const named = adaptersIn(env);
  return named.includes(platform)
    ? well("channel", `NOVA_ADAPTERS names ${platform}.`)
    : ill(
        "channel",
        `NOVA_ADAPTERS does not name ${platform}.`,
        `Set NOVA_ADAPTERS=${[...named, platform].join(",")}.`,
      );
}

const adaptersIn = (env: Environment): readonly string[] => {
  const given = (env["NOVA_ADAPTERS"] ?? "").split(",").map((name) => name.trim());
  return given.some(Boolean) ? given.filter(Boolean) : DEFAULT_ADAPTERS;
};

type Asked = { readonly env: Environment; readonly signal: AbortSignal; readonly mayWrite: boolean };

/** From the environment alone: settings of other channels may be wrong, and this one's may be missing. */
async function contextOf(platform: string, { env, signal, mayWrite }: Asked): Promise<SetupContext> {
  const service = await findService(resolve(set(env["NOVA_HOME"]) ?? "./.nova"), signal);
  return {
    env: Object.fromEntries(Object.entries(env).map(([name, value]) => [name, set(value)])),
    publicUrl: ((await addressOf(service, signal)) ?? set(env["NOVA_PUBLIC_URL"]) ?? addressIn(env)).replace(
      /\/+$/,
      "",
    ),
    serving: service !== undefined,
    mayWrite,
    clock: systemClock,
    owners: (env["NOVA_OWNER"] ?? "")
      .split(",")
      .flatMap((text) => readAccount(text) ?? [])
      .filter((account) => account.platform === platform),
    signal,
  };
}

/** An empty variable counts as absent, here as at the start. */
const set = (value: string | undefined): string | undefined => value?.trim() || undefined;

/** A service knows the port that it was given. */
async function addressOf(service: Service | undefined, signal: AbortSignal): Promise<string | undefined> {
  if (!service) return undefined;
  const told = call((request) => service.fetch(request), { path: "/control/status", body: {}, signal });
  return told.then(
    (answer) => z.object({ url: z.string() }).safeParse(answer).data?.url,
    () => undefined, // It may be ending just now.
  );
}

function addressIn(env: Environment): string {
  const host = set(env["NOVA_HOST"]) ?? "127.0.0.1";
  return `http://${host.includes(":") ? `[${host}]` : host}:${set(env["NOVA_PORT"]) ?? "3000"}`;
}

function noSetup(platform: string, known: readonly WithSetup[]): NovaError {
  const names = known.map((each) => each.platform);
  return new NovaError("bad_input", `There is nothing to set up for ${JSON.stringify(platform)}.`, {
    advice: names.length > 0 ? `It can be: ${names.join(", ")}.` : "No channel here needs it.",
  });
}

function result(platform: string, guide: Guide, findings: readonly Finding[]) {
  return { platform, well: !isIll(findings), guide: guide.lines, paste: guide.paste, findings };
}

type Listed = { readonly platform: string; readonly on: boolean; readonly set: string[]; readonly unset: string[] };

/** Names only: the values are secrets. */
function listing({ platform, settings }: AdapterDefinition, env: Environment): Listed {
  const names = Object.keys(settings.shape);
  return {
    platform,
    on: adaptersIn(env).includes(platform),
    set: names.filter((name) => set(env[name]) !== undefined),
    unset: names.filter((name) => set(env[name]) === undefined),
  };
}

function drawListing(listed: readonly Listed[]): string {
  const lines = listed.flatMap((each) => [
    `${each.platform.padEnd(WIDTH)} ${each.on ? "on" : "not in NOVA_ADAPTERS"}`,
    `${"".padEnd(WIDTH)} set: ${each.set.join(", ") || "nothing"}`,
    `${"".padEnd(WIDTH)} not set: ${each.unset.join(", ") || "nothing"}`,
  ]);
  const names = listed.map(({ platform }) => `\`nova init ${platform}\``).join(" or ");
  return `${[...lines, "", `${names} says what to do, and tries what is set.`].join("\n")}\n`;
}

/** The doctor looks at more than one channel, and at other things. */
const subjectOf = (platform: string, subject: string): string =>
  subject === platform || /^[A-Z_]+$/.test(subject) ? subject : `${platform} ${subject}`;

/** The same for the doctor, who writes to nobody. */
export function lookAtChannels(
  definitions: readonly AdapterDefinition[],
  { env, log }: { readonly env: Environment; readonly log: Log },
): readonly Examination[] {
  const named = adaptersIn(env);
  return definitions
    .filter(hasSetup)
    .filter(({ platform }) => named.includes(platform))
    .map((definition) => ({
      subject: definition.platform,
      async look(signal) {
        const { platform } = definition;
        const context = await contextOf(platform, { env, signal, mayWrite: false });
        const found: Finding[] = [];
        for await (const finding of findingsOf(definition, context, () => log))
          found.push({ ...finding, subject: subjectOf(platform, finding.subject) });
        return found;
      },
    }));
}
