/** What a schedule asks while nobody is there: it may name an agent, and is never a command, a stop, a choice or a correction. */
import { describe, expect, test } from "vitest";
import { agentId, COMMANDS } from "#core";
import { after, landing, route } from "./trial-roster.ts";

const unattended = { unattended: true } as const;
const wide = (text: string) =>
  text.replaceAll(/[!-~]/g, (sign) => String.fromCodePoint((sign.codePointAt(0) ?? 0) + 0xfee0));
const FORMS: readonly ((name: string) => string)[] = [
  (name) => `/${name}`,
  (name) => `/${name} 1`,
  (name) => `  \n/${name} 1`,
  (name) => `/${name.toUpperCase()}: 1`,
  (name) => `@nova /${name} 1`,
  (name) => `@NOVA, /${name}`,
  (name) => `@nova @nova /${name} 1`,
  (name) => `/ask /${name} 1`,
  (name) => `@nova /ask /${name} 1`,
  (name) => `/ask @nova /${name}`,
  (name) => `/nova ${name} 1`,
  (name) => `@nova /nova ${name} 1`,
  (name) => `/ ${name} 1`,
  (name) => `\u200b/${name} 1`,
  (name) => `${wide("/")}${name} 1`,
  (name) => wide(`/${name}`),
  (name) => `@nova ${wide(`/${name}`)}`,
];

describe.each([...COMMANDS, "wrong"])("/%s", (name) => {
  test("is no command in what a schedule asks, however it is written", async () => {
    for (const form of FORMS) {
      const found = await route(form(name), { ...unattended, last: after("editor") });
      expect([form(name), found.to.kind]).not.toContain("command");
      expect(found.says).toBeUndefined();
    }
  });
});

test.each(COMMANDS)("twin: /%s is one, said by somebody who is there", async (name) => {
  for (const form of ["/", "@nova /", "/ask /", "/nova "]) expect(landing(await route(form + name))).toBe(`/${name}`);
});

test("twin: so is a correction", async () => {
  expect((await route("/wrong librarian", { last: after("editor") })).says).toBe("command");
});

test.each(["stop", "Stop!", "/stop now", "@nova stop"])("%s stops nothing", async (words) => {
  expect((await route(words, unattended)).to.kind).not.toBe("command");
});

test("it answers no question which agent is meant", async () => {
  const last = after("summariser", { clarifying: [agentId("summariser"), agentId("editor")] });
  for (const words of ["2", "the second one", "Editor"])
    expect((await route(words, { ...unattended, last })).says).toBeUndefined();
  expect((await route("2", { last })).says).toBe("clarified");
});

test("twin: a name in front chooses, and plain words go where they belong", async () => {
  expect(landing(await route("@editor make this shorter", unattended))).toBe("editor");
  expect(landing(await route("@nova what did we decide about the database?", unattended))).toBe("librarian");
  expect(landing(await route("how many turns failed today?", unattended))).toBe("ops-watch");
});
