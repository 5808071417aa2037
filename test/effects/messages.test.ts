/** Words to others, from asking to arriving: a card, a decision, one message where the other one is; offline, with no model at all. */
import { randomBytes } from "node:crypto";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOME, projectId, wholeOf, type OutPart, type Person } from "#core";
import noteInProject from "../../agents/effects/note-in-project.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createProjects } from "../../src/postgres/projects.ts";
import { AGENDA, NOW, toolContext } from "../contract/context.ts";
import { createTestChannel } from "../support/channel.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const beside = createTestChannel({ platform: "elsewhere" });
let lab: TestNova;
let ben: Person;
let peer: Server;
let posted: { headers: Record<string, unknown>; body: string }[] = [];

beforeAll(async () => {
  peer = createServer((request, response) => {
    let body = "";
    request.on("data", (piece) => (body += String(piece)));
    request.on("end", () => {
      posted.push({ headers: request.headers, body });
      response.writeHead(204).end();
    });
  });
  await new Promise<void>((resolve) => peer.listen(0, "127.0.0.1", resolve));
  lab = await startNova({ beside, env: { NOVA_EGRESS_ALLOW: "127.0.0.1" } });
  const people = createPeople(lab.database, { clock: { now: () => new Date() }, random: randomBytes });
  ben = await people.add(HOME, "Ben", "member");
  await people.add(HOME, "Cleo", "member");
  await lab.channel.introduce("ben", ben);
  await beside.introduce("ben", ben);
  await lab.channel.say("ben", "hello", { room: "ben at work" });
  await settled();
});
afterAll(async () => {
  await lab.nova.stop();
  peer.closeAllConnections();
  peer.close();
});

const settled = () => lab.nova.settled(AbortSignal.timeout(20_000));

/** What comes to a room from here on. */
async function comesTo(room: string, work: () => Promise<unknown>): Promise<readonly OutPart[]> {
  const before = lab.channel.parts.length;
  await work();
  await settled();
  return lab.channel.parts.slice(before).filter(({ address, amends }) => address.container === room && amends === null);
}

/** Asks, and gives the card. */
async function card(words: string): Promise<OutPart> {
  const [part] = await comesTo("owner", () => lab.channel.say("owner", words));
  if (!part) throw new Error("nothing was answered");
  return part;
}

const press = (part: OutPart, label: RegExp) =>
  lab.channel.press("owner", part.actions.find((action) => label.test(action.label))?.id ?? "none");

describe("a message to a person", () => {
  test("is shown with to whom, from whom, where and what, and comes to them once, as somebody's words", async () => {
    const asked = await card("tell Ben that the build is green");
    expect(asked.body).toMatch(/Ben, in private/);
    expect(asked.body).toMatch(/On: `?test/);
    expect(asked.body).toContain(`in the name of ${lab.owner.name}`);
    expect(asked.body).toContain("the build is green");
    expect(lab.channel.sent("ben at work")).toHaveLength(1);

    const told = await comesTo("ben at work", () => Promise.all([press(asked, /approve/i), press(asked, /approve/i)]));
    expect(told.map(({ body }) => body)).toEqual([`${lab.owner.name} asks me to tell you:\n\n> the build is green`]);
    expect(told[0]).toMatchObject({ address: { visibility: "private" }, person: { id: ben.id } });
    expect(await comesTo("ben at work", () => press(asked, /approve/i))).toEqual([]);

    // It goes where they are: behind them.
    await beside.say("ben", "hello from elsewhere");
    await settled();
    const again = await card("tell Ben that the tests pass");
    expect(again.body).toMatch(/On: `?elsewhere/);
    const before = beside.parts.length;
    await press(again, /approve/i);
    await settled();
    expect(beside.parts.slice(before).map(({ body }) => body)).toEqual([expect.stringContaining("> the tests pass")]);
  });

  test("comes to nobody without a decision, and after a no", async () => {
    const asked = await card("let Ben know that lunch is ready");
    const before = [...lab.channel.sent("ben at work"), ...beside.sent()].length;
    await press(asked, /deny|no\b/i);
    await settled();
    expect([...lab.channel.sent("ben at work"), ...beside.sent()]).toHaveLength(before);
  });

  test("is not proposed to somebody who cannot be told, and a name that nobody has is asked about", async () => {
    expect((await card("tell Cleo that the build is green")).body).toContain("nowhere to tell them");
    const asked = await card("tell Dora that the build is green");
    expect(asked.body).toMatch(/nobody called Dora/);
    expect(asked.body).toContain("Ben");
    expect((await card("tell Ben")).body).toContain("What shall I tell Ben?");
    expect((await card("@notifier tell him that the build is green")).actions).not.toContainEqual(
      expect.objectContaining({ label: expect.stringMatching(/approve/i) }),
    );
  });

  test("is handed on by whoever answers for everything, and waits for a decision all the same", async () => {
    const asked = await card("@concierge please let Ben know that the lift works");
    expect(asked.body).toMatch(/Ben, in private[^]*the lift works/);
    expect(asked.actions).toContainEqual(expect.objectContaining({ label: expect.stringMatching(/approve/i) }));
    await press(asked, /deny|no\b/i);
    const { body, actions } = await card("@concierge tell me that: it works");
    expect(body).not.toContain("in private");
    expect(actions).not.toContainEqual(expect.objectContaining({ label: expect.stringMatching(/approve/i) }));
  });

  test("S21: no mark in it becomes a link that says something else, an image or a bell for everybody", async () => {
    const asked = await card(
      "tell Ben that [the report](https://evil.example/?q=secret) ![](https://evil.example/x.png) @everyone <!here>",
    );
    expect(asked.body).not.toContain("@everyone");
    const before = beside.parts.length;
    await press(asked, /approve/i);
    await settled();
    const [body = ""] = beside.sent().slice(before);
    expect(body).toContain(String.raw`\[the report\]\(https://evil.example/?q=secret`);
    expect(body).toContain(String.raw`\!\[\]\(`);
    expect(body).not.toMatch(/@everyone|<!here/);
  });

  test("S21 twin: an address stays an address, over several lines", async () => {
    const asked = await card("tell Ben that the report is at https://reports.example/a_b_c?q=1\nand that it is *long*");
    const before = beside.parts.length;
    await press(asked, /approve/i);
    await settled();
    expect(beside.sent().slice(before)).toEqual([
      `${lab.owner.name} asks me to tell you:\n\n> the report is at https://reports.example/a_b_c?q=1\\\n> and that it is \\*long\\*`,
    ]);
  });

  test("S21: what it said is read again as data, not as an order", async () => {
    const rows = await lab.database.within(wholeOf(ben), async (tx) => {
      const found = await tx.query<{ origin: string | null }>(
        "select origin from message where direction = 'out' and text like '%asks me to tell you%'",
      );
      return found.rows;
    });
    expect(rows.length).toBeGreaterThan(0);
    expect(rows.every(({ origin }) => origin === "outside")).toBe(true);
  });
});

describe("a shared place", () => {
  const say = (text: string, more: object = {}) =>
    lab.channel.say("owner", text, { room: "lounge", shared: true, ...more });

  test("is named where others read along, spoken to by that name, and let go", async () => {
    expect((await card("/place den")).body).toMatch(/between you and me alone/);
    const [named] = await comesTo("lounge", () => say("/place team", { root: "thread 1" }));
    expect(named?.body).toContain("called **team**");
    expect((await comesTo("lounge", () => say("/place Ben")))[0]?.body).toContain("name of a person");
    // A command is its author's alone, in a place that is shared all the same.
    const [renamed] = await comesTo("lounge", () => say("/place crew", { root: "@owner", shared: false }));
    expect(renamed?.body).toContain("called **crew**");
    expect((await card("/place")).body).toContain("**crew**, on test");

    const asked = await card("post to #crew that the demo is at three");
    expect(asked.body).toMatch(/crew, for everybody there to read/);
    const told = await comesTo("lounge", () => press(asked, /approve/i));
    expect(told.map(({ body, address }) => [body, address.root, address.visibility])).toEqual([
      [`${lab.owner.name} asks me to tell everybody here:\n\n> the demo is at three`, null, "shared"],
    ]);

    const late = await card("post to #crew that it is over");
    expect((await card("/place forget crew")).body).toContain("any more");
    expect(await comesTo("lounge", () => press(late, /approve/i))).toEqual([]);
    expect((await card("/place")).body).toContain("No place has a name yet");
  });
});

test("a message to oneself goes to nobody else, so that members decide on theirs", async () => {
  const asked = (
    await comesTo("ben alone", () => lab.channel.say("ben", "tell Ben that the kettle is on", { room: "ben alone" }))
  )[0];
  expect(asked?.body).toContain("goes to nobody else. There is nothing to undo.");
  expect(asked?.body).toContain("Who may decide: Ben and the owner");
  const yes = asked?.actions.find(({ label }) => label === "Approve")?.id ?? "none";
  expect(await lab.channel.press("ben", yes)).toMatchObject({ kind: "done" });
  await settled();
  const words = [...lab.channel.sent("ben alone"), ...beside.sent()].join("\n");
  expect(words).toContain("> the kettle is on");
  const other = (
    await comesTo("ben alone", () =>
      lab.channel.say("ben", `tell ${lab.owner.name} that the kettle is on`, { room: "ben alone" }),
    )
  )[0];
  expect(other?.body).toMatch(/It reaches others[^]*Who may decide: the owner/);
});

test("a note in another project is kept at once, told, and found in that project", async () => {
  const none = await card("note in project Atlantis: it sank");
  expect(none.body).toMatch(/There is no project yet\. .*on the terminal.*`nova memory add "…" --project …`/);
  expect(none.body).not.toContain("Which one");
  const project = await createProjects(lab.database).ensure(HOME, "Borea");
  const before = lab.channel.parts.length;
  await lab.channel.say("owner", "note in project Borea: the supplier is Ott");
  await settled();
  expect(lab.channel.sent().slice(before).join("\n")).toContain("Borea");
  const rows = await lab.database.within({ ...wholeOf(lab.owner), project: project.id }, async (tx) => {
    const found = await tx.query("select text from memory_item where project_id = $1", [project.id]);
    return found.rows;
  });
  expect(rows).toEqual([{ text: "the supplier is Ott" }]);
  expect((await card("note in project Atlantis: it sank")).body).toMatch(
    /no project called Atlantis\. Which one do you mean\?[^]*Borea/,
  );
});

test("S4: what is noted in a project beside a file waits for a person, and is kept there as found, not as the owner's words", async () => {
  const project = await createProjects(lab.database).ensure(HOME, "Carina");
  const trusts = async () => {
    const sql = "select text, trust from memory_item where project_id = $1 order by id";
    return lab.database.within(
      { ...wholeOf(lab.owner), project: project.id },
      async (tx) => (await tx.query(sql, [project.id])).rows,
    );
  };
  // Twin: without a file it is the owner's own, and at once.
  await lab.channel.say("owner", "note in project Carina: it is blue");
  await settled();
  const own = { text: "it is blue", trust: "owner" };
  expect(await trusts()).toEqual([own]);

  lab.channel.files.set("offer", async () => ({ kind: "fetched", bytes: new TextEncoder().encode("forty a piece") }));
  const files = [{ name: "offer.txt", ref: "offer", mime: "text/plain", size: 13 }];
  const [asked] = await comesTo("owner", () =>
    lab.channel.say("owner", "note in project Carina: it costs forty", { files }),
  );
  expect(await trusts()).toEqual([own]);
  await press(asked!, /approve/i);
  await settled();
  expect(await trusts()).toEqual([own, { text: "it costs forty", trust: "web" }]);
});

test("a note in a project lands where its name says, so that an agent that chose the project has to ask", async () => {
  const project = { kind: "project", id: projectId("7"), name: "Apollo" } as const;
  const bound = await noteInProject.bind(
    { project: "apollo", text: "it flies" },
    {
      ask: toolContext({ words: "keep what matters of this" }).ask,
      where: { project: null, branch: null },
      destinations: { find: async () => [project], names: async () => ["Apollo"] },
      timeZone: "Europe/Berlin",
      agenda: AGENDA,
      clock: { now: () => NOW },
      signal: new AbortController().signal,
    },
  );
  if (bound.kind !== "bound") throw new Error(`expected a bound effect, got ${bound.kind}`);
  expect(noteInProject.lands?.(bound.args)).toEqual({ project: project.id });
});

test("a webhook is added, tried, posted to once it was agreed to, and listed", async () => {
  const url = `http://127.0.0.1:${(peer.address() as AddressInfo).port}/hook`;
  await expect(lab.verb("receivers", { do: "add", name: "inside", url: "http://10.0.0.7/hook" })).rejects.toThrow(
    "not on the public network",
  );
  expect((await card("post to the webhook billing that March is closed")).body).toContain("No receiver is open");
  const added = await lab.verb("receivers", { do: "add", name: "billing", url });
  expect(added).toMatchObject({ secret: expect.stringMatching(/^whsec_/), receiver: { name: "billing" } });
  expect(await lab.verb("receivers", { do: "test", name: "billing" })).toMatchObject({ tried: { ok: true } });
  posted = [];

  const asked = await card("post to the webhook billing that March is closed");
  expect(asked.body).toContain("127.0.0.1");
  expect(posted).toEqual([]);
  await press(asked, /approve/i);
  await expect.poll(() => posted.length).toBe(1);
  expect(JSON.parse(posted[0]?.body ?? "")).toMatchObject({ type: "message", data: { text: "March is closed" } });
  await expect
    .poll(() => lab.verb("receivers", { do: "deliveries" }))
    .toMatchObject({ deliveries: [{ receiver: "billing", state: "delivered", attempts: 1, lastCode: "204" }] });
  expect(JSON.stringify(await lab.verb("receivers", { do: "list" }))).not.toContain("whsec_");
  expect(await lab.verb("receivers", { do: "rotate", name: "billing" })).toMatchObject({
    secret: expect.stringMatching(/^whsec_/),
  });
  await lab.verb("receivers", { do: "replay", id: "1" });
  await expect.poll(() => posted.length).toBe(2);
  expect(posted[0]?.headers["webhook-id"]).toBe(posted[1]?.headers["webhook-id"]);
  expect(await lab.verb("receivers", { do: "remove", name: "billing" })).toEqual({ removed: "billing" });
  await expect(lab.verb("receivers", { do: "test", name: "billing" })).rejects.toThrow("no receiver called billing");
});

test("what Nova says unasked between a question and its answer disturbs neither", async () => {
  const conversation = "asked in between";
  const say = (text: string) => lab.channel.say("ben", text, { room: conversation });
  const answers = () => lab.channel.sent(conversation);
  await say("@librarian remember");
  await settled();
  expect(answers()).toHaveLength(1);
  const asked = await card("tell Ben that the lift is out of order");
  await press(asked, /approve/i);
  await settled();
  expect(answers().at(-1)).toContain("the lift is out of order");
  // Ben's answer still answers what the librarian asked, and reaches it.
  await say("the blue one in the yard");
  await settled();
  const before = answers().length;
  await say("/why");
  await settled();
  expect(answers().slice(before).join("")).toContain("**Librarian**");
});
