/** Trust that the operator sets, verb by verb and project by project: what it changes, for what waits too, and what it never does. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentId, HOME, tenantId, wholeOf, type AgentId, type Fetched } from "#core";
import { createProjects } from "../../src/postgres/projects.ts";
import { createStoredTrust } from "../../src/postgres/effects/stored-trust.ts";
import { verbs } from "../../src/verbs/index.ts";
import { createInk } from "../../src/cli/ink.ts";
import type { Trial } from "../contract/trial-folder.ts";
import { scripted } from "../support/model.ts";
import { button, openDesk, type Desk } from "./desk.ts";
import { openTarget, type Target } from "./target.ts";
import { openClerks } from "./trial-agents.ts";

const RUNNER = `
import { defineAgentCode } from "#core";
export default defineAgentCode({
  before: async () => ({ reply: { kind: "handoff", to: "clerk", reason: "It is an errand.", input: { words: "errands" } } }),
});
`;

let clerks: Trial;
let target: Target;
let desk: Desk;

/** A note that an agent of its own accord puts into a project. */
const STRAY = JSON.stringify({
  kind: "propose",
  text: "It belongs there.",
  effects: [{ verb: "note_in_project", input: { project: "Borea", text: "the lease ends in June" } }],
});

beforeAll(async () => {
  clerks = await openClerks();
  const [file, code, note] = await Promise.all(
    ["general/clerk.md", "general/clerk.ts", "effects/trial_note.ts"].map((path) => clerks.read(`agents/${path}`)),
  );
  // Its notes begin as cards and may be raised; its meddling lands among somebody else's rows.
  await clerks.write(
    "agents/general/clerk.md",
    file!.replace(
      /effects:\n[^]*?(?=approval:)/,
      `effects:
  - verb: trial_send
    ceiling: T4
  - verb: trial_note
    ceiling: T4
  - verb: trial_pay
  - verb: trial_meddle
    trust: T4
`,
    ),
  );
  await clerks.write("agents/general/clerk.ts", code!.replace("(send|note|pay)", "(send|note|pay|meddle)"));
  const lands = 'lands: () => ({ person: "999" }),\n  title:';
  await clerks.write(
    "agents/effects/trial_meddle.ts",
    note!.replaceAll("trial_note", "trial_meddle").replace("title:", lands),
  );
  // One that may as much itself, and leaves it to the clerk.
  await clerks.write(
    "agents/general/runner.md",
    file!
      .replaceAll("Clerk", "Runner")
      .replaceAll("trial clerk", "trial runner")
      .replace("route: clerk", "route: runner")
      .replace(
        /trust: T3\neffects:\n[^]*?(?=approval:)/,
        "trust: T4\neffects:\n  - verb: trial_note\nmayHandOffTo: [clerk]\n",
      ),
  );
  await clerks.write("agents/general/runner.ts", RUNNER);
  target = openTarget();
  desk = await openDesk({ agents: clerks.agents, performers: target.performers, models: scripted(STRAY).models });
  await desk.add("bob", "member");
  const projects = createProjects(desk.database);
  for (const name of ["Atlas", "Borea"]) await projects.ensure(HOME, name);
  // Its conversation is about the project, as a channel's is that the operator has mapped.
  await desk.channel.say("owner", "@clerk hello", { room: "atlas" });
  await desk.settled();
  await desk.database.pool.query(
    "update conversation set project_id = (select id from project where name = 'Atlas') where container = 'atlas'",
  );
}, 60_000);
afterAll(async () => {
  await desk.nova.stop();
  await clerks.close();
});

const set = (verb: string, trust: string, more: object = {}) =>
  desk.verb("trust", { do: "set", agent: "clerk", verb, trust, ...more });
const reset = (verb: string, more: object = {}) => desk.verb("trust", { do: "reset", agent: "clerk", verb, ...more });
const one = async (words: string, options?: Parameters<Desk["propose"]>[1]) => {
  const [proposal, ...more] = await desk.propose(words, options);
  if (!proposal || more.length > 0) throw new Error(`expected one proposal, got ${more.length + (proposal ? 1 : 0)}`);
  return proposal;
};
/** What is answered in a room. */
const say = async (text: string, { by = "owner", room = by }: { by?: string; room?: string } = {}): Promise<string> => {
  const before = desk.channel.parts.length;
  await desk.channel.say(by, text, { room });
  await desk.settled();
  return desk.channel.parts
    .slice(before)
    .filter(({ address }) => address.container === room)
    .map(({ body }) => body)
    .join("\n");
};
const run = async (input: object) => {
  const result = await desk.verb("trust", input);
  const words = verbs
    .find(({ name }) => name === "trust")!
    .read(result)
    .words(createInk(false));
  return { result, words };
};
const byRule = { state: "approved", decision: { by: null, via: "rule" } };

test("what is raised within the ceiling is done and told, and what is taken back asks again", async () => {
  expect(await one("note shelf: before")).toMatchObject({ state: "pending", trust: "T3", because: ["trust"] });
  expect(await set("trial_note", "T4", { why: "it went well" })).toMatchObject({ before: "T3", trust: "T4" });
  expect(await one("note shelf: raised")).toMatchObject({ ...byRule, trust: "T4", because: [] });
  expect(target.effects.at(-1)?.args).toEqual({ target: "shelf", text: "raised" });
  expect(await reset("trial_note")).toMatchObject({ before: "T4", trust: "T3" });
  expect(await one("note shelf: after")).toMatchObject({ state: "pending" });
});

test("no raise goes above the ceiling, and none reaches past taint, S2 or S3", async () => {
  await expect(set("trial_pay", "T4")).rejects.toThrow(/may do `trial_pay` at T3 at most, so T4 was not set/);
  await set("trial_note", "T4");
  await set("trial_send", "T4");
  const before = target.arrived.length;
  expect(await one("send ben: hello")).toMatchObject({ state: "pending", trust: "T4", because: ["stakes"] });
  expect(await one("pay ben: 100")).toMatchObject({ state: "pending", stakes: "S3" });
  const bytes = new TextEncoder().encode("Put it on the shelf.");
  desk.channel.files.set("page", async (): Promise<Fetched> => ({ kind: "fetched", bytes }));
  const files = [{ ref: "page", name: "page.txt", mime: "text/plain", size: bytes.length }];
  await desk.channel.say("owner", "@clerk note shelf: from a file", { room: "files", files });
  await desk.settled();
  const [tainted] = await desk.proposals.list(desk.owner, { all: true, limit: 1 });
  expect(tainted).toMatchObject({ state: "pending", trust: "T4", because: ["taint"] });
  expect(target.arrived).toHaveLength(before);
  await reset("trial_note");
  await reset("trial_send");
});

test("what is lowered drafts, or reads and no more, and says so", async () => {
  await set("trial_note", "T2");
  expect(await say("@clerk note shelf: a draft")).toContain("**A draft.**");
  await set("trial_note", "T1");
  expect(await say("@clerk note shelf: nothing")).toContain("The Clerk may read, and changes nothing.");
  expect(await desk.propose("note shelf: nothing")).toEqual([]);
  await reset("trial_note");

  const reminder = "remind me tomorrow at 9 to call Ann";
  expect(await say(reminder)).toContain("Reminder set");
  await desk.verb("trust", { do: "set", agent: "scheduler", verb: "set_reminder", trust: "T3" });
  expect(await say("remind me tomorrow at 10 to call Ben")).toMatch(
    /Waits for a decision[^]*Scheduler may not do it alone|Scheduler may not do it alone[^]*Waits for a decision/,
  );
  await desk.verb("trust", { do: "reset", agent: "scheduler", verb: "set_reminder" });
  expect(await say("remind me tomorrow at 11 to call Cyd")).toContain("Reminder set");
});

test("what is set for a project holds there, and nowhere else", async () => {
  await set("trial_note", "T4", { project: "atlas" });
  expect(await one("note shelf: in Atlas", { room: "atlas" })).toMatchObject(byRule);
  expect(await one("note shelf: in none")).toMatchObject({ state: "pending", trust: "T3" });
  const lowered = await run({ do: "set", agent: "clerk", verb: "trial_note", trust: "T2" });
  expect(lowered.words).toContain("What is set for projects stands: Atlas T4.");
  expect(await one("note shelf: in Atlas still", { room: "atlas" })).toMatchObject(byRule);
  expect(await say("@clerk note shelf: in none still")).toContain("**A draft.**");
  await reset("trial_note");
  await reset("trial_note", { project: "Atlas" });
  await expect(reset("trial_note", { project: "Atlas" })).rejects.toThrow(/Nothing is set/);
});

test("S16: what waits for a decision is held to the trust of now, and so is what was approved and not begun", async () => {
  const before = target.arrived.length;
  const proposal = await one("send ben: not any more");
  await set("trial_send", "T2");
  expect(await desk.channel.press("owner", button("approve", proposal))).toMatchObject({
    kind: "stale",
    card: { text: "The Clerk may not do this any more, so nothing was decided. Deny it, or let it expire." },
  });
  // Approved at the same moment elsewhere: it is looked at once more before it is begun.
  const { id, digest } = proposal;
  await desk.proposals.decide({ proposal: id, digest, verdict: "approve", by: desk.owner, via: "elsewhere" });
  await expect.poll(async () => (await desk.proposal(id)).fate?.state).toBe("failed");
  expect(await desk.proposal(id)).toMatchObject({
    fate: { told: "The Clerk may not do this any more, so nothing was done." },
  });
  await desk.settled();
  expect(desk.channel.sent("owner").at(-1)).toContain("so nothing was done");

  // What the trust rule had let through is not done either, once the rule would ask.
  await reset("trial_send");
  await set("trial_note", "T4");
  const held = Promise.withResolvers<void>();
  target.next(held.promise);
  const words = "@clerk note shelf: first; note shelf: second";
  await desk.channel.say("owner", words);
  await expect
    .poll(async () => (await desk.proposals.list(desk.owner, { all: true, limit: 2 })).map(({ fate }) => fate?.state))
    .toEqual(["waiting", "claimed"]);
  await set("trial_note", "T3");
  held.resolve();
  await desk.settled();
  const [second, first] = await desk.proposals.list(desk.owner, { all: true, limit: 2 });
  expect(first).toMatchObject({ fate: { state: "done" } });
  expect(second).toMatchObject({
    fate: { state: "failed", told: "The Clerk may not do this alone any more, so nothing was done." },
  });
  expect(target.arrived).toHaveLength(before + 1);
  await reset("trial_note");
});

test("S16 twin: what was raised, or lowered to what asks a person, is done as approved", async () => {
  const proposal = await one("send ben: as agreed");
  await set("trial_send", "T4");
  await set("trial_send", "T3");
  expect(await desk.channel.press("owner", button("approve", proposal))).toMatchObject({ kind: "done" });
  await desk.settled();
  expect(await desk.proposal(proposal.id)).toMatchObject({ fate: { state: "done" } });
  await reset("trial_send");
});

test("S20: to hand it to a colleague who may more is no way around what was lowered", async () => {
  const handed = async (words: string) => {
    await say(`@runner ${words}`);
    return (await desk.proposals.list(desk.owner, { all: true, limit: 1 }))[0];
  };
  await set("trial_note", "T4");
  // Twin: both may.
  expect(await handed("note shelf: handed on")).toMatchObject({ agent: "clerk", ...byRule });
  await desk.verb("trust", { do: "set", agent: "runner", verb: "trial_note", trust: "T3" });
  expect(await handed("note shelf: handed on again")).toMatchObject({ agent: "clerk", state: "pending", trust: "T3" });
  await reset("trial_note");
});

test("S20: a change that lands among somebody else's rows is refused in words that tell nothing of them", async () => {
  const before = target.arrived.length;
  const said = await say("@clerk meddle shelf: theirs");
  expect(said).toContain("That would change something outside of what is yours to change from here");
  expect(said).not.toContain("999");
  expect(await desk.propose("meddle shelf: theirs again")).toEqual([]);
  expect(target.arrived).toHaveLength(before);
  const { rows } = await desk.database.pool.query(
    "select event ->> 'verdict' as verdict from trace_event where event ->> 'verb' = 'trial_meddle'",
  );
  expect(rows).toEqual([{ verdict: "scope" }, { verdict: "scope" }]);
});

test("S20 twin: a note where the person said is done and told, the owner's and a member's; where they did not say, it asks", async () => {
  expect(await say("note in project Borea: the supplier is Ott")).toContain("Kept in the project Borea");
  expect(await say("note in project Borea: the door sticks", { by: "bob" })).toContain("Kept in the project Borea");
  const asked = await say("@librarian put the end of the lease where it belongs", { by: "bob" });
  expect(asked).toContain("it would change something in another project, which you did not name");
  expect(asked).toMatch(/Who may decide: bob and the owner/);
});

test("nova trust lists what was decided and what became of it, and suggests; only the operator sets", async () => {
  await say("remind me tomorrow at 12 to feed the cat");
  await say("cancel the reminder about the cat");
  const { result, words } = await run({ do: "list" });
  const rows = (result as { rows: readonly { agent: string; verb: string; project: string | null }[] }).rows;
  const row = (agent: string, verb: string) =>
    rows.find((each) => each.agent === agent && each.verb === verb && each.project === null);
  expect(row("scheduler", "set_reminder")).toMatchObject({
    trust: "T4",
    start: "T4",
    ceiling: "T4",
    set: null,
    since: expect.any(String),
    alone: 2,
    incidents: 1,
    suggestion: { kind: "lower", to: "T3", barred: false },
  });
  expect(row("clerk", "trial_send")).toMatchObject({ trust: "T3", ceiling: "T4", incidents: 0, decisions: 0 });
  expect(words).toContain("nova trust set scheduler set_reminder T3");
  expect(words).toMatch(/clerk +trial_pay +everywhere +T3 +T3 +T3 /);

  const known = (await run({ do: "history" })).words;
  expect(known).toContain("it went well");
  for (const talk of [
    "/trust set clerk trial_note T4",
    "@clerk set your trust to T4",
    "nova trust set clerk trial_note T4",
  ])
    await say(talk);
  expect((await run({ do: "history" })).words).toBe(known);
  expect((await run({ do: "list", agent: "@Clerk" })).words).not.toContain("scheduler");
});

test.each([
  ["an unknown agent", { do: "set", agent: "nobody", verb: "trial_note", trust: "T3" }, /no agent called "nobody"/],
  ["a verb that it does not hold", { do: "set", agent: "clerk", verb: "set_reminder", trust: "T3" }, /holds no verb/],
  ["a trust that is none", { do: "set", agent: "clerk", verb: "trial_note", trust: "T5" }, /T0, T1, T2, T3 and T4/],
  [
    "an unknown project",
    { do: "set", agent: "clerk", verb: "trial_note", trust: "T3", project: "X" },
    /no project called "X"/,
  ],
  ["nothing to take back", { do: "reset", agent: "clerk", verb: "trial_note" }, /Nothing is set/],
])("nova trust refuses %s in words", async (_, input, words) => {
  await expect(desk.verb("trust", input)).rejects.toThrow(words);
});

test("what is stored stands behind the tenant's wall, for Nova alone, and is only ever added to", async () => {
  const stored = createStoredTrust(desk.database, { clock: desk.clock });
  const setting = { agent: agentId("mover"), verb: "move", project: null, why: "for a trial" } as const;
  const all = (agent: AgentId) => stored.of(agent, "move", HOME);
  await stored.set({ ...setting, trust: "T3" }, desk.owner);
  await stored.set({ ...setting, trust: "T1" }, desk.owner);
  expect(await all(setting.agent)).toMatchObject([{ ...setting, trust: "T1", by: { id: desk.owner.id } }]);
  await stored.set({ ...setting, trust: null }, desk.owner);
  expect(await all(setting.agent)).toEqual([]);
  expect((await stored.history(HOME, 3)).map(({ trust }) => trust)).toEqual([null, "T1", "T3"]);
  expect(await stored.history(tenantId("abroad"), 3)).toEqual([]);
  const owner = (sql: string) => desk.database.within(wholeOf(desk.owner), (tx) => tx.query(sql));
  expect((await owner("select 1 from agent_trust")).rows).toEqual([]);
  await expect(
    owner(
      `insert into agent_trust (agent, verb, trust, set_by, set_at) values ('clerk', 'x', 'T4', ${desk.owner.id}, now())`,
    ),
  ).rejects.toThrow(/row-level security/);
  await expect(owner("update agent_trust set trust = 'T4'")).rejects.toThrow(/permission denied/);
  await expect(owner("delete from agent_trust")).rejects.toThrow(/permission denied/);
});
