/** Two Novas on one database, each with both platforms: whoever is first decides, once, and a new version decides on what an old one proposed. */
import { afterEach, beforeEach, expect, test } from "vitest";
import type { Proposal } from "#core";
import type { Trial } from "../contract/trial-folder.ts";
import { createTestChannel } from "../support/channel.ts";
import { testDatabase } from "../support/database.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { button, movableClock, openDesk, type Desk } from "./desk.ts";
import { openTarget, type Target } from "./target.ts";
import { openClerks } from "./trial-agents.ts";

let clerks: Trial;
let database: Database;
let target: Target;
beforeEach(async () => {
  [clerks, database, target] = [await openClerks(), await testDatabase(), openTarget()];
}, 60_000);
afterEach(async () => {
  await database.close();
  await clerks.close();
});

/** One of several on the same database, which is left open. */
const start = (beside = createTestChannel({ platform: "other" })): Promise<Desk> =>
  openDesk({
    agents: clerks.agents,
    performers: target.performers,
    hands: movableClock(),
    database: { ...database, close: async () => undefined },
    beside,
  });

test("D23, S16: of twenty clicks from two platforms one decides, the effect is one, and the others are told who decided", async () => {
  const others = [createTestChannel({ platform: "other" }), createTestChannel({ platform: "other" })];
  const [one, two] = [await start(others[0]), await start(others[1])];
  try {
    const [proposal] = await one.propose("send ben: once");
    if (!proposal) throw new Error("nothing was proposed");
    const approve = button("approve", proposal);
    const clicks = await Promise.all(
      Array.from({ length: 20 }, (_, i) =>
        i % 2 === 0 ? one.channel.press("owner", approve) : others[1]!.press("owner", approve),
      ),
    );
    expect(clicks.filter(({ kind }) => kind === "done")).toHaveLength(1);
    const late = clicks.filter(({ kind }) => kind === "stale");
    expect(late).toHaveLength(19);
    for (const { card } of late)
      expect(card.text).toMatch(new RegExp(`^${one.owner.name} approved this on (test|other) at .*changed nothing`));
    await Promise.all([one.settled(), two.settled()]);
    expect(target.arrived).toHaveLength(1);
    const { rows } = await database.pool.query(
      "select (select count(*)::int from effect) as effects, (select count(*)::int from decision) as decisions",
    );
    expect(rows).toEqual([{ effects: 1, decisions: 1 }]);
    expect((await one.proposal(proposal.id)).fate?.state).toBe("done");
    const shown = [...one.channel.parts, ...two.channel.parts].filter((part) => part.amends !== null);
    expect(shown.at(-1)?.body).toContain("**Done**");
  } finally {
    await Promise.all([one.nova.stop(), two.nova.stop()]);
  }
}, 60_000);

/** Proposes one thing with the agents as they are, ends that Nova, and gives what waits. */
async function proposedBefore(words: string): Promise<Proposal> {
  const old = await start();
  const [proposal] = await old.propose(words);
  await old.nova.stop();
  if (!proposal) throw new Error("nothing was proposed");
  return proposal;
}

test("D34: what waits through a deploy is decided on as it was stored, by the next version's process", async () => {
  const proposal = await proposedBefore("send ben: from before");
  const effect = await clerks.read("agents/effects/trial_send.ts");
  await clerks.write(
    "agents/effects/trial_send.ts",
    effect
      .replace("text })", "text: text + ' (new)' })")
      .replaceAll("text }, destinations", "text: 'new ' + text }, destinations"),
  );
  await clerks.write(
    "agents/general/clerk.md",
    (await clerks.read("agents/general/clerk.md")).replace("You propose", "In the new version you propose"),
  );
  const next = await start();
  try {
    expect(await next.channel.press("owner", button("approve", proposal))).toMatchObject({ kind: "done" });
    await next.settled();
    expect(target.effects.map(({ args }) => args)).toEqual([{ target: "ben", text: "from before" }]);
  } finally {
    await next.nova.stop();
  }
}, 60_000);

test("S16: what an agent may not do any more is not approved, though it was proposed before", async () => {
  const proposal = await proposedBefore("send ben: too trusted");
  const file = await clerks.read("agents/general/clerk.md");
  await clerks.write("agents/general/clerk.md", file.replace("  - verb: trial_send\n", ""));
  const next = await start();
  try {
    const pressed = await next.channel.press("owner", button("approve", proposal));
    expect(pressed).toMatchObject({
      kind: "stale",
      card: { text: expect.stringContaining("may not do this any more") },
    });
    expect((await next.proposal(proposal.id)).state).toBe("pending");
    expect(await next.channel.press("owner", button("deny", proposal))).toMatchObject({ kind: "done" });
    await next.settled();
    expect(target.arrived).toEqual([]);
  } finally {
    await next.nova.stop();
  }
}, 60_000);
