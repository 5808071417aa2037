/** Questions of agents: what was offered is chosen, they can be left, and one other exchange between does not close them. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { HOME, wholeOf } from "#core";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createProjects } from "../../src/postgres/projects.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let late = 0;
const clock = { now: () => new Date(Date.now() + late) };

let lab: TestNova;
beforeAll(async () => {
  lab = await startNova({ clock });
  const people = createPeople(lab.database, { clock, random: randomBytes });
  await lab.channel.introduce("bob", await people.add(HOME, "Bob", "member"));
  await say("hello", { by: "bob" });
  const projects = createProjects(lab.database);
  for (const name of ["Atlas", "Borea"]) await projects.ensure(HOME, name);
  await lab.verb("receivers", { do: "add", name: "ci", url: "https://example.com/hook" });
});
afterAll(async () => {
  await lab.nova.stop();
});

let rooms = 0;
beforeEach(() => {
  rooms += 1;
});

/** In a conversation of the test's own. */
async function say(text: string, { by = "owner" } = {}): Promise<string> {
  const before = lab.channel.parts.length;
  await lab.channel.say(by, text, { room: `${by}-${rooms}` });
  await lab.nova.settled(AbortSignal.timeout(20_000));
  return lab.channel.sent().slice(before).join("");
}

async function notesIn(name: string): Promise<readonly string[]> {
  const project = await createProjects(lab.database).ensure(HOME, name);
  const rows = await lab.database.within({ ...wholeOf(lab.owner), project: project.id }, async (tx) => {
    const found = await tx.query<{ text: string }>("select text from memory_item where project_id = $1", [project.id]);
    return found.rows;
  });
  return rows.map(({ text }) => text);
}

test("what the librarian offers to forget is chosen by its number, its id and a part of its words", async () => {
  for (const note of ["the box is in the attic", "the box at work is blue", "the box for Ida is heavy"])
    await say(`remember that ${note}`);
  const question = await say("forget the note about the box");
  expect(question).toContain("Which of these should I forget?");
  expect(await say("the green one")).toMatch(/That is none of them[^]*\d\. forget m\d+/);
  expect(await say("the one at work")).toMatch(/^Forgotten[^]*the box at work is blue/);

  const [, second = ""] = /\n2\. forget (m\d+)/.exec(await say("forget the note about the box")) ?? [];
  expect(await say("2")).toContain(`[${second}]`);
  expect(await say("forget the note about the box")).toMatch(/^Forgotten/);
});

test("a note for a project that there is none of goes to the one that is chosen, with all its words", async () => {
  expect(await say("note in project Boreas: the price is 12")).toMatch(
    /Which one do you mean\?[^]*1\. Atlas\n2\. Borea/,
  );
  expect(await say("Borea")).toContain("Borea");
  expect(await notesIn("Borea")).toEqual(["the price is 12"]);
  await say("note in project Boreas: the price is 13");
  expect(await say("7")).toContain("2. Borea");
  // A place in a list names no project, so that a card asks.
  expect(await say("the first")).toMatch(/Project: `Atlas`[^]*Note: `the price is 13`/);
});

test("a webhook and a message go where was chosen", async () => {
  expect(await say("post to the webhook nope that hello")).toContain("1. ci");
  expect(await say("1")).toMatch(/Post message to ci[^]*Words: `hello`/);
  expect(await say("ask Bne whether the soup is ready")).toContain("I know nobody called Bne");
  expect(await say("Bob")).toMatch(/Send a message to Bob[^]*I would like to know whether the soup is ready\./);
});

test.each([
  ["remind me on 3/5 to pay rent", "no", "set"],
  ["remind me on 3/5 to pay rent", "never mind", "set"],
  ["note in project Boreas: the price is 12", "no, forget it", "kept"],
  ["post to the webhook nope that hello", "cancel", "sent"],
  ["forget it", "nothing, thanks", "forgotten"],
])("the question about “%s” ends with “%s”", async (asked, left, what) => {
  expect(await say(asked)).toContain("?");
  expect(await say(left)).toBe(`All right: nothing was ${what}.`);
  expect(await say("2")).not.toContain("pay rent");
});

test("a bare no answers a question of yes or no, and nothing is left where nothing was asked", async () => {
  await say("remember that the old lamp is broken");
  expect(await say("never mind")).not.toContain("nothing was");
});

test("a number within ten minutes and one other exchange still answers the question; later, or twice, it does not", async () => {
  expect(await say("remind me on 3/5 to pay rent")).toContain("2. ");
  expect(await say("what is 2+2")).toContain("4");
  expect(await say("2")).toContain("pay rent");
  expect(await say("2")).not.toContain("pay rent");

  expect(await say("remind me on 3/5 to pay Tom")).toContain("2. ");
  expect(await say("what is 2+3")).toContain("5");
  late += 11 * 60_000;
  expect(await say("2")).not.toContain("pay Tom");
});

test("a bare yes beside a card names it, changed or not, and tells a member who decides", async () => {
  const card = await say("tell Bob that the soup is hot");
  const [, id = ""] = /as number (\d+)/.exec(card) ?? [];
  for (const yes of ["yes", "yes please", "sure"]) expect(await say(yes)).toContain(`/approve ${id}`);
  await lab.verb("approvals", { do: "edit", id, set: ["text=the soup is cold"] });
  expect(await say("yes")).toContain(`/approve ${id}`);

  const [, theirs = ""] = /as number (\d+)/.exec(await say("tell Owner that I am late", { by: "bob" })) ?? [];
  expect(await say("yes", { by: "bob" })).toMatch(
    new RegExp(`Number ${theirs}, which you asked for, waits for somebody`),
  );
});

test("/wrong looks past what Nova itself answered", async () => {
  await say("what is 12*12");
  expect(await say("/foo")).toContain("There is no command");
  expect(await say("/wrong editr")).toContain("Did you mean `/wrong editor`?");
  expect(await say("/wrong analyst")).toContain("It was the Analyst that answered.");
});

test.each(["ask Bob whether he is coming", "ask Bob to bring the ladder", "ask Bob about the keys"])(
  "“%s” is a message to him",
  async (words) => {
    expect(await say(words)).toContain("Send a message to Bob");
  },
);

test.each(["upload the new figures to the server", "invite Tom to the party on Friday"])(
  "“%s” is an order, and nobody says that it was noted",
  async (words) => {
    expect(await say(words)).not.toContain("Noted");
  },
);

test("an answer that leaves something open is asked about, and what was said before still counts", async () => {
  expect(await say("remind me")).toContain("What shall I remind you of?");
  expect(await say("call Bob")).toMatch(/when/i);
  expect(await say("tomorrow at 17:00")).toMatch(/call Bob[^]*17:00/);

  // A time that is none is asked about again, and the words stay.
  expect(await say("remind me to water the plants")).toMatch(/when/i);
  expect(await say("at some point")).toMatch(/when/i);
  expect(await say("on Friday at 9")).toMatch(/water the plants[^]*9:00/);
});

test("a question asked right after Nova's own goes where it belongs, and is taken for no answer", async () => {
  await say("remember that the office lease ends in June");
  expect(await say("remind me")).toContain("What shall I remind you of?");
  expect(await say("when does the lease end?")).toContain("the office lease ends in June");
  expect(await say("remind me to water the plants")).toMatch(/^When\?/);
  expect(await say("what projects are there?")).toMatch(/Atlas[^]*Borea/);
  expect(await say("remind me to feed the cat")).toMatch(/^When\?/);
  expect(await say("tomorrow at 5 pm?")).toMatch(/feed the cat[^]*17:00/);
});

test("a question may be the very text that was asked for", async () => {
  expect(await say("proofread this")).toContain("Which text do you mean?");
  expect(await say("How do I gets to the station tomorow?")).toContain("tomorrow");
});
