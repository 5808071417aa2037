/**
 * A day with kills at random points: 5 conversations, 3 people, pages and webhooks mixed, duplicates, two at once. On the
 * engine that the suite runs on; on a server also with three processes, of which one is killed each time. Here in short;
 * `npm run day` plays it in full: 60 messages and 50 kills.
 */
import { randomUUID } from "node:crypto";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { expect, inject, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import { createNova } from "../cli/process.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { freshDatabase } from "../support/database.ts";
import { fillHome } from "../support/home.ts";
import { homeIn, startFleet, type Fleet } from "../support/fleet.ts";
import { isWhole } from "../support/nightly.ts";
import { seededRandom } from "../support/seed.ts";
import { signIn } from "../support/service.ts";
import { expectFetched, expectPages, expectWhole, readDay, tally, type Found } from "./day-findings.ts";
import { PLACES, writeScript } from "./day-script.ts";
import { createSender, door, type Cookies, type Doors } from "./day-senders.ts";

const KILLS = Number(process.env["NOVA_DAY_KILLS"] ?? 3);
/** 12 lines for every place on the full day. */
const PER_PLACE = KILLS >= 50 ? 12 : 3;
/** Long enough to reach a reply's delivery, short enough to fall before its message is stored. */
const LATEST_KILL_MS = 350;
const TIMEOUT = 60_000 + KILLS * 20_000;

const isServer = "server" in inject("databaseTemplate");

// On a server three processes go through all that one does.
test.skipIf(isServer && !isWhole)(`one process, ${KILLS} kills`, { timeout: TIMEOUT }, async () => {
  expect(await play(1)).toEqual([0]);
});
test.skipIf(!isServer)(`three processes on a server, ${KILLS} kills`, { timeout: TIMEOUT }, async () => {
  expect(await play(3)).toEqual([0, 0, 0]);
});

/** The exit codes of all processes at the end of the day. */
async function play(processes: number): Promise<readonly (number | null)[]> {
  const random = seededRandom();
  console.log(`seed ${random.seed}`);
  const folder = await mkdtemp(join(tmpdir(), "nova-day-"));
  onTestFinished(() => rm(folder, { recursive: true, force: true }));
  for (let index = 0; index < processes; index += 1) await fillHome(homeIn(folder, index));
  const data = await freshDatabase();
  onTestFinished(() => data.drop());
  const env = { ...data.env, NOVA_LOG: "error" };
  const doors = await openDoors(folder, env);
  const fleet = await startFleet({ folder, size: processes, env });
  const cookies = await signInAll(fleet, folder, env);

  const script = writeScript(PER_PLACE, random, randomUUID);
  const acked = new Map<string, string>();
  const gates = script.map(() => Promise.withResolvers<void>());
  const send = createSender({ fleet, cookies, doors, random });
  const senders = Promise.all(
    PLACES.map(async (place) => {
      for (const [i, group] of script.entries()) {
        if (group[0]?.place !== place) continue;
        await gates[i]?.promise;
        for (const { line, id } of await Promise.all(group.map(async (line) => ({ line, id: await send(line) })))) {
          acked.set(line.id, id);
        }
      }
    }),
  );
  senders.catch(() => undefined); // Told below, when the kills are done.

  const began = performance.now();
  for (let round = 0; round < KILLS; round += 1) {
    for (const gate of gates.slice(0, Math.ceil(((round + 1) * gates.length) / KILLS))) gate.resolve();
    // Rather early than late: most of what happens to a message happens soon.
    await pause(random.next() ** 2 * LATEST_KILL_MS);
    await fleet.killAndRestart(Math.floor(random.next() * fleet.size));
  }
  await senders;
  await quiet(folder);
  const ms = Math.round(performance.now() - began);

  await expectPages(fleet, cookies, script);
  await expectFetched({ fleet, doors, script, acked });
  const codes = await fleet.stop();
  const found = await rowsOf(await data.open(homeIn(folder, 0)));
  expectWhole(found, script, acked);
  console.log(
    `${found.messages.length} messages, ${found.turns.length} turns, ${KILLS} kills in ${ms} ms: ${tally(found)}`,
  );
  return codes;
}

async function rowsOf(database: Database): Promise<Found> {
  try {
    return await readDay(database);
  } finally {
    await database.close();
  }
}

type Env = Readonly<Record<string, string>>;

/** Two people more, and two endpoints, by the operator's verbs. */
async function openDoors(folder: string, env: Env): Promise<Doors> {
  await runVerb(folder, env, ["link", "--new", "Ada"]);
  await runVerb(folder, env, ["link", "--new", "Bob"]);
  const shortcut = await runVerb(folder, env, ["hooks", "add", "shortcut", "--as", "Ada", "--origin", "person"]);
  const alerts = await runVerb(folder, env, ["hooks", "add", "alerts"]);
  return { shortcut: door.parse(shortcut), alerts: door.parse(alerts) };
}

async function runVerb(folder: string, env: Env, args: readonly string[]): Promise<unknown> {
  const nova = createNova(homeIn(folder, 0), (child) => onTestFinished(() => void child.kill("SIGKILL")));
  const ended = await nova.run([...args, "--json"], { env });
  if (ended.code !== 0) throw new Error(`nova ${args.join(" ")} ended with ${ended.code}: ${ended.err}`);
  return JSON.parse(ended.out);
}

async function signInAll(fleet: Fleet, folder: string, env: Env): Promise<Cookies> {
  const [first] = fleet.up();
  if (!first) throw new Error("no process is up");
  const code = z.object({ code: z.string() });
  const as = async (name: string): Promise<string> => {
    const issued = code.parse(await runVerb(folder, env, ["link", "--as", name]));
    return signIn(`${first.url}/login?code=${issued.code}`);
  };
  return { Owner: await signIn(first.loginUrl), Ada: await as("Ada"), Bob: await as("Bob") };
}

const report = z.object({
  report: z.object({
    turns: z.object({ running: z.number() }),
    waitingMessages: z.number(),
    undeliveredParts: z.number(),
  }),
});

async function quiet(folder: string): Promise<void> {
  await vi.waitFor(
    async () => {
      const now = report.parse(await runVerb(folder, {}, ["status"])).report;
      expect([now.turns.running, now.waitingMessages, now.undeliveredParts]).toEqual([0, 0, 0]);
    },
    { timeout: 120_000, interval: 500 },
  );
}
