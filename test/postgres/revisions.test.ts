/** Edits and deletions: stored once, by their author alone, and read by whatever turn has not begun. */
import { randomUUID } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import type { Revision } from "#core";
import { account, answer, channel, openStores, page, type Stores } from "./stores.ts";

let nova: Stores;
beforeAll(async () => {
  nova = await openStores();
  await nova.person("ada", "owner");
  await nova.person("bob");
});
afterAll(() => nova.close());

/** The conversation of the test that runs. */
let address = page("ada");
let rooms = 0;
beforeEach(() => {
  rooms += 1;
  address = page(`room-${rooms}`);
});

const say = (text: string, key: string, more = {}) => nova.say("ada", text, { address, messageKey: key, ...more });
const at = (seconds: number): Date => new Date(Date.UTC(2026, 2, 2, 10, 0, seconds));
const revision = (text: string | null, key: string, more: Partial<Revision> = {}): Revision => ({
  deliveryKey: randomUUID(),
  messageKey: key,
  address,
  sender: account("ada"),
  text,
  at: at(1),
  ...more,
});
const revise = (...all: Parameters<typeof revision>) => nova.revisions.revise(revision(...all));
const versions = async (message: string) =>
  (
    await nova.database.pool.query("select version, text from message_version where message_id = $1 order by version", [
      message,
    ])
  ).rows;
const take = async (conversation: Parameters<Stores["turns"]["take"]>[0]) => (await nova.turns.take(conversation))!;

test("every edit is a version, the first of them the message as it came; the turn reads the newest", async () => {
  const { message, conversation } = await say("one apple", "m1");
  expect(await versions(message)).toEqual([]);
  expect(await revise("two apples", "m1")).toEqual({ kind: "revised", read: false });
  expect(await revise("three apples", "m1", { at: at(2) })).toEqual({ kind: "revised", read: false });
  expect(await versions(message)).toEqual([
    { version: 1, text: "one apple" },
    { version: 2, text: "two apples" },
    { version: 3, text: "three apples" },
  ]);
  expect((await take(conversation)).messages.map(({ text }) => text)).toEqual(["three apples"]);
});

test("the same delivery, the same text and an edit that was overtaken change nothing", async () => {
  const { message } = await say("first", "m1");
  const edit = revision("second", "m1", { at: at(5) });
  expect((await nova.revisions.revise(edit)).kind).toBe("revised");
  expect(await nova.revisions.revise({ ...edit, text: "another" })).toEqual({ kind: "seen" });
  expect(await revise("second", "m1", { at: at(6) })).toEqual({ kind: "seen" });
  expect(await revise("overtaken", "m1", { at: at(4) })).toEqual({ kind: "seen" });
  expect(await versions(message)).toHaveLength(2);
});

test("ten copies of one edit at once are one version", async () => {
  const { message } = await say("first", "m1");
  const edit = revision("second", "m1");
  const revised = await Promise.all(Array.from({ length: 10 }, () => nova.revisions.revise(edit)));
  expect(revised.filter(({ kind }) => kind === "revised")).toHaveLength(1);
  expect(await versions(message)).toHaveLength(2);
});

test("only the author may, and only where the message is; who is unknown or blocked is told nothing", async () => {
  address = channel;
  const { message } = await nova.say("bob", "mine", { address, messageKey: "shared-1" });
  const unknown = { kind: "unknown" };
  for (const more of [{}, { sender: account("stranger") }, { sender: account("bob"), address: page("ada") }])
    expect(await revise("not mine", "shared-1", more)).toEqual(unknown);
  expect(await revise("no such message", "shared-2")).toEqual(unknown);
  await nova.database.pool.query("update identity set state = 'blocked' where external_id = 'bob'");
  expect(await revise("blocked", "shared-1", { sender: account("bob") })).toEqual(unknown);
  expect(await versions(message)).toEqual([]);
});

test("E12: a deletion whose author the platform does not tell is its author's; an edit without one is nobody's", async () => {
  address = channel;
  const { message } = await say("mine alone", "untold-1");
  const untold = { address, sender: null };
  expect(await revise("not mine", "untold-1", untold)).toEqual({ kind: "unknown" });
  expect(await revise(null, "untold-2", untold)).toEqual({ kind: "unknown" });
  expect(await revise(null, "untold-1", { ...untold, address: page("ada") })).toEqual({ kind: "unknown" });
  expect(await revise(null, "untold-1", untold)).toEqual({ kind: "revised", read: false });
  expect(await revise(null, "untold-1", untold)).toEqual({ kind: "seen" });
  expect(await versions(message)).toEqual([
    { version: 1, text: "mine alone" },
    { version: 2, text: null },
  ]);
});

test("E12: a revision of what was read is stored and opens no turn; what was answered stays", async () => {
  const { message, conversation, person } = await say("what is one and one?", "m1");
  const turn = await take(conversation);
  expect(await revise("what is one and two?", "m1")).toEqual({ kind: "revised", read: true });
  await nova.turns.settle(turn, answer("two"));
  expect(await revise(null, "m1", { at: at(2) })).toEqual({ kind: "revised", read: true });
  expect(await nova.turns.take(conversation)).toBeUndefined();
  expect(await versions(message)).toEqual([
    { version: 1, text: "what is one and one?" },
    { version: 2, text: "what is one and two?" },
    { version: 3, text: null },
  ]);
  expect(await nova.transcript.at(address, person, null, 5)).toMatchObject([
    { id: message, text: "", deletedAt: at(2) },
    { text: "two" },
  ]);
});

test("what was deleted is read by no later turn, and an edit does not bring it back", async () => {
  const first = await say("the old secret", "m1");
  await nova.turns.settle(await take(first.conversation), answer("noted"));
  await revise(null, "m1");
  expect(await revise("a late edit", "m1", { at: at(9) })).toEqual({ kind: "seen" });
  await say("what did I say?", "m2");
  const turn = await take(first.conversation);
  const before = await nova.transcript.before(first.conversation, first.person, turn.id, 20);
  expect(before.map(({ text }) => text)).toEqual(["noted"]);
});

test("what is deleted while it waits is left out of the turn; alone, it is a turn without words", async () => {
  const { conversation } = await say("compare these:", "m1");
  await say("apples", "m2");
  await say("pears", "m3");
  await revise(null, "m2");
  const turn = await take(conversation);
  expect(turn.messages.map(({ text }) => text)).toEqual(["compare these:", "pears"]);
  await nova.turns.settle(turn, answer("compared"));

  await say("never mind me", "m4");
  await revise("  ", "m4");
  const alone = await take(conversation);
  expect(alone.messages).toMatchObject([{ text: "", deletedAt: at(1) }]);
  await nova.turns.settle(alone, answer("deleted", { state: "cancelled" }));
  expect(await nova.turns.take(conversation)).toBeUndefined();
});

test("memory is asked to forget what came of a deleted message, and keeps nothing of one deleted meanwhile", async () => {
  const { message, conversation } = await say("the key is under the mat", "m1");
  const turn = await take(conversation);
  nova.memory.kept.length = 0;
  await revise(null, "m1");
  expect(nova.memory.kept).toMatchObject([{ unsaid: message }]);
  const note = { kind: "turn", author: "ada", trust: "owner", happenedAt: at(0), stream: "s" } as const;
  await nova.turns.settle(
    turn,
    answer("I see", {
      keep: [
        { ...note, text: "the key is under the mat", message },
        { ...note, text: "no message's", message: null },
      ],
    }),
  );
  expect(nova.memory.kept.slice(1)).toMatchObject([{ kept: ["no message's"] }]);
});

test("files come with their message, are noted under the hold, and are read back by later turns", async () => {
  const file = { ref: "F1", name: "a.txt", mime: "text/plain", size: 5 };
  const { conversation, message, person } = await say("", "m1", { files: [file] });
  const turn = await take(conversation);
  expect(turn.messages).toMatchObject([{ text: "", files: [file] }]);
  const read = [{ ...file, text: "words" }];
  expect(await nova.turns.noteFiles({ ...turn, epoch: turn.epoch - 1 }, message, read)).toBe(false);
  expect(await nova.turns.noteFiles(turn, message, read)).toBe(true);
  const again = await take(conversation);
  expect(again.messages[0]?.files).toEqual(read);
  await nova.turns.settle(again, answer("read"));
  expect((await nova.transcript.at(address, person, null, 5))[0]?.files).toEqual([file]);
  await say("and again", "m2");
  const later = await take(conversation);
  const [earlier] = await nova.transcript.before(conversation, person, later.id, 20);
  expect(earlier?.files).toEqual(read);
});

test("of the files of messages that lie far back only the beginning is read, and all of it of what was said just now", async () => {
  const file = { ref: "F1", name: "long.txt", mime: "text/plain", size: 30_000 };
  const long = [{ ...file, text: "word ".repeat(6_000) }];
  const { conversation, message, person } = await say("", "m0", { files: [file] });
  const first = await take(conversation);
  await nova.turns.noteFiles(first, message, long);
  await nova.turns.settle(first, answer("read"));
  const earliest = async (turns: number) => {
    for (let n = 0; n < turns; n += 1) {
      await say("go on", randomUUID());
      await nova.turns.settle(await take(conversation), answer("gone on"));
    }
    await say("and now", randomUUID());
    const now = await take(conversation);
    const before = await nova.transcript.before(conversation, person, now.id, 20);
    await nova.turns.settle(now, answer("now"));
    return { files: before[0]?.files, count: before.length };
  };
  expect(await earliest(3)).toEqual({ files: long, count: 8 });
  expect(await earliest(0)).toEqual({ files: [{ ...file, text: "word ".repeat(4_000) }], count: 10 });
});

test("a turn that is asked to stop knows it at its next check, and only while it runs", async () => {
  const { conversation } = await say("long work", "m1");
  const turn = await take(conversation);
  expect(await nova.turns.stop(turn.id)).toBe(true);
  expect(await nova.turns.check(turn)).toBe("stopped");
  expect(await take(conversation)).toMatchObject({ id: turn.id, cancelled: true });
  await nova.turns.settle({ ...turn, epoch: turn.epoch + 1 }, answer("Stopped.", { state: "cancelled" }));
  expect(await nova.turns.stop(turn.id)).toBe(false);
});
