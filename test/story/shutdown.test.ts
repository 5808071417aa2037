/** SIGTERM while somebody waits: the answer is finished and delivered before the doors close. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { rm } from "node:fs/promises";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { createNova } from "../cli/process.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { startedHome } from "../support/home.ts";
import { says } from "../support/model.ts";
import { startService } from "../support/service.ts";

/** Speaks the streaming protocol, and answers only when the test says so. */
const asked = Promise.withResolvers<void>();
const allowed = Promise.withResolvers<void>();
const provider = createServer((_request, response) => {
  asked.resolve();
  const chunk = { id: "c1", object: "chat.completion.chunk", created: 1, model: "m" };
  const line = (choice: object) => `data: ${JSON.stringify({ ...chunk, choices: [{ index: 0, ...choice }] })}\n\n`;
  void allowed.promise.then(() => {
    response.writeHead(200, { "content-type": "text/event-stream" });
    response.write(line({ delta: { role: "assistant", content: says("Rest on Sunday.") }, finish_reason: null }));
    response.write(line({ delta: {}, finish_reason: "stop" }));
    response.end("data: [DONE]\n\n");
  });
});

let home: string;
let baseUrl: string;
let place: FreshDatabase;
beforeAll(async () => {
  place = await freshDatabase();
  home = await startedHome("shutdown");
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const { port } = provider.address() as AddressInfo;
  baseUrl = `http://127.0.0.1:${port}/v1`;
});
afterAll(async () => {
  provider.close();
  await rm(home, { recursive: true, force: true });
  await place.drop();
});

test("who waits for an answer when Nova is told to stop still gets it", { timeout: 90_000 }, async () => {
  const env = { ...place.env, OPENAI_BASE_URL: baseUrl, NOVA_MODEL: "m", NOVA_ROUTER_MODEL: "off" };
  const service = await startService(home, env);
  const answer = createNova(home, () => {}).run(["ask", "@concierge plan my quiet week"], { env });
  await asked.promise;
  const stopped = service.stop();
  allowed.resolve();
  const { code, out } = await answer;
  expect(out).toContain("Rest on Sunday.");
  expect(code).toBe(0);
  expect(await stopped).toBe(0);
});

test("`npm start` hands the signal on, and waits for the end", { timeout: 90_000 }, async () => {
  const folder = await startedHome("npm");
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  const npm = spawn("npm", ["start"], {
    cwd: fileURLToPath(new URL("../..", import.meta.url)),
    env: {
      PATH: process.env["PATH"] ?? "",
      HOME: folder,
      NOVA_HOME: folder,
      NOVA_PORT: "0",
      NOVA_LOG: "info",
      NO_COLOR: "1",
    },
  });
  onTestFinished(() => void npm.kill("SIGKILL"));
  let out = "";
  npm.stdout.on("data", (chunk: Buffer) => (out += chunk.toString()));
  npm.stderr.on("data", (chunk: Buffer) => (out += chunk.toString()));
  await vi.waitFor(() => expect(out).toContain("/login?code="), { timeout: 60_000 });
  const ended = once(npm, "exit");
  npm.kill("SIGTERM");
  expect(await ended).toEqual([0, null]);
  expect(out).toContain("nova.stopped");
});
