/** Clicks on buttons under replies, on the real database: each is answered, and what it asks for happens once. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { HOME, type Action, type OutPart, type Person, type Pressed, type Role } from "#core";
import { createPeople } from "../../src/postgres/people/people.ts";
import { scripted, says } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const LEASE = "the office lease ends in June *next* year";

let lab: TestNova;
/** What the model says. */
let line = says("The answer.");

beforeAll(async () => {
  lab = await startNova({ models: scripted(() => line).models });
  await addPerson("colleague", "member");
});
afterAll(() => lab.nova.stop());

/** The conversation of the test that runs. */
let room = "";
let rooms = 0;
beforeEach(() => {
  rooms += 1;
  room = `room-${rooms}`;
});

async function addPerson(account: string, role: Role): Promise<Person> {
  const people = createPeople(lab.database, { clock: { now: () => new Date() }, random: randomBytes });
  const person = await people.add(HOME, account, role);
  await lab.channel.introduce(account, person);
  return person;
}

const settled = () => lab.nova.settled(AbortSignal.timeout(20_000));
const sql = <Row extends Record<string, unknown>>(text: string) => lab.database.pool.query<Row>(text);

type Saying = Parameters<TestNova["channel"]["say"]>[2];

/** Says it and waits: the last part of the reply. */
async function ask(text: string, { by = "owner", ...more }: Saying & { by?: string } = {}): Promise<OutPart> {
  await lab.channel.say(by, text, { room, ...more });
  await settled();
  const part = lab.channel.parts.findLast(({ address }) => address.container === room);
  if (!part) throw new Error("nothing was answered");
  return part;
}

const press = (action: string | undefined, by = "owner"): Promise<Pressed> =>
  lab.channel.press(by, action ?? "missing", { room });
const labelled = (actions: readonly Action[], label: string): string | undefined =>
  actions.find((action) => action.label === label)?.id;
const said = async (): Promise<string[]> =>
  (
    await sql<{ text: string }>(
      `select text from message join conversation on conversation.id = message.conversation_id
       where container = '${room}' and direction = 'in' order by message.id`,
    )
  ).rows.map(({ text }) => text);

async function learned(turn: string): Promise<string[]> {
  const { rows } = await sql<{ what: string }>(
    `select event ->> 'what' as what from trace_event where turn_id = ${turn} and event ->> 'kind' = 'learned' order by seq`,
  );
  return rows.map(({ what }) => what);
}

/* Which buttons there are. */

test("an agent's answer carries buttons, also one that failed; what Nova itself says carries none", async () => {
  const answer = await ask("@editor shorten this: it is very, very long");
  expect(answer.actions).toEqual([{ id: `wrong-agent:${answer.turn}`, label: "Wrong agent" }]);
  for (const words of ["/help", "/why", "@nobody hello", "/agent editor", "/agent auto"]) {
    expect((await ask(words)).actions).toEqual([]);
  }
  const failed = await ask("/forget m999999");
  expect(failed).toMatchObject({ agent: "librarian", note: { kind: "fail" } });
  expect(failed.actions.map(({ label }) => label)).toEqual(["Wrong agent"]);
});

test("words from outside get none, and a click that is made up for them is stale", async () => {
  const answer = await ask("The build failed.", { outside: true, agent: "summariser" });
  expect(answer.agent).toBe("summariser");
  expect(answer.actions).toEqual([]);
  for (const deed of ["wrong-agent", "sources"]) {
    expect(await press(`${deed}:${answer.turn}`)).toMatchObject({ kind: "stale" });
  }
  expect(await press(`use:${answer.turn}:librarian`)).toMatchObject({ kind: "stale" });
  await settled();
  expect(await said()).toEqual(["The build failed."]);
});

test("a person whom only one agent may meet has nobody to change to", async () => {
  const guest = await addPerson(`guest-${rooms}`, "guest");
  const agents = (await lab.verb("agents", { do: "list" })) as { id: string; visibility: string }[];
  const met = agents.filter(({ visibility }) => visibility === "guest");
  const answer = await ask("compare my two plans", { by: guest.name });
  expect(answer.actions.some(({ label }) => label === "Wrong agent")).toBe(met.length > 1);
  const { card } = await press(`wrong-agent:${answer.turn}`, guest.name);
  for (const { id } of card.actions) expect(met.map((agent) => agent.id)).toContain(id.split(":")[2]);
});

/* Wrong agent. */

test("“Wrong agent” offers the others, notes it once, and asks the same words of the one that is chosen, once", async () => {
  const answer = await ask("@editor compare the two plans");
  const wrong = labelled(answer.actions, "Wrong agent");
  const card = await press(wrong);
  expect(card).toMatchObject({ kind: "done", card: { text: "Who should have answered?" } });
  expect(card.card.actions).toHaveLength(5);
  expect(card.card.actions.map(({ label }) => label)).not.toContain("Editor");
  for (const { id, label } of card.card.actions) {
    expect(id).toMatch(/^[a-z0-9:-]{1,90}$/);
    expect(label.length).toBeLessThanOrEqual(40);
  }
  expect(await press(wrong)).toEqual(card);
  expect(await learned(answer.turn)).toEqual(["wrong agent: editor"]);

  const chosen = labelled(card.card.actions, "Analyst");
  expect(await press(chosen)).toEqual({ kind: "done", card: { text: "Asking the Analyst …", actions: [] } });
  await settled();
  expect(await said()).toEqual(["@editor compare the two plans", "@analyst compare the two plans"]);
  const again = lab.channel.parts.findLast(({ address }) => address.container === room);
  expect(again).toMatchObject({ agent: "analyst", person: { id: lab.owner.id } });
  expect(await learned(answer.turn)).toEqual(["wrong agent: editor", "wanted agent: analyst"]);

  for (const action of [chosen, labelled(card.card.actions, "Librarian"), wrong]) {
    expect(await press(action)).toMatchObject({ kind: "stale", card: { text: "That was asked already." } });
  }
  await settled();
  expect(await said()).toHaveLength(2);
  // What came of the click can be changed in its turn.
  expect(await press(labelled(again?.actions ?? [], "Wrong agent"))).toMatchObject({ kind: "done" });
});

test("whom the route weighed comes first; where somebody was named, whom Nova would have chosen", async () => {
  const named = await ask("@editor what is 17.5 % of 2,480?");
  const { card } = await press(`wrong-agent:${named.turn}`);
  expect(card.actions[0]?.label).toBe("Analyst");

  const weighed = await ask("Please summarise the following report in three bullet points: it rained.");
  const { rows } = await sql<{ route: { candidates: { agent: string }[] } }>(
    `select route from turn where id = ${weighed.turn}`,
  );
  const others = rows[0]?.route.candidates.map(({ agent }) => agent).filter((agent) => agent !== weighed.agent) ?? [];
  const offered = (await press(`wrong-agent:${weighed.turn}`)).card.actions.map(({ id }) => id.split(":")[2]);
  expect(offered.slice(0, others.length)).toEqual(others.slice(0, 5));
});

test("many clicks at once, also on different agents, make one message", async () => {
  const answer = await ask("@editor compare the two plans");
  const ids = ["analyst", "librarian", "analyst", "concierge", "analyst", "summariser"];
  const answers = await Promise.all(ids.map((agent) => press(`use:${answer.turn}:${agent}`)));
  await settled();
  expect(answers.filter(({ kind }) => kind === "done")).toHaveLength(1);
  expect(answers.filter(({ kind }) => kind === "stale")).toHaveLength(ids.length - 1);
  expect(await said()).toHaveLength(2);
  expect(await learned(answer.turn)).toHaveLength(1);
});

test("an agent that is gone, or that this person may not meet, is named and not asked", async () => {
  const answer = await ask("@editor compare the two plans");
  expect(await press(`use:${answer.turn}:gone`)).toEqual({
    kind: "stale",
    card: { text: "“gone” is not on call for you any more.", actions: [] },
  });
  await addPerson("visitor", "guest");
  const theirs = await ask("@editor compare the two plans", { by: "visitor" });
  expect(await press(`use:${theirs.turn}:ops-watch`, "visitor")).toEqual({
    kind: "stale",
    card: { text: "“ops-watch” is not on call for you any more.", actions: [] },
  });
  await settled();
  expect(await said()).toHaveLength(2);
});

test("files of the message come along, and are read once more", async () => {
  lab.channel.files.set("F1", async () => ({ kind: "fetched", bytes: Buffer.from("plan,price\nA,9") }));
  const files = [{ ref: "F1", name: "plan.csv", mime: "text/csv", size: 14 }];
  const answer = await ask("@editor compare the two plans", { files });
  expect(await press(`use:${answer.turn}:analyst`)).toMatchObject({ kind: "done" });
  await settled();
  expect(await said()).toEqual(["@editor compare the two plans", "@analyst compare the two plans"]);
  const { rows } = await sql<{ files: unknown[] }>(
    `select files from message where message_key = 'use:${answer.turn}'`,
  );
  expect(rows[0]?.files).toMatchObject([{ ...files[0], text: "plan,price\nA,9" }]);
});

/* Nova's own question. */

test("a click on an option answers Nova's question as the number does, once", async () => {
  const question = await unsure();
  const [first, second] = question.actions;
  expect(question.note.kind).toBe("clarify");
  expect(await press(second?.id)).toMatchObject({ kind: "done" });
  await settled();
  expect(await said()).toEqual([UNSURE, `@${second?.id.split(":")[2]} ${UNSURE}`]);
  expect(await learned(question.turn)).toEqual([`chosen agent: ${second?.id.split(":")[2]}`]);
  expect(await press(first?.id)).toMatchObject({ kind: "stale" });
});

test("another agent is asked only from where the button stands, not by a click that was made up elsewhere", async () => {
  const answer = await ask("@editor shorten this: it is very, very long", { shared: true });
  const use = `use:${answer.turn}:analyst`;
  const before = (await said()).length;
  for (const where of [{ room: "elsewhere", shared: true }, { room: "owner" }])
    expect(await lab.channel.press("owner", use, where)).toMatchObject({
      kind: "stale",
      card: { text: expect.stringContaining("at another place") },
    });
  await settled();
  expect(await said()).toHaveLength(before);
  expect(await lab.channel.press("owner", `wrong-agent:${answer.turn}`, { room: "owner" })).toMatchObject({
    kind: "done",
  });
  expect(await lab.channel.press("owner", use, { room, shared: true })).toMatchObject({ kind: "done" });
  await settled();
  expect(await said()).toHaveLength(before + 1);
});

test("a question that was answered by its number is not answered again by a click", async () => {
  const question = await unsure();
  await ask("2");
  expect(await press(question.actions[0]?.id)).toMatchObject({
    kind: "stale",
    card: { text: "That was asked already." },
  });
  await settled();
  expect(await said()).toEqual([UNSURE, "2"]);
});

test("where no words wait for an agent, its question has no buttons", async () => {
  const greeted = await ask("@editor");
  expect(greeted.note.kind).toBe("clarify");
  expect(greeted.actions).toEqual([]);
});

const UNSURE = "polish this and boil it down";

/** Nova's question who is meant, as it is settled for a route that could not tell two agents apart. */
async function unsure(): Promise<OutPart> {
  // What was chosen before is gone by: the words would go there at once.
  const { labels } = (await lab.verb("route", { do: "labels" })) as { labels: { id: string }[] };
  for (const { id } of labels) await lab.verb("route", { do: "labels", remove: id });
  const part = await ask(UNSURE);
  if (part.note.kind !== "clarify") throw new Error(`it was answered by ${part.agent}`);
  expect(part.actions.length).toBeGreaterThan(1);
  return part;
}

/* Sources. */

test("“Show sources” quotes what the answer cites, says what was forgotten, and is stale when all of it was", async () => {
  const kept = (await lab.verb("memory", { do: "add", text: LEASE })) as { id: string };
  const other = (await lab.verb("memory", { do: "add", text: "the office lease is 900 a month" })) as { id: string };
  line = says(`It ends in June [m${kept.id}] and costs 900 [m${other.id}].`);
  const answer = await ask("@librarian when does the office lease end, and what does it cost?");
  expect(answer.actions.map(({ label }) => label)).toEqual(["Show sources", "Wrong agent"]);

  const sources = labelled(answer.actions, "Show sources");
  const shown = await press(sources);
  expect(shown.kind).toBe("done");
  expect(shown.card.text).toContain(`[m${kept.id}]`);
  expect(shown.card.text).toContain("ends in June \\*next\\* year”");
  expect(shown.card.text).toContain(lab.owner.name);
  expect(shown.card.text).toContain("note");

  await lab.verb("memory", { do: "forget", item: kept.id });
  const partly = await press(sources);
  expect(partly.card.text).toContain(`**[m${kept.id}]** was forgotten since.`);
  expect(partly.card.text).not.toContain("June");
  expect(partly.card.text).toContain("900 a month");

  await lab.verb("memory", { do: "forget", item: other.id });
  expect(await press(sources)).toEqual({
    kind: "stale",
    card: { text: "What this answer cites was forgotten since.", actions: [] },
  });
});

/* Who may press, and what. */

test("a stranger is told how to become known, and a blocked account that it is blocked", async () => {
  const answer = await ask("@editor compare the two plans");
  expect(await press(`wrong-agent:${answer.turn}`, "stranger")).toMatchObject({
    kind: "refused",
    card: { text: expect.stringContaining("/link") },
  });
  const person = await addPerson("nuisance", "member");
  await sql(`update identity set state = 'blocked' where person_id = ${person.id}`);
  expect(await press(`wrong-agent:${answer.turn}`, "nuisance")).toMatchObject({ kind: "refused" });
  expect(await learned(answer.turn)).toEqual([]);
});

test("in a shared conversation only the one who asked may press; elsewhere nobody else learns that there is anything", async () => {
  const shared = await ask("@editor compare the two plans", { shared: true });
  const answers = await Promise.all(
    [`wrong-agent:${shared.turn}`, `use:${shared.turn}:analyst`, `sources:${shared.turn}`].map((id) =>
      lab.channel.press("colleague", id, { room, shared: true }),
    ),
  );
  expect(answers.map(({ kind }) => kind)).toEqual(["refused", "refused", "refused"]);
  expect(answers[0]?.card.text).toBe("Only the one who asked can change the agent.");
  expect(answers[2]?.card.text).toContain("Only the one who asked");
  expect(await learned(shared.turn)).toEqual([]);
  expect((await lab.channel.press("owner", `use:${shared.turn}:analyst`, { room, shared: true })).kind).toBe("done");
  await settled();
  expect(lab.channel.parts.findLast(({ address }) => address.container === room)).toMatchObject({
    agent: "analyst",
    address: { visibility: "shared" },
  });

  room = `${room}-private`;
  const own = await ask("@editor compare the two plans");
  expect(await press(`wrong-agent:${own.turn}`, "colleague")).toEqual(await press("wrong-agent:99999999", "colleague"));
});

test.each([
  "",
  "nonsense",
  "use:1",
  "use:x:editor",
  "sources:",
  "sources:1:editor",
  "wrong-agent:-1",
  "approve:1",
  "use:1:Editor",
  `use:1:${"a".repeat(100)}`,
  "sources:999999999999999999999",
])("%j is no button of ours: stale", async (action) => {
  expect(await press(action)).toMatchObject({ kind: "stale", card: { text: expect.stringMatching(/\w/) } });
});

test("a command's turn and a turn that was stopped have nothing to change", async () => {
  const help = await ask("/help");
  for (const id of [`wrong-agent:${help.turn}`, `use:${help.turn}:editor`, `sources:${help.turn}`]) {
    expect(await press(id)).toMatchObject({ kind: "stale" });
  }
  await settled();
  expect(await said()).toEqual(["/help"]);
});

test("a message that was taken back is asked of nobody, and a conversation that is gone neither", async () => {
  const answer = await ask("@editor compare the two plans");
  await sql(`update message set deleted_at = now() where turn_id = ${answer.turn} and direction = 'in'`);
  expect(await press(`use:${answer.turn}:analyst`)).toMatchObject({ kind: "stale" });
  expect(await press(`wrong-agent:${answer.turn}`)).toMatchObject({ kind: "stale" });
  await sql(`delete from conversation where container = '${room}'`);
  expect(await press(`use:${answer.turn}:analyst`)).toMatchObject({ kind: "stale" });
});
