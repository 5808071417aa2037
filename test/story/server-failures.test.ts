/** A database server that is restarted, away for a while, cuts everybody off or is slow, under a service at work. */
import { randomUUID } from "node:crypto";
import { rm } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import pg from "pg";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { HOME, serviceOf } from "#core";
import { openDatabase } from "../../src/postgres/engine/database.ts";
import { command } from "../support/database.ts";
import { startedHome } from "../support/home.ts";
import { silentLog } from "../support/log.ts";
import { BUILT, openServer, type OwnServer } from "../support/own-server.ts";
import { post, signIn, startService, type Service } from "../support/service.ts";

const TERMINATE = "select pg_terminate_backend(pid) from pg_stat_activity where pid <> pg_backend_pid()";

describe.skipIf(BUILT === undefined)("with a server of its own (NOVA_TEST_POSTGRES names a built one)", () => {
  let server: OwnServer;
  let home: string;
  beforeAll(async () => {
    server = await openServer(BUILT ?? "");
    home = await startedHome("failures");
  });
  afterAll(async () => {
    await server.discard();
    await rm(home, { recursive: true, force: true });
  });

  test(
    "everything accepted is answered once, and what was not is told 503 and accepted later",
    { timeout: 240_000 },
    async () => {
      const service = await startService(home, { DATABASE_URL: server.url });
      const cookie = await signIn(service.loginUrl);
      const statuses = new Set<number>();
      const posted: string[] = [];
      const say = async (count: number) => {
        for (let n = 0; n < count; n += 1) posted.push(await insist(service, cookie, posted.length, statuses));
      };

      await say(2);
      const restarting = server.stop().then(() => server.start());
      await say(3);
      await restarting;
      await say(2);
      await command(server.url, TERMINATE);
      await say(2);

      await server.stop();
      await vi.waitFor(async () => expect(await ready(service)).toBe(503), { timeout: 20_000, interval: 200 });
      const away = say(3);
      await pause(8_000);
      await server.start();
      await away;
      await vi.waitFor(async () => expect(await ready(service)).toBe(200), { timeout: 20_000, interval: 200 });
      await say(1);
      for (let cut = 0; cut < 3; cut += 1) {
        const saying = say(1);
        await command(server.url, TERMINATE);
        await saying;
      }

      await vi.waitFor(async () => expect(await unfinished(server.url)).toBe(0), { timeout: 90_000, interval: 500 });
      const found = await stored(server.url);
      expect(found.texts).toEqual(posted);
      expect(found.lost).toBe(0);
      expect(found.turns).toEqual(found.turns.map(() => ({ state: "done", replies: 1, parts: 1 })));
      expect([...statuses].filter((status) => ![200, 202, 503].includes(status))).toEqual([]);
      expect(statuses).toContain(503);
      expect(await service.stop()).toBe(0);
    },
  );

  test("a lock that somebody else holds ends in 503, and the same post is stored when it is gone", async () => {
    const service = await startService(home, { DATABASE_URL: `${server.url}?lock_timeout=500` });
    const cookie = await signIn(service.loginUrl);
    const client = new pg.Client(server.url);
    await client.connect();
    await client.query("begin; lock table inbound in access exclusive mode");
    const message = { id: randomUUID(), text: "What is 20 + 22?" };
    const refused = await post(service, cookie, message);
    expect(refused.status).toBe(503);
    expect(refused.headers.get("retry-after")).toMatch(/^\d+$/);
    expect(await refused.json()).toMatchObject({
      error: { code: "unavailable", message: "The database took too long to answer." },
    });
    await client.end();
    expect((await post(service, cookie, message)).status).toBe(202);
    expect(await service.stop()).toBe(0);
  });

  test("a service that is started before its server waits for it", async () => {
    await server.stop();
    const starting = startService(home, { DATABASE_URL: server.url });
    await pause(2_000);
    await server.start();
    const service = await starting;
    expect(await ready(service)).toBe(200);
    expect(await service.stop()).toBe(0);
  });
});

/** What a page does that is told to come again. */
async function insist(service: Service, cookie: string, n: number, statuses: Set<number>): Promise<string> {
  const message = { id: randomUUID(), text: `What is ${n} + ${n}?` };
  for (;;) {
    const { status } = await post(service, cookie, message);
    statuses.add(status);
    if (status !== 503) return message.text;
    await pause(200);
  }
}

const ready = async (service: Service): Promise<number> => (await fetch(`${service.url}/readyz`)).status;

async function asked<T>(url: string, ask: (client: pg.Client) => Promise<T>): Promise<T> {
  const client = new pg.Client(url);
  await client.connect();
  try {
    return await ask(client);
  } finally {
    await client.end();
  }
}

const unfinished = (url: string): Promise<number> =>
  asked(url, async (client) => {
    const { rows } = await client.query<{ count: number }>(
      `select (select count(*) from message where direction = 'in' and turn_id is null)
         + (select count(*) from turn where state = 'running')
         + (select count(*) from outbox_part where state <> 'sent') as count`,
    );
    return Number(rows[0]?.count);
  });

async function stored(url: string) {
  const database = await openDatabase({ url, log: silentLog });
  try {
    return await database.within(serviceOf(HOME), async (tx) => {
      const texts = await tx.query<{ text: string }>("select text from message where direction = 'in' order by id");
      const lost = await tx.query("select id from message where turn_id is null");
      const turns = await tx.query<{ state: string; replies: number; parts: number }>(
        `select state,
           (select count(*)::integer from message where turn_id = turn.id and direction = 'out') as replies,
           (select count(*)::integer from outbox_part where turn_id = turn.id and state = 'sent') as parts
         from turn order by id`,
      );
      return { texts: texts.rows.map((row) => row.text), lost: lost.rows.length, turns: turns.rows };
    });
  } finally {
    await database.close();
  }
}
