/** What programs read of how a message ended, for every state of what it proposed. */
import { expect, test } from "vitest";
import { z } from "zod";
import {
  agentId,
  conversationId,
  messageId,
  proposalId,
  questionText,
  readQuestion,
  turnId,
  type MessageState,
  type ShownProposal,
} from "#core";
import { outcomeOf } from "../../adapters/webhook/outcome.ts";

const NOW = new Date("2026-11-21T12:00:00Z");
const LOOKING = { now: NOW, outside: false, contract: undefined };
const LATER = new Date("2026-11-21T13:00:00Z");

const replied: MessageState = {
  id: messageId("1"),
  state: "done",
  turn: turnId("2"),
  delivery: "sent",
  reply: {
    id: messageId("3"),
    conversation: conversationId("4"),
    author: { kind: "agent", agent: agentId("notifier") },
    text: "The card.",
    at: NOW,
    turn: turnId("2"),
    reply: { kind: "answer", model: null },
  },
};

type Fate = NonNullable<ShownProposal["fate"]>["state"];
const proposal = (state: ShownProposal["state"], fate?: Fate, told: string | null = null): ShownProposal => ({
  id: proposalId("7"),
  isTold: true,
  title: "Tell Ben",
  state,
  expiresAt: LATER,
  fate: fate ? { state: fate, told, at: NOW } : null,
});

type Row = {
  readonly shown: readonly ShownProposal[];
  readonly leftOut?: MessageState["leftOut"] & {};
  readonly kind: string;
  readonly states: readonly string[];
  readonly code?: string;
};

const done = proposal("approved", "done", "Ben was told.");
const DRAFTED = { verb: "send_message", why: "draft" };
const REFUSED = { verb: "send_message", why: "unbound" };

test.each<[string, Row]>([
  ["nothing was proposed", { shown: [], kind: "answered", states: [] }],
  ["pending", { shown: [proposal("pending")], kind: "waits", states: ["waits"] }],
  [
    "its time is over",
    { shown: [{ ...proposal("pending"), expiresAt: NOW }], kind: "not_done", states: ["expired"], code: "expired" },
  ],
  ["approved a moment ago", { shown: [proposal("approved")], kind: "working", states: ["being_done"] }],
  ["on its way", { shown: [proposal("approved", "claimed")], kind: "working", states: ["being_done"] }],
  ["done", { shown: [proposal("approved", "done")], kind: "done", states: ["done"] }],
  ["failed", { shown: [proposal("approved", "failed")], kind: "not_done", states: ["failed"], code: "failed" }],
  [
    "nobody knows",
    { shown: [proposal("approved", "unknown")], kind: "not_done", states: ["unknown"], code: "unknown" },
  ],
  ["denied", { shown: [proposal("denied")], kind: "not_done", states: ["denied"], code: "denied" }],
  ["swept up", { shown: [proposal("expired")], kind: "not_done", states: ["expired"], code: "expired" }],
  ["taken back", { shown: [proposal("withdrawn")], kind: "not_done", states: ["withdrawn"], code: "withdrawn" }],
  [
    "one done, one waits",
    { shown: [proposal("approved", "done"), proposal("pending")], kind: "waits", states: ["done", "waits"] },
  ],
  ["drafts alone", { shown: [], leftOut: [DRAFTED, DRAFTED], kind: "draft", states: [] }],
  [
    "one done, one drafted",
    { shown: [done], leftOut: [DRAFTED], kind: "not_done", states: ["done"], code: "left_out" },
  ],
  [
    "one done, one refused",
    { shown: [done], leftOut: [REFUSED], kind: "not_done", states: ["done"], code: "left_out" },
  ],
  [
    "one drafted, one refused",
    { shown: [], leftOut: [DRAFTED, REFUSED], kind: "not_done", states: [], code: "left_out" },
  ],
  ["one waits, one refused", { shown: [proposal("pending")], leftOut: [REFUSED], kind: "waits", states: ["waits"] }],
  [
    "one denied, one refused",
    { shown: [proposal("denied")], leftOut: [REFUSED], kind: "not_done", states: ["denied"], code: "denied" },
  ],
  [
    "one done, one denied",
    {
      shown: [proposal("approved", "done"), proposal("denied")],
      kind: "not_done",
      states: ["done", "denied"],
      code: "denied",
    },
  ],
])("%s", (_, { shown, leftOut = [], kind, states, code }) => {
  const outcome = outcomeOf({ ...replied, leftOut }, shown, LOOKING);
  expect([outcome.kind, outcome.proposals.map(({ state }) => state), outcome.error?.code]).toEqual([
    kind,
    states,
    code,
  ]);
  // Where a person decides is said exactly as long as somebody can.
  for (const { state, decide, waitsUntil } of outcome.proposals)
    expect([decide, waitsUntil]).toEqual(
      state === "waits" ? ["nova approvals show 7", LATER.toISOString()] : [null, null],
    );
});

test("what could not be done is said with why, and how many more there are", () => {
  const shown = [proposal("approved", "failed", "Ben has left."), proposal("denied"), proposal("approved", "done")];
  expect(outcomeOf(replied, shown, LOOKING).error).toEqual({
    code: "failed",
    message:
      "This was agreed to and could not be done: Tell Ben. Ben has left. 1 more did not come about; see `proposals` and `leftOut`.",
    advice: "Call again with a new idempotency-key if it still matters.",
  });
});

test.each([
  ["draft", /may only draft it/],
  ["denied_before", /said no .* within the last day/],
  ["missing", /holds no such verb/],
  ["input", /filled it in wrong/],
  ["unbound", /does not fit what there is/],
  ["uncanonical", /for certain/],
  ["read_only", /not allowed/],
  ["scope", /not allowed/],
])("what was left out as %s is said in words, and as data", (why, words) => {
  const { error, leftOut } = outcomeOf({ ...replied, leftOut: [{ verb: "pay", why }, REFUSED] }, [done], LOOKING);
  expect(error).toEqual({
    code: "left_out",
    message: expect.stringMatching(words),
    advice: expect.stringMatching(/\.$/),
  });
  expect(error?.message).toMatch(/\(`pay`\).* 1 more was left out, too\.$/);
  expect(leftOut).toEqual([{ verb: "pay", why }, REFUSED]);
});

test("why no agent could is its own code, with what was left out; what was stopped left nothing out", () => {
  const ended = (kind: "fail" | "stopped"): MessageState => ({
    ...replied,
    failure: "denied",
    leftOut: [REFUSED],
    reply: replied.reply && { ...replied.reply, reply: { kind, model: null } },
  });
  expect(outcomeOf(ended("fail"), [], LOOKING)).toMatchObject({
    kind: "failed",
    error: { code: "denied" },
    leftOut: [REFUSED],
  });
  expect(outcomeOf(ended("stopped"), [], LOOKING)).toMatchObject({
    kind: "failed",
    error: { code: "stopped" },
    leftOut: [],
  });
});

test.each([
  ["words", z.strictObject({ text: z.string() }), "The card.", { text: "The card." }],
  ["JSON", z.strictObject({ sum: z.number() }), '{"sum":7}', { sum: 7 }],
  ["no contract", undefined, "The card.", undefined],
])("an answer that fits is its output: %s", (_, contract, text, output) => {
  const state = { ...replied, reply: replied.reply && { ...replied.reply, text } };
  const outcome = outcomeOf(state, [], { ...LOOKING, contract });
  expect([outcome.kind, outcome.output, outcome.error]).toEqual(["answered", output, null]);
});

test("an answer that does not fit is a failure, and what was proposed is not held to the form of answers", () => {
  const looking = { ...LOOKING, contract: z.strictObject({ sum: z.number() }) };
  const outcome = outcomeOf(replied, [], looking);
  expect(outcome).toMatchObject({ kind: "failed", error: { code: "invalid_reply" } });
  expect(outcome.output).toBe(undefined);
  expect(outcomeOf(replied, [done], looking)).toMatchObject({ kind: "done", error: null });
});

test("a stranger is told the numbers and states of proposals, and nothing that a person may have written", () => {
  const looking = { ...LOOKING, outside: true };
  for (const shown of [[done], [proposal("pending")], [proposal("approved", "failed", "Ben has left.")]]) {
    const outcome = outcomeOf(replied, shown, looking);
    expect(JSON.stringify(outcome)).not.toMatch(/Ben|card/);
    expect(outcome.text).toBe(null);
    expect(outcome.proposals).toMatchObject([{ number: "7", title: null, told: null }]);
  }
  expect(outcomeOf(replied, [proposal("denied")], looking).error?.message).toBe(
    "A person said no, so this was not done: number 7.",
  );
  // The agent's own answer is for whoever asked.
  expect(outcomeOf(replied, [], looking).text).toBe("The card.");
});

test.each<[string, readonly string[]]>([
  ["Which one?", []],
  ["Which one?", ["this", "that"]],
  ["Two lines.\n\nWhich one?", ["a"]],
  ["It says:\n\n1. First\n2. Second\n\nWhich?", ["First", "1. Second"]],
  ["It says:\n\n1. First\n2. Second\n\nIs that so?", []],
])("a question is read back as it was written: %j", (question, options) => {
  expect(readQuestion(questionText({ question, options }))).toEqual({ question, options });
});
