/** Ids, numbers and names of others' that somebody guesses: answered in the words, and by the statements, of what is not there. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { HOME, systemClock } from "#core";
import type { Database, OpenTx } from "../../src/postgres/engine/database.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import type { Trial } from "../contract/trial-folder.ts";
import { button, openDesk, type Desk } from "../effects/desk.ts";
import { openTarget } from "../effects/target.ts";
import { openClerks } from "../effects/trial-agents.ts";
import { testDatabase } from "../support/database.ts";

const NONE = "999999";

let clerks: Trial;
let desk: Desk;
/** The statements that were asked since, without their values. */
let asked: string[] = [];
/** What the owner has, and Mallory guesses. */
let owned: { readonly turn: string; readonly item: string; readonly proposal: string; readonly digest: string };

beforeAll(async () => {
  clerks = await openClerks();
  desk = await openDesk({
    agents: clerks.agents,
    performers: openTarget().performers,
    // So that nothing is asked in between.
    sweepEveryMs: 3_600_000,
    database: listened(await testDatabase()),
  });
  await desk.add("mallory", "member");
  const { id: item } = (await desk.verb("memory", { do: "add", text: "The safe opens with 4711." })) as { id: string };
  await desk.ask("remind me tomorrow at 9:00 to call the clinic");
  const [proposal] = await desk.propose("send ben: the plan");
  if (!proposal) throw new Error("nothing was proposed");
  owned = { turn: proposal.turn, item, proposal: proposal.id, digest: proposal.digest };
}, 60_000);
afterAll(async () => {
  await desk.nova.stop();
  await clerks.close();
});

/** The same database; what is asked within its transactions is noted. */
function listened(database: Database): Database {
  const noting =
    <T>(work: (tx: OpenTx) => Promise<T>) =>
    (tx: OpenTx): Promise<T> =>
      work({
        onEnd: (listener) => tx.onEnd(listener),
        query: (text, values) => (asked.push(text), tx.query(text, values)),
        last: (text, values) => (asked.push(text), tx.last(text, values)),
      });
  return {
    ...database,
    within: (scope, work) => database.within(scope, noting(work)),
    system: (work) => database.system(noting(work)),
  };
}

type Guess = (id: string) => Promise<unknown>;

/** What it is answered, and what the database was asked for it. */
async function answered(
  guess: Guess,
  id: string,
): Promise<{ readonly words: string; readonly statements: readonly string[] }> {
  await desk.settled();
  asked = [];
  const answer = await guess(id).catch((error: unknown) => (error instanceof Error ? error.message : String(error)));
  const statements = [...asked];
  return { words: JSON.stringify(answer).replaceAll(id, "ID"), statements };
}

/** What holds that which is guessed at; the rest of a turn is its queue and its transcript, which know nothing of it. */
const GUESSED = /\b(?:from|join|update|into)\s+(?:proposal|effect|schedule|item|memory)\w*/;

/** How often each statement on it was asked: what runs at the same time comes in no certain order. */
const tally = (statements: readonly string[]): Readonly<Record<string, number>> =>
  Object.fromEntries(
    [...new Set(statements)]
      .filter((one) => GUESSED.test(one))
      .toSorted()
      .map((one) => [one, statements.filter((each) => each === one).length]),
  );

const say = async (text: string): Promise<string> => {
  const before = desk.channel.parts.length;
  await desk.channel.say("mallory", text, { room: "mallory" });
  await desk.settled();
  return desk.channel.parts
    .slice(before)
    .map(({ body }) => body)
    .join("\n");
};
const verb = (name: string, input: object) => desk.verb(name, { ...input, as: "mallory" });

/** By id: whatever is foreign and whatever is not there are the same. */
const GUESSES: readonly (readonly [what: string, of: "turn" | "item" | "proposal", guess: Guess])[] = [
  ["a line of memory, to see it", "item", (id) => verb("memory", { do: "show", item: `m${id}` })],
  ["a line of memory, to delete it", "item", (id) => verb("memory", { do: "forget", item: `m${id}` })],
  ["a turn's trace", "turn", (id) => verb("trace", { turn: `t${id}` })],
  ["a proposal, to see it", "proposal", (id) => verb("approvals", { do: "show", id })],
  ["a proposal, to approve it", "proposal", (id) => verb("approvals", { do: "approve", id, digest: owned.digest })],
  ["a proposal, to deny it", "proposal", (id) => verb("approvals", { do: "deny", id })],
  [
    "the button of a proposal",
    "proposal",
    (id) => desk.channel.press("mallory", button("approve", { id: id as never, digest: owned.digest })),
  ],
];

describe("somebody who guesses", () => {
  test.each(GUESSES)("S14: %s: the same words as for nothing, after the same statements", async (_what, of, guess) => {
    const [there, missing] = [await answered(guess, owned[of]), await answered(guess, NONE)];
    expect(there.words).toBe(missing.words);
    expect(there.statements).toEqual(missing.statements);
    expect(there.statements.length).toBeGreaterThan(0);
  });

  /** The same of what is written in a conversation, to its reply. */
  const written = (text: (word: string) => string, word: string) => answered(async () => say(text(word)), word);

  test.each([
    ["/approve", "proposal"],
    ["/deny", "proposal"],
  ] as const)(
    "S14: %s in a conversation: the same words as for nothing, after the same statements",
    async (command, of) => {
      const guess = (id: string) => `${command} ${id}`;
      const [there, missing] = [await written(guess, owned[of]), await written(guess, NONE)];
      expect(there.words).toBe(missing.words);
      expect(tally(there.statements)).toEqual(tally(missing.statements));
      expect(there.statements.length).toBeGreaterThan(0);
    },
  );

  test.each(["/schedules remove", "/schedules pause", "/forget", "/recall"])(
    "S14: a name of somebody else's behind %s: the same words as for nothing, after the same statements",
    async (command) => {
      const guess = (name: string) => `${command} ${name}`;
      const [there, missing] = [await written(guess, "call the clinic"), await written(guess, "feed the walrus")];
      expect(there.words).toBe(missing.words);
      expect(tally(there.statements)).toEqual(tally(missing.statements));
      expect(Object.keys(tally(there.statements)).length).toBeGreaterThan(0);
    },
  );

  test("S14: nothing of it was changed, and whose it is sees all of it", async () => {
    expect(await desk.verb("memory", { do: "show", item: `m${owned.item}` })).toMatchObject({
      item: { id: owned.item },
    });
    expect(await desk.verb("trace", { turn: `t${owned.turn}` })).toMatchObject({ summary: { turn: owned.turn } });
    expect((await desk.proposal(owned.proposal as never)).state).toBe("pending");
    expect(JSON.stringify(await desk.verb("schedules", { do: "list" }))).toContain("call the clinic");
  });

  test("S14 twin: a name for one's own that somebody else has used is no trouble, and one's own is told", async () => {
    expect(await say("remind me tomorrow at 9:00 to call the clinic")).toContain("Reminder set");
    expect(await say("/schedules")).toContain("call the clinic");
    const { id } = (await verb("memory", { do: "add", text: "The safe opens with 4711." })) as { id: string };
    expect(id).not.toBe(owned.item);
    expect(await verb("memory", { do: "show", item: `m${id}` })).toMatchObject({ item: { id } });
    const people = createPeople(desk.database, { clock: systemClock, random: randomBytes });
    await expect(people.add(HOME, "MALLORY", "member")).rejects.toThrow("already a person");
  });
});
