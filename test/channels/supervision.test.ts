/** A channel that is cut off comes back by itself, says so while it is away, and takes nothing else down with it. */
import { expect, test, vi } from "vitest";
import { NovaError, type Log, type LogFields } from "#core";
import { createSupervision, RETRYING, type ConnectionNews, type Retrying } from "../../src/service/supervision.ts";
import { createTestChannel } from "../support/channel.ts";
import { createGatedModels } from "../support/gated-model.ts";
import { silentLog } from "../support/log.ts";
import { startNova } from "../support/nova.ts";

/** For whole Novas on a machine that has much else to do. */
const PATIENCE = { timeout: 15_000 };
const SLOW = 60_000;
const OWN = { ok: true, detail: "connected" };

/** A line whose ends are in the test's hand; time passes only while it waits. */
function setUp() {
  const lines: { event: string; fields: LogFields | undefined }[] = [];
  const log: Log = {
    ...silentLog,
    warn: (event, fields) => void lines.push({ event, fields }),
    error: (event, _error, fields) => void lines.push({ event, fields }),
  };
  const pauses: number[] = [];
  const news: ConnectionNews[] = [];
  let now = 0;
  let calls = 0;
  let held = Promise.withResolvers<void>();
  let up = (): void => {};
  let gate: PromiseWithResolvers<void> | undefined;
  const retrying: Retrying = {
    ...RETRYING,
    pauseMs: (failures) => 1_000 * failures,
    async wait(ms, signal) {
      pauses.push(ms);
      await (gate ? Promise.race([gate.promise, ended(signal)]) : undefined);
      now += ms;
    },
  };
  const supervision = createSupervision({
    async listen(signal, tell) {
      calls += 1;
      up = tell;
      held = Promise.withResolvers<void>();
      await Promise.race([held.promise, ended(signal)]);
    },
    clock: { now: () => new Date(now) },
    log,
    retrying,
    onNews: (each) => void news.push(each),
  });
  const calledTimes = (times: number) => vi.waitFor(() => expect(calls).toBe(times), { interval: 1 });
  return {
    supervision,
    lines,
    pauses,
    news,
    calledTimes,
    calls: () => calls,
    up: () => up(),
    pass: (ms: number) => void (now += ms),
    async breaks(error: unknown) {
      const before = pauses.length;
      held.reject(error);
      await vi.waitFor(() => expect(pauses.length).toBe(before + 1), { interval: 1 });
    },
    async endsEarly() {
      const before = pauses.length;
      held.resolve();
      await vi.waitFor(() => expect(pauses.length).toBe(before + 1), { interval: 1 });
    },
    holdPauses: () => void (gate = Promise.withResolvers<void>()),
  };
}

const ended = (signal: AbortSignal): Promise<void> =>
  signal.aborted ? Promise.resolve() : new Promise((resolve) => signal.addEventListener("abort", () => resolve()));

test("pauses double from a second to five minutes, and no two processes wait alike", () => {
  const { pauseMs } = RETRYING;
  for (const [failures, most] of [
    [1, 1_000],
    [2, 2_000],
    [5, 16_000],
    [9, 256_000],
    [10, 300_000],
    [5_000, 300_000],
  ] as const) {
    const drawn = Array.from({ length: 20 }, () => pauseMs(failures));
    expect(Math.max(...drawn)).toBeLessThanOrEqual(most);
    expect(Math.min(...drawn)).toBeGreaterThanOrEqual(most / 2);
    expect(new Set(drawn).size).toBeGreaterThan(1);
  }
});

test("a crash, and an end that nobody asked for, are followed by another try after a longer pause", async () => {
  const line = setUp();
  line.supervision.start();
  await line.calledTimes(1);
  await line.breaks(new RangeError("xoxb-a-secret"));
  await line.calledTimes(2);
  await line.endsEarly();
  await line.calledTimes(3);
  expect(line.pauses).toEqual([1_000, 2_000]);
  expect(line.lines).toMatchObject([
    { event: "channel.down", fields: { error: "RangeError", failures: 1, pauseMs: 1_000 } },
    { event: "channel.down", fields: { error: "EndedEarly", failures: 2 } },
  ]);
  expect(JSON.stringify([line.lines, line.news])).not.toContain("xoxb");
  await line.supervision.stop();
  expect(line.calls()).toBe(3);
});

test("what was up for a minute begins again with the shortest pause; what was up for less does not", async () => {
  const line = setUp();
  line.supervision.start();
  await line.calledTimes(1);
  await line.breaks(new Error("1"));
  await line.calledTimes(2);
  line.up();
  line.pass(59_000);
  await line.breaks(new Error("2"));
  await line.calledTimes(3);
  line.up();
  line.pass(60_000);
  await line.breaks(new Error("3"));
  expect(line.pauses).toEqual([1_000, 2_000, 1_000]);
  expect(line.news.map(({ kind }) => kind)).toEqual(["down", "up", "down", "up", "down"]);
  await line.supervision.stop();
});

test("a wrong setting waits the longest at once, and log and health say what to do", async () => {
  const line = setUp();
  line.holdPauses();
  line.supervision.start();
  await line.calledTimes(1);
  const advice = "Correct SLACK_BOT_TOKEN.";
  await line.breaks(new NovaError("bad_config", "Slack does not know the token.", { advice }));
  expect(line.pauses).toEqual([300_000]);
  expect(line.lines).toMatchObject([{ event: "channel.refused", fields: { remedy: advice } }]);
  expect(line.supervision.transport(OWN)).toEqual({
    ok: false,
    detail: `Slack does not know the token. ${advice} The next try is in 5 min`,
  });
  await line.supervision.stop();
});

test("E15: green is not shown while the line is down, whatever the channel says of itself", async () => {
  const line = setUp();
  line.holdPauses();
  expect(line.supervision.transport(OWN).ok).toBe(false);
  line.supervision.start();
  await line.calledTimes(1);
  expect(line.supervision.transport(OWN)).toEqual({ ok: false, detail: "connecting" });
  line.up();
  expect(line.supervision.transport(OWN)).toEqual(OWN);
  expect(line.supervision.transport({ ok: false, detail: "muted" })).toEqual({ ok: false, detail: "muted" });
  await line.breaks(new TypeError("secret"));
  // A late word of the connection that is gone counts for nothing.
  line.up();
  expect(line.supervision.transport(OWN)).toEqual({
    ok: false,
    detail: "The connection ended (TypeError). The next try is in 1 s",
  });
  await line.supervision.stop();
  expect(line.supervision.transport(OWN)).toEqual({ ok: false, detail: "not connected" });
});

test(
  "while Nova stops, a platform that redelivers is left at once and one that does not when the work is done",
  { timeout: SLOW },
  async () => {
    const left: string[] = [];
    const listening = (platform: string, redelivers: boolean) => {
      const channel = createTestChannel({ platform });
      const definition: typeof channel.definition = {
        ...channel.definition,
        caps: { ...channel.definition.caps, redelivers },
        create: (settings, host) => ({
          ...channel.definition.create(settings, host),
          async listen(signal, up) {
            up();
            await ended(signal);
            left.push(platform);
          },
        }),
      };
      return { ...channel, definition };
    };
    const [again, once] = [listening("test", true), listening("other", false)];
    const models = createGatedModels();
    const room = await startNova({
      models: models.models,
      channel: again,
      beside: once,
      adapters: ["web"],
      service: true,
    });
    await room.nova.start({ controlToken: "a".repeat(32) });
    await room.channel.say("owner", "@concierge plan my week");
    await vi.waitFor(() => expect(models.calls()).toBe(1), PATIENCE);
    const stopped = room.nova.stop();
    await vi.waitFor(() => expect(left).toEqual(["test"]), PATIENCE);
    await expect(room.channel.say("owner", "and then?")).rejects.toThrow("Nova is stopping.");
    models.openAll("Rest on Sunday.");
    await stopped;
    expect(room.channel.sent()).toEqual(["Rest on Sunday."]);
    expect(left).toEqual(["test", "other"]);
  },
);

test(
  "E15: one channel's crash starts that channel again and nothing else; the process, its port and its work go on",
  { timeout: SLOW },
  async () => {
    const channel = createTestChannel();
    let calls = 0;
    let cut = (_error: Error): void => {};
    const definition: typeof channel.definition = {
      ...channel.definition,
      create: (settings, host) => ({
        ...channel.definition.create(settings, host),
        listen(signal, up) {
          calls += 1;
          if (calls === 2) throw new SyntaxError("thrown before any promise");
          up();
          return new Promise((resolve, reject) => {
            cut = reject;
            signal.addEventListener("abort", () => resolve());
          });
        },
      }),
    };
    const resume = Promise.withResolvers<void>();
    const retrying: Retrying = { ...RETRYING, wait: (_ms, signal) => Promise.race([resume.promise, ended(signal)]) };
    const options = { channel: { ...channel, definition }, adapters: ["web"], service: true, retrying };
    await using room = await startNova(options);
    const told: string[] = [];
    const onChannel = ({ platform, kind }: { platform: string; kind: string }) => void told.push(`${platform} ${kind}`);
    const { url } = await room.nova.start({ controlToken: "a".repeat(32), onChannel });
    const readiness = async (): Promise<unknown> => (await fetch(`${url}/readyz`)).json();
    await expect.poll(readiness, PATIENCE).toMatchObject({ ready: true, degraded: [] });

    cut(new RangeError("the platform hung up"));
    const down = { ok: false, detail: expect.stringContaining("The connection ended (RangeError).") };
    await expect.poll(readiness, PATIENCE).toMatchObject({
      ready: true,
      degraded: ["test.transport"],
      checks: { "test.transport": down, "test.auth": { ok: true }, "web.transport": { ok: true } },
    });
    const adapters = expect.arrayContaining([expect.objectContaining({ platform: "test", transport: down })]);
    expect(await room.verb("status")).toMatchObject({ adapters });
    // What came in before, and by other ways, is still worked on.
    expect(await room.ask("what is 2 + 2?")).toContain("4");

    resume.resolve();
    await expect.poll(readiness, PATIENCE).toMatchObject({ ready: true });
    expect(calls).toBe(3);
    expect(told).toEqual(["test up", "test down", "test down", "test up"]);
  },
);

test("a connection that will not end does not keep Nova from stopping", { timeout: SLOW }, async () => {
  const channel = createTestChannel();
  const definition: typeof channel.definition = {
    ...channel.definition,
    create: (settings, host) => ({
      ...channel.definition.create(settings, host),
      listen: (_signal, up) => new Promise(() => up()),
    }),
  };
  const overran: LogFields[] = [];
  const log: Log = {
    ...silentLog,
    warn: (event, fields = {}) => void (event === "nova.close_overran" && overran.push(fields)),
  };
  const room = await startNova({ channel: { ...channel, definition }, service: true, log });
  await room.nova.start({ controlToken: "a".repeat(32) });
  await room.nova.stop();
  expect(overran).toEqual([{ stage: "channels", ms: expect.any(Number) }]);
});
