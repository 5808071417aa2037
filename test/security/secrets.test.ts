/** Secrets that people, posts, models, tools and platforms let slip, and every place where Nova writes of its work: none is there. */
import { randomBytes } from "node:crypto";
import { readFile, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { BaseMessage } from "@langchain/core/messages";
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { agentId, systemClock, type Issued, type Performer } from "#core";
import { createLog } from "../../src/log.ts";
import { createEndpoints } from "../../src/postgres/people/endpoints.ts";
import { signed } from "../adapters/webhook-room.ts";
import type { Trial } from "../contract/trial-folder.ts";
import { readerOf } from "../effects/desk.ts";
import { openClerks } from "../effects/trial-agents.ts";
import { says, scripted, type Line } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";
import { startCollector, type TestCollector } from "../telemetry/collector.ts";
import { addAgent, handsTo, speaking } from "../turn/trial-agents.ts";

const SECRETS = {
  key: "sk-canary-0a1b2c3d4e5f6a7b8c9d",
  token: "xoxb-77777-canarycanary",
  cookie: "session=canarycookie0815",
  account: "DE89370400440532013000",
  grouped: "GB29 NWBK 6016 1331 9268 19",
  number: "078-05-1120",
  // Of no form that anybody could know.
  word: "quaggaphone",
} as const;
const ALL = Object.values(SECRETS);
const SAID = `my key is ${ALL.join(", and also ")}`;

let lines: Parameters<typeof speaking>[0] = {};
let trial: Trial;
let collector: TestCollector;
let lab: TestNova;
let url: string;
let door: Issued;
const logged: string[] = [];
const backup = join(tmpdir(), `nova-secrets-${randomBytes(6).toString("hex")}.nova`);
/** What each way in and each failure was answered with, so that one sees that it happened. */
const answers: Record<string, string> = {};

const performer: Performer = {
  verb: "trial_note",
  perform: async () => Promise.reject(new Error(`refused by the target: ${SAID}`)),
};
const TOOL = `import { z } from "zod";
import { defineTool } from "#core";
export default defineTool({
  name: "leaky",
  description: "Breaks with all that it was given, whenever it is asked for anything.",
  examples: ["leaky one", "leaky two", "leaky three"],
  input: z.object({ about: z.string().describe("Which one.") }),
  timeoutMs: 1000,
  run: async ({ about }) => { throw new Error("cannot open " + about); },
});
`;

beforeAll(async () => {
  [trial, collector] = await Promise.all([openClerks(), startCollector()]);
  await trial.write("agents/tools/leaky.ts", TOOL);
  await addAgent(trial, {
    id: "talker",
    front: { tools: "[leaky, search_memory]", reads: "[conversation, memory]", mayHandOffTo: "[clerk]" },
  });
  const { models } = scripted((messages: readonly BaseMessage[]) => speaking(lines)(messages));
  lab = await startNova({
    agents: trial.agents,
    models,
    performers: [performer],
    service: true,
    adapters: ["webhook"],
    sweepEveryMs: 100,
    log: createLog("debug", { write: (line) => void logged.push(line) }),
    env: { OTEL_EXPORTER_OTLP_ENDPOINT: `${collector.url}/`, OTEL_EXPORTER_OTLP_HEADERS: `x-key=${SECRETS.key}` },
  });
  ({ url } = await lab.nova.start({ controlToken: "c".repeat(32) }));
  const endpoints = createEndpoints(lab.database, { clock: systemClock, random: randomBytes });
  door = await endpoints.add({
    name: "alerts",
    preset: "standard",
    origin: "outside",
    agent: agentId("inbox-triage"),
    project: null,
    person: lab.owner,
  });
  await slip();
}, 90_000);
afterAll(async () => {
  await lab.nova.stop();
  await Promise.all([trial.close(), collector[Symbol.asyncDispose](), rm(backup, { force: true })]);
});

const settled = () => lab.nova.settled(AbortSignal.timeout(30_000));

/** Everything goes wrong that could tell: each with all of the secrets in it. */
async function slip(): Promise<void> {
  const talk = async (name: string, ...said: readonly (Line | Error)[]) => {
    let at = 0;
    lines = { talker: () => said[Math.min((at += 1), said.length) - 1] ?? says("All right.") };
    answers[name] = await lab.ask(`@talker ${SAID} (${name})`);
  };
  await talk("told", says(`You said: ${SAID}.`));
  await talk("tool args", { calls: [{ name: "search_memory", args: { query: SAID } }] }, says("Found nothing."));
  await talk("tool broken", { calls: [{ name: "leaky", args: { about: SAID } }] }, says("It is broken."));
  await talk("tool unknown", { calls: ALL.map((name) => ({ name, args: { about: SAID } })) }, says("I may not."));
  await talk("tool unfit", { calls: [{ name: "leaky", args: { [SAID]: SAID } }] }, says("That did not fit."));
  await talk("model failed", new Error(`401 for ${SAID}`));
  await talk("prose", `${SAID}!`, `Again: ${SAID}!`);
  await talk("hand-off", handsTo(SECRETS.key, { words: SAID }));
  await talk("wish", JSON.stringify({ kind: "fail", code: "cannot", reason: SAID, wanted: SECRETS.key }));
  await talk(
    "verb",
    JSON.stringify({ kind: "propose", text: SAID, effects: [{ verb: "pay_all", input: { [SAID]: SAID } }] }),
  );
  lines = {};
  answers["effect"] = await lab.ask(`@clerk note ben: ${SAID}`);
  answers["routed by words"] = await lab.ask(SAID);
  answers["command"] = await lab.ask(`/remember ${SAID}`);
  lab.channel.files.set("leak", () => Promise.reject(new Error(SAID)));
  await lab.channel.say("owner", "@talker what is this?", {
    files: [{ ref: "leak", name: `${SECRETS.key}.txt`, mime: "text/plain", size: 10 }],
  });
  await lab.channel.say(SECRETS.key, SAID, { name: SAID });
  lab.channel.throwNext(1);
  answers["not sent"] = await lab.ask("@talker hello");
  await breakStep();
  await posts();
  for (const input of [{ do: "show", item: SAID }, { do: SAID }, { do: "search", query: SAID, limit: "x" }])
    await lab.verb("memory", input).catch((error: unknown) => (answers["verb refused"] = String(error)));
  await lab.verb("backup", { file: backup });
  await settled();
}

/** The database itself quotes a row in its refusal. */
async function breakStep(): Promise<void> {
  const sql = (text: string) => lab.database.pool.query(text);
  await sql(
    `create function leak() returns trigger language plpgsql as $$ begin
       raise exception using errcode = '22P05', message = 'no such row: ${SAID}', detail = '${SAID}'; end $$`,
  );
  await sql(
    "create trigger leak before insert on step for each row when (new.agent = 'talker') execute function leak()",
  );
  lines = { talker: says(SAID) };
  answers["database"] = await lab.ask("@talker once more");
  await sql("drop trigger leak on step");
}

async function posts(): Promise<void> {
  const send = async (name: string, path: string, headers: Record<string, string>, body: string) => {
    const response = await fetch(url + path, {
      method: "POST",
      headers: { "content-type": "application/json", ...headers },
      body,
    });
    answers[name] = `${response.status} ${await response.text()}`;
  };
  const body = JSON.stringify({ text: SAID, conversation: SECRETS.word });
  const extra = { authorization: `Bearer ${SECRETS.key}`, cookie: SECRETS.cookie, "x-note": SECRETS.account };
  await send("post", "/hooks/alerts", { ...signed(door.secret, body), ...extra }, body);
  await send("forged", "/hooks/alerts", { ...signed("whsec_MfKQ9r8GKYqrTwjUPD8ILPZIo2LaLaSw", body), ...extra }, body);
  const broken = `{"text": "${SAID}`;
  await send("broken", "/hooks/alerts", { ...signed(door.secret, broken), ...extra }, broken);
  await send("elsewhere", `/no/${SECRETS.key}?token=${SECRETS.token}`, extra, body);
  const asked = await fetch(`${url}/api/messages/1`, { headers: { authorization: `Bearer ${SECRETS.key}` } });
  answers["token"] = `${asked.status} ${await asked.text()}`;
  await settled();
}

type Recent = { readonly recent: readonly { readonly turn: string }[] };

/** Every place where Nova writes of its work for those who run it, as text. */
async function sinks(): Promise<Readonly<Record<string, string>>> {
  await settled();
  const told = async (verb: string, input: unknown = {}) => JSON.stringify(await lab.verb(verb, input));
  const { rows } = await lab.database.pool.query<{ id: string }>("select id from turn order by id");
  const traces = await Promise.all(rows.map(({ id }) => told("trace", { turn: `t${id}` })));
  expect(traces.length).toBeGreaterThan(15);
  const { recent } = (await lab.verb("trace")) as Recent;
  expect(recent.length).toBeGreaterThan(10);
  await vi.waitUntil(() => collector.spans.filter(({ name }) => name === "turn").length > 15, { timeout: 20_000 });
  const { rows: events } = await lab.database.pool.query<{ text: string }>(
    "select event::text as text from trace_event",
  );
  return {
    log: logged.join("\n"),
    trace: traces.join("\n"),
    traces: await told("trace"),
    "trace rows": events.map(({ text }) => text).join("\n"),
    signals: await told("signals", { limit: 500 }),
    status: await told("status"),
    metrics: await (await fetch(`${url}/metrics`)).text(),
    spans: collector.bodies.join("\n"),
    readyz: await (await fetch(`${url}/readyz`)).text(),
    deliveries: await told("receivers", { do: "deliveries" }),
  };
}

/** Which of them stand in a text: as they are, without blanks, or in small letters. */
const foundIn = (text: string): readonly string[] =>
  Object.entries(SECRETS).flatMap(([name, secret]) =>
    [secret, secret.replaceAll(" ", ""), secret.toLowerCase()].some((form) => text.includes(form)) ? [name] : [],
  );

describe("S25: of what slipped out at every turn nothing stands", () => {
  let written: Readonly<Record<string, string>>;
  beforeAll(async () => {
    written = await sinks();
  }, 60_000);

  test.each(["log", "trace", "traces", "trace rows", "signals", "status", "metrics", "spans", "readyz", "deliveries"])(
    "S25: in the %s",
    (sink) => {
      expect(written[sink]?.length).toBeGreaterThan(0);
      expect(foundIn(written[sink] ?? "")).toEqual([]);
    },
  );

  test("S25: in what anybody is told who proved nothing, and in no error's words", () => {
    for (const name of ["forged", "broken", "elsewhere", "token"])
      expect([name, foundIn(answers[name] ?? "")]).toEqual([name, []]);
    expect(
      [answers["forged"], answers["broken"], answers["elsewhere"], answers["token"]].map((text) => text?.slice(0, 3)),
    ).toEqual(["401", "400", "404", "401"]);
    for (const name of ["tool broken", "model failed", "prose", "database"])
      expect([name, foundIn(answers[name] ?? "")]).toEqual([name, []]);
  });

  test("S25 twin: who said it is answered in full, and what is stored for them holds it", async () => {
    expect(foundIn(answers["told"] ?? "")).toEqual(Object.keys(SECRETS));
    expect(answers["post"]).toMatch(/^202 /);
    expect(foundIn(JSON.stringify(await lab.verb("memory", { do: "list" })))).toEqual(Object.keys(SECRETS));
    const { rows } = await lab.database.pool.query<{ text: string }>("select text from message");
    expect(foundIn(rows.map(({ text }) => text).join("\n"))).toEqual(Object.keys(SECRETS));
    expect((await readFile(backup)).length).toBeGreaterThan(1_000);
  });

  test("S25 twin: what went wrong is told all the same, by its code and its turn", async () => {
    for (const event of ["tool.failed", "turn.settled", "http.answered", "model."])
      expect(written["log"]).toContain(event);
    expect(written["trace"]).toContain('"outcome":"denied"');
    expect(written["trace"]).toContain('"tool":"[secret]"');
    expect(written["trace"]).toContain('"kind":"handoff_refused"');
    expect(written["signals"]).toContain('"code":"unnamed"');
    const effects = await readerOf(lab.database, { now: () => new Date(), forward() {} }).list(lab.owner, {
      all: true,
    });
    expect(effects.map(({ fate }) => fate?.state)).not.toContain("done");
  });
});
