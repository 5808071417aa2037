/** Nova is killed while an effect is on its way: it happens once, or a person is told that nobody knows; never twice. */
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { createServer, type Server } from "node:http";
import { rm } from "node:fs/promises";
import { createInterface } from "node:readline";
import { fileURLToPath } from "node:url";
import { afterAll, beforeAll, expect, onTestFinished, test, vi } from "vitest";
import { z } from "zod";
import type { Trial } from "../contract/trial-folder.ts";
import { openClerks } from "../effects/trial-agents.ts";
import { freshDatabase, type FreshDatabase } from "../support/database.ts";
import { startedHome } from "../support/home.ts";
import { isWhole } from "../support/nightly.ts";

const PROCESS = fileURLToPath(new URL("./effects-process.ts", import.meta.url));
/** Four on every change, one of each kind of end; the twenty of the whole run only by night. */
const KILLS = isWhole ? 20 : 4;

/** Counts what arrives by its key, and can keep its answers to itself. */
type Target = {
  readonly url: string;
  readonly counts: ReadonlyMap<string, number>;
  /** The next one arrives, or is lost on the way; it is never answered. Resolves when it was sent. */
  keep(arrives: boolean): Promise<void>;
  close(): void;
};

async function openTarget(): Promise<Target> {
  const counts = new Map<string, number>();
  let kept: { readonly arrives: boolean; readonly sent: () => void } | undefined;
  const server: Server = createServer((request, response) => {
    const known = /^\/done\/(\w+)$/.exec(request.url ?? "")?.[1];
    if (known) return void response.writeHead(counts.has(known) ? 200 : 404).end();
    const key = String(request.headers["idempotency-key"]);
    const keeping = kept;
    kept = undefined;
    if (keeping?.arrives !== false) counts.set(key, (counts.get(key) ?? 0) + 1);
    if (!keeping) return void response.end();
    keeping.sent();
  });
  server.listen(0, "127.0.0.1");
  await once(server, "listening");
  const address = server.address();
  const port = typeof address === "object" ? address?.port : undefined;
  return {
    url: `http://127.0.0.1:${port}`,
    counts,
    keep(arrives) {
      const { promise, resolve } = Promise.withResolvers<void>();
      kept = { arrives, sent: resolve };
      return promise;
    },
    close: () => {
      server.closeAllConnections();
      server.close();
    },
  };
}

const line = z.union([
  z.object({ ready: z.literal(true) }),
  z.object({ sent: z.string() }),
  z.object({ fates: z.array(z.object({ text: z.string(), state: z.string(), key: z.string() })) }),
]);
type Fate = { readonly text: string; readonly state: string; readonly key: string };

let clerks: Trial;
let place: FreshDatabase;
let home: string;
let target: Target;
/** All that was ever sent to the owner, by whichever process. */
const sent: string[] = [];

beforeAll(async () => {
  [clerks, place, home, target] = [
    await openClerks(),
    await freshDatabase(),
    await startedHome("effects"),
    await openTarget(),
  ];
}, 60_000);
afterAll(async () => {
  target.close();
  await clerks.close();
  await place.drop();
  await rm(home, { recursive: true, force: true });
});

type Member = {
  say(words: string): void;
  fates(): Promise<readonly Fate[]>;
  kill(): Promise<void>;
};

async function start(): Promise<Member> {
  const child: ChildProcess = spawn(
    process.execPath,
    ["--disable-warning=ExperimentalWarning", PROCESS, target.url, clerks.agents],
    {
      env: { PATH: process.env["PATH"] ?? "", NOVA_HOME: home, NOVA_PORT: "0", ...place.env },
      stdio: ["pipe", "pipe", "inherit"],
    },
  );
  onTestFinished(() => void child.kill("SIGKILL"));
  const { stdin, stdout } = child;
  if (!stdin || !stdout) throw new Error("the process has no ends");
  const ready = Promise.withResolvers<void>();
  const asked: ((fates: readonly Fate[]) => void)[] = [];
  createInterface({ input: stdout }).on("line", (text) => {
    const read = line.parse(JSON.parse(text));
    if ("ready" in read) ready.resolve();
    if ("sent" in read) sent.push(read.sent);
    if ("fates" in read) asked.shift()?.(read.fates);
  });
  child.once("exit", (code) => ready.reject(new Error(`the process ended with ${code}`)));
  await ready.promise;
  return {
    say: (words) => void stdin.write(`say ${words}\n`),
    fates: () =>
      new Promise((resolve) => {
        asked.push(resolve);
        stdin.write("fates \n");
      }),
    async kill() {
      child.kill("SIGKILL");
      await once(child, "exit");
    },
  };
}

test(
  `D22: killed ${KILLS} times between claim and record${isWhole ? "" : " (20 in the nightly run)"}, an effect happens once, or a person is told`,
  async () => {
    const ends: (Fate & { readonly count: number })[] = [];
    let member = await start();
    for (let kill = 0; kill < KILLS; kill += 1) {
      const verb = kill % 2 === 0 ? "send" : "note";
      const arrives = kill % 4 < 2;
      const text = `errand ${kill}`;
      const isSent = target.keep(arrives);
      member.say(`${verb} ben: ${text}`);
      await isSent;
      await member.kill();

      member = await start();
      const fate = await vi.waitFor(
        async () => {
          const found = (await member.fates()).find((each) => each.text === text);
          expect(found?.state).toMatch(/^(done|failed|unknown)$/);
          return found!;
        },
        { timeout: 40_000, interval: 100 },
      );
      const told = () => sent.filter((words) => words.includes("nobody can tell whether it was done")).length;
      const unknowns = [...ends, fate].filter(({ state }) => state === "unknown").length;
      await vi.waitFor(() => expect(told()).toBe(unknowns), { timeout: 20_000, interval: 50 });
      ends.push({ ...fate, count: target.counts.get(fate.key) ?? 0 });
    }
    await member.kill();
    // Where the target can be asked it is done, once; where it cannot, nobody knows, and nothing is told twice.
    expect(ends.map(({ state, count }, i) => [i, state, count])).toEqual(
      ends.map((_, i) => (i % 2 === 0 ? [i, "done", 1] : [i, "unknown", i % 4 < 2 ? 1 : 0])),
    );
    expect(Math.max(...target.counts.values())).toBe(1);
  },
  KILLS * 60_000,
);
