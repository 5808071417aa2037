/** What an open tab does between messages: prove that it is alive, catch up, and notice that it is signed out. */
import { afterEach, beforeEach, expect, test, vi } from "vitest";
import type { Person } from "#core";
import { EventReader } from "./event-reader.ts";
import { openWebRoom, type WebRoom } from "./web-room.ts";

let room: WebRoom;
let anna: Person;
let tab: EventReader;

beforeEach(async () => {
  vi.useFakeTimers({ toFake: ["setInterval", "clearInterval"] });
  room = await openWebRoom();
  anna = room.addPerson("Anna");
  tab = new EventReader(`${room.url}/chat/events`, { cookie: await room.signIn(anna) });
  await vi.waitUntil(() => tab.of("ready").length === 1);
});
afterEach(async () => {
  tab.close();
  await room.close();
  vi.useRealTimers();
});

test("every fifteen seconds a comment keeps the line open", async () => {
  expect(tab.comments).toHaveLength(0);
  vi.advanceTimersByTime(15_000);
  await vi.waitFor(() => expect(tab.comments).toHaveLength(1));
  vi.advanceTimersByTime(15_000);
  await vi.waitFor(() => expect(tab.comments).toHaveLength(2));
});

test("a reply that another process delivered is caught up with, once", async () => {
  const reply = room.settle(anna, "from elsewhere");
  vi.advanceTimersByTime(15_000);
  await vi.waitFor(() => expect(tab.ids).toEqual([reply.id]));
  vi.advanceTimersByTime(15_000);
  await vi.waitFor(() => expect(tab.comments).toHaveLength(2));
  expect(tab.ids).toEqual([reply.id]);
});

test("a session that ended elsewhere closes the tab's line with the reason", async () => {
  room.endSessions();
  vi.advanceTimersByTime(15_000);
  await vi.waitFor(() => expect(tab.ended).toBe(true));
  expect(tab.of("signed-out")).toHaveLength(1);
});

test("when the database is away the line is cut, so that the tab comes back with its cursor", async () => {
  room.onRead(() => Promise.reject(new Error("away")));
  vi.advanceTimersByTime(15_000);
  await vi.waitFor(() => expect(tab.ended).toBe(true));
  expect(room.logged.some(({ event }) => event === "web.beat_failed")).toBe(true);
});
