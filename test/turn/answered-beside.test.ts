/** What is asked in one thread and answered in another: an answer reaches its question wherever the same person types it. */
import { randomBytes } from "node:crypto";
import { afterAll, beforeAll, beforeEach, expect, test } from "vitest";
import { HOME, type OutPart } from "#core";
import { createPeople } from "../../src/postgres/people/people.ts";
import { scripted, says } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";

const WHICH_DAY = JSON.stringify({ kind: "clarify", question: "Which day do you mean?" });
const WHICH_FORM = JSON.stringify({ kind: "clarify", question: "In which form?", options: ["A letter", "A poem"] });
/** Anew for each test: the same words would go where they were once sent. */
let parcel = "";
let boat = "";

/** The router cannot tell the parcel and the boat; the analyst asks for a day, the editor for a form; else all is answered. */
const model = scripted((messages) => {
  const text = messages.map((message) => message.text).join("\n");
  const last = String(messages.at(-1)?.text);
  if (messages[0]?.text.startsWith("You are the router of Nova"))
    return /parcel|boat/.test(text) ? JSON.stringify({ clarify: ["editor", "analyst"], confidence: 0.4 }) : "no idea";
  if (last.includes("arrange the visit")) return WHICH_DAY;
  if (last.includes("thank aunt Ida")) return WHICH_FORM;
  if (last.includes("shorten this")) return says("Here is the short one. Shall I make it longer?");
  return says("Here you are.");
});

let late = 0;
const clock = { now: () => new Date(Date.now() + late) };
const MINUTES = 60_000;

let lab: TestNova;
beforeAll(async () => {
  lab = await startNova({ models: model.models, clock, env: { NOVA_ROUTER_MODEL: "on" } });
  const people = createPeople(lab.database, { clock, random: randomBytes });
  await lab.channel.introduce("colleague", await people.add(HOME, "colleague", "member"));
});
afterAll(async () => {
  await lab.nova.stop();
});

/** The place of the test that runs. */
let room = "";
let rooms = 0;
beforeEach(() => {
  rooms += 1;
  room = `room-${rooms}`;
  parcel = `could you look after the parcel for town ${rooms}`;
  boat = `could you see to the boat in harbour ${rooms}`;
});

type Saying = NonNullable<Parameters<TestNova["channel"]["say"]>[2]> & { readonly by?: string };
type Answered = OutPart & { readonly text: string };
const settled = () => lab.nova.settled(AbortSignal.timeout(20_000));

async function ask(text: string, { by = "owner", ...more }: Saying = {}): Promise<Answered> {
  const before = lab.channel.parts.length;
  await lab.channel.say(by, text, { room, ...more });
  await settled();
  const parts = lab.channel.parts.slice(before);
  const last = parts.at(-1);
  if (!last) throw new Error("nothing was answered");
  expect(last.address).toMatchObject({ container: more.room ?? room, root: more.root ?? null });
  return { ...last, text: parts.map(({ body }) => body).join("") };
}

type Routed = { readonly words: string; readonly reason: string; readonly beside?: string; readonly says?: string };
const routeOf = async ({ turn }: Pick<OutPart, "turn">): Promise<Routed | null> =>
  (await lab.database.pool.query<{ route: Routed | null }>("select route from turn where id = $1", [turn])).rows[0]
    ?.route ?? null;
/** What the agent was given last. */
const given = (): string => (model.heard.at(-1) ?? []).map((message) => message.text).join("\n");

const A = { root: "thread-a" };
const B = { root: "thread-b" };

test.each<[string, { readonly root?: string }, { readonly root?: string }]>([
  ["in a thread, answered outside", A, {}],
  ["outside, answered in the thread of another message", {}, B],
])("a number answers Nova's question that was asked %s, once, and /why says so", async (_how, there, here) => {
  const question = await ask(parcel, there);
  expect(question.text).toContain("Which do you mean, the Editor or the Analyst?");

  const answer = await ask("2", here);
  expect(answer).toMatchObject({ agent: "analyst", text: expect.stringMatching(/^Here you are\./) });
  expect(given()).toContain(parcel);
  expect(await routeOf(answer)).toMatchObject({ words: parcel, beside: question.turn, says: "clarified" });
  const { rows } = await lab.database.pool.query("select words, wanted, source from route_label where turn_id = $1", [
    question.turn,
  ]);
  expect(rows).toEqual([{ words: parcel, wanted: "analyst", source: "clarified" }]);
  expect((await ask("/why", here)).text).toContain(
    `You chose the Analyst. That was asked in another thread (\`t${question.turn}\`).`,
  );

  for (const root of ["thread-c", there.root]) {
    const again = await ask("1", root === undefined ? {} : { root });
    expect((await routeOf(again))?.says).toBeUndefined();
    expect(again.agent).not.toBe("editor");
  }
  const button = question.actions.find(({ label }) => label === "Editor")?.id ?? "";
  expect(await lab.channel.press("owner", button, { room })).toMatchObject({
    card: { text: "That was asked already." },
  });
});

test("a free answer and an option's words reach the agent that asked, with what was said there", async () => {
  const when = await ask("@analyst arrange the visit of the auditors", A);
  expect(when.text).toContain("Which day do you mean?");
  const answer = await ask("Friday");
  expect(answer.agent).toBe("analyst");
  expect(given()).toContain("arrange the visit of the auditors");
  expect(await routeOf(answer)).toMatchObject({
    words: "Friday",
    beside: when.turn,
    reason: `It answers what the Analyst asked. That was asked in another thread (\`t${when.turn}\`).`,
  });

  await ask("@editor thank aunt Ida for the socks", A);
  expect((await ask("a poem", B)).agent).toBe("editor");
  expect(given()).toContain("thank aunt Ida");
});

test("what is a request of its own, a question, or follows something newer is no free answer", async () => {
  await ask("@analyst arrange the visit of the auditors", A);
  for (const words of ["translate “good morning” into French", "what is the capital of Norway?"])
    expect((await routeOf(await ask(words, { root: `own-${words.length}` })))?.beside).toBeUndefined();
  expect((await routeOf(await ask("Friday", B)))?.beside).toBeUndefined();
  // By its form it can be nothing else.
  expect((await ask("yes", { root: "thread-y" })).agent).toBe("analyst");
});

test("what one's own thread has answered since is what a yes, a number and a place in a list are about", async () => {
  await ask("@editor thank aunt Ida for the socks", A);
  late += 20 * MINUTES;
  await ask("@summariser look at the roof of the shed", B);
  for (const words of ["yes", "2", "the last one"]) {
    const said = await ask(words, B);
    expect([words, (await routeOf(said))?.beside]).toEqual([words, undefined]);
  }
  expect(await routeOf(await ask("a poem", B))).toMatchObject({ beside: expect.any(String) });
});

test("an answer that ends by asking is what is answered in its thread, also where another one asked later", async () => {
  await ask("@editor shorten this: We are pleased to announce that we moved.", B);
  await ask("@analyst arrange the visit of the auditors", A);
  const yes = await ask("yes", B);
  expect(yes.agent).toBe("editor");
  expect((await routeOf(yes))?.beside).toBeUndefined();
  expect((await ask("Friday", A)).agent).toBe("analyst");
});

test("in a busy thread the question is found, with what was said before it and without what others said since", async () => {
  const shared = { shared: true, ...A };
  await ask("@editor the socks were green", shared);
  const question = await ask("@editor thank aunt Ida for the socks", shared);
  for (let i = 0; i < 11; i += 1) await ask(`@summariser chatter ${i}`, { ...shared, by: "colleague" });
  const answer = await ask("a poem", { shared: true, ...B });
  expect(await routeOf(answer)).toMatchObject({ beside: question.turn });
  expect(answer.agent).toBe("editor");
  expect(given()).toContain("thank aunt Ida");
  expect(given()).toContain("the socks were green");
  expect(given()).not.toContain("chatter");

  const own = await ask("@analyst arrange the visit of the auditors", shared);
  for (let i = 0; i < 4; i += 1) await ask(`@summariser chatter ${i}`, { ...shared, by: "colleague" });
  expect(own.agent).toBe("analyst");
  expect(await routeOf(await ask("in the week after the next one", shared))).toMatchObject({
    to: { kind: "agent", agent: "analyst" },
  });
});

test("an old question is not taken, and a few words only soon after it", async () => {
  await ask("@analyst arrange the visit of the auditors", A);
  await ask(parcel, { room: `${room}-far` });
  late += 16 * MINUTES;
  expect((await routeOf(await ask("Friday")))?.beside).toBeUndefined();
  expect((await ask("no", B)).agent).toBe("analyst");
  late += 15 * MINUTES;
  expect((await routeOf(await ask("2", { room: `${room}-far`, ...A })))?.beside).toBeUndefined();
});

test("the newest of two questions is meant, and it is said which", async () => {
  await ask(parcel, A);
  await ask(boat, B);
  const answer = await ask("the second one");
  expect(answer.text).toMatch(
    new RegExp(
      `^This answers my newest question about “${boat}”\\. An older one is still open: answer it in its own thread\\.`,
    ),
  );
  expect(await routeOf(answer)).toMatchObject({ words: boat });
  expect(await routeOf(await ask("1", A))).toMatchObject({ words: parcel, says: "clarified" });
});

test("the words of a question are quoted as they were written, and are no marks of Nova's own line", async () => {
  await ask(parcel, A);
  await ask(boat.replace("boat", "*boat*"), B);
  const question = await ask("/why");
  expect(question.text).toContain(String.raw`the \*boat\* in`);
  const { text } = await ask("the second one");
  expect(text).toContain(String.raw`about “could you see to the \*boat\* in`);
});

test("of two answers at once one is taken", async () => {
  const { turn } = await ask(parcel, A);
  await Promise.all(["b", "c", "d"].map((root) => lab.channel.say("owner", "2", { room, root })));
  await settled();
  const { rowCount } = await lab.database.pool.query("select from turn where route ->> 'beside' = $1", [turn]);
  expect(rowCount).toBe(1);
});

test("of two answers at once, in the question's thread and beside it, one is taken", async () => {
  const { turn } = await ask("@analyst arrange the visit of the auditors", A);
  const before = lab.channel.parts.length;
  await Promise.all([A, B].map((at) => lab.channel.say("owner", "yes", { room, ...at })));
  await settled();
  const routes = await Promise.all(lab.channel.parts.slice(before).map(routeOf));
  const answers = routes.filter((route) => route?.beside === turn || route?.reason.includes("asked"));
  expect([routes.length, answers.length]).toEqual([2, 1]);
});

test("another person's number, another place's and one before others answer nothing", async () => {
  const shared = { shared: true, ...A };
  await ask(parcel, shared);
  const other = { shared: true, root: "thread-o" };
  expect((await routeOf(await ask("2", { ...other, by: "colleague" })))?.beside).toBeUndefined();
  expect((await routeOf(await ask("2", { ...other, room: `${room}-far` })))?.beside).toBeUndefined();
  expect((await ask("2", other)).agent).toBe("analyst");

  await ask(boat, B);
  expect((await routeOf(await ask("2", { ...other, root: "thread-p" })))?.beside).toBeUndefined();
  expect(given()).not.toContain(boat);
});

test("“wrong agent” beside the answer names the agents, and with a name asks that one the same", async () => {
  const first = await ask("@summariser look at the roof of the shed", A);
  expect((await ask("Wrong agent.")).text).toMatch(/^Say who should have answered: `\/wrong /);
  const put = await ask("/wrong editor", B);
  expect(put.agent).toBe("editor");
  expect(await routeOf(put)).toMatchObject({ words: "look at the roof of the shed", beside: first.turn });
  expect((await ask("wrong agent: analyst", B)).agent).toBe("analyst");
});
