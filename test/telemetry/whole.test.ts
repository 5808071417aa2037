/** A whole Nova that is watched: one turn, read back from GET /metrics and from a collector. */
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import { METRICS } from "../../src/telemetry/metric-names.ts";
import { ATTRIBUTES, SPANS } from "../../src/telemetry/names.ts";
import { says, scripted } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";
import { drawSpans, startCollector, type TestCollector } from "./collector.ts";
import { readExposition, type Exposition } from "./exposition.ts";

const SECRET = "pelargonium";
const ANSWER = "marzipan";

let collector: TestCollector;
let lab: TestNova;
let url: string;
let text: string;
let seen: Exposition;
let answer: string;

const scrape = async (): Promise<string> => (await fetch(`${url}/metrics`)).text();

beforeAll(async () => {
  collector = await startCollector();
  const { models } = scripted(
    { calls: [{ name: "search_memory", args: { query: SECRET } }] },
    says(`It is the ${ANSWER}.`),
  );
  lab = await startNova({
    models,
    service: true,
    env: {
      NOVA_PORT: "0",
      OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`,
      OTEL_EXPORTER_OTLP_HEADERS: "x-team=a%20b",
      OTEL_SERVICE_NAME: "nova-of-ada",
    },
  });
  ({ url } = await lab.nova.start({ controlToken: "c".repeat(32) }));
  answer = await lab.ask(`@concierge what did I say of the ${SECRET}?`);
  await lab.channel.say("owner", `@concierge what did I say of the ${SECRET}?`, { key: "twice" });
  await lab.channel.say("owner", `@concierge what did I say of the ${SECRET}?`, { key: "twice" });
  await lab.nova.settled(AbortSignal.timeout(20_000));
  await lab.channel.say("stranger", `let me see the ${SECRET}`);
  await fetch(`${url}/healthz`);
  await fetch(`${url}/no/such/${SECRET}`);
  text = await scrape();
  seen = readExposition(text);
  await vi.waitUntil(() => collector.spans.filter(({ name }) => name === "deliver test").length === 2, 15_000);
});
afterAll(async () => {
  await lab.nova.stop();
  await collector[Symbol.asyncDispose]();
});

test("a watched Nova answers as any other", () => {
  expect(answer).toContain(ANSWER);
});

test("messages are counted by what became of them", () => {
  expect(seen.value("nova_inbound_total", { platform: "test", outcome: "accepted" })).toBe(2);
  expect(seen.value("nova_inbound_total", { platform: "test", outcome: "duplicate" })).toBe(1);
  expect(seen.value("nova_inbound_total", { platform: "test", outcome: "unknown" })).toBe(1);
  expect(seen.value("nova_inbound_duration_seconds_count", { platform: "test" })).toBe(4);
});

test("turns, steps, routes, recalls, models, tools and deliveries are counted", () => {
  expect(seen.value("nova_turns_total", { state: "done", agent: "concierge" })).toBe(2);
  expect(seen.value("nova_turn_duration_seconds_count", { state: "done" })).toBe(2);
  expect(seen.value("nova_steps_total", { agent: "concierge", reply: "answer", code: "" })).toBe(2);
  expect(seen.sum("nova_routes_total", { to: "concierge" })).toBe(2);
  expect(seen.sum("nova_recalls_total")).toBe(2);
  expect(seen.value("nova_recall_duration_seconds_count")).toBe(2);
  expect(seen.sum("nova_model_calls_total", { model: "scripted", outcome: "tools" })).toBe(1);
  expect(seen.sum("nova_model_calls_total", { model: "scripted", outcome: "text" })).toBe(2);
  expect(seen.sum("nova_model_tokens_total", { model: "scripted" })).toBeGreaterThan(0);
  expect(seen.value("nova_tool_calls_total", { tool: "search_memory", outcome: "ok" })).toBe(1);
  expect(seen.value("nova_deliveries_total", { platform: "test", outcome: "sent", code: "" })).toBe(2);
});

test("nothing waits when all is settled, and every part is up", () => {
  expect(seen.value("nova_messages_waiting")).toBe(0);
  expect(seen.value("nova_turns_running")).toBe(0);
  expect(seen.value("nova_parts_undelivered")).toBe(0);
  expect(seen.samples.filter(({ name }) => name === "nova_queue_calls").map(({ labels }) => labels)).toHaveLength(12);
  expect(seen.value("nova_up", { part: "database" })).toBe(1);
  expect(seen.samples.filter(({ name }) => name === "nova_up").every(({ value }) => value === 1)).toBe(true);
  expect(seen.value("nova_database_connections", { state: "total" })).toBeGreaterThan(0);
  expect(seen.sum("nova_build_info")).toBe(1);
});

test("requests are counted by the pattern of their route", () => {
  expect(seen.value("nova_http_requests_total", { method: "GET", route: "/healthz", status: "200" })).toBe(1);
  expect(seen.value("nova_http_requests_total", { method: "GET", route: "none", status: "404" })).toBe(1);
});

test("no word that was said, no name and no id stands in the metrics, and no label that is not listed", () => {
  for (const word of [SECRET, ANSWER, "Owner", lab.owner.name, "stranger"]) expect(text).not.toContain(word);
  const byName = new Map<string, readonly string[]>(Object.values(METRICS).map(({ name, labels }) => [name, labels]));
  for (const { name, labels } of seen.samples.filter((sample) => sample.name.startsWith("nova_"))) {
    const listed = byName.get(name) ?? byName.get(name.replace(/_(bucket|sum|count)$/, "")) ?? ["not listed"];
    expect(Object.keys(labels).filter((label) => label !== "le")).toEqual(listed);
  }
});

test("a turn is one trace, and its spans stand as the work did", () => {
  const [first] = collector.spans.filter(({ name }) => name === "turn");
  const spans = collector.spans.filter(({ traceId }) => traceId === first?.traceId);
  expect(drawSpans(spans)).toEqual([
    "turn",
    "  route",
    "  recall",
    "  invoke_agent concierge",
    "    chat scripted",
    "    execute_tool search_memory",
    "    chat scripted",
    "  settle",
    "  deliver test",
  ]);
});

test("spans carry the conventions' attributes, and none that is not listed", () => {
  const [turn] = collector.spans.filter(({ name }) => name === "turn");
  expect(turn?.attributes).toMatchObject({
    "gen_ai.operation.name": "invoke_workflow",
    "gen_ai.agent.name": "concierge",
    "messaging.system": "test",
    "messaging.batch.message_count": 1,
    "nova.turn.state": "done",
    "nova.turn.attempts": 0,
  });
  expect(turn?.events.map(({ name }) => name)).toEqual(["taken"]);
  const [call] = collector.spans.filter(({ name }) => name === "chat scripted");
  expect(call?.attributes).toMatchObject({ "gen_ai.operation.name": "chat", "gen_ai.request.model": "scripted" });

  const listed = new Set<string>(Object.values(ATTRIBUTES));
  const used = collector.spans.flatMap(({ attributes, events }) => [attributes, ...events.map((e) => e.attributes)]);
  expect(used.flatMap((attributes) => Object.keys(attributes)).filter((name) => !listed.has(name))).toEqual([]);
  const named = new Set<string>(Object.values(SPANS).map(({ name }) => name));
  expect(collector.spans.filter(({ name }) => !named.has(name.split(" ")[0] ?? "")).map(({ name }) => name)).toEqual(
    [],
  );
});

test("no word that was said and no name leaves for the collector", () => {
  const sent = collector.bodies.join("\n");
  for (const word of [SECRET, ANSWER, lab.owner.name, "stranger"]) expect(sent).not.toContain(word);
});

test("posts go to the traces' address, with the headers and the name that were set", () => {
  expect(collector.requests[0]).toMatchObject({ path: "/v1/traces", headers: { "x-team": "a b" } });
  expect(collector.resources[0]).toMatchObject({ "service.name": "nova-of-ada" });
});

test("nova trace names the trace", async () => {
  const [turn] = collector.spans.filter(({ name }) => name === "turn");
  const told = await lab.verb("trace", { turn: `t${String(turn?.attributes["nova.turn.id"])}` });
  expect(told).toMatchObject({ otelTrace: turn?.traceId });
});

test("somebody who came through a proxy may not read", async () => {
  const refused = await fetch(`${url}/metrics`, { headers: { "x-forwarded-for": "203.0.113.5" } });
  expect(refused.status).toBe(403);
  expect(await refused.text()).toContain("NOVA_METRICS_TOKEN");
});
