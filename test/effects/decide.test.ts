/** Decisions on proposals by buttons under cards, on the real database: who may, when, on what, and who is told. */
import { afterAll, beforeAll, expect, test } from "vitest";
import type { Action } from "#core";
import type { Trial } from "../contract/trial-folder.ts";
import { button, HOUR, labels, openDesk, type Desk } from "./desk.ts";
import { openTarget, type Target } from "./target.ts";
import { openClerks } from "./trial-agents.ts";

let clerks: Trial;
let target: Target;
let desk: Desk;
beforeAll(async () => {
  clerks = await openClerks();
  target = openTarget();
  const env = { NOVA_APPROVERS: "Nora, Greta, somebody unknown" };
  desk = await openDesk({ agents: clerks.agents, performers: target.performers, env });
  await desk.add("bob", "member");
  await desk.add("mallory", "member");
}, 60_000);
afterAll(async () => {
  await desk.nova.stop();
  await clerks.close();
});

const one: Desk["one"] = (words, options) => desk.one(words, options);
const press = (by: string, action: string, fields?: Record<string, string>) =>
  desk.channel.press(by, action, fields ? { fields } : {});
const trace = async (turn: string) => {
  const { rows } = await desk.database.pool.query<{ event: Record<string, unknown> }>(
    "select event from trace_event where turn_id = $1 order by seq",
    [turn],
  );
  return rows.map(({ event }) => event);
};
/** What the last message that replaces another one says. */
const amended = (message: string) =>
  desk.channel.parts.findLast((part) => part.message === message && part.amends !== null)?.body;

test("an approved effect is done once, its card says so everywhere it stands, and later turns read it", async () => {
  const proposal = await one("send ben: hello there");
  expect(proposal).toMatchObject({
    state: "pending",
    version: 1,
    effect: { args: { target: "ben", text: "hello there" } },
  });
  expect(target.arrived).toHaveLength(0);
  expect(await press("owner", button("approve", proposal))).toMatchObject({ kind: "done" });
  await desk.settled();
  expect(target.effects.at(-1)?.args).toEqual({ target: "ben", text: "hello there" });
  expect(await desk.proposal(proposal.id)).toMatchObject({
    state: "approved",
    decision: { by: { id: desk.owner.id }, via: "test" },
    fate: { state: "done", told: "It is there." },
  });
  expect(amended(proposal.shownIn[0]!)).toContain("**Done**");
  const { rows } = await desk.database.pool.query("select text, actions from message where id = $1", [
    proposal.shownIn[0],
  ]);
  expect(rows[0]).toMatchObject({ text: expect.stringContaining("**Done**") });
  expect(JSON.stringify(rows[0]?.actions ?? [])).not.toContain("approve:");
  const events = await trace(proposal.turn);
  expect(events.filter(({ kind }) => kind === "decided" || kind === "effect")).toMatchObject([
    { kind: "decided", proposal: proposal.id, verdict: "approved", via: "test" },
    { kind: "effect", state: "claimed" },
    { kind: "effect", state: "done" },
  ]);
  expect(await press("owner", button("approve", proposal))).toMatchObject({
    kind: "stale",
    card: { text: expect.stringContaining("approved this on test") },
  });
  await desk.settled();
  expect(target.arrived.filter((key) => key === target.arrived.at(-1))).toHaveLength(1);
});

test("what stands around a card stays when the card changes, and so do the other buttons", async () => {
  const proposal = await one("send anna: yes; send ben: nonsense");
  const read = async () => {
    const { rows } = await desk.database.pool.query<{ text: string; actions: readonly Action[] | null }>(
      "select text, actions from message where id = $1",
      [proposal.shownIn[0]],
    );
    return { text: rows[0]?.text ?? "", labels: labels(rows[0]?.actions ?? []) };
  };
  const before = await read();
  expect(before.text).toContain("Nonsense is not brought.");
  expect(before.labels).toEqual(expect.arrayContaining(["Approve", "Deny", "Wrong agent"]));
  await press("owner", button("approve", proposal));
  await desk.settled();
  const after = await read();
  expect(after.text).toContain("Nonsense is not brought.");
  expect(after.text).toContain("**Done**");
  expect(after.text).not.toContain("Waits for a decision");
  expect(after.labels).toEqual(before.labels.filter((label) => !/Approve|Change|Deny/.test(label)));
});

test("what the trust rule decides is done with the turn, and told", async () => {
  const before = target.arrived.length;
  const note = await one("note cupboard: tea");
  expect(await desk.proposal(note.id)).toMatchObject({
    state: "approved",
    decision: { by: null, via: "rule" },
    fate: { state: "done" },
  });
  expect(target.arrived).toHaveLength(before + 1);
  expect(amended(note.shownIn[0]!)).toBe("It is there. Undo: take it out again.");
});

test("what is done unasked is a line above the card of what waits, and stays one when that is decided", async () => {
  const [first, second, third] = await desk.propose("send ben: one; note cupboard: coffee; send ben: two");
  const card = () => amended(first?.shownIn[0] ?? "");
  const numbered = new RegExp(
    String.raw`^It is there\. Undo: take it out again\.\n\n2 things[^]*\*\*${first?.id}\. Bring it to ben[^]*\*\*${third?.id}\. Bring it to ben`,
  );
  expect(second?.decision?.via).toBe("rule");
  expect(card()).toMatch(numbered);
  if (!first || !third) throw new Error("fewer were proposed than asked for");
  await press("owner", button("approve", third));
  await desk.settled();
  expect(card()).toMatch(numbered);
  expect(card()).toMatch(new RegExp(String.raw`${third.id}\. Bring[^]*\*\*Approved\*\* by [^]*\*\*Done\*\*`));
  expect(card()).toMatch(/Waits for a decision/);
  await press("owner", button("deny", first));
  await desk.settled();
  expect(card()).toMatch(numbered);
});

test("whoever deletes the message that asked for something has it withdrawn, what waits and no more", async () => {
  const before = target.arrived.length;
  const ids = new Set((await desk.proposals.list(desk.owner, { all: true })).map(({ id }) => id));
  await desk.channel.say("owner", "@clerk send ben: never mind; note cupboard: cocoa", {
    key: "regretted",
    room: "owner",
  });
  await desk.settled();
  await desk.channel.revise("owner", "regretted", null, { room: "owner" });
  await desk.settled();
  const now = (await desk.proposals.list(desk.owner, { all: true })).filter(({ id }) => !ids.has(id)).toReversed();
  expect(now).toMatchObject([
    { state: "withdrawn", decision: { by: null, via: "deleted" }, fate: null },
    { state: "approved", fate: { state: "done" } },
  ]);
  const [sent] = now;
  if (!sent) throw new Error("nothing was proposed");
  expect(amended(sent.shownIn[0] ?? "")).toMatch(
    /\*\*Withdrawn\*\* at .*the message that asked for it was deleted\. Nothing was done\./,
  );
  expect(await press("owner", button("approve", sent))).toMatchObject({ kind: "stale" });
  await desk.settled();
  expect(target.arrived).toHaveLength(before + 1);
});

test("D24, S16: a click after the time is over decides nothing; it is expired, not denied, and who asked is told", async () => {
  const before = target.arrived.length;
  const proposal = await one("send ben: too late", { by: "bob" });
  desk.clock.forward(11 * HOUR);
  expect(await press("owner", button("approve", proposal))).toMatchObject({
    kind: "stale",
    card: { text: expect.stringContaining("expired") },
  });
  await desk.settled();
  expect(await desk.proposal(proposal.id)).toMatchObject({
    state: "expired",
    decision: { by: null, via: "expiry" },
    fate: null,
  });
  expect(desk.channel.sent("bob").at(-1)).toContain("Nobody decided in time");
  expect(await trace(proposal.turn)).toContainEqual(
    expect.objectContaining({ kind: "decided", verdict: "expired", via: "expiry" }),
  );
  expect(target.arrived).toHaveLength(before);
});

test("D24 twin: a click in the last minute decides", async () => {
  const before = target.arrived.length;
  const proposal = await one("send ben: just in time");
  desk.clock.forward(10 * HOUR - 60_000);
  expect(await press("owner", button("approve", proposal))).toMatchObject({ kind: "done" });
  await desk.settled();
  expect(target.arrived).toHaveLength(before + 1);
});

test("time alone ends what nobody decides, after one reminder, and no sooner", async () => {
  await desk.ask("hello");
  // What was told before is another's, and how much of it had become due by then is the clock's to say.
  const before = new Map(["owner", "bob"].map((room) => [room, desk.channel.sent(room).length]));
  const proposal = await one("send ben: nobody looks", { by: "bob" });
  const told = (room: string, words: string) =>
    desk.channel
      .sent(room)
      .slice(before.get(room))
      .filter((text) => text.includes(words)).length;
  expect(told("owner", "nobody looks")).toBe(1);
  expect(told("owner", "A reminder")).toBe(0);
  desk.clock.forward(6 * HOUR + 60_000);
  await expect.poll(() => told("owner", "A reminder: this still waits")).toBe(1);
  await expect.poll(() => told("bob", "A reminder:")).toBe(1);
  expect((await desk.proposal(proposal.id)).state).toBe("pending");
  desk.clock.forward(2 * HOUR);
  await desk.settled();
  expect(told("owner", "A reminder: this still waits")).toBe(1);
  desk.clock.forward(2 * HOUR);
  await expect.poll(() => told("bob", "Nobody decided in time on “Bring it to ben”")).toBeGreaterThan(0);
  await desk.settled();
  const state = await desk.proposal(proposal.id);
  expect(state.state).toBe("expired");
  for (const message of state.shownIn) expect(amended(message)).toContain("**Expired.**");
});

test("D25: whoever may not decide is refused, and it waits for who may", async () => {
  const proposal = await one("send ben: secret", { by: "bob" });
  for (const by of ["mallory", "bob"]) {
    expect(await press(by, button("approve", proposal))).toMatchObject({ kind: "refused" });
    expect(await press(by, button("deny", proposal))).toMatchObject({ kind: "refused" });
  }
  expect((await desk.proposal(proposal.id)).state).toBe("pending");
  // The owner got the card in private, and it says the same.
  const card = desk.channel.parts.findLast(
    ({ address, body }) => address.container === "owner" && body.includes("secret"),
  );
  expect(card?.actions.map(({ id }) => id)).toContain(button("approve", proposal));
});

test("D25 twin: the owner decides on what a member asked for, and the member is told", async () => {
  const before = target.arrived.length;
  const proposal = await one("send ben: for the owner", { by: "bob" });
  expect(await press("owner", button("approve", proposal))).toMatchObject({ kind: "done" });
  await desk.settled();
  expect(target.arrived).toHaveLength(before + 1);
  expect(desk.channel.sent("bob").at(-1)).toMatch(/approved “Bring it to ben”, and it is done/);
});

test("D26: a message meanwhile is answered as ever, and what waits waits on", async () => {
  const proposal = await one("send ben: wait for me");
  const answer = await desk.ask("@clerk what is there to do?");
  expect(answer).toContain("There is nothing to do.");
  expect((await desk.proposal(proposal.id)).state).toBe("pending");
  expect(await press("owner", button("approve", proposal))).toMatchObject({ kind: "done" });
  await desk.settled();
  expect((await desk.proposal(proposal.id)).fate?.state).toBe("done");
});

test("D27: of three proposals the approved one is done, the denied one is not, and the third waits", async () => {
  const before = target.arrived.length;
  const [yes, no, open] = await desk.propose("send anna: yes; send cyd: no; send dora: open");
  if (!yes || !no || !open) throw new Error("expected three proposals");
  expect(await press("owner", button("approve", yes))).toMatchObject({ kind: "done" });
  expect(await press("owner", button("deny", no))).toMatchObject({ kind: "done" });
  await desk.settled();
  expect(target.effects.slice(before).map(({ args }) => args["target"])).toEqual(["anna"]);
  expect(await Promise.all([yes, no, open].map(async ({ id }) => (await desk.proposal(id)).state))).toEqual([
    "approved",
    "denied",
    "pending",
  ]);
  const card = amended(yes.shownIn[0]!);
  expect(card).toContain("**Done**");
  expect(card).toContain("**Denied**");
  expect(card).toContain("**Waits for a decision**");
  // What was denied is not asked again.
  expect(await desk.propose("send cyd: no")).toEqual([]);
});

test("S16: a card from before a change decides nothing, and neither does one of what may not be done any more", async () => {
  const before = target.arrived.length;
  const proposal = await one("send ben: first words");
  const opened = await press("owner", button("edit", proposal));
  expect(opened.form).toMatchObject({ fields: [{ name: "text", label: "Text", value: "first words", long: false }] });
  expect(await press("owner", opened.form!.submit, { text: "nonsense" })).toMatchObject({
    errors: { text: "Nonsense is not brought." },
  });
  expect((await desk.proposal(proposal.id)).version).toBe(1);
  const changed = await press("owner", opened.form!.submit, { text: "second words" });
  expect(changed.card.text).toContain("second words");
  const now = await desk.proposal(proposal.id);
  expect(now).toMatchObject({ version: 2, state: "pending", effect: { args: { text: "second words" } } });
  expect(now.digest).not.toBe(proposal.digest);
  const stale = await press("owner", button("approve", proposal));
  expect(stale).toMatchObject({ kind: "stale", card: { text: expect.stringContaining("was changed since") } });
  await desk.settled();
  expect(amended(proposal.shownIn[0]!)).toContain("second words");
  expect(target.arrived).toHaveLength(before);

  expect(await press("owner", button("approve", now))).toMatchObject({ kind: "done" });
  await desk.settled();
  expect(target.effects.at(-1)?.args).toEqual({ target: "ben", text: "second words" });
  // Changed too late.
  expect(await press("owner", button("edit", now), { text: "third" })).toMatchObject({ kind: "stale" });
});

test("S17: a stranger, a blocked account and a forged button decide nothing", async () => {
  const proposal = await one("send ben: mine alone");
  expect(await press("stranger", button("approve", proposal))).toMatchObject({ kind: "refused" });
  const forged = [
    `approve:${proposal.id}:${"0".repeat(16)}`,
    `approve:${proposal.id}:`,
    `approve:${proposal.id}:${proposal.digest}`,
  ];
  for (const id of forged) expect(await press("owner", id)).not.toMatchObject({ kind: "done" });
  // One that is not there, and one that is somebody else's, are answered alike.
  const missing = await press("mallory", `approve:999999:${proposal.digest.slice(0, 16)}`);
  expect(missing).toEqual(await press("mallory", button("approve", proposal)));
  expect((await desk.proposal(proposal.id)).state).toBe("pending");
});

test("S17: a card that was forwarded is nobody's right: who presses it there is asked who they are, and so is their name", async () => {
  const proposal = await one("send ben: passed on");
  const approve = button("approve", proposal);
  await desk.channel.say("bob", "look what I was sent", { room: "elsewhere", shared: true });
  expect(await desk.channel.press("bob", approve, { room: "elsewhere", shared: true })).toMatchObject({
    kind: "refused",
  });
  // An account that only calls itself like the owner.
  await desk.channel.say("impostor", "hello", { name: desk.owner.name });
  expect(await desk.channel.press("impostor", approve, { room: "owner" })).toMatchObject({ kind: "refused" });
  await desk.settled();
  expect((await desk.proposal(proposal.id)).state).toBe("pending");
});

test("S17 twin: the linked account decides with the button that its card has", async () => {
  const proposal = await one("send ben: mine");
  expect(await press("owner", button("approve", proposal))).toMatchObject({ kind: "done" });
});

test("S19: what is carried out is what was approved, each by its own digest", async () => {
  const [one_, other] = await desk.propose("send anna: a; send anna: b");
  if (!one_ || !other) throw new Error("expected two proposals");
  const crossed = `approve:${one_.id}:${other.digest.slice(0, 16)}`;
  expect(await press("owner", crossed)).toMatchObject({ kind: "stale" });
  expect((await desk.proposal(one_.id)).state).toBe("pending");
  // Somebody with the database in hand puts another effect in its place.
  await desk.database.pool.query(
    "update proposal set effect = jsonb_set(effect, '{args,text}', '\"everything\"') where id = $1",
    [one_.id],
  );
  const before = target.arrived.length;
  await press("owner", button("approve", one_));
  await press("owner", button("approve", other));
  await desk.settled();
  expect(await desk.proposal(one_.id)).toMatchObject({
    fate: { state: "failed", told: expect.stringContaining("not what was approved") },
  });
  expect(target.effects.slice(before).map(({ args }) => args["text"])).toEqual(["b"]);
});

test("an effect that is about money is not approved by a click, and its card says where it is", async () => {
  const pay = await one("pay ben: nine hundred");
  expect(await press("owner", button("approve", pay))).toMatchObject({
    kind: "refused",
    card: { text: expect.stringContaining(`nova approvals approve ${pay.id}`) },
  });
  expect((await desk.proposal(pay.id)).state).toBe("pending");
  expect(await press("owner", button("deny", pay))).toMatchObject({ kind: "done" });
});

test("a proposal is seen by who asked, by who is named for it and by the owner, and by nobody else", async () => {
  const bob = await desk.add("bert", "member");
  const mallory = await desk.add("mona", "member");
  const named = await desk.add("nora", "member");
  const guest = await desk.add("greta", "guest");
  const proposal = await one("send ben: walls", { by: "bert" });
  expect(proposal.approvers).toEqual([named.id]);
  expect(desk.channel.parts.find(({ message }) => message === proposal.shownIn[0])?.body).toMatch(
    /Who may decide: the owner and nora\./,
  );
  for (const [viewer, sees] of [
    [desk.owner, true],
    [bob, true],
    [named, true],
    [mallory, false],
    [guest, false],
  ] as const) {
    expect([viewer.name, (await desk.proposals.get(proposal.id, viewer)) !== undefined]).toEqual([viewer.name, sees]);
    expect((await desk.proposals.list(viewer)).some(({ id }) => id === proposal.id)).toBe(sees);
    expect((await desk.proposals.shownIn(proposal.shownIn[0]!, viewer)).length).toBe(sees ? 1 : 0);
  }
  expect(await press("nora", button("approve", proposal))).toMatchObject({ kind: "done" });
});
