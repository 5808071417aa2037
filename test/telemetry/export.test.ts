/** A collector that is away or does not answer costs its spans and nothing else. */
import { readdir, readFile } from "node:fs/promises";
import { createServer, type AddressInfo } from "node:net";
import { join } from "node:path";
import { expect, test, vi } from "vitest";
import { turnId, type Log, type OutPart } from "#core";
import { openTelemetry } from "../../src/telemetry/telemetry.ts";
import { silentLog } from "../support/log.ts";
import { startCollector } from "./collector.ts";

const SRC = new URL("../../src", import.meta.url).pathname;

const part = { turn: turnId("3"), ordinal: 0, attempts: 0, address: { platform: "test" } } as OutPart;
const now = new Date();
const sending = { event: { kind: "delivered", part: 0, outcome: "sent" }, startedAt: now, endedAt: now } as const;

const open = (url: string, log: Log) =>
  openTelemetry({ collector: { url, headers: {}, service: "nova", version: "1", installation: "here" }, log });

/** A port that nobody listens on. */
async function closedPort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

test("a collector that is away is warned of once, however many batches are lost", async () => {
  const warned: unknown[] = [];
  const log = { ...silentLog, warn: (event: string, fields: unknown) => void warned.push([event, fields]) };
  const telemetry = await open(`http://127.0.0.1:${await closedPort()}/v1/traces`, log);
  for (let count = 0; count < 1_200; count += 1) telemetry.delivered(part, sending);
  await vi.waitFor(() => expect(warned).toHaveLength(1), { timeout: 15_000 });
  expect(warned).toEqual([["telemetry.export_failed", { spans: 512, more: 0 }]]);
  for (let count = 0; count < 600; count += 1) telemetry.delivered(part, sending);
  await telemetry.close();
  expect(warned).toHaveLength(1);
});

test("a collector that never answers does not keep Nova from ending", async () => {
  await using collector = await startCollector({ mute: true });
  const telemetry = await open(`${collector.url}/v1/traces`, silentLog);
  telemetry.delivered(part, sending);
  const end = telemetry.close();
  await vi.waitFor(() => expect(collector.bodies).toHaveLength(1));
  await end;
  expect(collector.spans).toEqual([]);
});

test("nothing of OpenTelemetry is loaded before a collector is named", async () => {
  const sources = await readdir(SRC, { recursive: true });
  const files = sources.filter((file) => file.endsWith(".ts"));
  const loaded = await Promise.all(
    files.map(async (file) => {
      const text = await readFile(join(SRC, file), "utf8");
      return /^import (?!type).*"(?:@opentelemetry\/.*|\.\/(?:telemetry\/)?export\.ts)";$/m.test(text) ? [file] : [];
    }),
  );
  expect(loaded.flat()).toEqual(["telemetry/export.ts"]);
});

test("what throws inside a watcher is logged and not passed on", async () => {
  const errors: string[] = [];
  await using collector = await startCollector();
  const log = { ...silentLog, error: (event: string) => void errors.push(event) };
  const telemetry = await open(`${collector.url}/v1/traces`, log);
  telemetry.delivered({} as OutPart, sending);
  telemetry.delivered({} as OutPart, sending);
  expect(errors).toEqual(["telemetry.failed"]);
  await telemetry.close();
});

test("the same turn has the same trace in every process of an installation, and another one elsewhere", async () => {
  await using collector = await startCollector();
  const at = (installation: string) =>
    openTelemetry({
      collector: { url: collector.url, headers: {}, service: "nova", version: "1", installation },
      log: silentLog,
    });
  const [one, two, other] = await Promise.all([at("here"), at("here"), at("there")]);
  expect(one.traceOf(turnId("3"))).toMatch(/^[0-9a-f]{32}$/);
  expect(one.traceOf(turnId("3"))).toBe(two.traceOf(turnId("3")));
  expect(one.traceOf(turnId("3"))).not.toBe(one.traceOf(turnId("4")));
  expect(one.traceOf(turnId("3"))).not.toBe(other.traceOf(turnId("3")));
  await Promise.all([one, two, other].map((telemetry) => telemetry.close()));
});
