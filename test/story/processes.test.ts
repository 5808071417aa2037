/** Several Nova processes on one server: news reach every tab, work is shared, and who dies or stands still is replaced. */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterEach, beforeEach, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { HOME } from "#core";
import { createNova } from "../cli/process.ts";
import type { EventReader } from "../adapters/event-reader.ts";
import { openStores, page, type Stores } from "../postgres/stores.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { fillHome } from "../support/home.ts";
import { startProvider, type Asked, type Provider } from "../support/provider.ts";
import { listen, post, signIn, startService, type Service } from "../support/service.ts";

const onServer = "server" in inject("databaseTemplate");
const TIMEOUT = 120_000;

let folder: string;
let place: FreshDatabase;
beforeEach(async () => {
  folder = await mkdtemp(join(tmpdir(), "nova-processes-"));
  place = await freshDatabase();
});
afterEach(async () => {
  await rm(folder, { recursive: true, force: true });
  await place.drop();
});

/** A Nova with a model of its own: what the model is asked tells what the process works on. */
type Member = { readonly service: Service; readonly provider: Provider; readonly home: string };

async function startMember(name: string): Promise<Member> {
  const provider = await startProvider();
  onTestFinished(() => provider.close());
  const home = join(folder, name);
  await fillHome(home);
  return { service: await startService(home, { ...place.env, ...provider.env }), provider, home };
}

/** Whoever asked its model first, as soon as anyone has. The model is not told whom the question was addressed to. */
async function runnerOf(members: readonly Member[], question: string): Promise<{ member: Member; asked: Asked }> {
  const words = question.replace(/^@\w+ /, "");
  return vi.waitFor(
    () => {
      for (const member of members) {
        const asked = member.provider.asked.find((call) => call.words.includes(words));
        if (asked) return { member, asked };
      }
      throw new Error("nobody has asked yet");
    },
    { timeout: 30_000, interval: 10 },
  );
}

const message = z.object({
  from: z.enum(["person", "nova"]),
  text: z.string().optional(),
  html: z.string().optional(),
});
const running = z.object({ html: z.string() });

/** The texts on a page, oldest first. */
const lines = (tab: EventReader): readonly string[] =>
  tab.of("message").map((data) => {
    const { text, html } = message.parse(data);
    return text ?? html ?? "";
  });
const drafts = (tab: EventReader): readonly string[] =>
  tab.of("progress").flatMap((data) => running.safeParse(data).data?.html ?? []);

async function openTab(member: Member, cookie: string): Promise<EventReader> {
  const tab = listen(member.service, cookie);
  onTestFinished(() => tab.close());
  await vi.waitFor(() => expect(tab.of("ready")).toHaveLength(1), { timeout: 10_000 });
  return tab;
}

/** How long until it holds; far less than the fifteen seconds from one heartbeat to the next. */
async function soon(assertion: () => void): Promise<number> {
  const began = performance.now();
  await vi.waitFor(assertion, { timeout: 5_000, interval: 10 });
  return Math.round(performance.now() - began);
}

describe.runIf(onServer)("two processes of one Nova", { timeout: TIMEOUT }, () => {
  test("each shows what the other stored, does and answered, and passes a stop on", async () => {
    const members = [await startMember("a"), await startMember("b")] as const;
    const [a, b] = members;
    const cookie = await signIn(a.service.loginUrl);
    const tabs = await Promise.all(members.map((member) => openTab(member, cookie)));
    const told: Record<string, number> = {};

    for (const [name, member] of [
      ["a", a],
      ["b", b],
    ] as const) {
      const question = `@concierge plan my week ${name}`;
      expect((await post(member.service, cookie, { id: randomUUID(), text: question })).status).toBe(202);
      told[`message by ${name}`] = await soon(() => tabs.forEach((tab) => expect(lines(tab)).toContain(question)));
      const { asked } = await runnerOf(members, question);
      asked.begin(`Rest on day ${name}, then`);
      told[`draft ${name}`] = await soon(() =>
        tabs.forEach((tab) => expect(drafts(tab).join()).toContain(`Rest on day ${name}`)),
      );
      asked.answer(`Rest on day ${name}, then go on.`);
      told[`reply ${name}`] = await soon(() =>
        tabs.forEach((tab) => expect(lines(tab).at(-1)).toContain(`Rest on day ${name}, then go on.`)),
      );
    }

    const question = "@concierge plan the year";
    await post(a.service, cookie, { id: randomUUID(), text: question });
    const { member, asked } = await runnerOf(members, question);
    const other = member === a ? b : a;
    await post(other.service, cookie, { id: randomUUID(), text: "/stop" });
    told["stop"] = await soon(() => expect(asked.gone()).toBe(true));
    await soon(() => tabs.forEach((tab) => expect(lines(tab).at(-1)).toMatch(/stopped/i)));
    // What a page shows at the end is what every page shows.
    expect(lines(tabs[0]!)).toEqual(lines(tabs[1]!));
    console.log(`seen everywhere after ms: ${JSON.stringify(told)}`);
  });

  test("a terminal sees the progress of its turn wherever it runs", async () => {
    const a = await startMember("a");
    const stores = await openStores(() => place.open(a.home));
    onTestFinished(() => stores.close());
    // What is asked at a process runs there, unless it has its hands full.
    for (let n = 0; n < 8; n += 1) {
      await stores.person(`person-${n}`);
      await stores.say(`person-${n}`, `@concierge plan the day of person-${n}`);
    }
    await vi.waitFor(() => expect(a.provider.asked.length).toBe(8), { timeout: 30_000 });
    const b = await startMember("b");

    const words = "@concierge plan a quiet afternoon";
    const nova = createNova(a.home, (child) => onTestFinished(() => void child.kill("SIGKILL")));
    const answer = nova.run(["ask", words, "--json"], { env: place.env });
    const { member, asked } = await runnerOf([a, b], words);
    expect(member).toBe(b);
    asked.begin("Tea first");
    asked.answer("Tea first, then a walk.");
    const began = performance.now();
    expect((await answer).out).toContain("then a walk");
    console.log(`answered after ms: ${Math.round(performance.now() - began)}`);
    a.provider.answerAll(() => "Good.", 0);
  });
});

describe.runIf(onServer)("work", { timeout: TIMEOUT }, () => {
  test("is shared and keeps its order; a process that starts disturbs no turn, one that is killed loses none", async () => {
    const a = await startMember("a");
    const stores = await openStores(() => place.open(a.home));
    onTestFinished(() => stores.close());
    const people = Array.from({ length: 9 }, (_, n) => `person-${n}`);
    for (const name of people) await stores.person(name);
    const say = async (round: number) => {
      for (const name of people) await stores.say(name, `@concierge what of ${name} in round ${round}?`);
    };

    // A holds as many turns as it has hands, and B comes.
    await say(0);
    await vi.waitFor(() => expect(a.provider.asked.length).toBe(8), { timeout: 30_000 });
    const [b, c] = await Promise.all([startMember("b"), startMember("c")]);
    await say(1);
    await vi.waitFor(() => expect(b.provider.asked.length + c.provider.asked.length).toBe(1), { timeout: 20_000 });
    expect((await turnsOf(stores)).map(({ epoch }) => epoch)).toEqual(Array.from({ length: 9 }, () => 1));
    expect(a.provider.asked.map((call) => call.gone())).toEqual(Array.from({ length: 8 }, () => false));

    // The one that holds most is killed; the others go on with what it had.
    const held = new Set(a.provider.asked.map(({ words }) => words));
    const began = performance.now();
    await a.service.kill();
    const reply = (words: string) => `Of ${/person-\d in round \d/.exec(words)?.[0]}.`;
    for (const member of [b, c]) member.provider.answerAll(reply, 150);
    await vi.waitFor(
      () => {
        const elsewhere = new Set([b, c].flatMap(({ provider }) => provider.asked.map(({ words }) => words)));
        expect([...held].filter((words) => !elsewhere.has(words))).toEqual([]);
      },
      { timeout: 40_000, interval: 20 },
    );
    const takenOver = Math.round(performance.now() - began);
    await say(2);
    await vi.waitFor(async () => expect(await stores.turns.unfinished()).toEqual([]), { timeout: 60_000 });
    await vi.waitFor(async () => expect(await stores.outbox.unsent()).toEqual([]), { timeout: 20_000 });

    expect(b.provider.asked.length).toBeGreaterThan(0);
    expect(c.provider.asked.length).toBeGreaterThan(0);
    const turns = await turnsOf(stores);
    expect(turns).toHaveLength(27);
    expect(turns.filter(({ state, replies, sent, said }) => state !== "done" || replies + sent + said !== 3)).toEqual(
      [],
    );
    for (const name of people) {
      const person = (await stores.people.all(HOME)).find((each) => each.name === name)!;
      const said = await stores.transcript.at(page(name), person, null, 50);
      // Each answer follows its question in the order of the rounds.
      const rounds = said.filter(({ reply: note }) => note).map(({ text }) => text);
      expect(rounds).toEqual([0, 1, 2].map((round) => `Of ${name} in round ${round}.`));
    }
    console.log(`8 turns of a killed process went on elsewhere after ${takenOver} ms`);
  });

  test("that a process held when it stood still is done by another, and the first writes nothing more", async () => {
    const a = await startMember("a");
    const cookie = await signIn(a.service.loginUrl);
    const stores = await openStores(() => place.open(a.home));
    onTestFinished(() => stores.close());
    const question = "@concierge plan the move";
    await post(a.service, cookie, { id: randomUUID(), text: question });
    const { asked } = await runnerOf([a], question);

    const b = await startMember("b");
    const tab = await openTab(b, cookie);
    a.service.freeze();
    const began = performance.now();
    const again = await runnerOf([b], question);
    const takenOver = Math.round(performance.now() - began);
    again.asked.answer("Boxes first.");
    await vi.waitFor(() => expect(lines(tab).at(-1)).toContain("Boxes first."), { timeout: 20_000 });
    await vi.waitFor(async () => expect(await stores.outbox.unsent()).toEqual([]), { timeout: 20_000 });
    const before = await everything(stores);

    // The model's answer lies ready when it wakes.
    asked.answer("Too late.");
    a.service.thaw();
    await vi.waitFor(() => expect(a.service.logged()).toContain('"turn.lost"'), { timeout: 20_000 });
    expect(await everything(stores)).toEqual(before);

    // It goes on serving others.
    expect(await b.service.stop()).toBe(0);
    const next = "@concierge and the cat?";
    await post(a.service, cookie, { id: randomUUID(), text: next });
    (await runnerOf([a], next)).asked.answer("The cat comes last.");
    const page = await openTab(a, cookie);
    await vi.waitFor(() => expect(lines(page).at(-1)).toContain("The cat comes last."), { timeout: 20_000 });
    expect(lines(page).filter((line) => /Boxes first|Too late/.test(line))).toHaveLength(1);
    expect(await a.service.stop()).toBe(0);
    console.log(`the turn of a frozen process went on elsewhere after ${takenOver} ms`);
  });
});

type Turn = { state: string; epoch: number; replies: number; sent: number; said: number };

async function turnsOf(stores: Stores): Promise<readonly Turn[]> {
  const { rows } = await stores.database.pool.query<Turn>(
    `select state, epoch,
       (select count(*)::integer from message where turn_id = turn.id and direction = 'out') as replies,
       (select count(*)::integer from message where turn_id = turn.id and direction = 'in') as said,
       (select count(*)::integer from outbox_part where turn_id = turn.id and state = 'sent') as sent
     from turn order by id`,
  );
  return rows;
}

/** All that turns leave behind. */
async function everything(stores: Stores): Promise<unknown> {
  const tables = ["turn", "message", "outbox_part", "step", "trace_event", "memory_item"];
  const rows: Record<string, unknown> = {};
  for (const table of tables)
    rows[table] = (await stores.database.pool.query(`select * from ${table} order by 1, 2, 3, 4`)).rows;
  return rows;
}
