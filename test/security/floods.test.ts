/** Too much of everything: bodies, values, depth, mentions, and words made to keep a pattern busy. All is bounded, and nothing stays behind. */
import { setFlagsFromString } from "node:v8";
import { runInNewContext } from "node:vm";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { Database } from "../../src/postgres/engine/database.ts";
import { idOf, openWebhookRoom, signed, type WebhookRoom } from "../adapters/webhook-room.ts";
import { testDatabase } from "../support/database.ts";
import { says, scripted, type Scripted } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const MB = 1024 * 1024;
/** As src/turn/accept.ts has it. */
const MOST_TEXT = 100_000;

/** Milliseconds of this process's own work: what else the machine does costs nothing here. */
async function spent(work: () => Promise<unknown>): Promise<number> {
  const begun = process.cpuUsage();
  await work();
  const { user, system } = process.cpuUsage(begun);
  return (user + system) / 1_000;
}

/** Less than this is no matter, whatever it grows by. */
const LITTLE_MS = 1_500;
/** Twice as much takes twice as long, and some; four times as long is work that grows with the square. */
const MOST_GROWTH = 3;

/** `work` on the whole of it, and where that takes long on the half: how many times as long the whole takes. */
async function growth(work: (share: number) => Promise<unknown>, little = LITTLE_MS): Promise<number> {
  const whole = await spent(() => work(1));
  if (whole < little) return 1;
  return whole / (await spent(() => work(0.5)));
}

/** What is in use when all has been cleared away, in bytes. */
async function inUse(): Promise<number> {
  setFlagsFromString("--expose-gc");
  const collect: () => void = runInNewContext("gc");
  for (let i = 0; i < 3; i += 1) {
    collect();
    await new Promise((resolve) => setImmediate(resolve));
  }
  const { heapUsed, arrayBuffers } = process.memoryUsage();
  return heapUsed + arrayBuffers;
}

describe("posts that are signed well", () => {
  let database: Database;
  let room: WebhookRoom;
  let secret: string;
  beforeAll(async () => {
    database = await testDatabase();
    room = await openWebhookRoom(database);
    ({ secret } = await room.add("flood"));
  });
  afterAll(async () => {
    await room.close();
    await database.close();
  });
  const post = (body: string) => room.post("flood", signed(secret, body), body);
  const nested = (depth: number, key: string) => `${`{"${key}":`.repeat(depth)}1${"}".repeat(depth)}`;

  test("S23: ten messages of 10 MB are refused as too large, and after a collection nothing of them is left in memory", async () => {
    const body = JSON.stringify({ text: "x".repeat(10 * MB) });
    expect((await post(body)).status).toBe(413);
    const [stored, before] = [await room.count(), await inUse()];
    for (let i = 0; i < 10; i += 1) expect((await post(body)).status).toBe(413);
    expect((await inUse()) - before).toBeLessThan(8 * MB);
    expect(await room.count()).toBe(stored);
  });

  test.each([
    ["100,000 items in place of a text", `{"text":[${"0,".repeat(99_999)}0]}`],
    ["a text 10,000 levels deep", `{"text":${nested(10_000, "a")}}`],
    ["a conversation 10,000 levels deep", `{"text":"hello","conversation":${nested(10_000, "a")}}`],
    ["10,000 lists in lists", "[".repeat(10_000) + "]".repeat(10_000)],
    ["lists that never end", "[".repeat(100_000)],
    ["100,000 items and no object", `[${"0,".repeat(99_999)}0]`],
    ["one text of a thousand mentions beyond the limit", JSON.stringify({ text: "@concierge ".repeat(10_000) })],
  ])("S23: %s: 4xx, and nothing is stored", async (_what, body) => {
    const stored = await room.count();
    const { status } = await post(body);
    expect([400, 413]).toContain(status);
    expect(await room.count()).toBe(stored);
  });

  test.each([
    ["100,000 items", `{"type":"flood.items","data":[${"0,".repeat(99_999)}0]}`],
    ["100,000 names", `{${Array.from({ length: 100_000 }, (_, i) => `"k${i}":1`).join()}}`],
    ["10,000 levels", `{"type":"flood.depth","data":${nested(10_000, "a")}}`],
    ["10,000 levels called data", nested(10_000, "data")],
  ])("S23: a body with %s of others' making becomes a short listing that says so", async (_what, body) => {
    let text = "";
    const cost = await spent(async () => {
      const answer = await post(body);
      expect(answer.status).toBe(202);
      ({ text } = await room.rowOf(idOf(answer)));
    });
    expect(text.length).toBeLessThan(5_000);
    expect(text).toContain("…");
    // A million characters at most: five microseconds for each.
    expect(cost).toBeLessThan(5_000);
  });

  test("S23 twin: what is large and within the limits is taken whole", async () => {
    const text = "a word ".repeat(14_000).trim();
    const answer = await post(JSON.stringify({ text, data: Array.from({ length: 1_000 }, (_, i) => ({ i })) }));
    expect(answer.status).toBe(202);
    expect((await room.rowOf(idOf(answer))).text).toBe(text);
  });
});

describe("words through whole turns", () => {
  let models: Scripted;
  let lab: TestNova;
  let answer = says("All right.");
  beforeAll(async () => {
    models = scripted(() => answer);
    lab = await startNova({ models: models.models });
  });
  afterAll(() => lab.nova.stop());

  const many = (piece: string) => piece.repeat(Math.floor((MOST_TEXT - 100) / piece.length));
  /** Each would keep a careless pattern busy for ever: long runs that nearly fit. */
  const BOMBS: readonly (readonly [what: string, text: string])[] = [
    ["one letter", `${many("a")}!`],
    ["blanks", `x${many(" ")}x`],
    ["tabs and line ends", `x${many(" \t\n")}x`],
    ["open brackets", many("[")],
    ["open links", many("[a](")],
    ["stars", many("**a *")],
    ["ticks", many("`")],
    ["quotation marks", many("> ")],
    ["figures and commas", `${many("1,")}x`],
    ["figures and points", `${many("1.")}x`],
    ["clock times", many("at 9:0")],
    ["addresses that do not end", many("http://a@")],
    ["accounts that do not end", many("DE89 ")],
    ["keys that do not end", many("Bearer ")],
    ["hyphens", many("a-")],
    ["apostrophes", many("don't")],
    ["marks on one letter", `a${many("\u0301")}`],
    ["joiners", many("\u200d")],
    ["and, and, and", many("and then ")],
    ["questions", many("what? ")],
    ["mentions at the front", many("@concierge ")],
    ["commands", many("/remember ")],
  ];

  const cut = (text: string, share: number): string => text.slice(0, Math.ceil(text.length * share));

  test.each(BOMBS)(
    "S23: a message of nothing but %s is answered, in time that grows with its length and no faster",
    async (_what, text) => {
      const times = await growth(async (share) => expect(await lab.ask(cut(text, share))).not.toBe(""));
      expect(times).toBeLessThan(MOST_GROWTH);
    },
    60_000,
  );

  test("S23: a model that answers so is shown, in time that grows with its length and no faster", async () => {
    for (const [what, text] of BOMBS) {
      const times = await growth(async (share) => {
        answer = says(cut(text, share / 5));
        expect([what, await lab.ask("@concierge tell me")]).not.toEqual([what, ""]);
      });
      expect([what, times < MOST_GROWTH]).toEqual([what, true]);
    }
    answer = says("All right.");
  }, 240_000);

  test.each([
    ["the square", 2],
    ["the length", 1],
  ])("time that grows with %s is told from the other", async (_what, power) => {
    const busy = async (share: number): Promise<void> => {
      const begun = process.cpuUsage();
      const worked = () => process.cpuUsage(begun);
      while ((worked().user + worked().system) / 1_000 < 200 * share ** power) JSON.stringify(BOMBS[0]);
    };
    expect((await growth(busy, 100)) > MOST_GROWTH).toBe(power === 2);
  });

  test("S23: a thousand mentions of everybody are one turn of one agent, and one reply", async () => {
    const turns = async () => (await lab.database.pool.query("select id from turn")).rowCount ?? 0;
    const agents = (await lab.verb("agents", { do: "list" })) as { id: string }[];
    const [before, asked] = [await turns(), models.heard.length];
    const text = Array.from({ length: 1_000 }, (_, i) => `@${agents[i % agents.length]?.id ?? "concierge"}`).join(" ");
    expect(await lab.ask(`${text} hello`)).not.toBe("");
    expect((await turns()) - before).toBe(1);
    expect(models.heard.length - asked).toBeLessThanOrEqual(2);
  });

  test("S23: what is longer than a message is refused in words, and costs no turn", async () => {
    const receipt = await lab.channel.say("owner", "x".repeat(10 * MB));
    expect(receipt).toMatchObject({ kind: "refused", code: "too_large" });
  });

  test("S23 twin: a long, ordinary message is answered by the agent that it names", async () => {
    const asked = models.heard.length;
    const words = "The lease of the flat in the harbour street ends in May, and nobody has written to the landlord. ";
    expect(await lab.ask(`@concierge ${words.repeat(100)}`)).toContain("All right.");
    expect(models.heard.length - asked).toBe(1);
    // Blanks that lay something out are words, too; a desert of them is not.
    const table = `name${" ".repeat(60)}amount`;
    await lab.ask(`@concierge ${table} ${"\n".repeat(5_000)}end`);
    expect(models.heard.at(-1)?.at(-1)?.text).toBe(`${table} ${"\n".repeat(63)}end`);
  });
});
