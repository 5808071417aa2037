/** What Nova says unasked, in an open `nova chat` and to whoever was away. On a whole Nova, without a process. */
import { randomUUID } from "node:crypto";
import { PassThrough } from "node:stream";
import { expect, test, vi } from "vitest";
import { HOME, type Person } from "#core";
import { ask } from "../../src/cli/ask.ts";
import { chat } from "../../src/cli/chat.ts";
import { createTerminal } from "../../src/cli/terminal.ts";
import { readConfig } from "../../src/settings/config.ts";
import { buildNova } from "../../src/main.ts";
import { createAnnouncementStore } from "../../src/postgres/turns/announcements.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { addressOf } from "../../adapters/terminal/parse.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

function screen() {
  const stream = () => Object.assign(new PassThrough(), { isTTY: true, columns: 80, rows: 24 });
  const [input, out, err] = [stream(), stream(), stream()];
  let seen = "";
  for (const each of [out, err]) each.on("data", (chunk: Buffer) => (seen += chunk.toString()));
  return { input, terminal: createTerminal({ input, out, err }, true), seen: () => seen };
}

test("what is said unasked shows in the open chat, and later under a heading, once", async () => {
  const database = await testDatabase();
  const config = readConfig({ NOVA_HOME: "/nonexistent", NOVA_ADAPTERS: "terminal", NOVA_OWNER_NAME: "Ines" });
  const nova = await buildNova(config, { service: false, log: silentLog, database });
  const { signal } = new AbortController();
  const fetch = async (request: Request) => nova.control.fetch(request);
  const open = () => {
    const shown = screen();
    const ended = chat(fetch, shown.terminal, { as: undefined, history: [], keepHistory: async () => {}, signal });
    return { ...shown, ended };
  };
  const say = async (text: string) => {
    const shown = screen();
    await ask(fetch, shown.terminal, { text, as: undefined, json: false, signal });
    return shown.seen();
  };
  try {
    expect(await say("/help")).not.toContain("Since you were here:");
    const people = createPeople(database, { clock: { now: () => new Date() }, random: (size) => Buffer.alloc(size) });
    const owner = (await people.all(HOME)).find(({ role }) => role === "owner") as Person;
    const store = createAnnouncementStore(database, {
      calls: { send: async () => {}, done: async () => false },
      clock: { now: () => new Date() },
      reaches: [{ platform: "terminal", how: "page", running: true, home: addressOf }],
    });
    const announce = (text: string) =>
      store.say({ key: randomUUID(), to: owner, address: null, text, agent: null }, () => [{ body: text }]);

    await announce("Water the plants.");
    const first = open();
    await vi.waitFor(() => expect(first.seen()).toMatch(/Since you were here:[\s\S]*Water the plants\.[\s\S]*Ines>/));
    first.input.write("half a li");
    await announce("Call the dentist.");
    // Anything that goes out has the chat look.
    await say("/help");
    await vi.waitFor(() => expect(first.seen()).toMatch(/Call the dentist\.[\s\S]*Ines> half a li/), 40_000);
    first.input.write("\u0015/quit\r");
    await first.ended;

    const second = open();
    await vi.waitFor(() => expect(second.seen()).toContain("Ines>"));
    expect(second.seen()).not.toContain("Since you were here:");
    second.input.write("/quit\r");
    await second.ended;

    await announce("Post the letter.");
    const told = await say("/help");
    expect(told).toMatch(/Since you were here:[\s\S]*Post the letter\./);
    expect(told).not.toContain("dentist");
    expect(await say("/help")).not.toContain("Post the letter.");
  } finally {
    await nova.stop();
  }
}, 60_000);
