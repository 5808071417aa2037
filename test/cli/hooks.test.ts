/** `nova hooks` over a whole Nova without a port: what it opens, prints, refuses and closes. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentId, HOME, type Log } from "#core";
import { createInk } from "../../src/cli/ink.ts";
import { createEndpoints } from "../../src/postgres/people/endpoints.ts";
import { hooks } from "../../src/verbs/hooks.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let home: TestNova;
/** Every line that was logged, as one text. */
let logged: string;
const log: Log = {
  debug: (event, fields) => void (logged += `${event} ${JSON.stringify(fields)}\n`),
  info: (event, fields) => void (logged += `${event} ${JSON.stringify(fields)}\n`),
  warn: (event, fields) => void (logged += `${event} ${JSON.stringify(fields)}\n`),
  error: (event, error, fields) => void (logged += `${event} ${String(error)} ${JSON.stringify(fields)}\n`),
};

const open = async (): Promise<void> => {
  logged = "";
  home = await startNova({ log });
};
const close = (): Promise<void> => home[Symbol.asyncDispose]();

async function run(input: unknown): Promise<{ result: Record<string, string>; words: string; failed: boolean }> {
  const result = (await home.verb("hooks", input)) as Record<string, string>;
  const reading = hooks.read(result);
  return { result, words: reading.words(createInk(false)), failed: reading.failed };
}

const add = (name: string, more: object = {}) => run({ do: "add", name, ...more });
const store = () =>
  createEndpoints(home.database, { clock: { now: () => new Date() }, random: (size) => randomBytes(size) });

describe("hooks add", () => {
  beforeAll(open);
  afterAll(close);

  test("opens an address and prints secret, token and how to send and fetch, once", async () => {
    const { result, words } = await add("alerts");
    expect(result).toMatchObject({
      name: "alerts",
      url: expect.stringMatching(/^http:\/\/.+\/hooks\/alerts$/),
      preset: "standard",
      secret: expect.stringMatching(/^whsec_[A-Za-z0-9+/]{43}=$/),
      token: expect.stringMatching(/^\S{32,}$/),
      person: home.owner.name,
      project: null,
      origin: "outside",
    });
    for (const part of [
      result.url,
      result.secret,
      result.token,
      "webhook-signature: v1,",
      "/api/messages/12?wait=20",
      "nova hooks posts alerts",
    ])
      expect(words).toContain(part);

    const keys = await store().keys("alerts", new Date());
    expect(keys?.secrets).toEqual([result.secret]);
    expect((await store().byToken(String(result["token"])))?.name).toBe("alerts");

    const later = [await run({ do: "list" }), await run({ do: "show", name: "alerts" })];
    const shown = JSON.stringify(later);
    expect(shown).toContain("alerts");
    expect(shown).not.toContain(result.secret);
    expect(shown).not.toContain(result.token);
    expect(logged).not.toContain(result.secret);
    expect(logged).not.toContain(result.token);
  });

  test("strangers' words go to an agent that is made for them, a person's own wherever they lead", async () => {
    const outside = await add("mail");
    const agents = (await home.verb("agents", { do: "list" })) as { id: string }[];
    const expected = agents.some(({ id }) => id === "inbox-triage") ? "inbox-triage" : "summariser";
    expect(outside.result).toMatchObject({ origin: "outside", agent: expected });
    expect((await add("phone", { origin: "person" })).result).toMatchObject({ origin: "person", agent: null });
    expect((await add("brief", { origin: "person", agent: "@Librarian" })).result).toMatchObject({
      agent: "librarian",
    });
  });

  test("--github names the fields of the form", async () => {
    const { result, words } = await add("repo", { preset: "github" });
    expect(words).toMatch(new RegExp(`Payload URL +${result.url}`));
    expect(words).toMatch(/Content type +application\/json/);
    expect(words).toContain(result.secret);
    expect(result.secret).not.toMatch(/^whsec_/);
  });

  test("belongs to the person it is for, and says when its project is new", async () => {
    await home.verb("link", { do: "new", name: "Ada", role: "guest" });
    const { result, words } = await add("hers", { as: "ada", project: "Bridge" });
    expect(result).toMatchObject({ person: "Ada", project: "Bridge" });
    expect(words).toContain("The project Bridge is new.");
    const again = await add("second", { project: "bridge" });
    expect(again.result).toMatchObject({ project: "Bridge" });
    expect(again.words).not.toContain("is new");
  });

  test("takes a secret of the sender's choosing", async () => {
    const chosen = `whsec_${Buffer.alloc(24, 7).toString("base64")}`;
    expect((await add("own", { secret: `${chosen}\n` })).result).toMatchObject({ secret: chosen });
    const github = await add("own-repo", { preset: "github", secret: "sixteen letters!" });
    expect(github.result).toMatchObject({ secret: "sixteen letters!" });
  });

  test("refuses an empty secret", async () => {
    await expect(add("empty", { secret: "\n" })).rejects.toThrow(/Standard Webhooks/);
  });

  test("refuses a name that is taken", async () => {
    await add("taken");
    await expect(add("taken")).rejects.toThrow("There is already an endpoint called taken.");
  });
});

describe("what leaves nothing behind", () => {
  beforeAll(open);
  afterAll(close);

  test("none: the list says how to add one", async () => {
    expect((await run({ do: "list" })).words).toContain("`nova hooks add <name>`");
  });

  test.each([
    ["short for GitHub", { preset: "github", secret: "fifteen letters" }, /15 characters/],
    ["no key of Standard Webhooks", { secret: "sixteen letters!" }, /Standard Webhooks/],
    ["too short a key", { secret: `whsec_${Buffer.alloc(23, 7).toString("base64")}` }, /Standard Webhooks/],
    ["too long a key", { secret: `whsec_${Buffer.alloc(65, 7).toString("base64")}` }, /Standard Webhooks/],
  ])("refuses a secret that is %s, and does not repeat it", async (_what, given, words) => {
    const refused = await add("own", given).catch(String);
    expect(refused).toMatch(words);
    expect(refused).not.toContain(given.secret);
    expect((await run({ do: "list" })).result).toEqual([]);
  });

  test.each(["", "Alerts", "-alerts", "a b", "a/b", "ä", "x".repeat(64), "../x"])(
    "refuses the name %j",
    async (name) => {
      await expect(add(name)).rejects.toThrow(/name/);
    },
  );

  test("refuses agents that are unknown, are not for this person, or may not work on strangers' words", async () => {
    await expect(add("x", { agent: "sumariser" })).rejects.toThrow('There is no agent called "sumariser".');
    await expect(add("x", { agent: "librarian" })).rejects.toThrow(/Librarian may not work on words from outside/);
    await home.verb("link", { do: "new", name: "Ada", role: "guest" });
    await expect(add("x", { agent: "ops-watch", as: "Ada", origin: "person" })).rejects.toThrow(/not for Ada/);
    await expect(add("x", { as: "Mallory" })).rejects.toThrow(/nobody called "Mallory"/);
    await expect(add("x", { origin: "inside" })).rejects.toThrow(/person or outside/);
    expect((await run({ do: "list" })).result).toEqual([]);
  });

  test.each(["show", "posts", "rotate", "remove", "test"])("%s says when there is none of that name", async (verb) => {
    await expect(run({ do: verb, name: "alerts" })).rejects.toThrow("There is no endpoint called alerts.");
  });

  test("a name that cannot be one is refused in one sentence, with the help of that very form", async () => {
    await expect(add("Bad_Name!")).rejects.toThrow(
      "`hooks add` cannot work with that: the name becomes a part of the address, so it may hold",
    );
  });

  test.each(["0", "501", "1.5", "many"])("posts refuses a limit of %s", async (limit) => {
    await expect(run({ do: "posts", name: "alerts", limit })).rejects.toThrow(/: the limit/);
  });

  test.each([["-1"], ["soon"], ["721"]])("rotate refuses a grace of %s", async (grace) => {
    await expect(run({ do: "rotate", name: "alerts", grace })).rejects.toThrow(/grace/);
  });
});

describe("an endpoint that is there", () => {
  beforeAll(open);
  afterAll(close);

  test("list and show tell whose it is, who answers, and when a post last came", async () => {
    await add("alerts", { project: "Bridge" });
    expect((await run({ do: "list" })).words).toMatch(/alerts +standard +\S+ +\S+ +Bridge +outside +\S+ \S+ +never/);
    await store().touched("alerts", new Date("2026-11-20T10:00:00Z"));
    const { result, words } = await run({ do: "show", name: "alerts" });
    expect(result).toMatchObject({ name: "alerts", goodSecrets: 1, lastPostAt: "2026-11-20T10:00:00.000Z" });
    expect(words).toContain("2026-11-20 10:00 UTC");
    expect(words).toContain("never commands");
  });

  test("rotate prints a fresh secret and keeps the old one for the grace; with none it ends at once", async () => {
    const { result: first } = await add("turned");
    const { result: second } = await run({ do: "rotate", name: "turned" });
    const inHours = (hours: number) => new Date(Date.now() + hours * 3_600_000);
    expect((await store().keys("turned", inHours(23)))?.secrets).toEqual([second.secret, first.secret]);
    expect((await store().keys("turned", inHours(25)))?.secrets).toEqual([second.secret]);

    const { result: third, words } = await run({ do: "rotate", name: "turned", grace: "0" });
    expect((await store().keys("turned", new Date()))?.secrets).toEqual([third.secret]);
    expect(words).toContain("good no more");
    expect((await store().byToken(String(first["token"])))?.name).toBe("turned");
  });

  test("remove closes it and keeps what came in", async () => {
    const { result } = await add("closed");
    const { words } = await run({ do: "remove", name: "closed" });
    expect(words).toContain("What came in by it stays");
    expect(await store().byToken(String(result["token"]))).toBeUndefined();
    expect(JSON.stringify((await run({ do: "list" })).result)).not.toContain("closed");
  });

  test("a trial says that nothing listens, and how to start it", async () => {
    await add("tried");
    const { result, words, failed } = await run({ do: "test", name: "tried" });
    expect(failed).toBe(true);
    expect(result).toMatchObject({ message: null, reply: null, steps: [{ what: "service", ok: false }] });
    expect(words).toContain("nothing is listening");
    expect(words).toContain("npm start");
  });

  test("an endpoint whose agent is gone is still listed", async () => {
    await store().add({
      name: "old",
      preset: "standard",
      person: home.owner,
      origin: "outside",
      agent: agentId("gone"),
      project: null,
    });
    expect((await run({ do: "list" })).words).toMatch(/old +standard +\S+ +gone/);
    expect((await store().all(HOME)).map(({ name }) => name)).toContain("old");
  });
});

describe("hooks posts", () => {
  const post = {
    message: "12",
    at: "2026-11-20T10:00:30.000Z",
    origin: "outside",
    text: "**disk.full**\n\n- **host**: cellar\n- **free**: 0\n- **a**: 1\n- **b**: 2",
    state: "done",
    turn: "7",
    reply: { agent: "inbox-triage", kind: "answer", at: "2026-11-20T10:00:31.000Z", text: "x".repeat(500) },
    delivery: "sent",
  };
  const drawn = (posts: readonly object[]) =>
    hooks.read({ name: "alerts", person: "Ada", posts }).words(createInk(false)).split("\n");

  test("draws the first lines of a post and of its reply", () => {
    const lines = drawn([post]);
    expect(lines.slice(2, 8)).toEqual([
      "2026-11-20 10:00 UTC  message 12  answered  t7",
      "  **disk.full**",
      "  - **host**: cellar",
      "  - **free**: 0",
      "  - **a**: 1",
      "  …",
    ]);
    expect(lines[8]).toBe("  inbox-triage:");
    expect(lines[9]).toMatch(/^ {4}x{100,160}…$/);
    expect(lines).toHaveLength(10);
  });

  test("a post that waits has no reply yet", () => {
    expect(drawn([{ ...post, text: "hello", state: "waiting", turn: null, reply: null, delivery: null }])).toEqual([
      "alerts 1 post to Ada, newest last; the whole texts: --json",
      "",
      "2026-11-20 10:00 UTC  message 12  waits",
      "  hello",
    ]);
  });

  test("none: says how to send one", () => {
    expect(drawn([]).join("\n")).toContain("`nova hooks test alerts`");
  });
});
