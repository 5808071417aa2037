/** Agents that all want each other at once: as many as a full house has, in an attacker's hands. Through whole turns. */
import type { BaseMessage } from "@langchain/core/messages";
import { afterAll, beforeAll, expect, test } from "vitest";
import { openTrial, type Trial } from "../contract/trial-folder.ts";
import { says, scripted, type Line, type Scripted } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";
import { addAgent, askedOf, calls, handsTo, lastTrace, ranIn } from "../turn/trial-agents.ts";

const CREW = Array.from({ length: 34 }, (_, i) => `crew-${String.fromCharCode(97 + (i % 26))}${i < 26 ? "a" : "b"}`);
const [FIRST = "", SECOND = "", THIRD = "", FOURTH = "", FIFTH = ""] = CREW;
/** Hops, and calls of models that one turn may make; as src/turn/parts/hand-off.ts and the agents' files have it. */
const MOST_HOPS = 4;
const MOST_CALLS = 8;

let speak: (agent: string) => Line;
let models: Scripted;
let trial: Trial;
let lab: TestNova;

beforeAll(async () => {
  trial = await openTrial();
  for (const [i, id] of CREW.entries()) {
    const others = CREW.filter((other) => other !== id).join(", ");
    await addAgent(trial, {
      id,
      front: {
        mayHandOffTo: `[${others}]`,
        mayDelegateTo: `[${others}]`,
        budget: `{ modelCalls: ${MOST_CALLS}, toolCalls: 4, tokens: 60000 }`,
      },
      examples: Array.from({ length: 15 }, (_, n) => `storm ${id} errand ${i}${n}`),
    });
  }
  models = scripted((messages: readonly BaseMessage[]) => speak(askedOf(messages)));
  lab = await startNova({ agents: trial.agents, models: models.models });
}, 60_000);
afterAll(async () => {
  await lab.nova.stop();
  await trial.close();
});

/** What comes of words to the first of the crew, where each speaks so. */
async function storm(how: (agent: string) => Line) {
  speak = how;
  const from = models.heard.length;
  const reply = await lab.ask(`@${FIRST} go on`);
  const events = await lastTrace(lab);
  return { reply, events, ran: ranIn(events), asked: models.heard.length - from };
}
const after = (agent: string): string => CREW[(CREW.indexOf(agent) + 1) % CREW.length] ?? FIRST;
const ended = (events: readonly { readonly kind: string }[]) => events.filter(({ kind }) => kind === "settled");

test("S7: of thirty-four that hand on and on, five have a word, and the turn is answered once", async () => {
  const { reply, events, ran, asked } = await storm((agent) => handsTo(after(agent)));
  expect(ran).toEqual(CREW.slice(0, MOST_HOPS + 1));
  expect(asked).toBeLessThanOrEqual(MOST_CALLS);
  expect(events).toContainEqual({ kind: "handoff_refused", from: FIFTH, to: CREW[5], why: "hops" });
  expect(reply).toContain("went from agent to agent without an answer");
  expect(ended(events)).toHaveLength(1);
});

const to = (ids: readonly string[]): Line => calls(...ids.map((id) => ({ to: id, input: { words: `go on, ${id}` } })));

test("S7: one that calls all of them at once is asked again once, and calls nobody", async () => {
  const { reply, events, ran } = await storm((agent) => to(CREW.filter((id) => id !== agent)));
  expect(ran).toEqual([FIRST]);
  expect(events.filter(({ kind }) => kind === "repaired")).toHaveLength(1);
  expect(reply).toContain("agreed form");
  expect(ended(events)).toHaveLength(1);
});

test("S7: one that calls three by three, who call three by three, spends no more than its own share", async () => {
  let next = 1;
  const three = () => to([1, 2, 3].map(() => CREW[(next += 1) % CREW.length] ?? SECOND));
  const { reply, events, ran, asked } = await storm(three);
  expect(asked).toBeLessThanOrEqual(MOST_CALLS);
  expect(ran.length).toBeGreaterThan(3);
  // Who is called calls nobody: one coordinates, and nothing is made of what the others ask for.
  for (const delegated of events.filter(({ kind }) => kind === "delegated")) expect(delegated["from"]).toBe(FIRST);
  expect(events).toContainEqual(expect.objectContaining({ kind: "handoff_refused", why: "depth" }));
  expect(reply).not.toBe("");
  expect(ended(events)).toHaveLength(1);
});

test("S7: whoever mixes the two, call and hand on, comes no further", async () => {
  const { reply, events, asked } = await storm((agent) =>
    agent === FIRST ? calls({ to: SECOND, input: { words: "go on" } }) : handsTo(after(agent)),
  );
  expect(asked).toBeLessThanOrEqual(MOST_CALLS);
  expect(events.filter(({ kind }) => kind === "handed_off")).toEqual([]);
  expect(reply).not.toBe("");
  expect(ended(events)).toHaveLength(1);
});

test("S7 twin: among the same, two hand-offs and two calls come to their answer", async () => {
  let turn = 0;
  const { reply, events, ran } = await storm((agent) => {
    if (agent === FIRST) return handsTo(SECOND);
    if (agent === SECOND) return handsTo(THIRD);
    if (agent !== THIRD) return says("Done by me.");
    turn += 1;
    return turn === 1
      ? calls({ to: FOURTH, input: { words: "one" } }, { to: FIFTH, input: { words: "two" } })
      : says("All of it is here.");
  });
  expect(reply).toContain("All of it is here.");
  expect(new Set(ran)).toEqual(new Set([FIRST, SECOND, THIRD, FOURTH, FIFTH]));
  expect(ran).toHaveLength(6);
  expect(events.filter(({ kind }) => kind === "handed_off")).toHaveLength(2);
});
