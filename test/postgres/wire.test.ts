/** News between processes: told in order, cut to fit, never heard by whoever tells, and heard again after a lost connection. */
import pg from "pg";
import { afterEach, beforeEach, expect, inject, test, vi } from "vitest";
import { agentId, messageId, turnId, type Address, type News, type Progress, type Wire } from "#core";
import type { Database } from "../../src/postgres/engine/database.ts";
import { newsText } from "../../src/postgres/engine/news-text.ts";
import { createWire } from "../../src/postgres/engine/wire.ts";
import { databaseUrl, testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

const onServer = "server" in inject("databaseTemplate");
const patience = { timeout: 5_000, interval: 10 };
/** From one try to the next each looks once whether anybody else listens. */
const oneLookEach = { timeout: 20_000, interval: 2_500 };

const address: Address = { platform: "web", scope: "local", container: "7", root: null, visibility: "private" };
const turn = turnId("12");
const progress = (each: Progress): News => ({ kind: "progress", address, progress: each });
const draft = (text: string): News => progress({ kind: "draft", turn, text });

let database: Database;
const open: Wire[] = [];
beforeEach(async () => {
  database = await testDatabase();
});
afterEach(async () => {
  await Promise.all(open.splice(0).map((wire) => wire.close()));
  await database.close();
});

function listener() {
  const heard: News[] = [];
  const wire = createWire(database, silentLog);
  open.push(wire);
  wire.open((news) => heard.push(news));
  return { wire, heard };
}

/** Two that hear each other. */
async function pair() {
  const [here, there] = [listener(), listener()];
  await meet(here, there);
  return { here, there };
}

type Listener = ReturnType<typeof listener>;
const hello: News = { kind: "stop", turn: turnId("1") };

/** Until each hears the other; then what was heard is forgotten. */
async function meet(one: Listener, other: Listener): Promise<void> {
  await vi.waitFor(() => {
    one.wire.tell(hello);
    other.wire.tell(hello);
    expect(Math.min(one.heard.length, other.heard.length)).toBeGreaterThan(0);
  }, patience);
  // What is still on its way arrives before this.
  const last: News = { kind: "stop", turn: turnId(String(Math.random())) };
  one.wire.tell(last);
  other.wire.tell(last);
  await vi.waitFor(() => expect([one.heard.at(-1), other.heard.at(-1)]).toEqual([last, last]), patience);
  one.heard.length = 0;
  other.heard.length = 0;
}

test.skipIf(onServer)("on the embedded engine there is nobody to tell, and nothing is opened", async () => {
  const { wire, heard } = listener();
  wire.tell(hello);
  expect((await database.pool.query("select pg_listening_channels()")).rows).toEqual([]);
  expect(heard).toEqual([]);
});

test.runIf(onServer)("what is told is heard by the others, whole and in order, and not by the teller", async () => {
  const { here, there } = await pair();
  const told: News[] = [
    progress({ kind: "taken", turn, messages: [messageId("3"), messageId("4")] }),
    progress({ kind: "routed", turn, agent: agentId("editor"), reason: "It reads like editing." }),
    progress({ kind: "status", turn, line: "reads the notes" }),
    progress({ kind: "said" }),
    { kind: "stop", turn },
    progress({ kind: "ended", turn }),
  ];
  for (const news of told) here.wire.tell(news);
  await vi.waitFor(() => expect(there.heard).toEqual(told), patience);
  expect(here.heard).toEqual([]);
});

test.runIf(onServer)("of many drafts a few travel, the last one among them, and none after the end", async () => {
  const { here, there } = await pair();
  for (let length = 1; length <= 500; length += 1) here.wire.tell(draft("x".repeat(length)));
  await vi.waitFor(() => expect(there.heard.at(-1)).toEqual(draft("x".repeat(500))), patience);
  expect(there.heard.length).toBeLessThanOrEqual(3);

  // However long the last one took: this one is shown or held, so the next one is held.
  here.wire.tell(draft("seen or not"));
  here.wire.tell(draft("never seen"));
  here.wire.tell(progress({ kind: "ended", turn }));
  // Drafts of another turn have the same pace, and a draft that was still held would be told before the second of these.
  const other = (text: string): News => progress({ kind: "draft", turn: turnId("13"), text });
  here.wire.tell(other("begins"));
  here.wire.tell(other("goes on"));
  await vi.waitFor(() => expect(there.heard.at(-1)).toEqual(other("goes on")), patience);
  expect(there.heard.slice(-3)).toEqual([progress({ kind: "ended", turn }), other("begins"), other("goes on")]);
  expect(JSON.stringify(there.heard)).not.toContain("never seen");
});

test.runIf(onServer).each([
  ["plain", "a".repeat(50_000)],
  ["of four bytes a character", "🙂".repeat(20_000)],
  ["that must be escaped", '"\\\n'.repeat(20_000)],
])("a draft too long for a notification, %s, is cut to its beginning", async (_what, text) => {
  const { here, there } = await pair();
  here.wire.tell(draft(text));
  await vi.waitFor(() => expect(there.heard).toHaveLength(1), patience);
  const [news] = there.heard;
  if (news?.kind !== "progress" || news.progress.kind !== "draft") throw new Error("no draft was heard");
  expect(news.progress.text.endsWith("…")).toBe(true);
  const beginning = news.progress.text.slice(0, -1);
  expect(beginning.length).toBeGreaterThan(1_000);
  expect(text.startsWith(beginning.replace(/\ufffd$/, ""))).toBe(true);
});

test.runIf(onServer)("after a lost connection each hears the other again", async () => {
  const { here, there } = await pair();
  const { rowCount } = await database.pool.query(
    `select pg_terminate_backend(pid) from pg_stat_activity
     where datname = current_database() and application_name = 'nova news'`,
  );
  expect(rowCount).toBe(2);
  await meet(here, there);
});

test.runIf(onServer)("what no Nova wrote is not heard", async () => {
  const { here, there } = await pair();
  const template = inject("databaseTemplate");
  if (!("server" in template)) throw new Error("this is a server's test");
  const { rows } = await database.pool.query<{ name: string }>("select current_database() as name");
  const stranger = new pg.Client(databaseUrl(template.server, rows[0]?.name ?? ""));
  await stranger.connect();
  for (const text of [
    "",
    "hello",
    "{}",
    '{"kind":"stop"}',
    '{"kind":"progress","address":{},"progress":{"kind":"said"}}',
  ])
    await stranger.query("select pg_notify('nova_news', $1)", [text]);
  await stranger.end();
  here.wire.tell(hello);
  await vi.waitFor(() => expect(there.heard).toEqual([hello]), patience);
});

test.runIf(onServer)("who is alone tells nobody, and tells whoever comes from the first word on", async () => {
  const template = inject("databaseTemplate");
  if (!("server" in template)) throw new Error("this is a server's test");
  const { rows } = await database.pool.query<{ name: string }>("select current_database() as name");
  const stranger = new pg.Client(databaseUrl(template.server, rows[0]?.name ?? ""));
  await stranger.connect();
  const overheard: (string | undefined)[] = [];
  stranger.on("notification", ({ payload }) => overheard.push(payload));
  await stranger.query("listen nova_news");
  const here = listener();
  await vi.waitFor(() => expect(overheard).toContain("hello"), patience);
  const unheard: News = { kind: "stop", turn: turnId("2") };
  // The stranger is no process of Nova: from the next look on nobody is told anything, until somebody comes.
  await vi.waitFor(async () => {
    overheard.length = 0;
    here.wire.tell(unheard);
    const there = listener();
    try {
      await vi.waitFor(() => {
        here.wire.tell(hello);
        expect(there.heard).toContainEqual(hello);
        expect(overheard).toContain(newsText(hello));
      }, patience);
      // Said before on the same connection, it would have come before.
      expect(overheard).not.toContain(newsText(unheard));
    } finally {
      await there.wire.close();
    }
  }, oneLookEach);
  await stranger.end();
});
