/** What Nova's own commands tell whom, through a whole Nova. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, expect, test } from "vitest";
import { COMMANDS, HOME } from "#core";
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

/** Each has a room of their own. */
async function ask(who: "owner" | "member" | "guest", text: string): Promise<string> {
  const before = lab.channel.parts.length;
  await lab.channel.say(who, text, { room: who });
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
