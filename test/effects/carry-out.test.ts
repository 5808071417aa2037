/** What becomes of approved effects, on the real database: once, in order, tried again only when they certainly failed, and told. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Trial } from "../contract/trial-folder.ts";
import { button, openDesk, type Desk } from "./desk.ts";
import { BUSY, openTarget, REFUSED } from "./target.ts";
import { openClerks } from "./trial-agents.ts";

let clerks: Trial;
let desk: Desk;
/** Can be asked by key. */
const tells = openTarget();
/** Cannot. */
const mute = openTarget({ tells: false });
const logged: string[] = [];
const write = (event: string, ...more: readonly unknown[]): void =>
  void logged.push(
    `${event} ${JSON.stringify(more, (_key, value: unknown) => (value instanceof Error ? value.message : value))}`,
  );

beforeAll(async () => {
  clerks = await openClerks();
  desk = await openDesk({
    agents: clerks.agents,
    performers: [
      ...tells.performers.filter(({ verb }) => verb === "trial_send"),
      ...mute.performers.filter(({ verb }) => verb === "trial_note"),
    ],
    log: { debug: write, info: write, warn: write, error: write },
  });
}, 60_000);
afterAll(async () => {
  await desk.nova.stop();
  await clerks.close();
});

/** Proposes one thing, approves it where the rule does not, and waits for its end. */
async function done(words: string, room = "owner") {
  const [proposal] = await desk.propose(words, { room });
  if (!proposal) throw new Error("nothing was proposed");
  if (proposal.state === "pending") await desk.channel.press("owner", button("approve", proposal), { room });
  await expect
    .poll(async () => (await desk.proposal(proposal.id)).fate?.state, { timeout: 15_000 })
    .toMatch(/done|failed|unknown/);
  await desk.settled();
  return desk.proposal(proposal.id);
}

const states = async (turn: string): Promise<unknown[]> => {
  const { rows } = await desk.database.pool.query(
    "select event ->> 'state' as state from trace_event where turn_id = $1 and event ->> 'kind' = 'effect' order by seq",
    [turn],
  );
  return rows.map(({ state }) => state);
};
const times = (target: typeof tells, text: string): number =>
  target.effects.filter(({ args }) => args["text"] === text).length;

test("what certainly failed is tried again with the same key, as often as its performer says", async () => {
  tells.next(BUSY, BUSY);
  const third = await done("send ben: third time");
  expect(third.fate).toMatchObject({ state: "done" });
  expect(times(tells, "third time")).toBe(1);
  expect(await states(third.turn)).toEqual(["claimed", "waiting", "claimed", "waiting", "claimed", "done"]);

  tells.next(BUSY, BUSY, BUSY);
  const never = await done("send ben: never");
  expect(never.fate).toEqual({ state: "failed", told: "The target was busy all the time.", at: expect.any(Date) });
  expect(times(tells, "never")).toBe(0);
  expect(desk.channel.sent("owner").at(-1)).toMatch(
    /“Bring it to ben” was approved, but it was not done. The target was busy/,
  );
});

test("what is refused is not tried again, and who asked is told why", async () => {
  tells.next(REFUSED);
  const refused = await done("send ben: unwanted");
  expect(refused.fate).toMatchObject({ state: "failed", told: "The target does not want it." });
  expect(await states(refused.turn)).toEqual(["claimed", "failed"]);
});

test("D22: an answer that was lost is asked for by its key, and the effect stays one", async () => {
  tells.next("lost answer");
  const arrived = await done("send ben: answer lost");
  expect(arrived.fate?.state).toBe("done");
  expect(times(tells, "answer lost")).toBe(1);

  tells.next("lost");
  const again = await done("send ben: lost on the way");
  expect(again.fate?.state).toBe("done");
  expect(times(tells, "lost on the way")).toBe(1);
  expect(await states(again.turn)).toEqual(["claimed", "waiting", "claimed", "done"]);
});

test("D22: where nobody can be asked, nobody knows: a person is told, and it is not tried again", async () => {
  mute.next("lost answer");
  const arrived = await done("note shelf: who knows");
  expect(arrived.fate?.state).toBe("unknown");
  expect(times(mute, "who knows")).toBe(1);
  expect(desk.channel.sent("owner").at(-1)).toMatch(/nobody can tell whether it was done/);
  await desk.settled();
  expect(times(mute, "who knows")).toBe(1);
});

test("D22 twin: an effect whose end is seen is done, and nobody is asked", async () => {
  const asked = tells.asked.length;
  expect((await done("send ben: plain")).fate?.state).toBe("done");
  expect((await done("note shelf: plain")).fate?.state).toBe("done");
  expect(tells.asked).toHaveLength(asked);
});

test("a performer that throws leaves its effect unknown, and its words stand nowhere", async () => {
  mute.next("throws");
  const thrown = await done("note shelf: thrown");
  expect(thrown.fate).toMatchObject({ state: "unknown", told: null });
  const { rows } = await desk.database.pool.query(
    "select event::text as line from trace_event union all select text from message",
  );
  expect([...logged, ...rows.map(({ line }) => String(line))].filter((line) => line.includes("password"))).toEqual([]);
});

test("effects of one conversation are carried out one at a time, in order; another conversation does not wait", async () => {
  const gate = Promise.withResolvers<void>();
  tells.next(gate.promise);
  const [first, second] = await desk.propose("send ben: first; send ben: second", { room: "slow" });
  if (!first || !second) throw new Error("expected two proposals");
  await desk.channel.press("owner", button("approve", first), { room: "slow" });
  await desk.channel.press("owner", button("approve", second), { room: "slow" });
  await expect.poll(async () => (await desk.proposal(first.id)).fate?.state).toBe("claimed");
  const [other] = await desk.proposals.list(desk.owner, { limit: 1 });
  expect(other).toBeUndefined();
  await desk.channel.say("owner", "@clerk send cyd: elsewhere", { room: "quick" });
  await expect.poll(async () => (await desk.proposals.list(desk.owner)).length).toBe(1);
  const [elsewhere] = await desk.proposals.list(desk.owner);
  await desk.channel.press("owner", button("approve", elsewhere!), { room: "quick" });
  await expect.poll(() => times(tells, "elsewhere")).toBe(1);
  expect([times(tells, "first"), times(tells, "second")]).toEqual([0, 0]);
  expect((await desk.proposal(second.id)).fate?.state).toBe("waiting");
  gate.resolve();
  await desk.settled();
  const texts = tells.effects.map(({ args }) => args["text"]);
  expect(texts.indexOf("second")).toBe(texts.indexOf("first") + 1);
});

test("an effect that nothing carries out has failed, and says so", async () => {
  const [proposal] = await desk.propose("pay ben: nine");
  if (!proposal) throw new Error("nothing was proposed");
  await desk.proposals.decide({
    proposal: proposal.id,
    digest: proposal.digest,
    verdict: "approve",
    by: desk.owner,
    via: "terminal",
  });
  await expect.poll(async () => (await desk.proposal(proposal.id)).fate?.state).toBe("failed");
  expect((await desk.proposal(proposal.id)).fate?.told).toMatch(/Nova cannot do this any more/);
});

test("S30: while the ledger is away nothing is decided or done, and who clicks is told", async () => {
  const [proposal] = await desk.propose("send ben: no ledger");
  if (!proposal) throw new Error("nothing was proposed");
  await desk.database.pool.query("revoke insert on effect from nova_app");
  expect(await desk.channel.press("owner", button("approve", proposal))).toMatchObject({
    kind: "refused",
    card: { text: expect.stringContaining("nothing was decided and nothing is done") },
  });
  expect((await desk.proposal(proposal.id)).state).toBe("pending");
  await desk.database.pool.query("grant insert on effect to nova_app");
  expect(times(tells, "no ledger")).toBe(0);
  // What was approved before the ledger could not be written any more waits for it.
  await desk.channel.press("owner", button("approve", proposal));
  await desk.settled();
  expect(times(tells, "no ledger")).toBe(1);
});

test("S30 twin: with everything there, it is done at once", async () => {
  expect((await done("send ben: all is well")).fate?.state).toBe("done");
});
