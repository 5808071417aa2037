/** Replies on their way to Discord through the outbox: whole, in order, once. Over the peer, with a whole Nova. */
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { scripted, says } from "../support/model.ts";
import { openDiscordRoom, type DiscordRoom } from "./discord-room.ts";

const POST = "POST /channels/{channel_id}/messages";
const FOLLOW = "POST /webhooks/{webhook_id}/{webhook_token}";

/** Without a figure: those without a source would be named under it. */
const lettered = (i: number): string => String.fromCharCode(97 + Math.floor(i / 26), 97 + (i % 26));
const LONG = Array.from(
  { length: 100 },
  (_, i) => `Line ${lettered(i)} of the long answer: ${"tomatoes and beans ".repeat(3).trim()}.`,
).join("\n\n");
let answer = "Short.";
const model = scripted(() => says(answer));
let room: DiscordRoom;
beforeAll(async () => {
  room = await openDiscordRoom({ models: model.models });
});
afterAll(() => room.close());

/** Without the small print, and as one text. */
const joined = (parts: readonly string[]): string => parts.join("\n\n").replace(/\n-# [^\n]*$/, "");
const said = (channel: string): readonly string[] => room.peer.replies(channel).map(({ content }) => content);
const patience = { timeout: 20_000, interval: 50 };

describe("a reply of 7,000 characters", () => {
  test("E8: with a 429 on part 2 it stands there in four parts or more, in order, whole, none twice", async () => {
    expect(LONG.length).toBeGreaterThan(7_000);
    answer = LONG;
    room.peer.next(POST, "pass", { retryAfter: 0.5 });
    room.peer.dm("ada", "tell me all of it");
    const channel = room.peer.dmChannel("ada");
    await expect.poll(() => joined(said(channel)), patience).toBe(LONG);
    expect(said(channel).length).toBeGreaterThanOrEqual(4);
    expect(said(channel).at(-1)).toMatch(/\n-# .+ · scripted$/);
    for (const part of said(channel)) expect(part.length).toBeLessThanOrEqual(2_000);
  });

  test("E8: behind a command it follows in its own eyes alone", async () => {
    answer = LONG;
    room.peer.next(FOLLOW, { retryAfter: 0.4 });
    const id = await room.peer.command("ada", "ask", { question: "all of it, please" }, { channel: "general" });
    const parts = () => {
      const { content, followUps } = room.peer.interaction(id);
      return [content ?? "", ...followUps.map((each) => each.content)];
    };
    await expect.poll(() => joined(parts()), patience).toBe(LONG);
    for (const { flags } of room.peer.interaction(id).followUps) expect(flags & 64).toBe(64);
    expect(said(room.peer.channel("general"))).toEqual([]);
  });
});

test("E7: Discord takes the post, then the line breaks: sent again with the same nonce, it stands there once", async () => {
  answer = "Exactly once.";
  room.peer.next(POST, "drop");
  room.peer.mention("garden", "ada", "once?");
  const channel = room.peer.channel("garden");
  const tries = () => room.peer.calls(POST).filter(({ path }) => path.includes(channel));
  await expect.poll(() => tries().length, patience).toBe(2);
  const nonces = tries().map(({ body }) => (body as { nonce: string }).nonce);
  expect(nonces[0]).toBe(nonces[1]);
  await expect
    .poll(() => room.query("select state from outbox_part order by id desc limit 1"), patience)
    .toEqual([{ state: "sent" }]);
  expect(said(channel)).toHaveLength(1);
});

test("C2: Discord's description allows each of these requests", () => {
  expect(room.peer.violations).toEqual([]);
});
