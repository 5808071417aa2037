/** Agents that do not come to an end by themselves, and turns that must not mix: what the person gets, and what the trace says. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import type { BaseMessage } from "@langchain/core/messages";
import { personId } from "#core";
import { openTrial, type Trial } from "../contract/trial-folder.ts";
import { says, scripted, type Scripted } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";
import { addAgent, calls, handsTo, lastTrace, ranIn, seenIn, speaking } from "./trial-agents.ts";

const PEOPLE = 50;
/** So many of them speak a second time, and read what was said before. */
const AGAIN = 10;
let lines: Parameters<typeof speaking>[0] = {};
let models: Scripted;
let trial: Trial;
let lab: TestNova;

beforeAll(async () => {
  trial = await openTrial();
  const looper = {
    tools: "[calculate]",
    budget: "{ modelCalls: 4, toolCalls: 20, tokens: 30000 }",
    mayHandOffTo: "[second, tight]",
  };
  await addAgent(trial, { id: "looper", front: looper });
  await addAgent(trial, { id: "first", front: { mayHandOffTo: "[second]", mayDelegateTo: "[counter]" } });
  await addAgent(trial, { id: "second", front: { reads: "[conversation, memory]" } });
  await addAgent(trial, { id: "tight", front: { budget: looper.budget } });
  await addAgent(trial, { id: "counter", domain: "language", front: { input: "Passage" } });
  models = scripted((messages: readonly BaseMessage[]) => speaking(lines)(messages));
  lab = await startNova({ agents: trial.agents, models: models.models, env: { NOVA_ROUTER_MODEL: "off" } });
});
afterAll(async () => {
  await lab.nova.stop();
  await trial.close();
});

async function told(text: string, script: typeof lines) {
  lines = script;
  const from = models.heard.length;
  const reply = await lab.ask(text);
  const events = await lastTrace(lab);
  return { reply, events, ran: ranIn(events), heard: models.heard.slice(from) };
}

const sum = (expression: string) => ({ calls: [{ name: "calculate", args: { expression } }] });

describe("a run without an end", () => {
  test("D4: ever new calls of a tool end with the budget, and the turn is answered", async () => {
    let n = 0;
    const { reply, events, heard } = await told("@looper count", { looper: () => sum(`${(n += 1)} + 1`) });
    expect(heard).toHaveLength(4);
    expect(reply).toContain("limit of model calls");
    expect(events.find(({ kind }) => kind === "step_ended")).toMatchObject({ reply: "fail", code: "budget" });
    expect(events.at(-2)).toMatchObject({ kind: "settled", state: "failed" });
  });

  test("D5: the same call a third time is blocked, and its result is used instead", async () => {
    let n = 0;
    const { reply, events } = await told("@looper count", {
      looper: () => ((n += 1) < 4 ? sum("1 + 1") : says("It is 2.")),
    });
    const outcomes = events.filter(({ kind }) => kind === "tool_called").map(({ outcome }) => outcome);
    expect(outcomes).toEqual(["ok", "ok", "loop"]);
    expect(reply).toContain("It is 2.");
  });

  test("D12: tools that are nobody's are not run, and two of them end the step", async () => {
    const { reply, events } = await told("@looper pay", {
      looper: { calls: [{ name: "pay", args: { amount: 900 } }] },
    });
    expect(events.filter(({ kind }) => kind === "tool_called").map(({ outcome }) => outcome)).toEqual([
      "denied",
      "denied",
    ]);
    expect(reply).toContain("not allowed to use");
  });

  test("D36: what one agent has spent is not there for the next", async () => {
    let n = 0;
    const { events } = await told("@looper count", {
      looper: () => ((n += 1) < 4 ? sum(`${n} + 1`) : handsTo("second")),
      second: says("x"),
    });
    // Four of eight calls are gone: the next has four, within the larger budget of the two.
    expect(events).toContainEqual({ kind: "handed_off", from: "looper", to: "second", hops: 1 });
    let m = 0;
    const worn = await told("@looper count", {
      looper: () => ((m += 1) < 4 ? sum(`${m} + 1`) : handsTo("tight")),
      tight: says("x"),
    });
    expect(worn.ran).toEqual(["looper"]);
    expect(worn.events).toContainEqual({ kind: "handoff_refused", from: "looper", to: "tight", why: "budget" });
    expect(worn.reply).toContain("limit of model calls");
  });
});

test("D18: a stop in the second agent's run ends the turn, and nothing is asked afterwards", async () => {
  lines = { first: handsTo("second"), second: { pieces: [], end: "silence" } };
  const from = models.heard.length;
  await lab.channel.say("owner", "@first go", { room: "stopped" });
  await vi.waitFor(() => expect(models.heard.length).toBe(from + 2), { timeout: 10_000 });
  await lab.channel.say("owner", "stop", { room: "stopped" });
  await lab.nova.settled(AbortSignal.timeout(20_000));
  expect(models.heard.length).toBe(from + 2);
  expect(lab.channel.sent("stopped").join("")).toContain("Stopped.");
  const { rows } = await lab.database.pool.query("select id, state from turn order by id desc limit 2");
  expect(rows.map(({ state }) => state)).toContain("cancelled");
  // What was finished before stays to be read.
  const cancelled = rows.find(({ state }) => state === "cancelled");
  const steps = await lab.database.pool.query("select agent, place from step where turn_id = $1", [cancelled?.["id"]]);
  expect(steps.rows).toEqual([{ agent: "first", place: "0/0" }]);
});

test("D33: a reload in the middle changes nothing for the turn that runs, and all for the next", async () => {
  const gate = Promise.withResolvers<void>();
  lines = { first: { pieces: [handsTo("second")], until: gate.promise }, second: says("Done.") };
  const from = models.heard.length;
  await lab.channel.say("owner", "@first go", { room: "reload" });
  await vi.waitFor(() => expect(models.heard.length).toBe(from + 1), { timeout: 10_000 });
  await addAgent(trial, { id: "second", front: { purpose: "Another purpose altogether.", reads: "[memory]" } });
  await addAgent(trial, { id: "first", front: { mayDelegateTo: "[counter]" } });
  await lab.verb("agents", { do: "reload" });
  gate.resolve();
  await lab.nova.settled(AbortSignal.timeout(20_000));
  expect(lab.channel.sent("reload").join("")).toContain("Done.");
  const next = await told("@first go", { first: handsTo("second"), second: says("Done.") });
  expect(next.events).toContainEqual({ kind: "handoff_refused", from: "first", to: "second", why: "not_allowed" });
  await addAgent(trial, { id: "first", front: { mayHandOffTo: "[second]", mayDelegateTo: "[counter]" } });
  await addAgent(trial, { id: "second", front: { reads: "[conversation, memory]" } });
  await lab.verb("agents", { do: "reload" });
});

/** What a model would let slip: every canary that it was shown. */
const canaries = (messages: readonly BaseMessage[]): string =>
  [...new Set(seenIn(messages).match(/canary-[a-z]{4}/g))].toSorted().join(" ");

const canaryOf = (i: number): string =>
  `canary-${String.fromCharCode(97 + (i % 26), 97 + Math.floor(i / 26), 113, 122)}`;

test(
  "D37: fifty people at once, through a call and a hand-off: nobody reads a word of another",
  { timeout: 120_000 },
  async () => {
    const people = Array.from({ length: PEOPLE }, (_, i) => `person-${i}`);
    const { rows } = await lab.database.pool.query<{ id: string; name: string }>(
      `insert into person (tenant_id, name, role) select $1, name, 'member' from unnest($2::text[]) name returning id, name`,
      [lab.owner.tenant, people],
    );
    for (const { id, name } of rows) {
      await lab.channel.introduce(name, { ...lab.owner, id: personId(id), name, role: "member" });
    }
    lines = {
      first: (messages) =>
        seenIn(messages).includes("[counter: answer]")
          ? handsTo("second", { words: canaries(messages) })
          : calls({ to: "counter", input: { instruction: "repeat", text: canaries(messages) } }),
      counter: (messages) => says(`counted ${canaries(messages)}`),
      second: (messages) => says(`I have seen ${canaries(messages)}.`),
    };
    const round = async (some: readonly string[], words: (i: number) => string) => {
      await Promise.all(some.map((account, i) => lab.channel.say(account, words(i))));
      await lab.nova.settled(AbortSignal.timeout(90_000));
    };
    await round(people, (i) => `@first remember that my word is ${canaryOf(i)}.`);
    await round(people.slice(0, AGAIN), () => "@first what was my word?");
    for (const [i, account] of people.entries()) {
      const said = lab.channel.sent(account);
      expect(said).toHaveLength(i < AGAIN ? 2 : 1);
      for (const text of said) expect(text).toContain(`I have seen ${canaryOf(i)}.`);
    }
  },
);
