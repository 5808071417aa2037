/** Several things asked for at once: who does what, in which order, and how it becomes one reply. */
import { spawn } from "node:child_process";
import { once } from "node:events";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { afterAll, beforeAll, describe, expect, inject, onTestFinished, test, vi } from "vitest";
import type { BaseMessage } from "@langchain/core/messages";
import { z } from "zod";
import { agentId, defineTool } from "#core";
import { openDatabase, type Database } from "../../src/postgres/engine/database.ts";
import { mayRunTogether } from "../../src/turn/parts/plan.ts";
import { oneVoice, type Said } from "../../src/turn/parts/voice.ts";
import { openTrial, type Trial } from "../contract/trial-folder.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";
import { says, scripted, type Line, type Scripted } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";
import { agent } from "../langchain/steps.ts";
import { addAgent, askedOf, handsTo, lastTrace, ranIn, seenIn, speaking } from "./trial-agents.ts";

let lines: Parameters<typeof speaking>[0] = {};
let models: Scripted;
let trial: Trial;
/** How far the clock of the lab is ahead. */
let aheadMs = 0;
let lab: TestNova;

beforeAll(async () => {
  trial = await openTrial();
  await addAgent(trial, { id: "zig", front: { mayHandOffTo: "[zug]", timeoutMs: "4000" } });
  await addAgent(trial, { id: "zag", front: { timeoutMs: "4000" } });
  await addAgent(trial, { id: "zog" });
  await addAgent(trial, { id: "zug" });
  await addAgent(trial, { id: "zap", front: { onFailure: "fallback" } });
  models = scripted((messages: readonly BaseMessage[]) => speaking(lines)(messages));
  const clock = { now: () => new Date(Date.now() + aheadMs) };
  const env = { NOVA_ROUTER_MODEL: "off" };
  lab = await startNova({ agents: trial.agents, models: models.models, env, clock, sweepEveryMs: 200 });
});
afterAll(async () => {
  await lab.nova.stop();
  await trial.close();
});

const BESIDE = "1. zig the left lever for me\n2. zag the blue lamp for me";
const BEHIND = "First zig the left lever for me, then zag the blue lamp for me, then zog the tin drum for me.";

async function told(text: string, script: typeof lines) {
  lines = script;
  const from = models.heard.length;
  const before = lab.channel.parts.length;
  await lab.ask(text);
  const replies = lab.channel.sent().slice(before);
  const events = await lastTrace(lab);
  return { replies, reply: replies.join(""), events, ran: ranIn(events), heard: models.heard.slice(from) };
}

describe("a plan", () => {
  test("one after another: each has its own words and sees what those before it came to; one reply", async () => {
    const { replies, events, ran, heard } = await told(BEHIND, {
      zig: says("Left lever zigged."),
      zag: says("Blue lamp zagged."),
      zog: says("Tin drum zogged."),
    });
    expect(events).toContainEqual({ kind: "planned", steps: ["zig", "zag", "zog"], together: false });
    expect(ran).toEqual(["zig", "zag", "zog"]);
    expect(replies).toHaveLength(1);
    expect(replies[0]).toMatch(/Left lever zigged\.\s+Blue lamp zagged\.\s+Tin drum zogged\./);
    expect(replies[0]).not.toMatch(/\*\*zig|zag:/);
    const zog = heard[2] ?? [];
    expect(zog.at(-1)?.text).toMatch(/^zog the tin drum for me\.?$/);
    expect(seenIn(zog)).toMatch(/\[zig: answer\] Left lever zigged\.\n\[zag: answer\] Blue lamp zagged\./);
    const { rows } = await lab.database.pool.query(
      "select agent, place, ordinal, outcome from step order by id desc limit 3",
    );
    expect(rows.toReversed()).toEqual([
      { agent: "zig", place: "0/0", ordinal: 0, outcome: null },
      { agent: "zag", place: "1/0", ordinal: 1, outcome: null },
      { agent: "zog", place: null, ordinal: 2, outcome: null },
    ]);
  });

  test("side by side: none waits for another, and the order of the reply is that of the words", async () => {
    const begun = { zig: Promise.withResolvers<void>(), zag: Promise.withResolvers<void>() };
    const meeting = (own: "zig" | "zag", other: "zig" | "zag", text: string) => (): Line => {
      begun[own].resolve();
      return { pieces: [says(text)], until: begun[other].promise };
    };
    const { reply, events } = await told(BESIDE, {
      zig: meeting("zig", "zag", "Left lever zigged."),
      zag: meeting("zag", "zig", "Blue lamp zagged."),
    });
    expect(events).toContainEqual({ kind: "planned", steps: ["zig", "zag"], together: true });
    expect(reply).toMatch(/Left lever zigged\.\s+Blue lamp zagged\./);
  });

  test("a part that fails is named beside those that worked", async () => {
    const { reply, events } = await told(BESIDE, {
      zig: JSON.stringify({ kind: "fail", code: "cannot", reason: "The lever is stuck." }),
      zag: says("Blue lamp zagged."),
    });
    expect(reply).toMatch(
      /\*\*zig the left lever for me\*\*\s+The lever is stuck\.\s+\*\*zag the blue lamp for me\*\*\s+Blue lamp/,
    );
    expect(events.at(-2)).toMatchObject({ kind: "settled", state: "done" });
  });

  test("what is said next goes to whoever asked back", async () => {
    const ask = JSON.stringify({ kind: "clarify", question: "Which lamp?", options: [] });
    await told(BEHIND, { zig: says("Left lever zigged."), zag: ask, zog: says("Tin drum zogged.") });
    const { events, reply } = await told("the smaller one of them", { zag: says("The small one, then.") });
    expect(events.find(({ kind }) => kind === "routed")).toMatchObject({ to: "zag" });
    expect(reply).toContain("The small one, then.");
  });
});

test("D21: where the offline model stood in, a later take leaves it at that, whatever the agents may do by then", async () => {
  const gate = Promise.withResolvers<void>();
  onTestFinished(() => gate.resolve());
  let asked = 0;
  lines = {
    zap: handsTo("zug"),
    zug: says("Zug has done it."),
    zag: () => {
      asked += 1;
      return asked === 1 ? { pieces: [says("Too late.")], until: gate.promise } : says("Blue lamp zagged.");
    },
  };
  const room = "stranded";
  await lab.channel.say("owner", "First zap the left lever for me, then zag the blue lamp for me.", { room });
  await vi.waitFor(() => expect(asked).toBe(1), { timeout: 20_000 });
  await addAgent(trial, { id: "zap", front: { onFailure: "fallback", mayHandOffTo: "[zug]" } });
  await lab.verb("agents", { do: "reload" });
  // Another process had it, and died; the hold of this one is lost.
  await lab.database.pool.query("update turn set epoch = epoch + 1 where state = 'running'");
  await vi.waitFor(() => expect(asked).toBe(2), { timeout: 20_000 });
  await lab.nova.settled(AbortSignal.timeout(20_000));
  const events = await lastTrace(lab);
  expect(events.filter(({ kind }) => kind === "resumed").map(({ agent: by, reply }) => [by, reply])).toEqual([
    ["zap", "handoff"],
    ["zap", expect.stringMatching(/answer|fail/)],
  ]);
  expect(ranIn(events)).toEqual(["zap", "zap", "zag", "zag"]);
  expect(events.map(({ kind }) => kind)).not.toContain("handed_off");
  expect(lab.channel.sent(room).join("")).toContain("Blue lamp zagged.");
  const { rows } = await lab.database.pool.query("select agent, place from step order by id desc limit 3");
  expect(rows.toReversed()).toEqual([
    { agent: "zap", place: "0/0" },
    { agent: "zap", place: "0/1s" },
    { agent: "zag", place: null },
  ]);
});

test("a part for which there is no time any more is not begun, and the reply says so", async () => {
  const { reply, ran } = await told(BEHIND, {
    zig: () => {
      aheadMs += 181_000;
      return says("Left lever zigged.");
    },
    zag: says("Blue lamp zagged."),
    zog: says("Tin drum zogged."),
  });
  expect(ran).toEqual(["zig"]);
  expect(reply).toMatch(
    /Left lever zigged\.[^]*zag the blue lamp[^]*did not begin with this[^]*zog the tin drum[^]*did not/,
  );
});

test("one writer at most runs beside nobody, whatever the router says", () => {
  const run = async () => "Kept.";
  const text = { description: "Keeps.", examples: [], input: z.object({}), timeoutMs: 1_000 };
  const keeps = defineTool({ name: "keeps", ...text, stages: true, run });
  const reader = { agent: agent({ id: "reader", tools: ["looks"] }), words: "read" };
  const writer = { agent: agent({ id: "writer", effects: [{ verb: "send" }] }), words: "write" };
  const may = (parts: readonly (typeof reader)[], together = true) =>
    mayRunTogether({ parts, about: [], together }, new Map([[keeps.name, keeps]]));
  const keeper = { agent: agent({ id: "keeper", stages: true }), words: "keep" };
  const holder = { agent: agent({ id: "holder", tools: ["keeps"] }), words: "keep" };
  expect(may([reader, reader])).toBe(true);
  expect(may([reader, writer])).toBe(false);
  expect(may([writer, reader])).toBe(false);
  // Nor does who keeps or forgets something, by its code or by a tool.
  expect(may([reader, keeper])).toBe(false);
  expect(may([holder, reader])).toBe(false);
  expect(may([reader, reader], false)).toBe(false);
  expect(may([reader])).toBe(false);
});

describe("one voice", () => {
  const part = (words: string, reply: Said["reply"], model: string | null = "scripted"): Said => ({
    words,
    agent: agentId(words),
    model,
    reply,
  });
  const answer = (text: string) => ({ kind: "answer", text }) as const;

  test("shows what was asked as it was written", () => {
    const long = "line\nline";
    const { text } = oneVoice([part("what is 12*7*2?", answer(long)), part("b", answer("Two."))]);
    expect(text).toContain("**what is 12\\*7\\*2?**");
  });

  test("has headings only where parts would run into each other", () => {
    expect(oneVoice([part("a", answer("One.")), part("b", answer("Two."))]).text).toBe("One.\n\nTwo.");
    const long = "line\nline";
    expect(oneVoice([part("a", answer(long)), part("b", answer("Two."))]).text).toBe(
      `**a**\n\n${long}\n\n**b**\n\nTwo.`,
    );
    expect(oneVoice([part("a", answer(long))]).text).toBe(long);
  });

  test("is of whoever asks, then of the first that came to something; a model's words stay a model's", () => {
    const fail = { kind: "fail", code: "cannot", reason: "No." } as const;
    const clarify = { kind: "clarify", question: "Which?", options: [] } as const;
    expect(oneVoice([part("a", fail), part("b", answer("B.")), part("c", clarify)])).toMatchObject({
      agent: "c",
      reply: clarify,
    });
    expect(oneVoice([part("a", fail), part("b", answer("B."), "offline")])).toMatchObject({
      agent: "b",
      model: "scripted",
    });
    expect(oneVoice([part("a", fail), part("b", fail)]).reply.kind).toBe("fail");
  });
});

/** Where the killed process works, and how its successor opens that. */
async function place(): Promise<{ readonly where: string; readonly open: () => Promise<Database> }> {
  const database = await testDatabase();
  if ("connectionString" in database.connection) {
    return { where: String(database.connection.connectionString), open: async () => database };
  }
  await database.close();
  const home = await mkdtemp(join(tmpdir(), "nova-plan-"));
  onTestFinished(() => rm(home, { recursive: true, force: true }));
  const folder = join(home, "database");
  return { where: folder, open: () => openDatabase({ folder, log: silentLog }) };
}

test(
  "D21: a process killed in the second of three parts: what was done is not done again, and one reply comes",
  { timeout: 90_000 },
  async () => {
    const { where, open } = await place();
    const script = new URL("plan-and-hang.ts", import.meta.url).pathname;
    const child = spawn(
      process.execPath,
      ["--disable-warning=ExperimentalWarning", script, where, inject("homeTemplate"), trial.agents, BEHIND],
      { stdio: ["ignore", "pipe", "inherit"] },
    );
    const [said]: unknown[] = await Promise.race([once(child.stdout, "data"), once(child, "exit")]);
    expect(String(said)).toContain("second part");
    child.kill("SIGKILL");
    await once(child, "exit");

    const second = scripted(speaking({ zag: says("Blue lamp zagged."), zog: says("Tin drum zogged.") }));
    const next = await startNova({
      database: await open(),
      agents: trial.agents,
      models: second.models,
      sweepEveryMs: 100,
    });
    onTestFinished(() => next.nova.stop());
    await next.channel.say("owner", BEHIND, { key: "plan-1" });
    await next.nova.settled(AbortSignal.timeout(60_000));
    expect(next.channel.sent()).toHaveLength(1);
    expect(next.channel.sent()[0]).toMatch(/by larkspur\.\s+Blue lamp zagged\.\s+Tin drum zogged\./);
    expect(second.heard.map(askedOf)).toEqual(["zag", "zog"]);
    expect(second.heard[0]?.map(({ text }) => text).join("\n")).toContain("by larkspur");
    const events = await lastTrace(next);
    expect(events.filter(({ kind }) => kind === "resumed")).toEqual([
      { kind: "resumed", agent: "zig", reply: "handoff" },
      { kind: "resumed", agent: "zug", reply: "answer" },
    ]);
    const { rows } = await next.database.pool.query("select agent from step order by ordinal");
    expect(rows.map((row) => row["agent"])).toEqual(["zig", "zug", "zag", "zog"]);
  },
);
