/** A message answered by a real provider's protocol, and the same conversation when the provider is gone. */
import { LLMock } from "@copilotkit/aimock";
import { afterAll, beforeAll, expect, test } from "vitest";
import { createChatModels } from "../../src/langchain/chat-models.ts";
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

test("with a provider its words are streamed and sent; without it the offline model speaks and says so", async () => {
  peer.onMessage("plan a quiet afternoon", { content: says("Tea first, then a walk.") }, { chunkSize: 4 });
  expect(await lab.ask("@concierge plan a quiet afternoon")).toBe("Tea first, then a walk.");
  expect(lab.channel.parts.at(-1)?.note).toEqual({ kind: "answer", model: "test-model" });
  const drafts = lab.channel.progress.flatMap((event) => (event.kind === "draft" ? [event.text] : []));
  expect(drafts.length).toBeGreaterThan(2);
  expect(drafts.at(-1)).toBe("Tea first, then a walk.");

  await peer.stop();
  expect(await lab.ask("@analyst what is 17% of 2,340?")).toContain("397.8");
  expect(lab.channel.parts.at(-1)?.note).toEqual({ kind: "answer", model: "offline" });
  expect(await lab.ask("/why")).toContain("Analyst");
});
