/** Discord's commands, completion and buttons, as signed posts: answered at once, stored, then worked on. Over the peer. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { createHttp } from "../../adapters/discord/doors/http.ts";
import { post } from "../support/discord/posting.ts";
import type { Posted } from "../support/discord/world.ts";
import { scripted, says } from "../support/model.ts";
import { openDiscordRoom, type DiscordRoom } from "./discord-room.ts";

const CALLBACK = "POST /interactions/{interaction_id}/{interaction_token}/callback";
const THINKING = { type: 5 };
const PRIVATELY = { type: 5, data: { flags: 64 } };

const model = scripted((messages) =>
  String(messages.at(-1)?.text).includes("for ever") ? { pieces: ["{"], end: "silence" } : says("Here you are."),
);
let room: DiscordRoom;
beforeAll(async () => {
  room = await openDiscordRoom({ models: model.models, mode: "http" });
});
afterAll(() => room.close());

const callbacks = () => room.peer.calls(CALLBACK);
const ask = (question: string, more = {}, place = {}) => room.peer.command("ada", "ask", { question, ...more }, place);

describe("signed posts", () => {
  const ping = { id: "1", application_id: "2", type: 1, token: "t", version: 1 };

  test("C2 intake: Discord's trial of the address is passed, and nothing connects to the gateway", async () => {
    const { status } = await room.peer.signer.send(ping);
    expect(status).toBe(200);
    expect(room.peer.gateway.counts.identified).toBe(0);
  });

  test.each([
    ["a bad signature", { forged: true }],
    ["no signature", { bare: true }],
    ["a time that is over", { skew: -301 }],
    ["a time to come", { skew: 301 }],
  ])("C2 HTTP: %s is answered 401 before anything is read", async (_, signing) => {
    const { status } = await room.peer.signer.send("{not json", signing);
    expect(status).toBe(401);
  });

  test("C2 HTTP: health rests on what was heard of Discord lately", async () => {
    let now = new Date("2026-11-21T12:00:00Z");
    const rest = { takenAt: () => takenAt };
    let takenAt: Date | null = null;
    const http = createHttp({
      key: room.peer.world.application.privateKey,
      takeInteraction: async () => undefined,
      host: { clock: { now: () => now } },
      rest,
      track: () => undefined,
    });
    expect(http.health().ok).toBe(false);
    takenAt = now;
    expect(http.health().ok).toBe(true);
    now = new Date(now.getTime() + 16 * 60_000);
    expect(http.health()).toMatchObject({ ok: false, detail: expect.stringContaining("16 min") });
  });

  test("C2 HTTP: clocks may differ by almost five minutes", async () => {
    expect((await room.peer.signer.send(ping, { skew: -290 })).status).toBe(200);
    expect((await room.peer.signer.send(ping, { skew: 290 })).status).toBe(200);
  });

  test("C2 HTTP: the same interaction again is neither answered nor worked on twice", async () => {
    const id = await ask("what grows in March?");
    await room.answer(id);
    const before = { calls: room.peer.calls().length, turns: await room.turns() };
    await room.peer.again(id);
    await room.nova.nova.settled();
    expect({ calls: room.peer.calls().length, turns: await room.turns() }).toEqual(before);
  });
});

describe("a command", () => {
  test("C2 first answer: it is deferred before anything else, in a server for the asker's eyes, which is fixed then", async () => {
    const before = room.peer.calls().length;
    const id = await ask("what is new in the garden?", {}, { channel: "garden" });
    expect(await room.answer(id)).toContain("Here you are.");
    const [first] = room.peer.calls().slice(before);
    expect(first).toMatchObject({ body: PRIVATELY, status: 204 });
    expect(room.peer.interaction(id)).toMatchObject({ deferred: true, ephemeral: true });
    expect(room.peer.messages("garden")).toEqual([]);
  });

  test("shared, it is answered before everyone; in the direct channel there is nobody to hide from", async () => {
    expect(await room.answer(await ask("what is for all?", { share: true }, { channel: "market" }))).toContain("Here");
    expect(room.peer.messages("market")).toHaveLength(1);
    const id = await ask("just between us");
    await room.answer(id);
    expect(callbacks().at(-1)?.body).toEqual(THINKING);
    expect(room.peer.interaction(id).ephemeral).toBe(false);
  });

  test("C2 user install: where the app is no member, the one who clicked is the one who is known", async () => {
    const place = { channel: "elsewhere", userInstalled: true };
    expect(await room.answer(await ask("from another server", {}, place))).toContain("Here you are.");
    const group = { channel: "friends", userInstalled: true, group: true };
    expect(await room.answer(await ask("from among friends", {}, group))).toContain("Here you are.");
    expect(await room.answer(await room.peer.command("mia", "why", {}, place))).toContain("do not know this account");
  });

  test("/remember, /recall, /why, /agent, /stop and /help do what they say", async () => {
    const say = async (name: string, options = {}) => room.answer(await room.peer.command("ada", name, options));
    expect(await say("remember", { what: "the compost is turned in May" })).toMatch(/compost|kept|noted/i);
    expect(await say("recall", { what: "compost" })).toContain("Librarian");
    expect(await say("why")).toContain("The last message");
    expect(await say("agent", { name: "analyst" })).toContain("answers in this conversation");
    expect(await say("agent", { name: "auto" })).toContain("chooses");
    expect(await say("agent", { name: "nobody" })).toContain("no agent called");
    expect(await say("ask", { question: "hello", agent: "nobody" })).toMatch(/nobody/);
    expect(await say("stop")).toContain("Nothing is running");
    expect(await say("help")).toContain("/remember");
  });

  test("C2 first answer: a database that hangs does not delay it", async () => {
    const held = Promise.withResolvers<void>();
    const holding = room.nova.database.system(() => held.promise);
    const id = await ask("while all stands still");
    await vi.waitFor(() => expect(room.peer.interaction(id).deferred).toBe(true));
    expect(room.peer.interaction(id)).toMatchObject({ content: null });
    expect(room.peer.interaction(id).ms).toBeLessThan(3_000);
    held.resolve();
    await holding;
    expect(await room.answer(id)).toContain("Here you are.");
  });

  test("C2 not stored: who was not kept is asked to repeat, health says so, and the repetition is answered", async () => {
    room.away(true);
    expect(await room.answer(await ask("into the void"))).toContain("Please repeat");
    expect((await room.health()).admission.ok).toBe(false);
    room.away(false);
    expect(await room.answer(await ask("into the void"))).toContain("Here you are.");
    expect((await room.health()).admission.ok).toBe(true);
  });

  test("C2 first answer: when Discord has forgotten the interaction, the answer comes as a direct message", async () => {
    await room.nova.nova.settled();
    const direct = room.peer.dmChannel("ada");
    const before = room.peer.replies(direct).length;
    room.peer.next(CALLBACK, { status: 404, code: 10_062, message: "Unknown interaction" });
    await ask("too late for the token", {}, { channel: "garden" });
    await expect.poll(() => room.peer.replies(direct).length, { timeout: 10_000 }).toBe(before + 1);
    expect(room.peer.replies(direct).at(-1)?.content).toContain("Here you are.");
    expect(room.peer.messages("garden")).toEqual([]);
  });

  test("C2 user install: an answer for all, whose command Discord has forgotten, comes directly to whoever asked", async () => {
    await room.nova.nova.settled();
    room.peer.next(CALLBACK, { status: 404, code: 10_062, message: "Unknown interaction" });
    const direct = room.peer.dmChannel("ada");
    const before = room.peer.replies(direct).length;
    await ask("what do they grow here?", { share: true }, { channel: "abroad", userInstalled: true });
    await expect.poll(() => room.peer.replies(direct).length, { timeout: 10_000 }).toBe(before + 1);
    expect(room.peer.replies(direct).at(-1)?.content).toContain("Here you are.");
    expect(room.peer.messages("abroad")).toEqual([]);
  });

  test("C2 first answer: one that broke off after Discord had taken it counts as given", async () => {
    room.peer.next(CALLBACK, "drop");
    expect(await room.answer(await ask("through a broken line"))).toContain("Here you are.");
  });

  test("a stranger's command always gets a private word; a code of theirs lets them in at once", async () => {
    const strange = async () =>
      room.answer(await room.peer.command("eve", "ask", { question: "hi", share: true }, { channel: "garden" }));
    await strange();
    await strange();
    expect(
      room.peer
        .messages("garden")
        .map(({ content }) => content)
        .join(),
    ).not.toContain("account");
    expect(callbacks().length).toBeGreaterThan(0);
    const { code } = Object(await room.nova.verb("link", { do: "new", name: "Eve" }));
    expect(await room.answer(await room.peer.command("eve", "link", { code }, { channel: "garden" }))).toContain("Eve");
    expect(await room.answer(await room.peer.command("eve", "ask", { question: "what is a leek?" }))).toContain("Here");
  });
});

describe("completion", () => {
  test("C2 autocomplete: names the agents that whoever types may meet, at most 25, and nobody to strangers", async () => {
    const { peer } = room;
    const all = await peer.autocomplete("ada", "ask", { agent: "" });
    expect(all.map(({ value }) => value)).toContain("librarian");
    expect(all.length).toBeLessThanOrEqual(25);
    expect(await peer.autocomplete("ada", "ask", { agent: "libr" })).toMatchObject([{ value: "librarian" }]);
    expect((await peer.autocomplete("ada", "agent", { name: "au" })).map(({ value }) => value)).toContain("auto");
    expect(await peer.autocomplete("nobody-knows", "ask", { agent: "" })).toEqual([]);
  });
});

describe("a button", () => {
  const buttonsOf = (id: string): Promise<Posted> =>
    vi.waitFor(() => {
      const { original } = room.peer.interaction(id);
      if (!original || original.components.length === 0) throw new Error("no buttons yet");
      return original;
    }, 10_000);
  const idIn = ({ components }: Posted, deed: string): string =>
    new RegExp(`nova:${deed}[^"]*`).exec(JSON.stringify(components))?.[0] ?? "";

  let answer: Posted;
  let button: string;
  beforeAll(async () => {
    const id = await ask("what goes with tomatoes?", { share: true }, { channel: "buttons" });
    await room.answer(id);
    answer = await buttonsOf(id);
    button = idIn(answer, "wrong-agent");
  });

  test("C2 clicks: each is deferred for the clicker's eyes at once, and answered", async () => {
    const id = await room.peer.click("ada", answer, button);
    expect(await room.answer(id)).toMatch(/\w/);
    expect(callbacks().at(-1)?.body).toEqual(PRIVATELY);
    expect(room.peer.interaction(id)).toMatchObject({ deferred: true, ephemeral: true });
  });

  test.each([
    ["in front of all", { share: true }, () => room.peer.channel("herbs")],
    ["privately", {}, () => room.peer.dmChannel("ada")],
  ])("another agent is asked by two clicks, and answers %s as the first one did", async (_, more, where) => {
    const id = await ask("what goes with basil?", more, { channel: "herbs" });
    await room.answer(id);
    const first = await buttonsOf(id);
    const offered = await room.peer.click("ada", first, idIn(first, "wrong-agent"), { channel: "herbs" });
    await room.answer(offered);
    const card = await buttonsOf(offered);
    const calls = model.heard.length;
    const chosen = await room.peer.click("ada", card, idIn(card, "use"), { channel: "herbs" });
    const [, name = ""] = /Asking the (.+) …/.exec(await room.answer(chosen)) ?? [];
    expect(name).not.toBe("");
    await vi.waitFor(() => expect(model.heard.length).toBe(calls + 1), 10_000);
    expect(await room.reply(where(), name)).toContain("Here you are.");
  });

  test("a stranger's click is answered too, and does nothing", async () => {
    const turns = await room.turns();
    expect(await room.answer(await room.peer.click("oscar", answer, button))).toContain("do not know this account");
    expect(await room.turns()).toBe(turns);
  });

  test("a button that is none of Nova's any more has had its day", async () => {
    const { world, gateway } = room.peer;
    const components = [{ type: 1, components: [{ type: 2, style: 2, label: "Old", custom_id: "vote:1" }] }];
    const old = post(world, gateway, {
      channel: room.peer.channel("buttons"),
      author: world.bot,
      content: "old",
      components,
    });
    expect(await room.answer(await room.peer.click("ada", old, "vote:1"))).toContain("had its day");
  });
});

test("while Nova stops, whoever asks is told to repeat it in a moment", async () => {
  await ask("work on this for ever");
  await vi.waitFor(() => expect(model.heard.length).toBeGreaterThan(0));
  const stopping = room.nova.nova.stop();
  expect(await room.answer(await ask("are you there?"))).toContain("repeat");
  await stopping;
});

test("C2: all that was sent is as Discord's description has it, and no log line holds a token", () => {
  expect(room.peer.violations).toEqual([]);
  const all = room.lines.join("\n");
  const tokens = [...room.peer.world.interactions.values()].map(({ token }) => token);
  for (const secret of [room.peer.world.token, ...tokens]) expect(all).not.toContain(secret);
});
