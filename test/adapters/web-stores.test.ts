/** The web chat over the real stores: codes, sessions and the transcript as the database keeps them. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { createProgressBus, systemClock, type Adapter, type Person } from "#core";
import web from "../../adapters/web/index.ts";
import { createHttpServer, type HttpServer } from "../../src/http/server.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { createEndpoints } from "../../src/postgres/people/endpoints.ts";
import { createIntake } from "../../src/postgres/turns/intake.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createTranscript } from "../../src/postgres/turns/transcript.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { EventReader } from "./event-reader.ts";
import { REST_OF_HOST } from "../support/host.ts";

let database: Database;
let adapter: Adapter;
let server: HttpServer;
let url: string;
let people: ReturnType<typeof createPeople>;
let owner: Person;

beforeAll(async () => {
  database = await testDatabase();
  const clock = systemClock;
  people = createPeople(database, { clock, random: randomBytes });
  owner = await people.owner("Anna");
  const intake = createIntake(database, { clock, calls: { send: async () => {}, done: async () => false } });
  adapter = web.create(
    {},
    {
      ...REST_OF_HOST,
      async accept(inbound) {
        const put = await intake.put(inbound, false);
        if (put.kind === "unknown" || put.kind === "blocked") return { kind: "blocked" };
        return { ...put, kind: "accepted", duplicate: put.kind === "seen" };
      },
      people,
      endpoints: createEndpoints(database, { clock, random: randomBytes }),
      transcript: createTranscript(database),
      progress: createProgressBus(() => {}),
      clock,
      log: silentLog,
      agentName: (id) => id,
      publicUrl: () => "http://127.0.0.1",
    },
  );
  server = createHttpServer({ host: "127.0.0.1", port: 0, routes: adapter.routes, health: [], log: silentLog });
  url = (await server.start()).url;
});
afterAll(async () => {
  await adapter.stop?.();
  await server.stop();
  await database.close();
});

const code = (): Promise<string> => people.issueCode(owner.id, new Date(Date.now() + 60_000));
const login = (typed: string): Promise<Response> => fetch(`${url}/login?code=${typed}`, { redirect: "manual" });
const post = (path: string, cookie: string, body: unknown = {}): Promise<Response> =>
  fetch(url + path, {
    method: "POST",
    redirect: "manual",
    headers: { origin: url, cookie, "content-type": "application/json" },
    body: JSON.stringify(body),
  });
async function signIn(): Promise<string> {
  return (await login(await code())).headers.get("set-cookie")?.split(";")[0] ?? "";
}

test("a code works once, however it is typed, and its session until it is closed", async () => {
  const issued = await code();
  const answer = await login(issued.toLowerCase());
  expect(answer.status).toBe(303);
  expect((await login(issued)).status).toBe(401);
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  expect((await fetch(`${url}/chat/session`, { headers: { cookie } })).status).toBe(200);
  await post("/logout", cookie);
  expect((await fetch(`${url}/chat/session`, { headers: { cookie } })).status).toBe(401);
});

test("what was stored is what every tab is shown, in order and after its cursor", async () => {
  const cookie = await signIn();
  const ids: string[] = [];
  for (const text of ["one", "👋🏽 two", "three"]) {
    const message = { id: crypto.randomUUID(), text };
    const first = await post("/chat/messages", cookie, message);
    expect(first.status).toBe(202);
    const { id } = (await first.json()) as { id: string };
    const again = await post("/chat/messages", cookie, message);
    expect([again.status, await again.json()]).toEqual([200, { id }]);
    ids.push(id);
  }
  const tab = new EventReader(`${url}/chat/events`, { cookie });
  await vi.waitFor(() => expect(tab.of("ready")).toEqual([{ person: "Anna", running: null }]));
  expect(tab.ids).toEqual(ids);
  expect(tab.of<{ text: string }>("message").map(({ text }) => text)).toEqual(["one", "👋🏽 two", "three"]);
  tab.close();

  const back = new EventReader(`${url}/chat/events`, { cookie: await signIn(), "last-event-id": ids[0] ?? "" });
  await vi.waitFor(() => expect(back.of("ready")).toHaveLength(1));
  expect(back.ids).toEqual(ids.slice(1));
  back.close();
});

test("a tab that is open when nothing was ever said misses nothing", async () => {
  const bert = await people.add(owner.tenant, "Bert", "member");
  const answer = await login(await people.issueCode(bert.id, new Date(Date.now() + 60_000)));
  const cookie = answer.headers.get("set-cookie")?.split(";")[0] ?? "";
  const tab = new EventReader(`${url}/chat/events`, { cookie });
  await vi.waitFor(() => expect(tab.of("ready")).toHaveLength(1));
  expect(tab.ids).toEqual([]);
  await post("/chat/messages", cookie, { id: crypto.randomUUID(), text: "hello" });
  await vi.waitFor(() => expect(tab.ids).toHaveLength(1));
  tab.close();
});
