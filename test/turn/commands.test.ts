/** What Nova's own commands tell whom, through a whole Nova. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { COMMANDS, HOME } from "#core";
import { createProjects } from "../../src/postgres/projects.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { startNova, type TestNova } from "../support/nova.ts";

let lab: TestNova;
const clock = { now: () => new Date() };
beforeAll(async () => {
  lab = await startNova();
  const people = createPeople(lab.database, { clock, random: randomBytes });
  for (const role of ["member", "guest"] as const)
    await lab.channel.introduce(role, await people.add(HOME, `A ${role}`, role));
});
afterAll(() => lab.nova.stop());

type Who = "owner" | "member" | "guest";

/** Each has a room of their own. */
async function ask(who: Who, text: string, more: Parameters<TestNova["channel"]["say"]>[2] = {}): Promise<string> {
  const before = lab.channel.parts.length;
  await lab.channel.say(who, text, { room: who, ...more });
  await lab.nova.settled(AbortSignal.timeout(20_000));
  return lab.channel.sent().slice(before).join("");
}

test("/help names every command that the owner may give", async () => {
  const help = await ask("owner", "/help");
  const named = ["ask", "wrong", "remember", "recall", "forget", ...COMMANDS];
  expect(named.filter((name) => !new RegExp(`\`/${name}\\b`).test(help))).toEqual([]);
});

test("/why names the terminal's verb to the owner alone: nobody else has a terminal", async () => {
  for (const who of ["owner", "member", "guest"] as const) {
    await ask(who, "what is 17% of 80?");
    const why = await ask(who, "/why");
    expect(why).toMatch(/^The last message went to/);
    expect(why.includes("nova trace")).toBe(who === "owner");
  }
});

describe("which projects there are is told", () => {
  const QUESTIONS = [
    "/project",
    "what projects are there?",
    "Which projects do I have?",
    "list my projects",
    "which project are we in?",
  ];

  test.each(QUESTIONS)("where there is none yet: %s", async (words) => {
    for (const who of ["owner", "member"] as const)
      expect(await ask(who, words)).toMatch(/^There is no project yet\..*`nova memory add "…" --project …`/);
  });

  test("by their names, and in which one the conversation is: to everybody but guests", async () => {
    const projects = createProjects(lab.database);
    await projects.ensure(HOME, "Printer");
    const { id: project } = await projects.ensure(HOME, "Atlas");
    for (const words of QUESTIONS) {
      for (const who of ["owner", "member"] as const)
        expect(await ask(who, words)).toMatch(
          /^There are 2 projects:\n\n- \*\*Atlas\*\*\n- \*\*Printer\*\*\n\nThis conversation is in none of them, so I look into all\./,
        );
      expect(await ask("owner", words, { room: "in Atlas", project })).toContain(
        "This conversation is in **Atlas**: what is kept here belongs to it.",
      );
      expect(await ask("guest", words)).not.toMatch(/Atlas|Printer|project yet/);
    }
  });

  test("how something is kept in one, and that there is none of a name", async () => {
    const how = "To keep something in **Printer**, write: `note in project Printer: …`";
    expect(await ask("owner", "/project printer")).toBe(`This conversation is in no project, and stays there. ${how}`);
    expect(await ask("owner", "/project Printer", { room: "in Atlas" })).toBe(
      `This conversation is in **Atlas**, and stays there. ${how}`,
    );
    expect(await ask("owner", "/project atlas", { room: "in Atlas" })).toMatch(
      /^This conversation is in \*\*Atlas\*\*:/,
    );
    expect(await ask("owner", "/project Borea")).toBe("No project is called `Borea`. `/project` lists them.");
    expect(await ask("guest", "/project Printer")).toBe("Projects are not for guests.");
  });

  test("what goes on in one is another question", async () => {
    expect(await ask("owner", "what is open in the Atlas project?")).not.toContain("- **Atlas**");
  });
});
