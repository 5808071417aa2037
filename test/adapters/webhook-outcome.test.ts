/** What programs read of how a message ended, for every state of what it proposed. */
import { expect, test } from "vitest";
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
  title: "Tell Ben",
  state,
  expiresAt: LATER,
  fate: fate ? { state: fate, told, at: NOW } : null,
});

type Row = {
  readonly shown: readonly ShownProposal[];
  readonly kind: string;
  readonly states: readonly string[];
  readonly code?: string;
};

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
  [
    "one done, one denied",
    {
      shown: [proposal("approved", "done"), proposal("denied")],
      kind: "not_done",
      states: ["done", "denied"],
      code: "denied",
    },
  ],
])("%s", (_, { shown, kind, states, code }) => {
  const outcome = outcomeOf(replied, shown, NOW);
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
  expect(outcomeOf(replied, shown, NOW).error).toEqual({
    code: "failed",
    message:
      "This was agreed to and could not be done: Tell Ben. Ben has left. 1 more did not come about; see `proposals`.",
    advice: "Call again with a new idempotency-key if it still matters.",
  });
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
