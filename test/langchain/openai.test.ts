/** The agent run against a real HTTP peer that speaks the OpenAI protocol, through ChatOpenAI. How it fails: failures.test.ts. */
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { LLMock } from "@copilotkit/aimock";
import { afterAll, afterEach, beforeAll, describe, expect, test } from "vitest";
import { callId, type CallAsk } from "../../src/core/index.ts";
import { createChatModels } from "../../src/langchain/models/chat-models.ts";
import type { Purse } from "../../src/langchain/call/costs.ts";
import { createOpenAi, type AnswerLimit } from "../../src/langchain/models/openai.ts";
import { says } from "../support/model.ts";
import { agent, run, shout, step } from "./steps.ts";

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
    expect(peer.getLastRequest()?.body).toMatchObject({
      model: "m2",
      stream: true,
      stream_options: { include_usage: true },
      max_tokens: 8_192,
    });
  });

  test.each([
    ["gpt-5", "https://api.openai.com/v1", "max_completion_tokens"],
    ["gpt-4o", undefined, "max_completion_tokens"],
    ["gpt-5", "http://127.0.0.1:8000/v1", "max_tokens"],
    ["llama", "http://127.0.0.1:8000/v1", "max_tokens"],
    ["gpt-5.6", undefined, "max_output_tokens"],
  ])("%s at %s is told the limit of its answer as %s, and by no other name", (name, baseUrl, field) => {
    const model = createOpenAi(name, { apiKey: "k", baseUrl });
    const options: AnswerLimit & Parameters<typeof model.invocationParams>[0] = { mostOutput: 1_234 };
    const params = model.invocationParams(options);
    const limits = Object.entries(params).filter(([key, value]) => key.startsWith("max_") && value !== undefined);
    expect(limits).toEqual([[field, 1_234]]);
  });

  test("no answer may be longer than what is left of the agent's budget", async () => {
    peer.onMessage("hello", { content: says("Hello there.") });
    const spec = agent({ budget: { modelCalls: 2, toolCalls: 2, tokens: 2_000 } });
    const reserved: CallAsk[] = [];
    const { tool } = shout();
    await run(models(), step("hello", { agent: spec, tools: [tool] }), { purse: purseOf(reserved) });
    const [first] = reserved;
    expect(peer.getLastRequest()?.body).toMatchObject({ max_tokens: first?.most.output });
    expect((first?.most.input ?? 0) + (first?.most.output ?? 0)).toBe(2_000);
    reserved.length = 0;
    await run(models(), step("hello", { agent: spec }), { purse: purseOf(reserved) });
    // A tool's description is sent too.
    expect(reserved[0]?.most.input).toBeLessThan((first?.most.input ?? 0) - 30);
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

test("one connection serves many calls, though each answer's last piece comes before its end", async () => {
  let connections = 0;
  const piece = (fields: object): string =>
    `data: ${JSON.stringify({ id: "1", object: "chat.completion.chunk", created: 1, model: "m", ...fields })}\n\n`;
  const server = createServer((request, response) => {
    request.resume().on("end", () => {
      response.writeHead(200, { "content-type": "text/event-stream" });
      const answer = { role: "assistant", content: says("Hello.") };
      response.write(piece({ choices: [{ index: 0, delta: answer, finish_reason: "stop" }] }));
      response.write("data: [DONE]\n\n");
      setTimeout(() => response.end(), 5);
    });
  });
  server.on("connection", () => (connections += 1)).listen(0, "127.0.0.1");
  await once(server, "listening");
  try {
    const { port } = server.address() as AddressInfo;
    const one = createChatModels({ main: "m", baseUrl: `http://127.0.0.1:${port}/v1` });
    for (let call = 0; call < 10; call += 1) {
      const { outcome } = await run(one, step("hello"));
      expect(outcome.reply).toEqual({ kind: "answer", text: "Hello." });
    }
    // The next call may begin before the last one's end has come.
    expect(connections).toBeLessThan(5);
  } finally {
    server.close();
    server.closeAllConnections();
  }
});

describe("when it fails", () => {
  test("once, it is asked again, and the usage of the one answer counts", async () => {
    const usage = { prompt_tokens: 30, completion_tokens: 7, total_tokens: 37 };
    peer.onMessage("hello", { content: says("Hello there."), usage });
    peer.nextRequestError(429, { message: "secret detail of the provider" });
    const { outcome, events, logged } = await run(models(), step("hello"));
    expect(outcome.reply).toEqual({ kind: "answer", text: "Hello there." });
    expect(outcome.usage).toEqual({ modelCalls: 1, toolCalls: 0, tokens: 37 });
    expect(peer.getRequests().length).toBe(2);
    expect(JSON.stringify([outcome, events, logged])).not.toContain("secret detail");
  });

  test.each([
    ["malformed", { malformedRate: 1 }, "malformed"],
    ["disconnect", { disconnectRate: 1 }, "reset"],
  ])("with chaos: %s", async (_name, chaos, why) => {
    peer.onMessage("hello", { content: says("Hello there.") }, { chaos });
    const { outcome, events } = await run(models(), step("hello"));
    expect(outcome.model).toBe("offline");
    expect(events).toContainEqual({ kind: "fallback", why, to: "offline" });
  });

  test("in the middle of its text, that text is taken back", async () => {
    const cut = { chunkSize: 8, truncateAfterChunks: 12, latency: 10 };
    peer.onMessage("long", { content: says("word ".repeat(60)) }, cut);
    const { outcome, drafts } = await run(models(), step("long"));
    expect(drafts.at(-2)).toContain("word");
    expect(drafts.at(-1)).toBe("");
    expect(outcome.reply).toMatchObject({ kind: "fail", code: "model_failed" });
  });
});

test("without key and base URL the models are offline", () => {
  expect(createChatModels({ main: "m" }).kind).toBe("offline");
  expect(createChatModels({ apiKey: "k" }).kind).toBe("openai");
});

/** Notes what is reserved, and lets everything pass. */
function purseOf(reserved: CallAsk[]): Purse {
  const unused = async () => {
    throw new Error("no sum is expected to be asked for");
  };
  return {
    spending: {
      cap: null,
      async reserve(ask) {
        reserved.push(ask);
        return { kind: "reserved", call: callId(String(reserved.length)) };
      },
      settle: async () => {},
      today: unused,
      days: unused,
    },
    costOf: () => null,
  };
}
