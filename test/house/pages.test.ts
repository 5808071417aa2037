/** The README and the guide are true: what they link and name exists, and what they tell people to type is understood. */
import { existsSync } from "node:fs";
import { readFile, readdir } from "node:fs/promises";
import { dirname, join, relative } from "node:path";
import type { Command } from "commander";
import { describe, expect, test } from "vitest";
import { agentFrontMatter, COMMANDS, FAIL_CODES } from "#core";
import { createProgram, type Actions, type Form } from "../../src/cli/program.ts";
import { environment } from "../../src/settings/config.ts";
import { createRouter } from "../../src/langchain/router.ts";
import { loadAdapters, loadAgents, loadTools } from "../../src/plugins/index.ts";
import { createRouteSteps } from "../../src/routing/steps.ts";
import { verbs, type VerbParts } from "../../src/verbs/index.ts";
import { ADAPTERS, openTrial, TOOLS } from "../contract/trial-folder.ts";

const PROJECT = new URL("../..", import.meta.url).pathname;
const guide = (await readdir(join(PROJECT, "docs"))).filter((name) => name.endsWith(".md"));
const names = ["README.md", ...guide.map((name) => `docs/${name}`)];
const texts = new Map(
  await Promise.all(names.map(async (name) => [name, await readFile(join(PROJECT, name), "utf8")] as const)),
);
const textOf = (name: string): string => texts.get(name) ?? "";

const withoutBlocks = (text: string): string => text.replaceAll(/^```[^]*?^```$/gm, "");
const blocksOf = (text: string): string[] =>
  [...text.matchAll(/^```\w*\n([^]*?)^```$/gm)].map(([, block = ""]) => block);
const marksOf = (text: string): string[] =>
  [...withoutBlocks(text).matchAll(/`([^`\n]+)`/g)].map(([, mark = ""]) => mark.replaceAll("\\|", "|"));

/** Of a heading, as pages are shown: `On a PostgreSQL server` is `#on-a-postgresql-server`. */
const anchorOf = (heading: string): string =>
  heading
    .toLowerCase()
    .replaceAll(/[^\p{L}\p{N}\s-]/gu, "")
    .trim()
    .replaceAll(/\s/g, "-");
const anchorsOf = (text: string): string[] =>
  [...withoutBlocks(text).matchAll(/^#+ (.+)$/gm)].map(([, heading = ""]) => anchorOf(heading));

type Link = { readonly page: string; readonly to: string };
const links: readonly Link[] = names.flatMap((page) =>
  [...withoutBlocks(textOf(page)).matchAll(/\]\(([^)\s]+)\)/g)].map(([, to = ""]) => ({ page, to })),
);
const inside = links.filter(({ to }) => !/^https?:/.test(to));

describe("what is linked and named exists:", () => {
  test("there are links, paths and commands at all", () => {
    expect(inside.length).toBeGreaterThan(60);
    expect(paths.length).toBeGreaterThan(12);
    expect(typed.length).toBeGreaterThan(100);
  });

  test.each(inside)("$page links $to", async ({ page, to }) => {
    const [file = "", anchor] = to.split("#", 2);
    const target = file === "" ? page : relative(PROJECT, join(PROJECT, dirname(page), file));
    expect(existsSync(join(PROJECT, target))).toBe(true);
    expect([undefined, ...anchorsOf(textOf(target))]).toContain(anchor);
  });

  const paths = names.flatMap((page) =>
    marksOf(textOf(page))
      .map((mark) => mark.split(" ", 1)[0] ?? "")
      .filter((path) => /^(?:src|adapters|agents|test|docs|migrations|\.ci)(?:\/|$)/.test(path) && !path.includes("<"))
      .map((path) => ({ page, path })),
  );
  test.each(paths)("$page names $path", ({ path }) => {
    expect(existsSync(join(PROJECT, path))).toBe(true);
  });

  test("the README leads to every page", () => {
    const led = links.filter(({ page }) => page === "README.md").map(({ to }) => to.split("#", 1)[0]);
    const pages = names.filter((name) => !name.endsWith("README.md"));
    expect(pages.filter((page) => !led.includes(page))).toEqual([]);
  });

  test("the README stays short", () => {
    expect(textOf("README.md").split("\n").length).toBeLessThanOrEqual(130);
  });
});

/** Shown as a slip of the pen, or read by the tests alone. */
const NO_SETTINGS = new Set(["NOVA_PROT", "NOVA_TEST_DATABASE_URL", "NOVA_TEST_WHOLE"]);

test("every setting that a page names is one", async () => {
  const shapes = [environment, ...(await loadAdapters(ADAPTERS)).map(({ settings }) => settings)];
  const read = new Set(shapes.flatMap(({ shape }) => Object.keys(shape)));
  const named = names.flatMap(
    (page) => textOf(page).match(/\b(?:NOVA|OPENAI|OTEL|SLACK|DISCORD)_[A-Z_]*[A-Z]\b/g) ?? [],
  );
  expect([...new Set(named)].filter((name) => !read.has(name) && !NO_SETTINGS.has(name))).toEqual([]);
});

/** Behind what runs a verb: `nova …`, `npm run nova -- …`. */
const VERB = /^(?:\$ )?(?:[A-Z_]+=\S+ )*(?:npm run (?:--silent )?nova --|nova) (?<words>.+)$/;
/** Where the shell goes on with something else. */
const SHELL = / (?:#|\||>|<|&&) ?.*$/;

type Typed = { readonly page: string; readonly words: string; readonly whole: boolean };

/** Before what stands for something: `<id>` is no id. */
const OPEN = "‹";

/** `<a|b>` is one of them and `[a|b]` one or none, from the inside out. */
function variantsOf(words: string): string[] {
  const found = /<([^<>[\]]*)>|\[([^<>[\]]*)\]/.exec(words);
  if (!found) return [words];
  const [group, one, other = ""] = found;
  const choices = one === undefined ? ["", ...other.split("|")] : one.includes("|") ? one.split("|") : [OPEN + one];
  return choices.flatMap((choice) => variantsOf(words.replace(group, choice)));
}

const typed: readonly Typed[] = names.flatMap((page) => {
  const lines = blocksOf(textOf(page)).flatMap((block) => block.split("\n"));
  const whole = lines.map((line) => ({ line: line.trim().replace(SHELL, ""), whole: true }));
  const marks = marksOf(textOf(page)).map((mark) => ({ line: mark, whole: false }));
  return [...whole, ...marks].flatMap(({ line, whole: isWhole }) => {
    const { words } = VERB.exec(line)?.groups ?? {};
    if (words === undefined || words.startsWith("…") || words.startsWith("<")) return [];
    const shell = isWhole ? [words] : variantsOf(words.replace(SHELL, (rest) => (/^ <\w/.test(rest) ? rest : "")));
    return shell.map((each) => ({ page, words: each, whole: isWhole }));
  });
});

/** Whoever asks for more than the verb's own schema has got past it. */
const PAST = new Error("past the schema");
const parts = new Proxy({} as VerbParts, {
  get() {
    throw PAST;
  },
});

/** Throws what the verb says to words that its schema does not take; nothing is done. */
async function understood(
  name: string,
  form: Form,
  args: readonly (string | undefined)[],
  given: Record<string, unknown>,
): Promise<void> {
  const options = Object.fromEntries(Object.entries(given).filter(([key]) => key !== "json" && key !== "yes"));
  // What stands for something else cannot be read.
  if (JSON.stringify([args, options]).includes(OPEN)) return;
  const verb = verbs.find((each) => each.name === name);
  if (!verb) throw new Error(`there is no verb ${name}`);
  const piped = form.standardInput;
  if (piped !== undefined && options[piped] === true) options[piped] = "words";
  const asked = form.input(args, options);
  const { beforehand } = verb.forms.find(({ path }) => path === form.path) ?? {};
  await verb
    .run(beforehand ? beforehand.look(asked) : asked, parts, () => {}, AbortSignal.timeout(5_000))
    .catch((error: unknown) => {
      if (error !== PAST) throw error;
    });
}

const nothing = async (): Promise<void> => {};
const actions: Actions = {
  start: nothing,
  chat: nothing,
  ask: nothing,
  verb: ({ name }, form, args, options) => understood(name, form, args, options),
  backup: nothing,
  restore: nothing,
  migrate: nothing,
  init: nothing,
  doctor: nothing,
  evalRecall: nothing,
  evalAbstain: nothing,
  evalRouting: nothing,
  evalAll: nothing,
};

/** In a sentence a verb may stand without what belongs behind it. */
const SHORTENED = ["commander.missingArgument", "commander.help"];

/** Why the command line refuses it; "" where it does not. */
async function refusalOf(words: string, whole: boolean): Promise<string> {
  const program = createProgram({ version: "1", verbs, actions, settings: [] });
  const hush = (command: Command): void => {
    command.configureOutput({ writeOut: () => {}, writeErr: () => {} });
    for (const each of command.commands) hush(each);
  };
  hush(program as Command);
  const line = (words.match(/(?:"[^"]*"|[^\s"])+/g) ?? []).map((word) => word.replaceAll('"', ""));
  const refused = await program.parseAsync(line, { from: "user" }).then(
    () => "",
    (error: { readonly code?: string; readonly message: string }) =>
      !whole && SHORTENED.includes(error.code ?? "") ? "" : error.message,
  );
  return refused === "(outputHelp)" ? "" : refused;
}

test.each(typed)("$page: nova $words", async ({ words, whole }) => {
  expect(await refusalOf(words, whole)).toBe("");
});

test.each([
  ["trust set nobody nothing T9", /T0, T1, T2, T3 and T4/],
  ["memory add x --kind poem", /kind/],
  ["memory show twelve", /m12/],
  ["hooks add alerts --origin elsewhere", /origin/],
  ["trust sett scheduler", /no "sett"/],
])("what no verb takes is found: nova %s", async (words, why) => {
  expect(await refusalOf(words, true)).toMatch(why);
});

test("every script that a page runs is there", async () => {
  const { scripts }: { readonly scripts: Readonly<Record<string, string>> } = JSON.parse(
    await readFile(join(PROJECT, "package.json"), "utf8"),
  );
  const run = names.flatMap((page) =>
    [...textOf(page).matchAll(/\bnpm run (?:--silent )?([a-z]+)/g)].map(([, script = ""]) => script),
  );
  expect(run).toContain("bench");
  expect(run.filter((script) => !(script in scripts))).toEqual([]);
});

test("the commands of a conversation are all told, and no other", () => {
  const table = textOf("docs/conversation.md").split("## Commands")[1]?.split("\n## ")[0] ?? "";
  const told = [...table.matchAll(/^\| (.*?) \|/gm)].flatMap(([, cell = ""]) => cell.match(/(?<=`\/)[a-z]+/g) ?? []);
  const librarians = ["remember", "recall", "forget"];
  expect([...new Set(told)].toSorted()).toEqual([...COMMANDS, ...librarians, "ask", "wrong"].toSorted());
});

test("the page on calls tells of every code that an agent may fail with, and of no other", () => {
  const table = textOf("docs/calling-agents.md").split("## Why it failed")[1]?.split("\n## ")[0] ?? "";
  const told = [...table.matchAll(/^\| `(\w+)` \|/gm)].map(([, code = ""]) => code);
  expect(told.toSorted()).toEqual([...FAIL_CODES, "stopped", "failed"].toSorted());
});

describe("the page on agents", () => {
  const page = textOf("docs/agents.md");

  test("tells of every field of an agent's file, and of no other", () => {
    const table = page.split("## The fields")[1]?.split("\n## ")[0] ?? "";
    const told = [...table.matchAll(/^\| (`.*?`) \|/gm)].flatMap(([, cell = ""]) => cell.match(/\w+/g) ?? []);
    expect(told.toSorted()).toEqual(Object.keys(agentFrontMatter.shape).toSorted());
  });

  test("shows an agent that is one: it holds, and gets what it is for", async () => {
    const trial = await openTrial();
    try {
      await trial.write("agents/general/packer.md", /```markdown\n([^]*?)```/.exec(page)?.[1] ?? "");
      const { roster } = await loadAgents(trial.agents, { tools: await loadTools(TOOLS) });
      const router = createRouter(createRouteSteps({ roster }));
      const [asked = ""] = /(?<=`nova route ")[^"]+/.exec(page) ?? [];
      const golden = roster.get("packer")?.golden.map(({ input }) => input) ?? [];
      for (const words of [asked, ...golden]) {
        const ask = {
          words,
          person: { role: "owner" },
          origin: "owner",
          pinned: null,
          last: null,
          history: [],
        } as const;
        const { to } = await router.route(ask, AbortSignal.timeout(10_000));
        expect({ words, to }).toEqual({ words, to: { kind: "agent", agent: "packer" } });
      }
    } finally {
      await trial.close();
    }
  });
});
