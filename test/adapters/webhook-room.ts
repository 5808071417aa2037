/** A Nova just large enough for signed posts: the real channel on the real server, over the real stores. */
import { randomBytes, randomUUID } from "node:crypto";
import { sign as signGithub } from "@octokit/webhooks-methods";
import { Webhook } from "standardwebhooks";
import {
  conversationId,
  createProgressBus,
  messageId,
  NovaError,
  systemClock,
  type AdapterHost,
  type Inbound,
  type Issued,
  type Message,
  type NewEndpoint,
  type Person,
  type Settlement,
} from "#core";
import webhook from "../../adapters/webhook/index.ts";
import { createHttpServer } from "../../src/http/server.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { createEndpoints } from "../../src/postgres/people/endpoints.ts";
import { createIntake } from "../../src/postgres/turns/intake.ts";
import { createOutbox } from "../../src/postgres/turns/outbox.ts";
import { createPairings } from "../../src/postgres/people/pairing.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createTranscript } from "../../src/postgres/turns/transcript.ts";
import { createTurns } from "../../src/postgres/turns/turns.ts";
import { accept } from "../../src/turn/accept.ts";
import { createStops } from "../../src/turn/hold.ts";
import { createRedeem } from "../../src/turn/redeem.ts";
import { answer } from "../postgres/stores.ts";
import { silentLog } from "../support/log.ts";
import { REST_OF_HOST } from "../support/host.ts";
import type { TestNova } from "../support/nova.ts";

export type WebhookRoom = Awaited<ReturnType<typeof openWebhookRoom>>;

export type Answer = { readonly status: number; readonly headers: Headers; readonly body: unknown };

/** An endpoint of the owner's, whose posts are their own words, in a Nova that runs. */
export const addEndpoint = (
  { database, owner }: Pick<TestNova, "database" | "owner">,
  name: string,
  more: Partial<NewEndpoint> = {},
): Promise<Issued> =>
  createEndpoints(database, { clock: systemClock, random: randomBytes }).add({
    name,
    preset: "standard",
    origin: "person",
    agent: null,
    project: null,
    person: owner,
    ...more,
  });

/** The id in an answer to a post. */
export function idOf({ status, body }: Answer): string {
  if (typeof body === "object" && body !== null && "id" in body && typeof body.id === "string") return body.id;
  throw new Error(`no id in the answer ${status} ${JSON.stringify(body)}`);
}

export async function openWebhookRoom(database: Database, options: { readonly requestTimeoutMs?: number } = {}) {
  let skew = 0;
  let refusing: Error | undefined;
  let listening = 0;
  const clock = { now: () => new Date(Date.now() + skew) };
  const calls = { send: async () => {}, done: async () => false };
  const logged: unknown[] = [];
  const people = createPeople(database, { clock, random: randomBytes });
  const endpoints = createEndpoints(database, { clock, random: randomBytes });
  const memory = { keep: async () => {}, drop: async () => {}, unsay: async () => {}, cite: async () => {} };
  const turns = createTurns(database, { memory, calls, clock });
  const outbox = createOutbox(database, { calls, clock });
  const transcript = createTranscript(database);
  const bus = createProgressBus(() => {});
  const owner = await people.owner("Ada");
  const wire = { open() {}, tell() {}, close: async () => {} };
  const crew = {
    intake: createIntake(database, { calls, clock }),
    people,
    clock,
    log: silentLog,
    wire,
    pairings: createPairings(database, { clock, random: randomBytes }),
    redeem: createRedeem({ people, clock, log: silentLog }),
  };
  const stops = createStops();
  const accepted: Inbound[] = [];

  const host: AdapterHost = {
    ...REST_OF_HOST,
    async accept(inbound) {
      if (refusing) throw refusing;
      const receipt = await accept(inbound, crew, stops);
      if (receipt.kind === "accepted") accepted.push(inbound);
      return receipt;
    },
    people,
    endpoints,
    transcript,
    progress: {
      publish: (address, progress) => bus.publish(address, progress),
      listen(listener) {
        listening += 1;
        const leave = bus.listen(listener);
        return () => {
          listening -= 1;
          leave();
        };
      },
    },
    proposals: async () => [],
    agentName: (id) => id,
    clock,
    log: {
      ...silentLog,
      warn: (event, fields) => void logged.push(event, fields),
      error: (event, error, fields) => void logged.push(event, String(error), fields),
    },
    publicUrl: () => "http://127.0.0.1",
  };
  const adapter = webhook.create({}, host);
  const server = createHttpServer({
    host: "127.0.0.1",
    port: 0,
    routes: adapter.routes,
    health: [],
    log: silentLog,
    ...options,
  });
  const { url } = await server.start();

  const send = async (path: string, init: RequestInit): Promise<Answer> => {
    const response = await fetch(url + path, { redirect: "manual", ...init });
    const text = await response.text();
    return { status: response.status, headers: response.headers, body: text === "" ? null : JSON.parse(text) };
  };

  return {
    url,
    adapter,
    database,
    endpoints,
    people,
    owner,
    accepted,
    logged,
    listeners: () => listening,
    pass: (ms: number) => void (skew += ms),
    /** What accepting throws instead of storing, until it is taken back. */
    refuse: (error: Error | undefined) => void (refusing = error),
    away: () => new NovaError("unavailable", "The database does not answer.", { advice: "Send it again." }),
    add: (name: string, more: Partial<NewEndpoint> = {}) =>
      endpoints.add({
        name,
        preset: "standard",
        origin: "outside",
        agent: null,
        project: null,
        person: owner,
        ...more,
      }),

    /** Any request to an endpoint, signed or not. */
    post: (name: string, headers: Record<string, string>, body: string | Uint8Array<ArrayBuffer>) =>
      send(`/hooks/${name}`, { method: "POST", headers: { "content-type": "application/json", ...headers }, body }),
    state: (id: string, token: string | undefined, query = "", signal?: AbortSignal) =>
      send(`/api/messages/${id}${query}`, {
        headers: token === undefined ? {} : { authorization: `Bearer ${token}` },
        ...(signal ? { signal } : {}),
      }),

    /** Does to a stored message what a worker would. */
    async settle(id: string, text: string, more: Partial<Settlement> = {}): Promise<void> {
      const conversation = await conversationOf(database, id);
      const turn = await turns.take(conversation);
      if (!turn) throw new Error("nothing waits there");
      await turns.settle(turn, answer(text, more));
      bus.publish(turn.address, { kind: "ended", turn: turn.id });
    },
    take: async (id: string) => turns.take(await conversationOf(database, id)),
    async deliver(id: string): Promise<void> {
      const next = await outbox.next(await conversationOf(database, id));
      if (!next) throw new Error("nothing to deliver there");
      await outbox.record(next.part, await adapter.send(next.part, new AbortController().signal), false);
    },
    said: async (name: string, container = "main", person: Person = owner): Promise<readonly Message[]> =>
      transcript.at(
        {
          platform: "webhook",
          scope: (await endpoints.named(name))?.scope ?? "",
          container,
          root: null,
          visibility: "private",
        },
        person,
        null,
        1_000,
      ),
    async count(): Promise<number> {
      const { rows } = await database.pool.query<{ count: number }>("select count(*)::int as count from message");
      return rows[0]?.count ?? -1;
    },
    rowOf: (id: string) => rowOf(database, id),
    async close() {
      await adapter.stop?.();
      await server.stop();
    },
  };
}

async function conversationOf(database: Database, id: string) {
  return conversationId((await rowOf(database, id)).conversation_id);
}

async function rowOf(database: Database, id: string) {
  const { rows } = await database.pool.query<{
    conversation_id: string;
    text: string;
    origin: string | null;
    addressed_to: string | null;
    project: string | null;
    container: string;
  }>(
    `select message.conversation_id, message.text, message.origin, message.addressed_to, conversation.container,
       project.name as project
     from message join conversation on conversation.id = message.conversation_id
     left join project on project.id = conversation.project_id
     where message.id = $1`,
    [messageId(id)],
  );
  const [row] = rows;
  if (!row) throw new Error(`there is no message ${id}`);
  return row;
}

/** The headers that a Standard Webhooks sender puts on a body, by the real signer. */
export function signed(
  secret: string,
  body: string,
  { id = `msg_${randomUUID()}`, at = new Date() }: { readonly id?: string; readonly at?: Date } = {},
): Record<"webhook-id" | "webhook-timestamp" | "webhook-signature", string> {
  return {
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  };
}

/** The headers that GitHub puts on a body. */
export async function githubSigned(secret: string, event: string, body: string, id: string = randomUUID()) {
  return { "x-github-event": event, "x-github-delivery": id, "x-hub-signature-256": await signGithub(secret, body) };
}
