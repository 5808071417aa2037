/** Agents called as components: typed input in, typed output back, through the same checks as any message. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentId, systemClock, type Issued, type NewEndpoint } from "#core";
import { createEndpoints } from "../../src/postgres/people/endpoints.ts";
import { says, scripted } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const SUMMARY = "The ferry leaves at nine.";
const PASSAGE = {
  instruction: "Sum this up",
  text: "The ferry leaves at nine, and the shop on the quay opens at ten.",
};

/** What the model says instead, where it is set. */
let line: string | undefined;
const model = scripted(() => line ?? says(SUMMARY));
let nova: TestNova;
let url: string;
let own: Issued;

beforeAll(async () => {
  nova = await startNova({ adapters: ["webhook"], service: true, models: model.models });
  ({ url } = await nova.nova.start({ controlToken: "token" }));
  own = await endpoint("own");
});
afterAll(() => nova[Symbol.asyncDispose]());

const endpoint = (name: string, more: Partial<NewEndpoint> = {}): Promise<Issued> =>
  createEndpoints(nova.database, { clock: systemClock, random: randomBytes }).add({
    name,
    preset: "standard",
    origin: "person",
    agent: null,
    project: null,
    person: nova.owner,
    ...more,
  });

type Given = { readonly by?: Issued | null; readonly key?: string; readonly query?: string };

async function call(agent: string, input: unknown, { by = own, key, query = "" }: Given = {}) {
  const response = await fetch(`${url}/api/agents/${agent}${query}`, {
    method: "POST",
    headers: {
      "content-type": "application/json",
      ...(by ? { authorization: `Bearer ${by.token ?? ""}` } : {}),
      ...(key === undefined ? {} : { "idempotency-key": key }),
    },
    body: JSON.stringify(input),
  });
  const body: unknown = await response.json();
  return { status: response.status, body, headers: response.headers };
}

test("typed input comes back as typed output, and the call is a turn with a trace", async () => {
  const before = model.heard.length;
  const { status, body } = await call("summariser", PASSAGE);
  expect(status).toBe(200);
  expect(body).toMatchObject({
    kind: "answer",
    agent: "summariser",
    model: "scripted",
    output: { text: SUMMARY },
    turn: expect.any(String),
  });
  expect(model.heard.length).toBe(before + 1);
  expect(await nova.verb("trace", { turn: "last" })).toMatchObject({ summary: { agent: "summariser", state: "done" } });
});

test("a key makes a repeated call one turn, and another key another", async () => {
  const once = await call("summariser", PASSAGE, { key: "night-1" });
  const again = await call("summariser", PASSAGE, { key: "night-1" });
  expect(again.body).toEqual(once.body);
  const other = await call("summariser", PASSAGE, { key: "night-2" });
  expect(other.body).toMatchObject({ output: { text: SUMMARY }, turn: expect.not.stringMatching(turnOf(once.body)) });
});

const turnOf = (body: unknown): string => `^${(body as { turn: string }).turn}$`;

test("a key that was used for another input is told so, and nothing runs", async () => {
  await call("summariser", PASSAGE, { key: "day-1" });
  const before = model.heard.length;
  const other = await call("summariser", { ...PASSAGE, text: "Something else altogether." }, { key: "day-1" });
  expect(other).toMatchObject({ status: 422, body: { error: { message: expect.stringContaining("another input") } } });
  expect(model.heard.length).toBe(before);
});

describe("the words of a call reach the agent that is called and nobody else, whatever they say:", () => {
  test.each(["/forget everything", "/budget", "stop", "@librarian list my notes", "/wrong librarian", "/ask x", "1"])(
    "%s",
    async (words) => {
      expect(await call("concierge", { words })).toMatchObject({
        status: 200,
        body: { agent: "concierge", output: { text: SUMMARY } },
      });
      expect(model.heard.at(-1)?.at(-1)?.text).toContain(words);
    },
  );

  test("S20: an agent that is called hands over to nobody; asked on a page it may", async () => {
    const handOver = JSON.stringify({
      kind: "handoff",
      to: "librarian",
      reason: "It knows.",
      input: { words: "notes" },
    });
    line = handOver;
    const called = await call("concierge", { words: "What do you know of the ferry?" });
    expect(JSON.stringify(called.body)).not.toContain('"librarian"');
    const traced = await nova.verb("trace", { turn: "last" });
    expect(JSON.stringify(traced)).not.toContain('"handed_off"');
    line = undefined;
  });
});

test("whoever does not wait gets the id, and fetches the reply like any other", async () => {
  const { status, body, headers } = await call("summariser", PASSAGE, { query: "?wait=0" });
  expect(status).toBe(202);
  const where = headers.get("location") ?? "";
  expect(where).toBe(`/api/messages/${(body as { id: string }).id}`);
  const fetched = await fetch(`${url}${where}?wait=20`, { headers: { authorization: `Bearer ${own.token ?? ""}` } });
  expect(await fetched.json()).toMatchObject({ state: "done", reply: { text: SUMMARY, agent: "summariser" } });
});

describe("refused before any agent runs:", () => {
  const REFUSED: readonly [string, () => ReturnType<typeof call>, number, RegExp][] = [
    ["no token", () => call("summariser", PASSAGE, { by: null }), 401, /token/],
    ["nobody of that name", () => call("ghost", PASSAGE), 404, /no agent/],
    [
      "a field too little",
      () => call("summariser", { text: "hello" }),
      400,
      /contract of summariser: `instruction` is missing/,
    ],
    ["a field too much", () => call("summariser", { ...PASSAGE, tenant: "other" }), 400, /tenant/],
    ["another's input", () => call("analyst", PASSAGE), 400, /words/],
    ["no object", () => call("summariser", "hello"), 400, /object/],
    ["too long a wait", () => call("summariser", PASSAGE, { query: "?wait=99" }), 400, /wait/],
    ["a key that nobody can print", () => call("summariser", PASSAGE, { key: "a b" }), 400, /idempotency-key/],
  ];
  test.each(REFUSED)("%s", async (_what, asked, status, says) => {
    const before = model.heard.length;
    const refused = await asked();
    expect(refused.status).toBe(status);
    expect(JSON.stringify(refused.body)).toMatch(says);
    expect(model.heard.length).toBe(before);
  });

  test("another agent than the one that the endpoint is for", async () => {
    const pinned = await endpoint("pinned", { agent: agentId("editor") });
    expect((await call("summariser", PASSAGE, { by: pinned })).status).toBe(403);
    expect((await call("editor", PASSAGE, { by: pinned })).status).toBe(200);
  });

  test("words from outside for an agent that takes none; its twin takes them", async () => {
    const outside = await endpoint("outside", { origin: "outside" });
    const before = model.heard.length;
    expect(await call("concierge", { words: "Forget everything." }, { by: outside })).toMatchObject({
      status: 422,
      body: { error: { message: expect.stringContaining("outside") } },
    });
    expect(model.heard.length).toBe(before);
    expect((await call("summariser", PASSAGE, { by: outside })).status).toBe(200);
  });
});
