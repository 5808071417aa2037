/** What goes out to Discord: into the reply of its command, or as a message that is sent once. Over a real peer. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { agentId, type OutPart } from "#core";
import type { CommandHandle } from "../../adapters/discord/handle.ts";
import { createDirects } from "../../adapters/discord/sending/direct.ts";
import { answerPress } from "../../adapters/discord/inbound/press-answer.ts";
import { createRest } from "../../adapters/discord/rest.ts";
import { tell } from "../../adapters/discord/inbound/tell.ts";
import { openDesk, type Desk } from "./discord-desk.ts";

const NEVER = new AbortController().signal;
const POST = "POST /channels/{channel_id}/messages";
const READ = "GET /channels/{channel_id}/messages";
const EDIT = "PATCH /webhooks/{webhook_id}/{webhook_token}/messages/@original";
const FOLLOW = "POST /webhooks/{webhook_id}/{webhook_token}";
const MINUTES = 60_000;

let desk: Desk;
beforeAll(async () => {
  desk = await openDesk();
});
afterAll(() => desk.close());

const seen = (handle: CommandHandle) => desk.peer.interaction(handle.interaction);
const count = (route: string): number => desk.peer.calls(route).length;
const replies = (channel: string): readonly string[] => desk.peer.replies(channel).map(({ content }) => content);
const inDirect = (): readonly string[] => replies(desk.peer.dmChannel("ada"));
const parts = (size: number, about: Partial<OutPart>, handles: readonly CommandHandle[] = []): readonly OutPart[] => {
  const first = desk.part({ ...about, handles, of: size });
  return [
    first,
    ...Array.from({ length: size - 1 }, (_, i) =>
      desk.part({ ...about, handles, turn: first.turn, ordinal: i + 1, of: size }),
    ),
  ];
};

describe("the reply of a command", () => {
  test("is written where it waits, follow-ups behind it for the same eyes, and who answered under the last one", async () => {
    const handle = await desk.deferred({ channel: "general" });
    const [first, second] = parts(2, { address: desk.channel("general", true) }, [handle]);
    expect(await desk.send(first!, second!)).toMatchObject([{ kind: "sent" }, { kind: "sent" }]);
    expect(seen(handle)).toMatchObject({ ephemeral: true, content: first!.body });
    expect(seen(handle).followUps).toMatchObject([{ content: `${second!.body}\n-# Librarian · tiny`, flags: 64 }]);
    expect(replies("general")).toEqual([]);
  });

  test("is seen by all when it was asked for so", async () => {
    const handle = await desk.deferred({ channel: "open" }, { hidden: false });
    await desk.send(...parts(2, { address: desk.channel("open") }, [handle]));
    expect(replies("open")).toHaveLength(2);
  });

  test("has buttons under its last part", async () => {
    const handle = await desk.deferred();
    const actions = Array.from({ length: 7 }, (_, i) => ({ id: `pick:${i}`, label: `Pick ${i}` }));
    await desk.send(desk.part({ handles: [handle], actions }));
    const rows = seen(handle).original?.components ?? [];
    expect(rows.map(({ components }) => (components as unknown[]).length)).toEqual([5, 2]);
  });

  test("answers several commands at once: none of them stays thinking", async () => {
    const [first, second] = [await desk.deferred(), await desk.deferred()];
    const stop = await desk.deferred({}, { stop: true });
    await desk.send(desk.part({ handles: [stop, first, second], body: "Both." }));
    expect(seen(first).content).toMatch(/^Both\./);
    await expect.poll(() => seen(second).content).toBe("Answered above.");
    await expect.poll(() => seen(stop).content).toBe("Stopped.");
  });

  test("goes into a stop's own reply when there was nothing else", async () => {
    const stop = await desk.deferred({}, { stop: true });
    await desk.send(
      desk.part({ handles: [stop], agent: null, note: { kind: "notice", model: null }, body: "Nothing runs." }),
    );
    expect(seen(stop).content).toBe("Nothing runs.");
  });
});

describe("C2 sizes", () => {
  test("C2 sizes: names that grow beyond every measure leave the words alone", async () => {
    const agent = agentId("_".repeat(200));
    const [result] = await desk.send(
      desk.part({ agent, note: { kind: "answer", model: "*".repeat(200) }, body: "w".repeat(1_900) }),
    );
    expect(result?.kind).toBe("sent");
    expect(inDirect().at(-1)).toBe("w".repeat(1_900));
  });
});

describe("C2: a token that does not answer any more", () => {
  test.each([
    ["10062 inside its time", { status: 404, code: 10_062 }],
    ["10015 inside its time", { status: 404, code: 10_015 }],
    ["10008 inside its time", { status: 404, code: 10_008 }],
    ["a bare 404", { status: 404 }],
    ["50027", { status: 401, code: 50_027 }],
  ])(
    "C2 initial response: %s falls back to a message of the bot, to the asker alone, and is not tried again",
    async (_, fault) => {
      const handle = await desk.deferred({ channel: "general" });
      const before = { edits: count(EDIT), follows: count(FOLLOW), said: inDirect().length };
      desk.peer.next(EDIT, fault);
      const all = parts(2, { address: desk.channel("general", true) }, [handle]);
      expect(await desk.send(...all)).toMatchObject([{ kind: "sent" }, { kind: "sent" }]);
      expect(inDirect().slice(before.said)).toEqual([all[0]!.body, `${all[1]!.body}\n-# Librarian · tiny`]);
      expect([count(EDIT) - before.edits, count(FOLLOW) - before.follows]).toEqual([1, 0]);
      expect(replies("general")).toEqual([]);
    },
  );

  test("C2 initial response: at fourteen minutes nothing is begun with it, and a shared answer goes to its channel", async () => {
    const handle = await desk.deferred({ channel: "late" }, { hidden: false });
    const hidden = await desk.deferred({ channel: "late" });
    const edits = count(EDIT);
    desk.pass(14 * MINUTES);
    await desk.send(desk.part({ address: desk.channel("late"), handles: [handle], body: "For all." }));
    await desk.send(desk.part({ address: desk.channel("late", true), handles: [hidden], body: "For one." }));
    expect(replies("late")).toMatchObject([/^For all\./].map((text) => expect.stringMatching(text)));
    expect(inDirect().at(-1)).toMatch(/^For one\./);
    expect(count(EDIT)).toBe(edits);
  });

  test("a channel that is closed to the bot leaves the asker's own", async () => {
    const handle = await desk.deferred({ channel: "closed" }, { hidden: false });
    desk.pass(15 * MINUTES);
    desk.peer.next(POST, { status: 403, code: 50_001 });
    await desk.send(desk.part({ address: desk.channel("closed"), handles: [handle], body: "Only here." }));
    expect(replies("closed")).toEqual([]);
    expect(inDirect().at(-1)).toMatch(/^Only here\./);
  });

  test("what was sealed under another token is no handle", async () => {
    const part = { ...desk.part({ body: "Still here." }), handles: ["nonsense"] };
    await desk.send(part);
    expect(inDirect().at(-1)).toMatch(/^Still here\./);
  });
});

describe("C2: where the app is a visitor", () => {
  test("C2 user-installed: five follow-ups behind the reply, and the rest directly, in order", async () => {
    const handle = await desk.deferred({ channel: "theirs", userInstalled: true });
    const before = inDirect().length;
    const all = parts(8, { address: desk.channel("theirs", true) }, [handle]);
    const results = await desk.send(...all);
    expect(results.every(({ kind }) => kind === "sent")).toBe(true);
    expect(seen(handle).content).toBe(all[0]!.body);
    expect(seen(handle).followUps.map(({ content }) => content)).toEqual(all.slice(1, 6).map(({ body }) => body));
    expect(inDirect().slice(before)).toEqual([all[6]!.body, `${all[7]!.body}\n-# Librarian · tiny`]);
  });

  test("C2 user-installed: told that there are too many, it writes directly at once", async () => {
    const handle = await desk.deferred({ channel: "theirs", userInstalled: true }, { hidden: false });
    desk.peer.next(FOLLOW, { status: 400, code: 40_094 });
    const [, second] = parts(2, { address: desk.channel("theirs") }, [handle]);
    expect(await desk.send(second!)).toMatchObject([{ kind: "sent" }]);
    expect(inDirect().at(-1)).toContain(second!.body);
    expect(replies("theirs")).toEqual([]);
  });
});

describe("a message of the bot", () => {
  test("C2 allowed mentions: nobody is called, whatever the words are, and no preview is fetched", async () => {
    const body = "@everyone <@1> https://a.example/?q=secret";
    await desk.send(desk.part({ address: desk.channel("calls"), body }));
    const [call] = desk.peer.calls(POST).slice(-1);
    expect(call?.body).toMatchObject({ allowed_mentions: { parse: [], replied_user: false }, flags: 4 });
  });

  test("refers to the message that asked, and is sent without it when Discord does not take that", async () => {
    const asked = desk.peer.mention("asks", "ada", "how are you?");
    const mention = { kind: "mention", channel: asked.channel_id, message: asked.id } as const;
    await desk.send(desk.part({ address: desk.channel("asks"), handles: [mention] }));
    expect(desk.peer.replies("asks").at(-1)?.reference).toMatchObject({
      message_id: asked.id,
      fail_if_not_exists: false,
    });
    desk.peer.next(POST, { status: 400, code: 160_002 });
    expect(await desk.send(desk.part({ address: desk.channel("asks"), handles: [mention] }))).toMatchObject([
      { kind: "sent" },
    ]);
    expect(desk.peer.replies("asks").at(-1)?.reference).toBeUndefined();
  });

  test("C2 idempotent send: the nonce is the part's own, at most 25 characters, and the same for each try", async () => {
    const part = desk.part({});
    const other = desk.part({});
    await desk.send(part, part, other);
    const nonces = desk.peer
      .calls(POST)
      .slice(-3)
      .map(({ body }) => body as { nonce: string; enforce_nonce: boolean });
    expect(nonces.every(({ nonce, enforce_nonce }) => enforce_nonce && nonce.length <= 25)).toBe(true);
    expect(nonces[0]!.nonce).toBe(nonces[1]!.nonce);
    expect(nonces[2]!.nonce).not.toBe(nonces[0]!.nonce);
    expect(inDirect().filter((text) => text.includes(part.body))).toHaveLength(1);
  });
});

describe("a send whose end nobody saw", () => {
  test("E7: the line breaks behind the post: it is sent again with the same nonce and stands there once", async () => {
    const part = desk.part({ body: "Once." });
    desk.peer.next(POST, "drop");
    expect(await desk.send(part)).toMatchObject([{ kind: "unknown" }]);
    expect(await desk.adapter.reconcile?.(part, NEVER)).toBe("absent");
    expect(await desk.send(part)).toMatchObject([{ kind: "sent" }]);
    expect(inDirect().filter((text) => text.startsWith("Once."))).toHaveLength(1);
  });

  test("E7: when the nonce may be forgotten the channel is read first", async () => {
    const [there, gone] = [desk.part({ body: "There already." }), desk.part({ body: "Never came." })];
    desk.peer.next(POST, "drop", { status: 502 });
    expect(await desk.send(there, gone)).toMatchObject([{ kind: "unknown" }, { kind: "unknown" }]);
    desk.pass(10 * MINUTES);
    expect(await desk.send(there, gone)).toMatchObject([{ kind: "sent" }, { kind: "sent" }]);
    for (const text of ["There already.", "Never came."])
      expect(inDirect().filter((said) => said.startsWith(text))).toHaveLength(1);
  });

  test("after a restart it is found, absent, or nobody can tell", async () => {
    const sent = desk.part({ body: "Before the restart." });
    const lost = desk.part({ body: "Lost in the restart." });
    await desk.send(sent);
    desk.pass(10 * MINUTES);
    await desk.restart();
    expect(await desk.adapter.reconcile?.(sent, NEVER)).toBe("sent");
    expect(await desk.adapter.reconcile?.(lost, NEVER)).toBe("absent");
    desk.peer.next(READ, { status: 403, code: 50_001 });
    expect(await desk.adapter.reconcile?.(lost, NEVER)).toBe("cannot_tell");
    expect(await desk.adapter.reconcile?.(desk.part({ body: "Fresh." }), NEVER)).toBe("absent");
  });

  test("the reply of a command is written over again, a hidden follow-up is in doubt for good", async () => {
    const handle = await desk.deferred({ channel: "general" });
    const [first, second] = parts(2, { address: desk.channel("general", true) }, [handle]);
    desk.peer.next(EDIT, "drop");
    desk.peer.next(FOLLOW, "drop");
    expect(await desk.send(first!)).toMatchObject([{ kind: "unknown" }]);
    expect(await desk.adapter.reconcile?.(first!, NEVER)).toBe("absent");
    expect(await desk.send(first!)).toMatchObject([{ kind: "sent" }]);
    expect(await desk.send(second!)).toMatchObject([{ kind: "unknown" }]);
    expect(await desk.adapter.reconcile?.(second!, NEVER)).toBe("cannot_tell");
  });

  test("E7: a private reply that may stand where only its asker sees it is not sent a second time by a restart", async () => {
    const handle = await desk.deferred({ channel: "general" });
    const [first, second] = parts(2, { address: desk.channel("general", true) }, [handle]);
    await desk.send(first!, second!);
    const before = inDirect().length;
    desk.pass(15 * MINUTES);
    await desk.restart();
    expect(await desk.adapter.reconcile?.(first!, NEVER)).toBe("cannot_tell");
    expect(await desk.adapter.reconcile?.(second!, NEVER)).toBe("cannot_tell");
    expect(inDirect()).toHaveLength(before);
  });

  test("E7: an answer that went past its command's reply is found where it went", async () => {
    const hidden = await desk.deferred({ channel: "past" });
    const open = await desk.deferred({ channel: "past" }, { hidden: false });
    const first = desk.part({ address: desk.channel("past", true), handles: [hidden], body: "Past it, for one." });
    const second = desk.part({ address: desk.channel("past"), handles: [open], body: "Past it, for all." });
    const gone = { status: 404, code: 10_015 };
    desk.peer.next(EDIT, gone, gone);
    await desk.send(first, second);
    desk.pass(5 * MINUTES);
    await desk.restart();
    expect(await desk.adapter.reconcile?.(first, NEVER)).toBe("sent");
    expect(await desk.adapter.reconcile?.(second, NEVER)).toBe("sent");
  });

  test("a reply for all to see is found in its channel when its token is gone", async () => {
    const handle = await desk.deferred({ channel: "open" }, { hidden: false });
    desk.pass(MINUTES);
    const part = desk.part({ address: desk.channel("open"), handles: [handle], body: "In the reply." });
    const never = desk.part({ address: desk.channel("open"), handles: [handle], body: "Never there." });
    await desk.send(part);
    desk.pass(15 * MINUTES);
    await desk.restart();
    expect(await desk.adapter.reconcile?.(part, NEVER)).toBe("sent");
    expect(await desk.adapter.reconcile?.(never, NEVER)).toBe("absent");
  });

  test("the same words of another turn are not taken for these", async () => {
    const lost = desk.part({ body: "Done." });
    desk.pass(MINUTES);
    await desk.send(desk.part({ body: "Done." }));
    desk.pass(10 * MINUTES);
    await desk.restart();
    expect(await desk.adapter.reconcile?.(lost, NEVER)).toBe("absent");
  });

  test("a follow-up for all to see is looked for", async () => {
    const handle = await desk.deferred({ channel: "general" }, { hidden: false });
    const [first, second] = parts(2, { address: desk.channel("general") }, [handle]);
    desk.peer.next(FOLLOW, "drop");
    await desk.send(first!);
    expect(await desk.send(second!)).toMatchObject([{ kind: "unknown" }]);
    expect(await desk.adapter.reconcile?.(second!, NEVER)).toBe("sent");
  });

  test("told to stop before anything left, it has not been sent", async () => {
    const posts = count(POST);
    expect(await desk.adapter.send(desk.part({}), AbortSignal.abort())).toMatchObject({
      kind: "not_sent",
      retry: true,
    });
    expect(count(POST)).toBe(posts);
  });

  test("nobody at the other end: it never left", async () => {
    desk.peer.next("POST /users/@me/channels", "drop");
    const stranger = { ...desk.channel("general", true), root: `@${desk.peer.user("zoe").id}` };
    expect(await desk.send(desk.part({ address: stranger }))).toMatchObject([{ kind: "not_sent", retry: true }]);
  });
});

describe("C2 rates", () => {
  test("C2 rates: a 429 says when to come back, to the millisecond, and is not sent again by itself", async () => {
    const posts = count(POST);
    desk.peer.next(POST, { retryAfter: 1.234 });
    const [result] = await desk.send(desk.part({}));
    expect(result).toMatchObject({ kind: "not_sent", retry: true, code: "rate_limited" });
    const { afterMs = 0 } = result as { afterMs?: number };
    expect(afterMs).toBeGreaterThanOrEqual(1_234);
    expect(afterMs).toBeLessThan(1_400);
    expect(count(POST)).toBe(posts + 1);
  });

  test("C2 rates: a server's failure is not sent again by itself, and is in doubt", async () => {
    const posts = count(POST);
    desk.peer.next(POST, { status: 503 });
    expect(await desk.send(desk.part({}))).toMatchObject([{ kind: "unknown", code: "discord_503" }]);
    expect(count(POST)).toBe(posts + 1);
  });

  test("C2 rates: a channel that refuses is given up, not asked again", async () => {
    const posts = count(POST);
    desk.peer.next(POST, { status: 403, code: 50_013 });
    expect(await desk.send(desk.part({ address: desk.channel("walled") }))).toMatchObject([
      { kind: "not_sent", retry: false, code: "discord_50013" },
    ]);
    expect(count(POST)).toBe(posts + 1);
  });

  test("C2 rates: while all of Discord asks for a pause nothing is sent", async () => {
    desk.peer.next(POST, { retryAfter: 0.4, global: true });
    await desk.send(desk.part({}));
    const posts = count(POST);
    const [result] = await desk.send(desk.part({}));
    expect(result).toMatchObject({ kind: "not_sent", retry: true });
    expect(count(POST)).toBe(posts);
    await expect.poll(async () => (await desk.send(desk.part({})))[0]?.kind, { interval: 100 }).toBe("sent");
  });
});

describe("private words", () => {
  const given = () => {
    const { DISCORD_TOKEN: token = "", DISCORD_API_URL: api = "" } = desk.peer.env();
    const rest = createRest({ token, api, clock: { now: desk.now } });
    return { rest, directs: createDirects(rest), application: desk.peer.world.application.id };
  };

  test("a long card answers a click in several messages for the clicker alone, with its buttons under the last", async () => {
    const click = await desk.deferred({ channel: "general" });
    const text = Array.from({ length: 60 }, (_, i) => `Source ${i}: ${"words ".repeat(10).trim()}.`).join("\n\n");
    const card = { text, actions: [{ id: "open:1", label: "Open" }] };
    expect(await answerPress(click, { card }, given())).toBe("ok");
    const { content, original, followUps } = seen(click);
    expect([content, ...followUps.map((each) => each.content)].join("\n\n")).toBe(text);
    expect(original?.components).toEqual([]);
    expect(followUps.at(-1)?.components).toHaveLength(1);
    for (const { flags } of followUps) expect(flags & 64).toBe(64);
  });

  test("what only the asker is to know is told behind a reply that all would see", async () => {
    const handle = await desk.deferred({ channel: "general" }, { hidden: false });
    expect(await tell({ kind: "command", handle }, "Your code is due.", given())).toBe("ok");
    expect(seen(handle).content).toBe("Answered privately.");
    expect(seen(handle).followUps).toMatchObject([{ content: "Your code is due.", flags: 64 }]);
  });

  test("a click is answered although the line broke once", async () => {
    const click = await desk.deferred({ channel: "general" });
    desk.peer.next(EDIT, "break");
    expect(await answerPress(click, { card: { text: "The sources.", actions: [] } }, given())).toBe("ok");
    expect(seen(click).content).toBe("The sources.");
  });

  test("in the direct channel it is told in reply to the message, and never in reply to what stands elsewhere", async () => {
    const user = desk.peer.user("yann").id;
    const said = desk.peer.dm("yann", "hello");
    const elsewhere = desk.peer.mention("garden", "yann", "hello");
    const here = { kind: "writer", user, message: said.id, channel: said.channel_id } as const;
    const there = { kind: "writer", user, message: elsewhere.id, channel: elsewhere.channel_id } as const;
    await tell(here, "Who are you?", given());
    await tell(there, "Who are you?", given());
    const references = desk.peer.replies(desk.peer.dmChannel("yann")).map(({ reference }) => reference?.["message_id"]);
    expect(references).toEqual([said.id, undefined]);
  });

  test("a second part is not held up by other commands that are told where the answer is", async () => {
    const [main, other] = [await desk.deferred({ channel: "general" }), await desk.deferred({ channel: "general" })];
    const [first, second] = parts(2, { address: desk.channel("general", true) }, [main, other]);
    desk.peer.next(EDIT, "pass", "hang");
    const since = performance.now();
    expect(await desk.send(first!, second!)).toMatchObject([{ kind: "sent" }, { kind: "sent" }]);
    expect(performance.now() - since).toBeLessThan(10_000);
  });

  test("whoever wrote among others is told directly, once for each message", async () => {
    const to = { kind: "writer", user: desk.peer.user("zoe").id, message: "1234567", channel: "7654321" } as const;
    expect([await tell(to, "Who are you?", given()), await tell(to, "Who are you?", given())]).toEqual(["ok", "ok"]);
    expect(replies(desk.peer.dmChannel("zoe"))).toEqual(["Who are you?"]);
  });
});

describe("files", () => {
  const file = (message: { channel_id: string; id: string; attachments: readonly { id: string; size: number }[] }) => ({
    ref: `${message.channel_id}/${message.id}/${message.attachments[0]!.id}`,
    name: "notes.txt",
    mime: "text/plain",
    size: message.attachments[0]!.size,
  });
  const fetchIt = (ref: ReturnType<typeof file>, bytes = 1_000, ms = 5_000) =>
    desk.adapter.fetch?.(ref, { bytes, ms }, AbortSignal.timeout(10_000));

  test("C2 attachments: the address is asked for again when it is needed, and the token stays at home", async () => {
    const message = desk.peer.dm("ada", "see", {
      files: [{ name: "notes.txt", type: "text/plain", text: "Ten words." }],
    });
    desk.pass(3 * 24 * 60 * MINUTES);
    expect(await fetchIt(file(message))).toEqual({ kind: "fetched", bytes: new TextEncoder().encode("Ten words.") });
    expect(desk.peer.calls("GET /attachments").map(({ authorization }) => authorization)).toEqual([null]);
  });

  test("a file that is too large, gone or no file at all is refused in a sentence, one that is slow or not to be had now fails", async () => {
    const message = desk.peer.dm("ada", "see", { files: [{ name: "notes.txt", text: "x".repeat(2_000) }] });
    expect(await fetchIt(file(message))).toMatchObject({ kind: "refused", why: expect.stringContaining("larger") });
    desk.peer.next("GET /attachments", "hang");
    expect(await fetchIt(file(message), 5_000, 300)).toMatchObject({
      kind: "failed",
      why: expect.stringContaining("long"),
    });
    desk.peer.next("GET /attachments", "break");
    expect(await fetchIt(file(message), 5_000)).toMatchObject({ kind: "failed" });
    desk.peer.next("GET /channels/{channel_id}/messages/{message_id}", { status: 503 });
    expect(await fetchIt(file(message), 5_000)).toMatchObject({ kind: "failed" });
    desk.peer.remove(message);
    expect(await fetchIt(file(message), 5_000)).toMatchObject({ kind: "refused" });
    expect(await fetchIt({ ...file(message), ref: "https://evil.example" })).toMatchObject({ kind: "refused" });
  });
});

test("C2 rates: a token that Discord refuses is told once, and nothing more is asked with it", async () => {
  const other = await openDesk();
  try {
    other.peer.next(POST, { status: 401 });
    expect(await other.send(other.part({}), other.part({}))).toMatchObject([
      { kind: "not_sent", retry: true },
      { kind: "not_sent", retry: true, code: "discord_401" },
    ]);
    expect(other.peer.calls(POST)).toHaveLength(1);
    expect(other.adapter.health().auth).toMatchObject({ ok: false, detail: expect.stringContaining("DISCORD_TOKEN") });
    expect(other.peer.violations).toEqual([]);
  } finally {
    await other.close();
  }
});

test("Discord's description allows each of these requests", () => {
  expect(desk.peer.violations).toEqual([]);
});
