/** A program posts, an agent answers, and the program fetches the reply: through the whole of Nova. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentId, HOME, systemClock, type Issued } from "#core";
import { readConfig } from "../../src/settings/config.ts";
import { buildNova } from "../../src/main.ts";
import type { Nova } from "../../src/nova.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { createEndpoints } from "../../src/postgres/people/endpoints.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { signed } from "../adapters/webhook-room.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { says, scripted } from "../support/model.ts";

const model = scripted(says("The build broke at the second step."));
let database: Database;
let nova: Nova;
let url: string;
/** The owner's own programs, and what strangers send. */
let own: Issued;
let outside: Issued;

beforeAll(async () => {
  database = await testDatabase();
  nova = await buildNova(readConfig({ NOVA_HOME: "/nonexistent", NOVA_PORT: "0", NOVA_ADAPTERS: "webhook" }), {
    service: true,
    log: silentLog,
    database,
    models: model.models,
  });
  ({ url } = await nova.start({ controlToken: "token" }));
  const parts = { clock: systemClock, random: randomBytes };
  const [owner] = await createPeople(database, parts).all(HOME);
  if (!owner) throw new Error("there is no owner");
  const endpoints = createEndpoints(database, parts);
  const both = { preset: "standard", person: owner, project: "Hearth" } as const;
  own = await endpoints.add({ ...both, name: "builds", origin: "person", agent: agentId("concierge") });
  outside = await endpoints.add({ ...both, name: "alerts", origin: "outside", agent: agentId("inbox-triage") });
});
afterAll(() => nova.stop());

async function post(door: Issued, body: object, id: string): Promise<{ status: number; id: string }> {
  const text = JSON.stringify(body);
  const headers = { ...signed(door.secret, text, { id }), "content-type": "application/json" };
  const answer = await fetch(`${url}/hooks/${door.endpoint.name}`, { method: "POST", headers, body: text });
  return { status: answer.status, id: ((await answer.json()) as { id: string }).id };
}

async function fetched(door: Issued, id: string, query = ""): Promise<unknown> {
  const headers = { authorization: `Bearer ${door.token ?? ""}` };
  return (await fetch(`${url}/api/messages/${id}${query}`, { headers })).json();
}

test("a post is answered by its agent, once, and the reply is fetched by whoever posted it", async () => {
  const body = { text: "Why is the build red?" };
  const first = await post(own, body, "build-1");
  expect(first.status).toBe(202);
  const reply = { text: "The build broke at the second step.", agent: "concierge", kind: "answer", model: "scripted" };
  expect(await fetched(own, first.id, "?wait=25")).toMatchObject({ id: first.id, state: "done", reply });

  const asked = model.heard.length;
  const again = await post(own, body, "build-1");
  expect(again).toEqual({ status: 200, id: first.id });
  await nova.settled(AbortSignal.timeout(20_000));
  expect(model.heard).toHaveLength(asked);
  expect(await fetched(own, first.id)).toMatchObject({ state: "done", delivery: "sent", reply });
});

test("an event of strangers is answered by the agent that the endpoint names, in a conversation of its own", async () => {
  const body = { type: "disk.full", data: { host: "cellar" }, conversation: "cellar" };
  const { id, status } = await post(outside, body, "disk-1");
  expect(status).toBe(202);
  const reply = { agent: "inbox-triage", kind: "answer", text: expect.stringMatching(/\w/) };
  expect(await fetched(outside, id, "?wait=25")).toMatchObject({ state: "done", reply });
  expect(await fetched(own, id)).toMatchObject({ error: { code: "not_found" } });
});

test("the channel says that it is ready", async () => {
  const { checks } = (await (await fetch(`${url}/readyz`)).json()) as { checks: Record<string, { ok: boolean }> };
  expect(checks).toMatchObject({
    "webhook.transport": { ok: true },
    "webhook.admission": { ok: true },
    "webhook.auth": { ok: true },
  });
});
