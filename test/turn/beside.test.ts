/** Commands that find nothing in their own conversation are about what the same person asked beside it, in the same place. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test, vi } from "vitest";
import { HOME } from "#core";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createTestChannel } from "../support/channel.ts";
import { scripted, says } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const SLOW = "for ever";
const ENDED = "Stopped. Nothing of the unfinished answer was kept.";
const NOTHING = "Nothing is running in this conversation.";

const beside = createTestChannel({ platform: "elsewhere" });
const model = scripted((messages) =>
  String(messages.at(-1)?.text).includes(SLOW)
    ? { pieces: ['{"kind":"answer","text":"Well'], end: "silence" }
    : says("Here."),
);
let lab: TestNova;
beforeAll(async () => {
  lab = await startNova({ models: model.models, beside });
  await beside.introduce("owner", lab.owner);
  const people = createPeople(lab.database, { clock: { now: () => new Date() }, random: randomBytes });
  await lab.channel.introduce("colleague", await people.add(HOME, "colleague", "member"));
});
afterAll(() => lab.nova.stop());

/** The place of the test that runs. */
let room = "";
let rooms = 0;
beforeEach(() => {
  rooms += 1;
  room = `room-${rooms}`;
});

type Saying = NonNullable<Parameters<TestNova["channel"]["say"]>[2]> & { readonly by?: string };
type Spot = { readonly root?: string; readonly room?: string };

const THREAD = { root: "thread-1", shared: true };
const OTHER = { root: "thread-2", shared: true };
const ASIDE = { root: "@owner" };

const say = (text: string, { by = "owner", ...more }: Saying = {}) => lab.channel.say(by, text, { room, ...more });
const heard = ({ root, room: where = room }: Spot = {}): readonly string[] =>
  lab.channel.parts
    .filter(({ address }) => address.container === where && address.root === (root ?? null))
    .map(({ body }) => body);
const hears = (spot: Spot, ...words: readonly string[]): Promise<void> =>
  vi.waitFor(() => expect(heard(spot)).toEqual(words), { timeout: 20_000 });
const answer = async (text: string, saying: Saying = {}): Promise<string> => {
  const before = heard(saying).length;
  await say(text, saying);
  return vi.waitFor(() => heard(saying)[before] ?? expect.fail("no answer yet"), { timeout: 20_000 });
};

/** Asks what is answered for ever, and waits until it is being written. */
async function begin(saying: Saying = {}): Promise<void> {
  const before = model.heard.length;
  await say(`@editor shorten this ${SLOW}`, saying);
  await vi.waitFor(() => expect(model.heard.length).toBeGreaterThan(before), { timeout: 20_000 });
}
const running = async (): Promise<number> =>
  (await lab.database.pool.query("select from turn where state = 'running'")).rowCount ?? 0;

test("a private /stop ends the answer that is written in a thread beside it, and says so", async () => {
  await begin(THREAD);
  expect(await answer("/stop", ASIDE)).toBe("Stopped what I was writing here.");
  await hears(THREAD, ENDED);
  expect(await running()).toBe(0);
  expect(await answer("/stop", ASIDE)).toBe(NOTHING);
});

test("it ends all of them, private and shared, and says how many", async () => {
  await begin(THREAD);
  await begin({ root: "private" });
  await begin({ shared: true });
  expect(await answer("stop", OTHER)).toBe("Stopped the 3 answers that I was writing here.");
  await hears(THREAD, ENDED);
  await hears({ root: "private" }, ENDED);
  await hears({}, ENDED);
});

test("what runs in the conversation itself is what it means: the others go on", async () => {
  await begin(THREAD);
  await begin(OTHER);
  await say("/stop", OTHER);
  await hears(OTHER, ENDED);
  expect(await running()).toBe(1);
  expect(await answer("/stop", ASIDE)).toBe("Stopped what I was writing here.");
  await hears(THREAD, ENDED);
});

test("a /stop reaches neither other places nor other platforms nor other people, and leaves what waits", async () => {
  const far = { room: `${room}-far` };
  await begin({ ...THREAD, by: "colleague" });
  await begin(far);
  const before = model.heard.length;
  await beside.say("owner", `@editor shorten this ${SLOW}`, { room, root: "thread-1", shared: true });
  await vi.waitFor(() => expect(model.heard.length).toBeGreaterThan(before));
  await say("@editor shorten that", THREAD);
  expect(await answer("/stop", ASIDE)).toBe(NOTHING);
  expect(await running()).toBe(3);

  expect(await answer("/stop", { root: "@colleague", by: "colleague" })).toBe("Stopped what I was writing here.");
  await hears(THREAD, ENDED, "Here.");
  expect(await answer("/stop", { ...far, ...ASIDE })).toBe("Stopped what I was writing here.");
  await beside.say("owner", "/stop", { room, ...ASIDE });
  await vi.waitFor(() => expect(beside.sent(room).toSorted()).toEqual(["Stopped what I was writing here.", ENDED]));
});

test("/why explains the newest answer beside it when it has none of its own, and says of which question", async () => {
  const long = "compare the two plans for the garden and tell me which one is the better of the two";
  await answer("@analyst older words", OTHER);
  await answer(`@editor ${long}`, THREAD);
  await answer("@analyst a colleague's words", { ...OTHER, by: "colleague" });
  await answer("@analyst of another place", { room: `${room}-far` });
  await answer("/help", OTHER);
  const told = await answer("/why", ASIDE);
  expect(told).toMatch(
    /^Your question in the thread, “\\@editor compare the two plans .{20,40}…”, went to \*\*Editor\*\*\. /,
  );
  expect(told).not.toContain("which one is the better of the two");
  expect(await answer("/why", THREAD)).toMatch(/^The last message went to \*\*Editor\*\*/);
  await answer("@analyst my own", ASIDE);
  expect(await answer("/why", ASIDE)).toMatch(/^The last message went to \*\*Analyst\*\*/);
});

test("/why quotes nothing that was taken back", async () => {
  await lab.channel.say("owner", "@editor a secret", { room, key: `secret-${room}` });
  await hears({}, "Here.");
  await lab.channel.revise("owner", `secret-${room}`, null, { room });
  expect(await answer("/why", ASIDE)).toMatch(/^Your question here went to \*\*Editor\*\*/);
});

test("/why tells nothing before others of what was asked in private, and nothing of other people's", async () => {
  await answer("@editor my private words", ASIDE);
  await answer("@editor a colleague's words", { ...OTHER, by: "colleague" });
  const nothing = "Nothing has been answered in this conversation yet.";
  expect(await answer("/why", THREAD)).toBe(nothing);
  expect(await answer("/why", { room: `${room}-far`, ...ASIDE })).toBe(nothing);
});
