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

type Play = {
  readonly reply?: MessageState["reply"];
  /** Milliseconds until what it tells of is done. */
  readonly doneAfter?: number;
  /** Until the reply says so; by default at once. */
  readonly toldAfter?: number;
};

async function waited(seconds: number, { reply = REPLY, doneAfter = Infinity, toldAfter }: Play = {}) {
  const began = performance.now();
  const saidAfter = toldAfter ?? doneAfter;
  const looks: number[] = [];
  const proposal = (): ShownProposal => ({
    id: proposalId("7"),
    title: "Remind",
    state: "approved",
    expiresAt: new Date(Date.now() + 3_600_000),
    fate: performance.now() - began < doneAfter ? null : { state: "done", told: null, at: new Date() },
    isTold: performance.now() - began >= saidAfter,
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
          const text = performance.now() - began < saidAfter ? "Being done." : "It is done.";
          const now = reply && { ...reply, text };
          return { id: messageId("1"), state: "done", turn: turnId("2"), reply: now, delivery: "sent" };
        },
      } as never,
    },
  });
  await vi.advanceTimersByTimeAsync(seconds * 1_000 + 100);
  const { kind: outcome, text } = (await found)?.outcome ?? {};
  return { looks, outcome, text };
}

test("what is done within a moment is known within a tenth of a second", async () => {
  const { looks, outcome } = await waited(30, { doneAfter: 450 });
  expect(outcome).toBe("done");
  expect(looks.at(-1)).toBeLessThanOrEqual(550);
});

test("the reply that comes with what is done says so, and is waited for no longer than a moment", async () => {
  const { looks, outcome, text } = await waited(30, { doneAfter: 450, toldAfter: 700 });
  expect([outcome, text]).toEqual(["done", "It is done."]);
  expect(looks.at(-1)).toBeLessThanOrEqual(850);
  const { looks: long, ...untold } = await waited(30, { doneAfter: 450, toldAfter: Infinity });
  expect(untold).toMatchObject({ outcome: "done", text: "Being done." });
  expect(long.at(-1)).toBeLessThanOrEqual(1_700);
  // What was told between the two looks of one answer is in it.
  expect(await waited(30, { doneAfter: 0 })).toMatchObject({ outcome: "done", text: "It is done." });
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
