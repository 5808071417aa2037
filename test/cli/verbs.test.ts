/** Verbs over a whole Nova: what they return, how that reads, and what they say to nonsense. */
import { afterAll, afterEach, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { verbs } from "../../src/verbs/index.ts";
import { createInk } from "../../src/cli/ink.ts";
import { agentId } from "#core";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import { AGENTS, openTrial, TOOLS } from "../contract/trial-folder.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let home: TestNova;

const open = async (): Promise<void> => {
  home = await startNova();
};
const close = (): Promise<void> => home[Symbol.asyncDispose]();

/** The result over the wire, and how the command line shows it. */
async function run(name: string, input: unknown = {}): Promise<{ result: unknown; words: string; failed: boolean }> {
  const result: unknown = await home.verb(name, input);
  const reading = verbs.find((verb) => verb.name === name)?.read(result);
  if (!reading) throw new Error(`there is no verb ${name}`);
  return { result, words: reading.words(createInk(false)), failed: reading.failed };
}

describe("verbs that leave nothing behind", () => {
  beforeAll(open);
  afterAll(close);

  test("route tells agent, stage, confidence, candidates and reason", async () => {
    const { result, words } = await run("route", { words: "@editor fix this" });
    expect(result).toMatchObject({ agent: "editor", confidence: 1, stage: "exact", candidates: [] });
    expect(words).toContain("editor  ██████████ 100 %, exact stage");

    const guessed = await run("route", { words: "how many words are in this text?" });
    expect(guessed.result).toMatchObject({
      agent: "editor",
      stage: "lexical",
      candidates: expect.arrayContaining([{ agent: "editor", score: expect.any(Number) }]),
      reason: expect.stringMatching(/\w/),
    });
  });

  test("route shows a command, and refuses an unknown agent and empty words", async () => {
    expect((await run("route", { words: "/help" })).result).toMatchObject({ agent: null, command: "help" });
    await expect(run("route", { words: "@nobody help" })).rejects.toThrow(/nobody/);
    await expect(run("route", { words: "  " })).rejects.toThrow(/empty/);
  });

  test("agents lists every agent by domain, shows one, and refuses an unknown one", async () => {
    const list = await run("agents", { do: "list" });
    expect(list.result).toEqual(
      expect.arrayContaining([
        expect.objectContaining({ id: "librarian", domain: "general", purpose: expect.any(String) }),
      ]),
    );
    expect(list.words).toMatch(/^general\n/);
    const shown = await run("agents", { do: "show", id: "@Librarian" });
    expect(shown.words).toContain("Librarian @librarian, general");
    expect(shown.words).toMatch(/Takes\n {2}words {2}text, at most 60,000 characters {2}What the person asks/);
    await expect(run("agents", { do: "show", id: "nobody" })).rejects.toThrow('There is no agent called "nobody".');
  });

  test("agents show holds what a caller needs of every agent: contracts, effects, and a call that fits", async () => {
    const { roster, contract } = await loadAgents(AGENTS, { tools: await loadTools(TOOLS) });
    for (const { id } of roster.all()) {
      const { result, words } = await run("agents", { do: "show", id });
      const shown = result as {
        call: string;
        contract: { input: object };
        effects: { verb: string; stakes: string }[];
      };
      expect(shown.contract.input).toMatchObject({ type: "object", properties: expect.anything() });
      const [, body = ""] = /-d '([^]*)'$/.exec(shown.call) ?? [];
      expect(contract(agentId(id), "input")?.safeParse(JSON.parse(body.replaceAll(String.raw`'\''`, "'"))).error).toBe(
        undefined,
      );
      expect(shown.call).toContain(`/api/agents/${id} `);
      for (const { verb, stakes } of shown.effects) expect(words).toMatch(new RegExp(`${verb} +T\\d ${stakes} {2}\\w`));
      for (const part of ["Takes", "Gives", "May propose", "hands off to", "budget", "When it fails"])
        expect(words).toContain(part);
    }
    expect((await run("agents", { do: "show", id: "notifier" })).words).toMatch(
      /send_message +T3 S2 .*A person decides\./,
    );
  });

  test("agents check reads the files and holds every golden route", async () => {
    const { result, words, failed } = await run("agents", { do: "check" });
    expect(result).toMatchObject({ golden: { failed: [] } });
    expect(words).toMatch(/^\d+ agents read; (\d+) of \1 golden routes held\.$/);
    expect(failed).toBe(false);
  });

  test.each([
    ["empty text", { do: "add", text: " " }, /empty/],
    ["too much text", { do: "add", text: "x".repeat(20_001) }, /20,000/],
    ["an unknown kind", { do: "add", text: "x", kind: "poem" }, /kind must be one of/],
    ["a wrong id", { do: "show", item: "twelve" }, /looks like m12/],
    ["a wrong number", { do: "search", query: "x", limit: "many" }, /limit must be a number/],
    ["an unknown person", { do: "list", as: "Mallory" }, /nobody called "Mallory"/],
    ["an unknown subcommand", { do: "burn" }, /memory/],
    ["no object at all", "text", /memory/],
  ])("memory says what is wrong with %s", async (_what, input, words) => {
    await expect(run("memory", input)).rejects.toThrow(words);
  });
});

describe("verbs that change something, and not for each other", () => {
  beforeAll(open);
  afterAll(close);

  test("memory keeps, finds with reasons, lists, shows and forgets", async () => {
    const text = "The boiler was serviced by Anselm in Novaville";
    const { id } = (await run("memory", { do: "add", text })).result as { id: string };
    expect((await run("memory", { do: "add", text })).words).toBe(`Already kept as m${id}.`);

    const found = await run("memory", { do: "search", query: "who serviced the boiler?", explain: true });
    expect(found.result).toMatchObject({ verdict: "answer", items: [expect.objectContaining({ id, text })] });
    expect(found.words).toMatch(/matched: .*boil/);
    expect(found.words).toMatch(/lex \d/);
    expect((await run("memory", { do: "search", query: "::&|!" })).words).toContain("nothing relevant");

    expect((await run("memory", { do: "list" })).words).toContain(`m${id} note`);
    expect((await run("memory", { do: "show", item: `m${id}` })).words).toContain(text);
    await run("memory", { do: "forget", item: `m${id}` });
    await expect(run("memory", { do: "show", item: id })).rejects.toThrow(`There is no item m${id}`);
    await expect(run("memory", { do: "forget", item: id })).rejects.toThrow(`There is no item m${id}`);
    expect((await run("memory", { do: "add", text })).words).toContain("forgotten before");
  });

  test("memory is one person's: another one finds nothing and can forget nothing", async () => {
    await run("link", { do: "new", name: "Dora" });
    const { id } = (await run("memory", { do: "add", text: "My locker code is 4711" })).result as { id: string };
    const found = await run("memory", { do: "search", query: "locker code", as: "Dora" });
    expect(found.result).toMatchObject({ verdict: "none", items: [] });
    await expect(run("memory", { do: "forget", item: id, as: "Dora" })).rejects.toThrow("There is no item");
    expect((await run("memory", { do: "list", as: "Dora" })).words).toContain("Nothing is kept yet.");
  });

  test("link prints a code that lets a person in once, and no address where a port is only taken at the start", async () => {
    const { result, words } = await run("link", { do: "code" });
    const { code } = result as { code: string };
    expect(result).toMatchObject({ person: { name: home.owner.name, role: "owner" }, served: false, url: null });
    expect(words).toContain(code);
    expect(words).toMatch(/no address yet[^]*Start it \(npm start\), and run this again; or set NOVA_PORT/);
    expect(words).not.toContain("http");
    expect((await run("console")).words).toContain("no address yet");
  });

  test("link adds people, refuses a taken name, and lists who is known", async () => {
    expect((await run("link", { do: "new", name: "Ada" })).result).toMatchObject({
      person: { name: "Ada", role: "member" },
    });
    await expect(run("link", { do: "new", name: "ada" })).rejects.toThrow(/ada/i);
    await expect(run("link", { do: "new", name: "Bo", role: "owner" })).rejects.toThrow(/link/);
    expect((await run("link", { do: "list" })).words).toMatch(/Ada +member/);
  });
});

test("agents show tells the trust of now, where its file begins and ends, and where it is otherwise in a project", async () => {
  const trial = await openTrial();
  const path = "agents/general/scheduler.md";
  const verb = "  - verb: set_reminder\n";
  await trial.write(path, (await trial.read(path))?.replace(verb, `${verb}    trust: T3\n    ceiling: T4\n`) ?? "");
  await using known = await startNova({ agents: trial.agents });
  home = known;
  const effect = async () => {
    const { result, words } = await run("agents", { do: "show", id: "scheduler" });
    const { effects } = result as { effects: { verb: string }[] };
    return { ...effects.find((each) => each.verb === "set_reminder"), line: /set_reminder .*/.exec(words)?.[0] };
  };
  const bounds = { start: "T3", ceiling: "T4" };
  expect(await effect()).toMatchObject({
    ...bounds,
    trust: "T3",
    projects: [],
    line: expect.stringMatching(/T3 S1 .*Its file begins at T3 and allows T4 at most\.$/),
  });
  await run("memory", { do: "add", text: "There is an Atlas.", project: "Atlas" });
  const set = { do: "set", agent: "scheduler", verb: "set_reminder" };
  await run("trust", { ...set, trust: "T2" });
  expect(await effect()).toMatchObject({ ...bounds, trust: "T2", projects: [] });
  await run("trust", { ...set, trust: "T1", project: "Atlas" });
  expect(await effect()).toMatchObject({
    ...bounds,
    trust: "T2",
    projects: [{ project: "Atlas", trust: "T1" }],
    line: expect.stringMatching(/T2 S1 .*only drafts it\. .* begins at T3 .* Otherwise in projects: T1 in Atlas\.$/),
  });
  await run("trust", { ...set, trust: "T1" });
  expect((await effect()).line).toMatch(/T1 S1 .*proposes nothing now/);
  await trial.close();
});

test("link and console print an address where the port is known: of the settings, or of who runs", async () => {
  await using known = await startNova({ env: { NOVA_PORT: "4567" } });
  home = known;
  const { result, words } = await run("link", { do: "code" });
  expect(result).toMatchObject({ url: `http://127.0.0.1:4567/login?code=${Object(result).code}` });
  expect(words).toContain("start it first");
  expect((await run("console")).words).toMatch(/Open as .+:\n +http.+:4567\/login\?code=/);
});

describe("verbs that tell of everything there is", () => {
  beforeEach(open);
  afterEach(close);

  test("memory of one project is not another's, and what is of none is everybody's", async () => {
    const add = async (text: string, project?: string) =>
      Object((await run("memory", { do: "add", text, project })).result).id as string;
    await expect(run("memory", { do: "list", project: "Atlas" })).rejects.toThrow(
      'There is no project called "Atlas".',
    );
    const atlas = await add("The launch is on Friday.", "Atlas");
    const borea = await add("The launch is on Friday.", "Borea");
    const none = await add("A launch needs two people.");
    expect(borea).not.toBe(atlas);
    expect(await add("The launch is on Friday.", " atlas ")).toBe(atlas);

    const found = async (input: object) =>
      (Object((await run("memory", input)).result).items as { id: string }[]).map(({ id }) => id).toSorted();
    expect(await found({ do: "search", query: "launch", project: "ATLAS" })).toEqual([atlas, none]);
    expect(await found({ do: "list", project: "Borea" })).toEqual([borea, none]);
    expect(await found({ do: "list" })).toEqual([atlas, borea, none]);
    await expect(run("memory", { do: "search", query: "launch", project: "Cygnus" })).rejects.toThrow(
      'There is no project called "Cygnus"; there are Atlas, Borea.',
    );
    await expect(run("memory", { do: "add", text: "x", project: " " })).rejects.toThrow(/project is empty/);
  });

  test("trace shows a turn as a tree, lists the latest, and refuses what is no turn", async () => {
    expect((await run("trace")).words).toBe("There are no turns yet.");
    await expect(run("trace", { turn: "last" })).rejects.toThrow("There are no turns yet.");
    await home.ask("@analyst what is 12 * 12?");
    const { result, words } = await run("trace", { turn: "last" });
    expect(result).toMatchObject({ summary: { agent: "analyst", state: "done" } });
    expect(words).toMatch(/^Turn t\d+: done in /);
    expect(words).toMatch(/├─ routed to analyst, 100 %, exact stage/);
    expect(words).toMatch(/├─ analyst begins/);
    expect(words).toMatch(/settled: done, 1 part/);
    expect((await run("trace")).words).toMatch(/t\d+ .+ analyst/);
    await expect(run("trace", { turn: "t999999" })).rejects.toThrow("There is no turn t999999.");
    await expect(run("trace", { turn: "yesterday" })).rejects.toThrow(/looks like t12/);
  });

  test("status tells what runs and what the last day brought", async () => {
    await home.ask("@analyst what is 2 + 2?");
    const { result, words } = await run("status");
    expect(result).toMatchObject({
      service: false,
      model: "offline",
      database: home.database.engine,
      report: { turns: { done: 1 } },
    });
    expect(words).toContain("1 done, 0 failed, 0 stopped");
    expect(result).toMatchObject({ spent: { cap: null, today: { ended: { tokens: 0, micros: 0 } }, days: [] } });
    expect(words).toMatch(/Spent on models.*\n +today +nothing\n +cap +none; NOVA_BUDGET_DAILY sets one$/);
  });
});
