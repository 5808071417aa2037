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

/** One that is asked to remove a reminder that the person did not name. */
const GONE = JSON.stringify({
  kind: "propose",
  text: "It is the next one.",
  effects: [{ verb: "remove_schedule", input: { name: "phone Yan" } }],
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
  const lands = `lands: ({ target }) => {
    if (target === "nowhere") throw new Error("nobody can tell");
    return { person: "999" };
  },
  title:`;
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
  desk = await openDesk({
    agents: clerks.agents,
    performers: target.performers,
    models: scripted((heard) => (heard.at(-1)?.text.includes("next one") ? GONE : STRAY)).models,
  });
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
  desk.verb("trust", { do: "set", agent: "clerk", verb, trust, typed: "clerk", ...more });
const reset = (verb: string, more: object = {}) =>
  desk.verb("trust", { do: "reset", agent: "clerk", verb, typed: "clerk", ...more });
const one: Desk["one"] = (words, options) => desk.one(words, options);
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
/** As a process leaves it that was killed right after its claim. */
const died = ({ id }: { readonly id: string }) =>
  desk.database.pool.query(
    "update effect set state = 'claimed', epoch = epoch + 1, held_until = now() - interval '1 second' where proposal_id = $1",
    [id],
  );
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
  await reset("set_reminder", { agent: "scheduler", typed: "scheduler" });
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
  await expect.poll(async () => (await desk.proposal(id)).fate?.state, { timeout: 10_000 }).toBe("failed");
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
  await set("trial_note", "T3", { agent: "runner" });
  expect(await handed("note shelf: handed on again")).toMatchObject({ agent: "clerk", state: "pending", trust: "T3" });
  await set("trial_note", "T2", { agent: "runner" });
  expect(await say("@runner note shelf: as a draft")).toContain("**A draft.**");
  await reset("trial_note", { agent: "runner", typed: "runner" });
});

test("S6: what was handed on is held to the lower trust of both, when it is proposed, approved and done", async () => {
  const runner = { agent: "runner", typed: "runner" };
  const before = target.arrived.length;
  await set("trial_note", "T1", runner);
  expect(await say("@runner note shelf: on its word")).toContain(
    "The Runner, who handed this on, may read, and changes nothing.",
  );
  await set("trial_note", "T3", runner);
  await say("@runner note shelf: while it may");
  const [waits] = await desk.proposals.list(desk.owner, { all: true, limit: 1 });
  expect(waits).toMatchObject({ agent: "clerk", handedBy: ["runner"], state: "pending" });
  await set("trial_note", "T1", runner);
  const words = "The Runner, who handed it on, may not do this any more, so nothing was";
  expect(await desk.channel.press("owner", button("approve", waits!))).toMatchObject({
    kind: "stale",
    card: { text: expect.stringContaining(words) },
  });
  const { id: number, digest } = waits!;
  await desk.proposals.decide({ proposal: number, digest, verdict: "approve", by: desk.owner, via: "elsewhere" });
  await expect.poll(async () => (await desk.proposal(number)).fate?.state, { timeout: 10_000 }).toBe("failed");
  expect(await desk.proposal(number)).toMatchObject({ fate: { told: expect.stringContaining(words) } });
  expect(target.arrived).toHaveLength(before);
  await desk.settled();

  // S6 twin: where nobody handed it on, the clerk's own trust is all that counts.
  expect(await one("note shelf: not handed")).toMatchObject({ handedBy: [], ...byRule });
  await reset("trial_note", runner);
  await reset("trial_note");
});

test("S16: what stood claimed when Nova died and never happened is held to the trust of now; what happened is told", async () => {
  const scheduler = { agent: "scheduler", typed: "scheduler" };
  const held = Promise.withResolvers<void>();
  target.next(held.promise);
  const gate = await one("send ben: first in line", { room: "line" });
  await desk.channel.press("owner", button("approve", gate), { room: "line" });
  await expect.poll(async () => (await desk.proposal(gate.id)).fate?.state, { timeout: 10_000 }).toBe("claimed");
  for (const text of ["remind me tomorrow at 9 to oil the gate", "note in project Borea: the gate creaks"])
    await desk.channel.say("owner", text, { room: "line" });
  const newest = async () => (await desk.proposals.list(desk.owner, { all: true, limit: 2 })).toReversed();
  await expect
    .poll(async () => (await newest()).map(({ effect, fate }) => [effect.verb, fate?.state]))
    .toEqual([
      ["set_reminder", "waiting"],
      ["note_in_project", "waiting"],
    ]);
  const [reminder, note] = await newest();
  await died(reminder!);
  await died(note!);
  await set("set_reminder", "T1", scheduler);
  held.resolve();
  const fates = async () =>
    Promise.all([reminder!, note!].map(async ({ id }) => (await desk.proposal(id)).fate?.state));
  await expect.poll(fates, { timeout: 10_000 }).toEqual(["failed", "done"]);
  await desk.settled();
  const { rows } = await desk.database.pool.query("select 1 from schedule where words = 'oil the gate'");
  expect(rows).toEqual([]);

  // Twin: it had happened before Nova died, so that it is told, whatever holds now.
  await reset("set_reminder", scheduler);
  expect(await say("remind me tomorrow at 9 to oil the lock")).toContain("Reminder set");
  expect(await say("note in project Borea: the fence creaks", { room: "lock" })).toContain("Kept in the project Borea");
  const [happened, kept] = await newest();
  await set("set_reminder", "T1", scheduler);
  await set("note_in_project", "T1", { agent: "librarian" });
  await died(happened!);
  await died(kept!);
  const states = async () =>
    Promise.all([happened!, kept!].map(async ({ id }) => (await desk.proposal(id)).fate?.state));
  await expect.poll(states, { timeout: 10_000 }).toEqual(["done", "done"]);
  const { rows: notes } = await desk.database.pool.query("select 1 from memory_item where text = 'the fence creaks'");
  expect(notes).toHaveLength(1);
  await reset("set_reminder", scheduler);
  await reset("note_in_project", { agent: "librarian", typed: "librarian" });
});

test("S20: a reminder is not taken away from elsewhere by an agent that may not where it stands", async () => {
  const scheduler = { agent: "scheduler", typed: "scheduler", project: "Atlas" };
  expect(await say("remind me tomorrow at 9 to phone Zed", { room: "atlas" })).toContain("Reminder set");
  await set("remove_schedule", "T1", scheduler);
  for (const room of ["atlas", "owner"])
    expect(await say("cancel the reminder about Zed", { room })).toContain(
      "The Scheduler may read, and changes nothing",
    );
  expect(await say("/schedules")).toContain("phone Zed");
  // Twin: where it may, the person's own words name what is to go, wherever it stands.
  await reset("remove_schedule", scheduler);
  expect(await say("cancel the reminder about Zed")).toContain("“phone Zed” is removed");
  // Nobody said which: it stands in another project, so that a person looks.
  expect(await say("remind me tomorrow at 9 to phone Yan", { room: "atlas" })).toContain("Reminder set");
  expect(await say("@scheduler have the next one go")).toContain("it would change something in another project");
  expect(await say("/schedules")).toContain("phone Yan");
});

test("S20: what lands in a project is held to what is set there, wherever it was said; where nobody can tell, it is refused", async () => {
  const librarian = { agent: "librarian", typed: "librarian", project: "Atlas" };
  await set("note_in_project", "T2", librarian);
  expect(await say("note in project Atlas: the roof leaks")).toContain("**A draft.**");
  expect(await say("note in project Borea: the roof leaks")).toContain("Kept in the project Borea");
  await reset("note_in_project", librarian);
  expect(await say("note in project Atlas: the roof leaks")).toContain("Kept in the project Atlas");
  expect(await say("@clerk meddle nowhere: whose")).toContain("outside of what is yours to change");
});

test("S30: while what the operator set cannot be read, nothing is approved or done, and who asks or clicks is told", async () => {
  const [before, waits] = [target.arrived.length, await one("send ben: no trust at hand")];
  const { id: number, digest } = waits;
  await desk.database.pool.query("revoke select on agent_trust from nova_app");
  try {
    expect(await desk.channel.press("owner", button("approve", waits))).toMatchObject({
      kind: "refused",
      card: { text: expect.stringContaining("nothing was decided and nothing is done") },
    });
    expect(await say("@clerk note shelf: in the dark")).toMatch(/went wrong/);
    await desk.proposals.decide({ proposal: number, digest, verdict: "approve", by: desk.owner, via: "elsewhere" });
    await expect.poll(async () => (await desk.proposal(number)).fate?.state, { timeout: 10_000 }).toBe("waiting");
    expect(target.arrived).toHaveLength(before);
  } finally {
    await desk.database.pool.query("grant select on agent_trust to nova_app");
  }
  // S30 twin: it is done as soon as it can be looked up again.
  await desk.database.pool.query("update effect set not_before = null where proposal_id = $1", [number]);
  await expect.poll(async () => (await desk.proposal(number)).fate?.state, { timeout: 10_000 }).toBe("done");
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
  expect(rows).toHaveLength(3);
  expect(new Set(rows.map(({ verdict }) => verdict))).toEqual(new Set(["scope"]));
});

test("S20 twin: a note where the person said is done and told, the owner's and a member's; where they did not say, it asks", async () => {
  expect(await say("note in project Borea: the supplier is Ott")).toContain("Kept in the project Borea");
  expect(await say("note in project Borea: the door sticks", { by: "bob" })).toContain("Kept in the project Borea");
  const asked = await say("@librarian put the end of the lease where it belongs", { by: "bob" });
  expect(asked).toContain("it would change something in another project, which you did not name");
  expect(asked).toMatch(/Who may decide: bob and the owner/);
});

test("a message to nobody but oneself is told once the operator lets it; to anybody else it asks", async () => {
  const notifier = { agent: "notifier", typed: "notifier" };
  const newest = async (words: string) => {
    await say(words);
    return (await desk.proposals.list(desk.owner, { all: true, limit: 1 }))[0];
  };
  expect(await newest(`@notifier message ${desk.owner.name}: the bread is done`)).toMatchObject({
    state: "pending",
    stakes: "S1",
    because: ["trust"],
  });
  await set("send_message", "T4", notifier);
  expect(await newest(`@notifier message ${desk.owner.name}: the soup is done`)).toMatchObject({
    because: [],
    taints: [],
    ...byRule,
    stakes: "S1",
  });
  expect(await newest("@notifier message bob: the soup is done")).toMatchObject({ state: "pending", stakes: "S2" });
  await reset("send_message", notifier);
});

test("nova trust lists what was decided and what became of it, and suggests; only the operator sets", async () => {
  await say("remind me tomorrow at 12 to feed the cat");
  await say("cancel the reminder about the cat");
  await say("remind me tomorrow at 12 to walk the dog");
  expect(await say("/schedules remove walk the dog")).toContain("is removed");
  const { result, words } = await run({ do: "list" });
  type Row = { agent: string; verb: string; project: string | null; alone: number };
  const rows = (result as { rows: readonly Row[] }).rows;
  const row = (agent: string, verb: string, project: string | null = null, from = rows) =>
    from.find((each) => each.agent === agent && each.verb === verb && each.project === project);
  expect(row("scheduler", "set_reminder")).toMatchObject({
    trust: "T4",
    start: "T4",
    ceiling: "T4",
    set: null,
    since: expect.any(String),
    // One cancelled in words, one with the verb that takes its project's into account, one with the command.
    alone: 4,
    incidents: 3,
    suggestion: { kind: "lower", to: "T3", barred: false },
  });
  expect(row("clerk", "trial_send")).toMatchObject({ trust: "T3", ceiling: "T4", incidents: 0, decisions: 2 });
  expect(words).toContain("nova trust set scheduler set_reminder T3");
  expect(words).toMatch(/clerk +trial_pay +everywhere +T3 +T3 +T3 /);

  // What landed in a project with a setting of its own counts there, wherever it was said, and not for everywhere.
  const kept = { agent: "librarian", verb: "note_in_project", typed: "librarian" };
  await desk.verb("trust", { do: "set", ...kept, trust: "T4", project: "Borea" });
  const before = row("librarian", "note_in_project")!.alone;
  expect(await say("note in project Borea: counted there", { room: "atlas" })).toContain("Kept in the project Borea");
  expect(await say("note in project Atlas: counted for all", { room: "notes" })).toContain("Kept in the project Atlas");
  const after = ((await run({ do: "list" })).result as { rows: readonly Row[] }).rows;
  expect(row("librarian", "note_in_project", "Borea", after)?.alone).toBe(1);
  const everywhere = after.find((each) => each.verb === "note_in_project" && each.project === null)!.alone;
  const atlas = await desk.database.pool.query(
    `select 1 from proposal join effect on effect.proposal_id = proposal.id where effect.verb = 'note_in_project'
      and decided_by is null and proposal.effect #>> '{args,project,name}' = 'Atlas' and effect.state = 'done'
      and proposal.created_at > coalesce((select max(set_at) from agent_trust where verb = 'note_in_project' and project_id is null), '-infinity')`,
  );
  expect(everywhere).toBe(atlas.rows.length);
  expect(before).toBeGreaterThan(0);
  await desk.verb("trust", { do: "reset", ...kept, project: "Borea" });

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

test("an agent is raised by typing its id, by whatever form; to lower it takes nothing", async () => {
  const raise = { do: "set", agent: "clerk", verb: "trial_note", trust: "T4" };
  for (const typed of [{}, { typed: "" }, { typed: "yes" }, { typed: "runner" }])
    await expect(desk.verb("trust", { ...raise, ...typed })).rejects.toThrow(/raises clerk[^]*types its id/);
  expect(await desk.verb("trust", { ...raise, do: "look" })).toMatchObject({ before: "T3", trust: "T4", raises: true });
  const lower = { do: "set", agent: "clerk", verb: "trial_note", trust: "T1" };
  expect(await desk.verb("trust", { ...lower, do: "look" })).toMatchObject({
    before: "T3",
    trust: "T1",
    raises: false,
  });
  expect(await desk.verb("trust", lower)).toMatchObject({ before: "T3", trust: "T1" });
  // What was lowered is raised by taking it back, too.
  const back = { do: "reset", agent: "clerk", verb: "trial_note" };
  await expect(desk.verb("trust", back)).rejects.toThrow(/raises clerk/);
  expect(await desk.verb("trust", { ...back, typed: "clerk" })).toMatchObject({ before: "T1", trust: "T3" });
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
