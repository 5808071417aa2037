/** The grammar of the command line: every verb has help with examples, and arguments become the verb's input. */
import { CommanderError, type Command } from "commander";
import { expect, test } from "vitest";
import { createProgram, type Actions } from "../../src/cli/program.ts";
import { verbs } from "../../src/verbs/index.ts";

type Called = { verb: string; input: unknown; json: unknown };

type SetUp = {
  readonly parse: (line: readonly string[]) => Promise<void>;
  readonly called: Called[];
  readonly out: () => string;
  readonly err: () => string;
};

function setUp(): SetUp {
  const called: Called[] = [];
  let out = "";
  let err = "";
  const actions: Actions = {
    start: async () => {},
    chat: async () => {},
    ask: async () => {},
    backup: async (file, options) => void called.push({ verb: "backup", input: { file, ...options }, json: undefined }),
    restore: async (file, options) =>
      void called.push({ verb: "restore", input: { file, ...options }, json: undefined }),
    doctor: async (options) => void called.push({ verb: "doctor", input: options, json: undefined }),
    init: async (platform, options) =>
      void called.push({ verb: "init", input: { platform, ...options }, json: undefined }),
    migrate: async (options) => void called.push({ verb: "migrate", input: options, json: undefined }),
    evalRecall: async ({ json, ...input }) => void called.push({ verb: "eval recall", input, json }),
    evalAbstain: async ({ json, ...input }) => void called.push({ verb: "eval abstain", input, json }),
    evalRouting: async ({ json, ...input }) => void called.push({ verb: "eval routing", input, json }),
    evalAll: async ({ json, ...input }) => void called.push({ verb: "eval all", input, json }),
    async verb(usage, form, args, { json, ...options }) {
      called.push({ verb: usage.name, input: form.input(args, options), json });
    },
  };
  const program = createProgram({ version: "1.2.3", verbs, actions, settings: [["NOVA_PORT", "The port."]] });
  const quiet = (command: Command): void => {
    command.configureOutput({ writeOut: (text) => void (out += text), writeErr: (text) => void (err += text) });
    command.commands.forEach((each) => quiet(each as Command));
  };
  quiet(program);
  return {
    called,
    out: () => out,
    err: () => err,
    async parse(line) {
      try {
        await program.parseAsync(line, { from: "user" });
      } catch (error) {
        if (!(error instanceof CommanderError)) throw error;
      }
    },
  };
}

const forms = verbs.flatMap((verb) => verb.forms.map(({ path }) => path));

const alone = ["start", "chat", "ask", "backup", "restore", "migrate", "init", "doctor", "eval"];
const measures = ["recall", "abstain", "routing", "all"].map((name) => `eval ${name}`);

test.each([...alone, ...measures, ...forms])("`nova %s --help` says what it does, with examples", async (path) => {
  const { parse, out, called } = setUp();
  await parse([...path.split(" "), "--help"]);
  expect(out()).toContain(`Usage: nova ${path}`);
  expect(out()).toMatch(/Examples?:\n {2}\$ /);
  expect(called).toEqual([]);
});

test("help lists the verbs that exist, and start's help the environment", async () => {
  const { parse, out } = setUp();
  await parse(["--help"]);
  for (const name of [...alone, ...verbs.map((verb) => verb.name)])
    expect(out()).toMatch(new RegExp(`^ {2}${name} `, "m"));
  await parse(["start", "--help"]);
  expect(out()).toContain("NOVA_PORT");
});

test.each([
  [["route", "what", "is this", "--as", "Ada"], { verb: "route", input: { words: "what is this", as: "Ada" } }],
  [["agents"], { verb: "agents", input: { do: "list" } }],
  [["agents", "show", "editor", "--json"], { verb: "agents", input: { do: "show", id: "editor" }, json: true }],
  [["memory"], { verb: "memory", input: { do: "list" } }],
  [["memory", "--limit", "5"], { verb: "memory", input: { do: "list", limit: "5" } }],
  [
    ["memory", "search", "a", "b", "--explain"],
    { verb: "memory", input: { do: "search", query: "a b", explain: true } },
  ],
  [["people"], { verb: "people", input: { do: "list" } }],
  [["people", "pair"], { verb: "people", input: { do: "pair" } }],
  [
    ["people", "pair", "K7QX2M", "--as", "Ada", "--role", "guest"],
    { verb: "people", input: { do: "pair", code: "K7QX2M", as: "Ada", role: "guest" } },
  ],
  [["people", "reject", "K7QX2M"], { verb: "people", input: { do: "reject", code: "K7QX2M" } }],
  [["people", "role", "Ada", "guest"], { verb: "people", input: { do: "role", name: "Ada", role: "guest" } }],
  [["people", "block", "Ada"], { verb: "people", input: { do: "block", whom: "Ada" } }],
  [["people", "unblock", "discord:1"], { verb: "people", input: { do: "unblock", whom: "discord:1" } }],
  [["people", "unlink", "slack:T1/U1"], { verb: "people", input: { do: "unlink", account: "slack:T1/U1" } }],
  [["link"], { verb: "link", input: { do: "code" } }],
  [["link", "--new", "Ada", "--role", "guest"], { verb: "link", input: { do: "new", name: "Ada", role: "guest" } }],
  [["link", "--list"], { verb: "link", input: { do: "list" } }],
  [["backup"], { verb: "backup", input: {} }],
  [["backup", "-"], { verb: "backup", input: { file: "-" } }],
  [["backup", "--check", "a.backup"], { verb: "backup", input: { file: "a.backup", check: true } }],
  [["restore", "a.backup", "--replace"], { verb: "restore", input: { file: "a.backup", replace: true } }],
  [["init"], { verb: "init", input: {} }],
  [["init", "slack", "--manifest"], { verb: "init", input: { platform: "slack", manifest: true } }],
  [["init", "discord", "--json"], { verb: "init", input: { platform: "discord", json: true } }],
  [["migrate", "--to", "-", "--json"], { verb: "migrate", input: { to: "-", json: true } }],
  [["eval", "recall"], { verb: "eval recall", input: {} }],
  [
    ["eval", "recall", "--data", "a.json", "--out", "r.json", "--question", "typo"],
    { verb: "eval recall", input: { data: "a.json", out: "r.json", question: "typo" } },
  ],
  [
    ["eval", "abstain", "--data", "a.json", "--neg", "b.json", "--json"],
    { verb: "eval abstain", input: { data: "a.json", neg: "b.json" }, json: true },
  ],
  [
    [
      "eval",
      "routing",
      "--data",
      "a.json",
      "--fewshot",
      "f.json",
      "--shots",
      "5",
      "--part",
      "val",
      "--labels",
      "domain",
    ],
    { verb: "eval routing", input: { fewshot: "f.json", shots: "5", part: "val", labels: "domain" } },
  ],
  [["eval", "all", "--failures"], { verb: "eval all", input: { failures: true } }],
  [["trace"], { verb: "trace", input: {} }],
  [["trace", "t7"], { verb: "trace", input: { turn: "t7" } }],
])("%j is understood", async (line, expected) => {
  const { parse, called } = setUp();
  await parse(line);
  expect(called).toEqual([expect.objectContaining({ verb: expected.verb })]);
  expect(called[0]).toMatchObject(expected);
});

test("a subcommand that does not exist is refused, not taken for the default one", async () => {
  const { parse, called, err } = setUp();
  await parse(["agents", "librarian"]);
  expect(called).toEqual([]);
  expect(err()).toContain('`nova agents` has no "librarian". It has: list, show, check, reload.');
});
