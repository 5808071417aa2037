/** Two things in one message that both change something: one after another, each decided on by itself, in one reply. */
import { setTimeout as pause } from "node:timers/promises";
import { afterAll, beforeAll, describe, expect, onTestFinished, test, vi } from "vitest";
import type { BaseMessage } from "@langchain/core/messages";
import type { Action, Proposal } from "#core";
import { button, labels, openDesk, type Desk } from "../effects/desk.ts";
import { openTarget, type Target } from "../effects/target.ts";
import { openClerks } from "../effects/trial-agents.ts";
import type { Trial } from "../contract/trial-folder.ts";
import { says, scripted, type Line } from "../support/model.ts";
import { addAgent, handsTo, lastTrace, speaking } from "./trial-agents.ts";

type Row = { readonly id: string; readonly text: string; readonly actions: readonly Action[] | null };

/** The last reply as it stands now. */
async function lastReply(desk: Desk): Promise<Row> {
  const { rows } = await desk.database.pool.query<Row>(
    "select id, text, actions from message where direction = 'out' and card is not null order by id desc limit 1",
  );
  const [row] = rows;
  if (!row) throw new Error("nothing was shown");
  return row;
}

const missing = async ({ database }: Desk): Promise<readonly unknown[]> =>
  (await database.pool.query("select code from signal where kind = 'missing_tool'")).rows;

/** What the words lead to, oldest first, and the replies to them. */
async function told(desk: Desk, words: string) {
  const known = new Set((await desk.proposals.list(desk.owner, { all: true })).map(({ id }) => id));
  const replies = async () =>
    (await desk.database.pool.query<{ n: number }>("select count(*)::int as n from message where direction = 'out'"))
      .rows[0]?.n;
  const before = (await replies()) ?? 0;
  const reply = await desk.ask(words);
  await desk.settled();
  const proposed = (await desk.proposals.list(desk.owner, { all: true })).filter(({ id }) => !known.has(id));
  return { reply, proposed: proposed.toReversed(), replies: ((await replies()) ?? 0) - before };
}

const only = (proposals: readonly Proposal[], verb: string): Proposal => {
  const found = proposals.filter(({ effect }) => effect.verb === verb);
  if (found.length !== 1 || !found[0]) throw new Error(`${found.length} of ${verb}`);
  return found[0];
};

describe("Nova's own agents, without a model", () => {
  let desk: Desk;
  beforeAll(async () => {
    desk = await openDesk({ performers: [] });
    await desk.add("Ben", "member");
    // Who has never written can be told nothing.
    await desk.channel.say("Ben", "hello");
    await desk.settled();
  });
  afterAll(() => desk.nova.stop());

  const ROWS = [
    ["1. remind me tomorrow at 9 to call Ann\n2. tell Ben that the build is green", "call Ann", "the build is green"],
    ["Tell Ben that the tea is cold. Remind me tomorrow at 10 to call Eve.", "call Eve", "the tea is cold"],
    [
      "remind me tomorrow at 11 to call Kim, what is 12*9? tell Ben that lunch is at noon",
      "call Kim",
      "lunch is at noon",
    ],
  ] as const;

  test.each(ROWS)("%s", async (words, reminder, message) => {
    const { reply, proposed, replies } = await told(desk, words);
    expect(replies).toBe(1);
    expect(reply).not.toMatch(/not allowed/);
    expect(reply.includes("12*9 = 108")).toBe(words.includes("12*9"));
    expect(await missing(desk)).toEqual([]);
    expect(only(proposed, "set_reminder")).toMatchObject({ state: "approved", fate: { state: "done" } });
    const waits = only(proposed, "send_message");
    expect(waits.state).toBe("pending");

    // One card shows both: what is done without a person, and what waits for one.
    const shown = await lastReply(desk);
    expect(shown.text).toContain(`Reminder set: ${reminder},`);
    expect(shown.text).toMatch(
      new RegExp(`\\*\\*Send a message to Ben\\*\\*[^]*${message}[^]*\\*\\*Waits for a decision`),
    );
    expect(labels(shown.actions ?? []).slice(0, 3)).toEqual(["Approve", "Change", "Deny"]);

    const before = desk.channel.sent("Ben").length;
    await desk.channel.press("owner", button("approve", waits));
    await desk.settled();
    expect(desk.channel.sent("Ben").slice(before).join("")).toContain(message);
    const end = await lastReply(desk);
    expect(end.text).toContain(`Reminder set: ${reminder},`);
    expect(end.text).toMatch(/\*\*Send a message to Ben\*\*[^]*\*\*Done\*\*/);
    expect(end.text).not.toContain("Waits for a decision");
    expect(labels(end.actions ?? [])).not.toContain("Approve");
    expect((await desk.proposal(waits.id)).shownIn).toEqual([shown.id]);
  });

  test("the very same asked for twice in one message is one", async () => {
    const twice = "tell Ben that it rains. What is 3*7? Tell Ben that it rains.";
    const { proposed, reply } = await told(desk, twice);
    only(proposed, "send_message");
    expect(reply.match(/Send a message to Ben/g)).toHaveLength(1);
    expect(reply).not.toMatch(/not allowed/);
  });
});

describe("agents with a model", () => {
  let lines: Parameters<typeof speaking>[0] = {};
  let clerks: Trial;
  let target: Target;
  let desk: Desk;
  beforeAll(async () => {
    clerks = await openClerks();
    target = openTarget();
    const front = { trust: "T3", effects: "[{ verb: trial_send }]" };
    await addAgent(clerks, { id: "zig", front });
    await addAgent(clerks, { id: "zag", front });
    await addAgent(clerks, { id: "left", front });
    await addAgent(clerks, { id: "right", front });
    await addAgent(clerks, { id: "asks-left", front: { mayHandOffTo: "[left]" } });
    await addAgent(clerks, { id: "asks-right", front: { mayHandOffTo: "[right]" } });
    const { models } = scripted((messages: readonly BaseMessage[]) => speaking(lines)(messages));
    desk = await openDesk({ agents: clerks.agents, models, performers: target.performers, sweepEveryMs: 100 });
  });
  afterAll(async () => {
    await desk.nova.stop();
    await clerks.close();
  });

  const BOTH = "First zig the left lever for me, then zag the blue lamp for me.";
  const sends = (to: string, text: string): string =>
    JSON.stringify({
      kind: "propose",
      text: `To ${to}.`,
      effects: [{ verb: "trial_send", input: { target: to, text } }],
    });

  test("two that wait are one card, each decided on by its number, and one says nothing of the other", async () => {
    lines = { zig: sends("anna", "left"), zag: sends("cyd", "blue") };
    const { reply, proposed } = await told(desk, BOTH);
    expect(reply).not.toMatch(/not allowed/);
    expect(await missing(desk)).toEqual([]);
    expect(proposed.map(({ agent, effect }) => [agent, effect.args["target"]])).toEqual([
      ["zig", "anna"],
      ["zag", "cyd"],
    ]);
    const [first, second] = proposed as [Proposal, Proposal];
    const shown = await lastReply(desk);
    expect(shown.text).toMatch(
      new RegExp(`2 things[^]*${first.id}\\. Bring it to anna[^]*${second.id}\\. Bring it to cyd`),
    );
    expect(labels(shown.actions ?? []).slice(0, 4)).toEqual([
      `Approve ${first.id}`,
      `Deny ${first.id}`,
      `Approve ${second.id}`,
      `Deny ${second.id}`,
    ]);
    await desk.channel.press("owner", button("deny", first));
    await desk.channel.press("owner", button("approve", second));
    await desk.settled();
    const end = await lastReply(desk);
    expect(end.text).toMatch(/to anna[^]*\*\*Denied\*\*[^]*to cyd[^]*\*\*Done\*\*/);
    expect(target.effects.map(({ args }) => args["target"])).toEqual(["cyd"]);
  });

  test("one card holds ten at most, however many parts it shows", async () => {
    const six = (who: string): string => {
      const effects = [1, 2, 3, 4, 5, 6].map((n) => ({ verb: "trial_send", input: { target: "anna", text: who + n } }));
      return JSON.stringify({ kind: "propose", text: "As asked.", effects });
    };
    lines = { zig: six("left"), zag: six("blue") };
    const { reply, proposed } = await told(desk, BOTH);
    expect(proposed.map(({ agent }) => agent)).toEqual(Array.from({ length: 6 }, () => "zig"));
    expect(reply).toContain("At most 10 things can be decided at once.");
    for (const one of proposed) await desk.channel.press("owner", button("deny", one));
    await desk.settled();
  });

  test("a change of one, asked for on the terminal, leaves the other as it was", async () => {
    lines = { zig: sends("eve", "old words"), zag: sends("flo", "hers") };
    const { proposed } = await told(desk, BOTH);
    const [first, second] = proposed as [Proposal, Proposal];
    await desk.channel.press("owner", button("edit", first), { fields: { text: "new words" } });
    await desk.settled();
    const end = await lastReply(desk);
    expect(end.text).toMatch(/to eve[^]*new words[^]*to flo[^]*hers/);
    expect(end.text).not.toContain("old words");
    expect((await desk.proposal(second.id)).digest).toBe(second.digest);
  });

  test("two that read run side by side, and those to whom they hand over one after another", async () => {
    const begun = Promise.withResolvers<void>();
    let active = 0;
    const seen: number[] = [];
    const alone = (to: string) => (): Line => {
      active += 1;
      seen.push(active);
      if (active > 1) begun.resolve();
      // Long enough for the other one to come, which it must not.
      const until = Promise.race([begun.promise, pause(300)]).then(() => void (active -= 1));
      return { pieces: [sends(to, "hello")], until };
    };
    const met = { left: Promise.withResolvers<void>(), right: Promise.withResolvers<void>() };
    const meeting = (own: "left" | "right", other: "left" | "right") => (): Line => {
      met[own].resolve();
      return { pieces: [handsTo(own)], until: met[other].promise };
    };
    lines = {
      "asks-left": meeting("left", "right"),
      "asks-right": meeting("right", "left"),
      left: alone("ida"),
      right: alone("jon"),
    };
    const both = "1. asks-left the left lever for me\n2. asks-right the blue lamp for me";
    const { proposed, replies } = await told(desk, both);
    expect(await lastTrace(desk)).toContainEqual({
      kind: "planned",
      steps: ["asks-left", "asks-right"],
      together: true,
    });
    expect(seen).toEqual([1, 1]);
    expect(replies).toBe(1);
    expect(proposed.map(({ effect }) => effect.args["target"])).toEqual(["ida", "jon"]);
    expect(await missing(desk)).toEqual([]);
  });

  test("a turn that is taken again between them proposes each once, in one reply", async () => {
    const gate = Promise.withResolvers<void>();
    onTestFinished(() => gate.resolve());
    let asked = 0;
    lines = {
      zig: sends("gus", "left"),
      zag: () => {
        asked += 1;
        return asked === 1 ? { pieces: [says("Too late.")], until: gate.promise } : sends("hal", "blue");
      },
    };
    const known = (await desk.proposals.list(desk.owner, { all: true })).length;
    const room = "taken";
    await desk.channel.say("owner", BOTH, { room });
    await vi.waitFor(() => expect(asked).toBe(1), { timeout: 20_000 });
    // Another process had it, and died; the hold of this one is lost.
    await desk.database.pool.query("update turn set epoch = epoch + 1 where state = 'running'");
    await vi.waitFor(() => expect(asked).toBe(2), { timeout: 20_000 });
    await desk.settled();
    const events = await lastTrace(desk);
    expect(events.filter(({ kind }) => kind === "resumed")).toEqual([
      { kind: "resumed", agent: "zig", reply: "propose" },
    ]);
    const all = await desk.proposals.list(desk.owner, { all: true });
    expect(
      all
        .slice(0, all.length - known)
        .map(({ effect }) => effect.args["target"])
        .toReversed(),
    ).toEqual(["gus", "hal"]);
    expect(desk.channel.sent(room)).toHaveLength(1);
    expect(desk.channel.sent(room)[0]).toMatch(/to gus[^]*to hal/);
  });
});
