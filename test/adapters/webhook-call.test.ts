/** Agents called as components: typed input in, typed output back, through the same checks as any message. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { agentId, systemClock, type Issued, type NewEndpoint } from "#core";
import { createPeople } from "../../src/postgres/people/people.ts";
import { says, scripted } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";
import { addEndpoint } from "./webhook-room.ts";

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

const endpoint = (name: string, more: Partial<NewEndpoint> = {}): Promise<Issued> => addEndpoint(nova, name, more);

type Given = { readonly by?: Issued | null; readonly key?: string; readonly query?: string; readonly type?: string };

async function call(
  agent: string,
  input: unknown,
  { by = own, key, query = "", type = "application/json" }: Given = {},
) {
  const response = await fetch(`${url}/api/agents/${agent}${query}`, {
    method: "POST",
    headers: {
      "content-type": type,
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
    state: "done",
    outcome: "answered",
    proposals: [],
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

test("words that no database keeps as they are, sent again with their key, are the same call", async () => {
  const odd = { ...PASSAGE, text: "Half a face \ud83d and \0 nothing." };
  const once = await call("summariser", odd, { key: "odd-1" });
  expect(once.status).toBe(200);
  const again = await call("summariser", odd, { key: "odd-1" });
  expect([again.status, again.body]).toEqual([once.status, once.body]);
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

  test("S20: an agent that is called hands over to nobody; S20 twin: asked in a conversation, with the same words, it does", async () => {
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
    await nova.ask("@concierge What do you know of the ferry?");
    line = undefined;
    expect(await nova.verb("trace", { turn: "last" })).toMatchObject({
      events: expect.arrayContaining([
        expect.objectContaining({ event: { kind: "handed_off", from: "concierge", to: "librarian", hops: 1 } }),
      ]),
    });
  });
});

test("whoever does not wait gets the id, and fetches the reply like any other", async () => {
  const { status, body, headers } = await call("summariser", PASSAGE, { query: "?wait=0" });
  expect(status).toBe(202);
  const where = headers.get("location") ?? "";
  expect(where).toBe(`/api/messages/${(body as { id: string }).id}`);
  const fetched = await fetch(`${url}${where}?wait=20`, { headers: { authorization: `Bearer ${own.token ?? ""}` } });
  expect(await fetched.json()).toMatchObject({
    state: "done",
    outcome: "answered",
    reply: { text: SUMMARY, agent: "summariser" },
  });
});

describe("what a call comes to is said as data:", () => {
  /** The same message, asked for later. */
  const later = async (body: unknown): Promise<unknown> => {
    const response = await fetch(`${url}/api/messages/${(body as { id: string }).id}`, {
      headers: { authorization: `Bearer ${own.token ?? ""}` },
    });
    expect(response.status).toBe(200);
    return response.json();
  };

  test("a question, with its options", async () => {
    line = JSON.stringify({ kind: "clarify", question: "Which ferry?", options: ["the one\nat nine", "the last one"] });
    const asked = await call("concierge", { words: "When does it leave?" });
    line = undefined;
    const said = { outcome: "asks", question: "Which ferry?", options: ["the one at nine", "the last one"] };
    expect(asked).toMatchObject({ status: 200, body: said });
    expect(await later(asked.body)).toMatchObject(said);
  });

  test("a failure, with its code and how to look at it", async () => {
    line = JSON.stringify({ kind: "fail", code: "not_found", reason: "There is no such ferry." });
    const failed = await call("concierge", { words: "When does the ferry to the moon leave?" });
    line = undefined;
    const error = {
      code: "not_found",
      message: "There is no such ferry.",
      advice: expect.stringContaining("nova trace t"),
    };
    expect(failed).toMatchObject({ status: 422, body: { outcome: "failed", error } });
    expect(await later(failed.body)).toMatchObject({ outcome: "failed", error });
  });

  test("a proposal that waits for a person, until it is decided; the same call says then how it ended", async () => {
    const people = createPeople(nova.database, { clock: systemClock, random: randomBytes });
    await nova.channel.introduce("ben", await people.add(nova.owner.tenant, "Ben", "member"));
    // Who has never written can be told nothing.
    await nova.channel.say("ben", "hello");
    await nova.nova.settled(AbortSignal.timeout(20_000));
    const tell = () => call("notifier", { words: "tell Ben that the ferry is late" }, { key: "ferry-late" });
    const first = await tell();
    expect(first.status).toBe(202);
    expect(first.headers.get("location")).toBe(`/api/messages/${(first.body as { id: string }).id}`);
    expect(first.body).toMatchObject({
      outcome: "waits",
      proposals: [{ title: expect.stringContaining("Ben"), state: "waits", waitsUntil: expect.any(String) }],
    });
    const [proposal] = (first.body as { proposals: { number: string; decide: string }[] }).proposals;
    expect(proposal?.decide).toBe(`nova approvals show ${proposal?.number}`);
    const again = await tell();
    expect([again.status, again.body]).toEqual([first.status, first.body]);
    expect(await later(first.body)).toMatchObject({ outcome: "waits", proposals: [proposal] });
    // Another call for the very same thing waits for the same decision.
    const other = await call("notifier", { words: "tell Ben that the ferry is late" }, { key: "ferry-late-2" });
    expect(other).toMatchObject({ status: 202, body: { outcome: "waits", proposals: [{ number: proposal?.number }] } });

    await nova.verb("approvals", { do: "deny", id: proposal?.number });
    const denied = { outcome: "not_done", proposals: [{ number: proposal?.number, state: "denied", decide: null }] };
    await vi.waitFor(async () => expect(await later(first.body)).toMatchObject(denied));
    for (const asked of [
      await tell(),
      await call("notifier", { words: "tell Ben that the ferry is late" }, { key: "ferry-late-2" }),
    ])
      expect(asked).toMatchObject({
        status: 422,
        body: { ...denied, error: { code: "denied", message: expect.stringContaining("A person said no") } },
      });
  });

  test("what needs no decision is done by the time that the call is answered", async () => {
    const reminded = await call("scheduler", { words: "remind me tomorrow at 9 to buy ferry tickets" });
    expect(reminded).toMatchObject({
      status: 200,
      body: {
        outcome: "done",
        proposals: [{ state: "done", decide: null, told: expect.stringContaining("ferry tickets") }],
        text: expect.stringContaining("ferry tickets"),
      },
    });
    expect(await later(reminded.body)).toMatchObject({ outcome: "done", proposals: [{ state: "done" }] });
  });
});

describe("refused before any agent runs:", () => {
  const REFUSED: readonly [string, () => ReturnType<typeof call>, number, RegExp][] = [
    ["no token", () => call("summariser", PASSAGE, { by: null }), 401, /token/],
    ["nobody of that name", () => call("ghost", PASSAGE), 404, /no agent.*It may call: .*summariser/],
    [
      "a form, as curl sends it by itself",
      () => call("summariser", PASSAGE, { type: "application/x-www-form-urlencoded" }),
      400,
      /content-type: application\/json/,
    ],
    [
      "a code for linking accounts",
      () => call("concierge", { words: "/link ABCD-EFGH" }),
      400,
      /from the account that you want to link/,
    ],
    [
      "a field too little",
      () => call("summariser", { text: "hello" }),
      400,
      /contract of summariser: `instruction` is missing/,
    ],
    [
      "a field too much",
      () => call("summariser", { ...PASSAGE, tenant: "other" }),
      400,
      /summariser: `tenant` is not known/,
    ],
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
    // What happened, and what to do about it.
    expect(refused.body).toEqual({
      error: {
        code: expect.any(String),
        message: expect.stringMatching(/^[A-Z`].*\.$/),
        advice: expect.stringMatching(/^[A-Z].*\.$/),
      },
    });
    expect(model.heard.length).toBe(before);
  });

  test("another agent than the one that the endpoint is for", async () => {
    const pinned = await endpoint("pinned", { agent: agentId("editor") });
    expect(await call("summariser", PASSAGE, { by: pinned })).toMatchObject({
      status: 403,
      body: { error: { advice: expect.stringContaining("/api/agents/editor") } },
    });
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
