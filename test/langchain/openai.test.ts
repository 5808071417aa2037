/** The agent run against a real HTTP peer that speaks the OpenAI protocol, through ChatOpenAI; and against broken ones. */
import { createServer, type RequestListener } from "node:http";
import type { AddressInfo } from "node:net";
import { LLMock } from "@copilotkit/aimock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { createChatModels } from "../../src/langchain/chat-models.ts";
import { says } from "../support/model.ts";
import { agent, run, shout, step } from "./bench.ts";

const peer = new LLMock({ port: 0, logLevel: "silent" });
beforeAll(async () => void (await peer.start()));
afterEach(() => void peer.reset());
afterAll(() => peer.stop());

const models = () => createChatModels({ main: "test-model", apiKey: "k", baseUrl: `${peer.url}/v1` });

describe("an OpenAI-compatible server", () => {
  test("is asked by the name of the tier's model, and its usage is counted", async () => {
    peer.onMessage("hello", {
      content: says("Hello there."),
      usage: { prompt_tokens: 30, completion_tokens: 7, total_tokens: 37 },
    });
    const settings = { main: "m1", fast: "m2", apiKey: "k", baseUrl: `${peer.url}/v1` };
    const { outcome } = await run(createChatModels(settings), step("hello", { agent: agent({ model: "fast" }) }));
    expect(outcome.reply).toEqual({ kind: "answer", text: "Hello there." });
    expect(outcome.model).toBe("m2");
    expect(outcome.usage).toEqual({ modelCalls: 1, toolCalls: 0, tokens: 37 });
    expect(peer.getLastRequest()?.body).toMatchObject({ model: "m2", stream: true });
  });

  test("streams: the draft grows to the answer", async () => {
    const text = "A longer answer that comes in a good number of pieces, one after the other.";
    peer.onMessage("tell me", { content: says(text) }, { chunkSize: 6 });
    const { outcome, drafts } = await run(models(), step("tell me"));
    expect(outcome.reply).toEqual({ kind: "answer", text });
    expect(drafts.length).toBeGreaterThan(5);
    expect(drafts.at(-1)).toBe(text);
    drafts.forEach((draft, i) => expect(draft.startsWith(drafts[i - 1] ?? "")).toBe(true));
  });

  test("calls a tool by its schema and answers from the result", async () => {
    const { tool, ran } = shout();
    peer.on(
      { userMessage: "shout hey", hasToolResult: false },
      { toolCalls: [{ name: "shout", arguments: '{"text":"hey"}' }] },
    );
    peer.on({ userMessage: "shout hey", hasToolResult: true }, { content: says("It is HEY.") });
    const { outcome, statuses } = await run(models(), step("shout hey", { tools: [tool] }));
    expect(ran).toEqual(["hey"]);
    expect(outcome.reply).toEqual({ kind: "answer", text: "It is HEY." });
    expect(outcome.tools).toEqual(["shout"]);
    expect(statuses).toEqual(["Using shout"]);
    const [first, second] = peer.getRequests().map((request) => JSON.stringify(request.body));
    expect(first).toContain('"name":"shout"');
    expect(second).toContain("HEY");
  });
});

describe("a server that fails before anything is shown leaves the answer to the offline model", () => {
  test.each([
    [401, "401 AuthenticationError"],
    [429, "429 RateLimitError"],
    [500, "500 InternalServerError"],
  ])("with status %i", async (status, why) => {
    peer.nextRequestError(status, { message: "secret detail of the provider" });
    const { outcome, events, logged } = await run(models(), step("hello"));
    expect(outcome.model).toBe("offline");
    expect(outcome.reply).toMatchObject({
      kind: "answer",
      text: expect.stringMatching(/^\*test-model did not answer, so the offline model does\.\*\n\n/),
    });
    expect(events).toContainEqual({ kind: "fallback", why, to: "offline" });
    expect(JSON.stringify([outcome, events, logged])).not.toContain("secret detail");
    expect(peer.getRequests().length).toBe(1);
  });

  test("with a page of HTML", async () => {
    await withServer(
      (_request, response) => response.setHeader("content-type", "text/html").end("<h1>Hi</h1>"),
      async (url) => {
        const { outcome } = await run(createChatModels({ main: "m", baseUrl: url }), step("hello"));
        expect(outcome.model).toBe("offline");
      },
    );
  });

  test("with a stream that holds nothing", async () => {
    const nothing: RequestListener = (_request, response) =>
      response.setHeader("content-type", "text/event-stream").end("data: [DONE]\n\n");
    await withServer(nothing, async (url) => {
      const { outcome } = await run(createChatModels({ main: "m", baseUrl: url }), step("hello"));
      expect(outcome.model).toBe("offline");
    });
  });

  test("with no listener at the port", async () => {
    const url = await withServer(
      () => {},
      async (open) => open,
    );
    const { outcome, events } = await run(createChatModels({ main: "m", baseUrl: url }), step("hello"));
    expect(outcome.model).toBe("offline");
    expect(events).toContainEqual({ kind: "fallback", why: "APIConnectionError", to: "offline" });
  });
});

test("a stream that is cut after some text is told as a failure", async () => {
  peer.onMessage("long", { content: says("word ".repeat(60)) }, { chunkSize: 8, truncateAfterChunks: 12, latency: 10 });
  const { outcome, drafts } = await run(models(), step("long"));
  expect(drafts.at(-1)).toContain("word");
  expect(outcome.reply).toMatchObject({ kind: "fail", code: "model_failed" });
});

test("a stream that falls silent ends at the idle limit", async () => {
  const silent: RequestListener = (_request, response) => {
    response.setHeader("content-type", "text/event-stream");
    const delta = { role: "assistant", content: '{"kind":"answer","text":"Half' };
    response.write(
      `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", choices: [{ index: 0, delta }] })}\n\n`,
    );
  };
  await withServer(silent, async (url) => {
    const spec = agent({ idleMs: 300 });
    const { outcome, drafts } = await run(createChatModels({ main: "m", baseUrl: url }), step("hi", { agent: spec }));
    expect(drafts).toEqual(["Half"]);
    expect(outcome.reply).toMatchObject({ kind: "fail", code: "stalled" });
  });
});

test("without key and base URL the models are offline", () => {
  expect(createChatModels({ main: "m" }).kind).toBe("offline");
  expect(createChatModels({ apiKey: "k" }).kind).toBe("openai");
});

async function withServer<T>(answer: RequestListener, work: (url: string) => Promise<T>): Promise<T> {
  const server = createServer(answer);
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  try {
    return await work(`http://127.0.0.1:${port}/v1`);
  } finally {
    server.closeAllConnections();
    await new Promise((resolve) => server.close(resolve));
  }
}
