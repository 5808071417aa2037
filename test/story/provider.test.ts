/** A message answered by a real provider's protocol, stopped in the middle, and answered when the provider is gone. */
import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createChatModels } from "../../src/langchain/models/chat-models.ts";
import { says } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const peer = new LLMock({ port: 0, logLevel: "silent" });
let lab: TestNova;
beforeAll(async () => {
  await peer.start();
  lab = await startNova({ models: createChatModels({ main: "test-model", apiKey: "k", baseUrl: `${peer.url}/v1` }) });
});
afterAll(async () => {
  await lab.nova.stop();
});

test("with a provider its words are streamed and sent; a stop leaves nothing reserved; without it the offline model speaks and says so", async () => {
  peer.onMessage("plan a quiet afternoon", { content: says("Tea first, then a walk.") }, { chunkSize: 4 });
  expect(await lab.ask("@concierge plan a quiet afternoon")).toBe("Tea first, then a walk.");
  expect(lab.channel.parts.at(-1)?.note).toEqual({ kind: "answer", model: "test-model" });
  expect(drafted().length).toBeGreaterThan(2);
  expect(drafted().at(-1)).toBe("Tea first, then a walk.");

  peer.onMessage("a long story", { content: says("Once upon a time. ".repeat(40)) }, { chunkSize: 20, latency: 200 });
  const before = drafted().length;
  await lab.channel.say("owner", "@concierge tell me a long story");
  await vi.waitFor(() => expect(drafted().length).toBeGreaterThan(before + 1));
  expect(await lab.ask("/stop")).toMatch(/stopped/i);
  const { rows } = await lab.database.pool.query("select state, counted, outcome from model_call order by id");
  expect(rows).toEqual([
    { state: "settled", counted: expect.anything(), outcome: "answered" },
    { state: "settled", counted: "estimated", outcome: "failed" },
  ]);

  await peer.stop();
  const answer = await lab.ask("@analyst what is 17% of 2,340?");
  expect(answer).toMatch(/^\*test-model cannot be reached, so the offline model answers\.\*/);
  expect(answer).toContain("397.8");
  expect(lab.channel.parts.at(-1)?.note).toEqual({ kind: "answer", model: "offline" });
  expect(await lab.ask("/why")).toContain("Analyst");
});

const drafted = (): string[] =>
  lab.channel.progress.flatMap((event) => (event.kind === "draft" && event.text !== "" ? [event.text] : []));
