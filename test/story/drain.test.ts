/** SIGTERM while a model says nothing: the whole ends within twenty seconds, and the next start goes on at once. */
import { randomUUID } from "node:crypto";
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { rm } from "node:fs/promises";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { testDatabase } from "../support/database.ts";
import { startedHome } from "../support/home.ts";
import { says } from "../support/model.ts";
import { isWhole } from "../support/nightly.ts";
import { listen, post, signIn, startService } from "../support/service.ts";

/** Takes every question, and answers none until the test says so. */
let asked = 0;
const allowed = Promise.withResolvers<void>();
const provider = createServer((_request, response) => {
  asked += 1;
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
beforeAll(async () => {
  home = await startedHome("drain");
  await new Promise<void>((resolve) => provider.listen(0, "127.0.0.1", resolve));
  const { port } = provider.address() as AddressInfo;
  baseUrl = `http://127.0.0.1:${port}/v1`;
});
/** The server's database, where the suite runs on one; else the folder's own. */
async function databaseUrl(): Promise<Record<string, string>> {
  const database = await testDatabase();
  if (!("connectionString" in database.connection)) {
    await database.close();
    return {};
  }
  onTestFinished(() => database.close());
  return { DATABASE_URL: String(database.connection.connectionString) };
}

afterAll(async () => {
  provider.closeAllConnections();
  provider.close();
  await rm(home, { recursive: true, force: true });
});

test.skipIf(!isWhole)(
  "with a model that never answers Nova is gone in time, and takes the turn up again",
  { timeout: 120_000 },
  async () => {
    const settings = { OPENAI_BASE_URL: baseUrl, NOVA_MODEL: "m", NOVA_ROUTER_MODEL: "off", ...(await databaseUrl()) };
    const service = await startService(home, settings);
    const cookie = await signIn(service.loginUrl);
    const page = listen(service, cookie);
    await post(service, cookie, { id: randomUUID(), text: "@concierge plan my quiet week" });
    await vi.waitFor(() => expect(asked).toBe(1), { timeout: 20_000 });

    const began = Date.now();
    const stopped = service.stop();
    await vi.waitFor(async () => expect((await fetch(`${service.url}/readyz`)).status).toBe(503), { timeout: 5_000 });
    expect(await (await fetch(`${service.url}/readyz`)).json()).toMatchObject({
      checks: { service: { ok: false, detail: "stopping" } },
    });
    const refused = await post(service, cookie, { id: randomUUID(), text: "and now?" });
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(await refused.json()).toMatchObject({ error: { code: "unavailable", message: "Nova is stopping." } });

    expect(await stopped).toBe(0);
    expect(Date.now() - began).toBeLessThan(20_000);
    expect(page.of("restarting")).toHaveLength(1);

    const next = await startService(home, settings);
    await vi.waitFor(() => expect(asked).toBe(2), { timeout: 20_000 });
    allowed.resolve();
    const again = listen(next, cookie);
    await vi.waitFor(() => expect(JSON.stringify(again.of("message"))).toContain("Rest on Sunday."), {
      timeout: 20_000,
    });
    again.close();
    expect(await next.stop()).toBe(0);
  },
);
