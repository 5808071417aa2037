/** Section (e): how long a start takes, and what a process holds after the lines of the scripted day. */
import { spawn, type ChildProcess } from "node:child_process";
import { randomUUID } from "node:crypto";
import { once } from "node:events";
import { readFile } from "node:fs/promises";
import { setTimeout as pause } from "node:timers/promises";
import { Webhook } from "standardwebhooks";
import { z } from "zod";
import { writeScript } from "../story/day-script.ts";
import { seededRandom } from "../support/seed.ts";
import type { Engine } from "./engine.ts";
import { one, type Figure } from "./figures.ts";

const CLI = new URL("../../src/bin.ts", import.meta.url).pathname;
/** As many as `npm run day` has for each of its five places. */
const PER_PLACE = 12;
const DAY_MS = 120_000;

type Home = Awaited<ReturnType<Engine["home"]>>;

export async function measureStart(engine: Engine): Promise<readonly Figure[]> {
  const home = await engine.home();
  try {
    const first = await start(home);
    await stop(first.child);
    const second = await start(home);
    const fresh = await residentOf(second.child);
    await playDay(home, second.url);
    const later = await residentOf(second.child);
    await stop(second.child);
    return [
      one("first start to ready", "s", first.seconds),
      one("second start to ready", "s", second.seconds, engine.name === "embedded" ? "≤ 5" : undefined),
      ...(fresh === undefined ? [] : [one("resident, just started", "MB", fresh)]),
      ...(later === undefined ? [] : [one("resident, after the day", "MB", later, "≤ 900")]),
    ];
  } finally {
    await home.drop();
  }
}

const nova = (home: Home, args: readonly string[]): ChildProcess =>
  spawn(process.execPath, ["--disable-warning=ExperimentalWarning", CLI, ...args], {
    env: {
      PATH: process.env["PATH"] ?? "",
      NO_COLOR: "1",
      NOVA_LOG: "error",
      NOVA_HOME: home.folder,
      NOVA_PORT: "0",
      ...home.env,
    },
    stdio: ["ignore", "pipe", "inherit"],
  });

async function start(home: Home) {
  const began = performance.now();
  const child = nova(home, ["start"]);
  let out = "";
  for await (const piece of child.stdout ?? []) {
    out += String(piece);
    const url = /http:\/\/\S+(?=\/login\?code=)/.exec(out)?.[0];
    if (url === undefined) continue;
    return { child, url, seconds: (performance.now() - began) / 1_000 };
  }
  throw new Error("Nova ended before it was ready");
}

async function stop(child: ChildProcess): Promise<void> {
  const ended = once(child, "exit");
  child.kill("SIGTERM");
  await ended;
}

/** Where the system tells it. */
async function residentOf({ pid }: ChildProcess): Promise<number | undefined> {
  const status = await readFile(`/proc/${pid}/status`, "utf8").catch(() => "");
  const kilobytes = /^VmRSS:\s+(\d+)/m.exec(status)?.[1];
  return kilobytes === undefined ? undefined : Number(kilobytes) / 1_024;
}

const door = z.object({ secret: z.string(), token: z.string() });
const stored = z.object({ id: z.string() });
const state = z.object({ state: z.string() });

/** Every line once, all by one endpoint, without the kills of the test; each is answered in the end. */
async function playDay(home: Home, url: string): Promise<void> {
  const adding = nova(home, ["hooks", "add", "day", "--origin", "person", "--json"]);
  let printed = "";
  adding.stdout?.on("data", (piece: Buffer) => (printed += piece.toString()));
  await once(adding, "close");
  const { secret, token } = door.parse(JSON.parse(printed));
  const ids: string[] = [];
  for (const { text, place } of writeScript(PER_PLACE, seededRandom(), randomUUID).flat()) {
    ids.push(await post(`${url}/hooks/day`, secret, { text, conversation: place }));
  }
  const limit = AbortSignal.timeout(DAY_MS);
  for (const id of ids) {
    while (!(await isDone(`${url}/api/messages/${id}`, token))) await pause(100, undefined, { signal: limit });
  }
}

async function post(url: string, secret: string, said: object): Promise<string> {
  const body = JSON.stringify(said);
  const at = new Date();
  const id = randomUUID();
  const headers = {
    "content-type": "application/json",
    "webhook-id": id,
    "webhook-timestamp": String(Math.floor(at.getTime() / 1_000)),
    "webhook-signature": new Webhook(secret).sign(id, at, body),
  };
  const response = await fetch(url, { method: "POST", body, headers });
  return stored.parse(await response.json()).id;
}

async function isDone(url: string, token: string): Promise<boolean> {
  const response = await fetch(url, { headers: { authorization: `Bearer ${token}` } });
  const { state: now } = state.parse(await response.json());
  return now !== "waiting" && now !== "running";
}
