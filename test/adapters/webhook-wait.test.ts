/** How often whoever waits for a reply is looked after: soon at first, and not ten times a second for half a minute. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import {
  agentId,
  conversationId,
  messageId,
  proposalId,
  systemClock,
  turnId,
  type Endpoint,
  type MessageState,
  type ShownProposal,
} from "#core";
import { whenReplied } from "../../adapters/webhook/await-reply.ts";

beforeEach(() => {
  vi.useFakeTimers();
});
afterEach(() => {
  vi.useRealTimers();
});

const REPLY: NonNullable<MessageState["reply"]> = {
  id: messageId("3"),
  conversation: conversationId("4"),
  author: { kind: "agent", agent: agentId("scheduler") },
  text: "Being done.",
  at: new Date(),
  turn: turnId("2"),
  reply: { kind: "answer", model: null },
};
const ENDPOINT = { scope: "own.1", origin: "person", person: { id: "1", tenant: "home", name: "Ada", role: "owner" } };

/** `doneAfter`: milliseconds until what it tells of is done. */
async function waited(seconds: number, { reply = REPLY as MessageState["reply"], doneAfter = Infinity } = {}) {
  const began = performance.now();
  const looks: number[] = [];
  const proposal = (): ShownProposal => ({
    id: proposalId("7"),
    title: "Remind",
    state: "approved",
    expiresAt: new Date(Date.now() + 3_600_000),
    fate: performance.now() - began < doneAfter ? null : { state: "done", told: null, at: new Date() },
  });
  const found = whenReplied(messageId("1"), ENDPOINT as Endpoint, {
    wait: seconds,
    request: new Request("http://nova/"),
    closing: new AbortController().signal,
    host: {
      clock: systemClock,
      contract: () => undefined,
      progress: { publish() {}, listen: () => () => {} },
      proposals: async () => [proposal()],
      transcript: {
        async stateOf() {
          looks.push(performance.now() - began);
          return { id: messageId("1"), state: "done", turn: turnId("2"), reply, delivery: "sent" };
        },
      } as never,
    },
  });
  await vi.advanceTimersByTimeAsync(seconds * 1_000 + 100);
  return { looks, outcome: (await found)?.outcome.kind };
}

test("what is done within a moment is known within a tenth of a second", async () => {
  const { looks, outcome } = await waited(30, { doneAfter: 450 });
  expect(outcome).toBe("done");
  expect(looks.at(-1)).toBeLessThanOrEqual(550);
});

test("what takes long is looked at once a second after the first", async () => {
  const { looks, outcome } = await waited(30);
  expect(outcome).toBe("working");
  expect(looks.filter((at) => at <= 1_000).length).toBeGreaterThanOrEqual(9);
  expect(looks.length).toBeLessThanOrEqual(12 + 30);
  expect(looks.at(-1)).toBeGreaterThanOrEqual(29_900);
  const { looks: late } = await waited(30, { doneAfter: 20_000 });
  expect(late.at(-1)).toBeLessThanOrEqual(21_100);
});
