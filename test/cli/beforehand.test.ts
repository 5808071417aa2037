/** What is typed before an approval on the terminal: asked where somebody can type, refused everywhere else. */
import { PassThrough } from "node:stream";
import { stripVTControlCharacters } from "node:util";
import { expect, test } from "vitest";
import { NovaError } from "#core";
import { typedBeforehand } from "../../src/cli/beforehand.ts";
import { createInk } from "../../src/cli/ink.ts";
import { verbs } from "../../src/verbs/index.ts";

const form = verbs.flatMap(({ forms }) => forms).find(({ path }) => path === "approvals approve");

const SHOWN = {
  did: "show",
  id: "12",
  title: "Pay Acme",
  verb: "pay",
  stakes: "S2",
  state: "pending",
  fate: null,
  asker: "Ada",
  agent: "clerk",
  askedAt: "2026-11-21T12:00:00Z",
  expiresAt: "2026-11-21T22:00:00Z",
  may: "yes",
  digest: "0123456789abcdef",
  version: 1,
  lines: [],
  readable: true,
  typed: null as string | null,
  text: "**Pay Acme**",
};

function terminal(isTTY: boolean, typed?: string) {
  const input = Object.assign(new PassThrough(), { isTTY });
  const err = Object.assign(new PassThrough(), { isTTY });
  let written = "";
  err.on("data", (chunk) => (written += String(chunk)));
  if (typed !== undefined) input.end(typed);
  return { input, err, errInk: createInk(false), written: () => stripVTControlCharacters(written) };
}

const ask = (on: ReturnType<typeof terminal>, result: typeof SHOWN, yes = false) => {
  const question = form?.beforehand?.question(result);
  if (!question) throw new Error("nothing is asked");
  return typedBeforehand(on, question, { about: "Pay Acme", yes, signal: AbortSignal.timeout(5_000) });
};

const PAY = { ...SHOWN, stakes: "S3", typed: "1,250.00 EUR" };

test("the card is shown, and what was typed goes with the digest of what was shown", async () => {
  const on = terminal(true, "1,250.00 EUR\n");
  expect(await ask(on, PAY)).toBe("1,250.00 EUR");
  expect(on.written()).toMatch(/^Pay Acme\s+Type “1,250\.00 EUR” to have this done: /);
  const asked = { do: "approve", id: "12" };
  expect(form?.beforehand?.look(asked)).toEqual({ do: "show", id: "12" });
  expect(form?.beforehand?.meant(asked, PAY, "1,250.00 EUR")).toEqual({
    ...asked,
    digest: PAY.digest,
    typed: "1,250.00 EUR",
  });
  expect(await ask(terminal(true, "yes\n"), SHOWN)).toBe("yes");
  expect(form?.beforehand?.meant(asked, SHOWN, "yes")).toEqual({ ...asked, digest: SHOWN.digest });
});

test.each([
  ["something else", PAY, terminal(true, "1250\n"), false, "not what was asked for"],
  ["only yes", PAY, terminal(true, "yes\n"), false, "not what was asked for"],
  ["nothing, and the end of the input", SHOWN, terminal(true, ""), false, "not what was asked for"],
  ["no terminal", SHOWN, terminal(false, "yes\n"), false, "typing on a terminal"],
  ["--yes where something has to be typed, and no terminal", PAY, terminal(false), true, "typing on a terminal"],
])("with %s nothing is decided", async (_, ...[result, on, yes, words]) => {
  const refusal = await ask(on, result, yes).catch((error: unknown) => error);
  expect(refusal).toBeInstanceOf(NovaError);
  expect(String(refusal)).toContain(words);
});

test("--yes stands for a yes, and on a terminal for nothing that has to be typed", async () => {
  expect(await ask(terminal(false), SHOWN, true)).toBeUndefined();
  expect(await ask(terminal(true, "1,250.00 EUR\n"), PAY, true)).toBe("1,250.00 EUR");
});

test("what was decided already is not asked about", () => {
  expect(form?.beforehand?.question({ ...SHOWN, state: "approved" })).toBeUndefined();
  expect(form?.beforehand?.question({ ...SHOWN, may: "no" })).toBeUndefined();
});

test("an agent is raised where somebody types its id, and --yes stands for nothing of it; to lower it nothing is asked", async () => {
  const set = verbs.flatMap(({ forms }) => forms).find(({ path }) => path === "trust set")?.beforehand;
  const asked = { do: "set", agent: "clerk", verb: "pay", trust: "T4", why: "it went well" };
  expect(set?.look(asked)).toEqual({ do: "look", agent: "clerk", verb: "pay", trust: "T4" });
  const looked = { did: "look", agent: "clerk", verb: "pay", project: null, before: "T3", trust: "T4", raises: true };
  const question = set?.question(looked);
  if (!question) throw new Error("nothing is asked");
  const type = (on: ReturnType<typeof terminal>, yes: boolean) =>
    typedBeforehand(on, question, { about: "clerk", yes, signal: AbortSignal.timeout(5_000) });
  await expect(type(terminal(false, "clerk\n"), true)).rejects.toThrow(/raised by typing on a terminal/);
  await expect(type(terminal(true, "yes\n"), true)).rejects.toThrow(/not what was asked for/);
  expect(await type(terminal(true, "clerk\n"), false)).toBe("clerk");
  expect(set?.meant(asked, looked, "clerk")).toEqual({ ...asked, typed: "clerk" });
  const lowered = { ...looked, trust: "T2", raises: false };
  expect(set?.question(lowered)).toBeUndefined();
  expect(set?.meant(asked, lowered, undefined)).toEqual(asked);
});
