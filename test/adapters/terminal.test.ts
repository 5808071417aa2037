/** The terminal's control routes, from the request to the last line, on a whole Nova. */
import { randomUUID } from "node:crypto";
import { afterAll, afterEach, beforeAll, describe, expect, test, vi } from "vitest";
import {
  agentId,
  conversationId,
  createProgressBus,
  HOME,
  messageId,
  partId,
  personId,
  turnId,
  type Message,
  type OutPart,
  type Person,
  type Transcript,
} from "#core";
import { createDesk } from "../../adapters/terminal/desk.ts";
import { follow } from "../../adapters/terminal/follow.ts";
import { readConfig } from "../../src/settings/config.ts";
import type { ChatModels } from "../../src/langchain/models/chat-models.ts";
import { buildNova } from "../../src/main.ts";
import type { Nova } from "../../src/nova.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { says, scripted } from "../support/model.ts";

type Line = { event?: Record<string, unknown>; result?: Record<string, unknown>; error?: Record<string, unknown> };

let database: Database;
let nova: Nova;

async function open(models?: ChatModels): Promise<void> {
  database = await testDatabase();
  const config = readConfig({ NOVA_HOME: "/nonexistent", NOVA_ADAPTERS: "terminal", NOVA_OWNER_NAME: "Ines" });
  nova = await buildNova(config, { service: false, log: silentLog, database, ...(models && { models }) });
}

const post = (path: string, body: unknown): Promise<Response> =>
  nova.control.fetch(
    new Request(`http://nova${path}`, {
      method: "POST",
      body: typeof body === "string" ? body : JSON.stringify(body),
    }),
  );

async function say(body: Record<string, unknown>): Promise<{ status: number; lines: Line[]; last: Line }> {
  const response = await post("/terminal/messages", { id: randomUUID(), ...body });
  const lines = (await response.text())
    .split("\n")
    .filter(Boolean)
    .map((line): Line => JSON.parse(line));
  return { status: response.status, lines, last: lines.at(-1) ?? {} };
}

async function history(query = ""): Promise<{ from: string | null; text: string; body: string }[]> {
  const response = await nova.control.fetch(new Request(`http://nova/terminal/history${query}`));
  return ((await response.json()) as { messages: { from: string | null; text: string; body: string }[] }).messages;
}

describe("strange input", () => {
  beforeAll(() => open());
  afterAll(() => nova.stop());

  test.each([
    ["an empty message", { text: "  \n " }, 400, "bad_input"],
    ["a body without text", {}, 400, "bad_input"],
    ["a link code, which would give this account away", { text: "/link ABCD-EFGH" }, 400, "bad_input"],
    ["a link code behind a NUL", { text: "\0/link ABCD-EFGH" }, 400, "bad_input"],
    ["a message beyond the limit", { text: "x".repeat(100_001) }, 413, "too_large"],
    ["a megabyte", { text: "x".repeat(1_000_000) }, 413, "too_large"],
  ])("%s is refused with words and stores nothing", async (_what, body, status, code) => {
    const refused = await say(body);
    expect(refused).toMatchObject({ status, last: { error: { code, message: expect.stringMatching(/\w{3,}/) } } });
    expect(await history()).toHaveLength(0);
  });

  test("a body that is not UTF-8 is refused with words and stores nothing", async () => {
    const body = Buffer.from(JSON.stringify({ id: randomUUID(), text: "the caf\u00e9 is closed" }), "latin1");
    const request = new Request("http://nova/terminal/messages", { method: "POST", body });
    const response = await nova.control.fetch(request);
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({ error: { message: expect.stringContaining("not UTF-8") } });
    expect(await history()).toHaveLength(0);
  });

  test("a body that is not JSON is refused with words", async () => {
    const response = await post("/terminal/messages", "{");
    expect(response.status).toBe(400);
    expect(await response.json()).toMatchObject({
      error: { code: "bad_input", message: "The body is not valid JSON." },
    });
  });

  test.each([
    ["emoji only", "🦊🦊🦊"],
    ["10 kB of query operators", ":*&|!".repeat(2_000)],
    ["half a surrogate pair and a NUL", "odd \ud83d and \0 here"],
    ["an unknown agent", "@nobody do it"],
  ])("%s has exactly one visible result", async (_what, text) => {
    const before = (await history()).length;
    const { last } = await say({ text });
    expect(last.result).toMatchObject({ text: expect.stringMatching(/\S/) });
    expect(await history()).toHaveLength(before + 2);
  });
});

describe("a conversation", () => {
  afterEach(() => nova.stop());

  test("a message is acknowledged, routed in sight, and answered with agent, model and turn", async () => {
    await open();
    const { lines, last } = await say({ text: "@analyst what is 12 * 12?" });
    expect(lines[0]?.event).toMatchObject({ kind: "accepted", duplicate: false });
    expect(lines.map(({ event }) => event?.["kind"])).toContain("routed");
    expect(last.result).toMatchObject({
      message: lines[0]?.event?.["message"],
      turn: expect.any(String),
      agent: "analyst",
      name: "Analyst",
      kind: "answer",
      text: expect.stringContaining("144"),
      body: expect.stringContaining("144"),
    });
  });

  test("the same id twice is one message with one answer", async () => {
    await open();
    const id = randomUUID();
    const first = await say({ id, text: "@analyst what is 2 + 3?" });
    const second = await say({ id, text: "@analyst what is 2 + 3?" });
    expect(second.lines[0]?.event).toMatchObject({ kind: "accepted", duplicate: true });
    expect(second.last.result).toEqual(first.last.result);
    expect(await history()).toHaveLength(2);
  });

  test("two messages at once are each answered to the one who waits", async () => {
    await open();
    const [one, two] = await Promise.all([say({ text: "/help" }), say({ text: "@analyst what is 7 * 6?" })]);
    expect(one?.last.result).toMatchObject({ text: expect.any(String) });
    expect(two?.last.result).toMatchObject({ text: expect.any(String) });
  });

  test("another person speaks in a conversation of their own; a stranger is refused with the remedy", async () => {
    await open();
    await createPeople(database, { clock: { now: () => new Date() }, random: (size) => Buffer.alloc(size, 7) }).add(
      HOME,
      "Ada",
      "member",
    );
    expect((await say({ text: "@analyst what is 1 + 1?", as: "ada" })).last.result).toMatchObject({ kind: "answer" });
    expect(await history("?as=Ada")).toHaveLength(2);
    expect(await history()).toHaveLength(0);

    const stranger = await say({ text: "hello", as: "Mallory" });
    expect(stranger.status).toBe(404);
    expect(stranger.last.error).toMatchObject({
      code: "not_found",
      message: expect.stringContaining("Mallory"),
      advice: expect.stringContaining("nova link --new"),
    });
  });

  test("drafts stream before the answer", async () => {
    await open(scripted(says(`All of it. ${"word ".repeat(40)}`)).models);
    const { lines, last } = await say({ text: "@concierge tell me a story" });
    expect(lines.map(({ event }) => event?.["kind"])).toContain("draft");
    expect(last.result).toMatchObject({ model: "scripted", text: expect.stringContaining("All of it.") });
  });

  test("a stop ends the answer that is being written, visibly", async () => {
    const { models, heard } = scripted({ pieces: ["thinking"], end: "silence" });
    await open(models);
    const asked = say({ text: "@concierge think for a long time about everything" });
    await vi.waitFor(() => expect(heard.length).toBeGreaterThan(0));
    expect((await post("/terminal/stop", { id: randomUUID() })).status).toBe(200);
    expect((await asked).last.result).toMatchObject({ kind: "stopped" });
  });

  test("someone who leaves misses nothing: the answer stands in the history", async () => {
    await open();
    const response = await post("/terminal/messages", { id: randomUUID(), text: "@analyst what is 6 * 7?" });
    await response.body?.cancel();
    await vi.waitFor(async () => expect(await history()).toHaveLength(2), { timeout: 15_000, interval: 200 });
    const [mine, reply] = await history();
    expect(mine).toMatchObject({ from: "Ines", text: "@analyst what is 6 * 7?" });
    expect(reply).toMatchObject({ from: null, body: expect.stringContaining("42") });
  });

  describe("waiting", () => {
    const person = { id: personId("1"), tenant: HOME, name: "Ines", role: "owner" } as const;
    const mine = { message: messageId("1"), person, look: { color: false, width: Infinity } };
    const agentName = (): string => "The Analyst";

    test("the reply to one's own message is asked for by that message, however much was said since", async () => {
      const desk = createDesk(createProgressBus(() => {}));
      const reply: Message = {
        id: messageId("900"),
        conversation: conversationId("1"),
        author: { kind: "agent", agent: agentId("analyst") },
        text: "It is **7**.",
        at: new Date(),
        turn: turnId("3"),
        reply: { kind: "answer", model: "offline" },
      };
      const asked: string[] = [];
      const replyTo: Transcript["replyTo"] = async (message) => {
        asked.push(message);
        return asked.length > 1 ? reply : undefined;
      };
      const waiting = follow(mine, desk.join(person.id), () => {}, {
        transcript: { replyTo, isUnderWay: async () => false },
        agentName,
      });
      await vi.waitFor(() => expect(asked).toEqual(["1"]));
      desk.sent(partOf(reply, person));
      expect(await waiting).toMatchObject({ turn: "3", agent: "analyst", name: "The Analyst", body: "It is 7." });
      expect(asked).toEqual(["1", "1"]);
    });

    test("what is done unasked is waited for a moment, and told as it ended", async () => {
      const desk = createDesk(createProgressBus(() => {}));
      const doing: Message = {
        id: messageId("900"),
        conversation: conversationId("1"),
        author: { kind: "agent", agent: null },
        text: "Being done: Remind you.",
        at: new Date(),
        turn: turnId("3"),
        reply: { kind: "answer", model: "offline" },
        actions: [
          { id: "approve:2:0123456789abcdef", label: "Approve" },
          { id: "edit:2:0123456789abcdef", label: "Change" },
          { id: "deny:2:0123456789abcdef", label: "Deny" },
        ],
      };
      let looks = 0;
      const transcript = {
        replyTo: async () => (looks < 2 ? doing : { ...doing, text: "I remind you at six." }),
        isUnderWay: async () => (looks += 1) < 2,
      };
      const { body } = await follow(mine, desk.join(person.id), () => {}, { transcript, agentName });
      expect(body).toBe("I remind you at six.\n\n/approve 2 or /deny 2; nova approvals edit 2 changes it.");
    });

    test("a card that changed in many messages is told once, and a list of cards is left out", async () => {
      const desk = createDesk(createProgressBus(() => {}));
      const answer: Message = {
        id: messageId("901"),
        conversation: conversationId("1"),
        author: { kind: "agent", agent: null },
        text: "Approved.",
        at: new Date(),
        turn: turnId("3"),
        reply: { kind: "notice", model: null },
      };
      let isThere = false;
      const transcript = {
        replyTo: async () => (isThere ? answer : undefined),
        isUnderWay: async () => false,
      };
      const seen: unknown[] = [];
      const seat = desk.join(person.id);
      const waiting = follow(mine, seat, (each) => void seen.push(each), { transcript, agentName });
      const card = (title: string) =>
        `${title}\n\n- To: Ben\n- For Ana, in no project.\n\nApproved by Ana at noon. It is being done.`;
      const amended = (body: string): OutPart => ({ ...partOf(answer, person), amends: "77", body });
      desk.sent(amended(card("One thing waits for your decision.\n\nSend a message to Ben")));
      desk.sent(amended(card("Send a message to Ben")));
      desk.sent(amended(`${card("11. Send a message to Ben")}\n\n${card("12. Send a message to Cyd")}`));
      isThere = true;
      desk.sent(partOf(answer, person));
      await waiting;
      expect(seen).toEqual([
        { kind: "changed", line: "Send a message to Ben · Approved by Ana at noon. It is being done." },
      ]);
    });

    test("whoever waits while Nova stops is told that the message is kept", async () => {
      const desk = createDesk(createProgressBus(() => {}));
      const transcript = { replyTo: async () => undefined, isUnderWay: async () => false };
      const waiting = follow(mine, desk.join(person.id), () => {}, { transcript, agentName });
      desk.close();
      await expect(waiting).rejects.toMatchObject({ code: "unavailable", advice: expect.stringContaining("kept") });
    });
  });
});

function partOf(reply: Message, person: Person): OutPart {
  return {
    id: partId("1"),
    turn: turnId("3"),
    conversation: reply.conversation,
    message: reply.id,
    ordinal: 0,
    of: 1,
    address: { platform: "terminal", scope: "local", container: person.id, root: null, visibility: "private" },
    person,
    agent: null,
    note: { kind: "answer", model: null },
    at: reply.at,
    attempts: 0,
    actions: [],
    handles: [],
    draft: null,
    amends: null,
    body: reply.text,
  };
}
