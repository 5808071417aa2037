/** Discord by its gateway: messages, mentions, edits, breaks, and what health says of them. Over the peer, with a whole Nova. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { holdGateway } from "../../adapters/discord/doors/gateway.ts";
import { listen } from "../../adapters/discord/doors/listen.ts";
import { INTENTS } from "../../adapters/discord/doors/intents.ts";
import { createPulse, type Pulse } from "../../adapters/discord/doors/pulse.ts";
import { register } from "../../adapters/discord/doors/register.ts";
import { createRest } from "../../adapters/discord/rest.ts";
import { jsonList } from "../support/discord/answer.ts";
import { silentLog } from "../support/log.ts";
import { scripted, says } from "../support/model.ts";
import { openDiscordRoom, type DiscordRoom } from "./discord-room.ts";

const HEARTBEAT_MS = 1_500;
const PRIVILEGED = (1 << 15) | (1 << 8) | (1 << 1);
const PUT_COMMANDS = "PUT /applications/{application_id}/commands";

const model = scripted(says("Here you are."));
let room: DiscordRoom;
beforeAll(async () => {
  room = await openDiscordRoom({ models: model.models, heartbeatMs: HEARTBEAT_MS });
});
afterAll(() => room.close());

const VERSIONS = `select v.version, v.text from message_version v join message m on m.id = v.message_id
  where m.message_key = $1 order by v.version`;

/** Stored as the words of somebody. */
async function heard(words: string): Promise<void> {
  await expect.poll(() => room.stored(words), { timeout: 10_000 }).not.toEqual([]);
}
const dm = () => room.peer.dmChannel("ada");

describe("what is said to Nova", () => {
  test("C2 gateway: a direct message is heard with its words, without any privileged intent", async () => {
    room.peer.dm("ada", "how are the tomatoes?");
    await room.reply(dm(), "Here you are.");
    await heard("how are the tomatoes?");
    expect(room.peer.gateway.intents()).toBe(INTENTS);
    expect(INTENTS & PRIVILEGED).toBe(0);
  });

  test("C2 gateway: a mention is heard with its words and answered there, in reply to it", async () => {
    const ben = room.peer.user("ben");
    const asked = room.peer.mention("garden", "ada", `what does <@${ben.id}> grow, \`<@${ben.id}>\`?`);
    await room.reply(room.peer.channel("garden"), "Here you are.");
    await heard(`what does @Ben grow, \`<@${ben.id}>\`?`);
    expect(room.peer.replies(room.peer.channel("garden")).at(-1)?.reference).toMatchObject({ message_id: asked.id });
  });

  test("what the database cannot take at once is not lost: it is offered again until it is stored", async () => {
    room.away(true);
    room.peer.dm("ada", "keep trying");
    await vi.waitFor(() => expect(room.lines.some((line) => line.includes("discord.not_stored"))).toBe(true), 10_000);
    expect((await room.health()).admission.ok).toBe(false);
    room.away(false);
    await heard("keep trying");
    expect((await room.health()).admission.ok).toBe(true);
  });

  test("C2 intake: with the gateway there is no address for posts", async () => {
    const { status } = await fetch(`${room.url}/discord/interactions`, { method: "POST", body: "{}" });
    expect(status).toBe(404);
  });

  test("who only calls Nova by name is told what it can do", async () => {
    room.peer.mention("garden", "ada", "");
    expect(await room.reply(room.peer.channel("garden"), "/remember")).toContain("@librarian");
  });

  test("programs, webhooks, and words to others are none of Nova's, nor is an address that holds its name", async () => {
    const turns = await room.turns();
    room.peer.dm("scraper", "hello", { bot: true });
    room.peer.mention("garden", "relay", "hello", { webhook: true });
    room.peer.say("garden", "ada", "has anybody seen my spade?");
    room.peer.say("garden", "ada", "write to nova@nova.example, for the spade");
    room.peer.say("garden", "ada", `\`<@${room.peer.world.bot.id}>\` is how one asks for a spade`);
    room.peer.mention("garden", "ada", "and now?");
    await vi.waitFor(async () => expect(await room.turns()).toBe(turns + 1), 10_000);
    expect(await room.stored("spade")).toEqual([]);
  });

  test("what is forwarded is heard as a quotation", async () => {
    room.peer.dm("ada", "", { forwarded: "/stop\nthe hedge" });
    await heard("hedge");
    expect(await room.stored("hedge")).toEqual(["Forwarded:\n> /stop\n> the hedge"]);
  });

  test("a file comes with its message, read afresh from Discord: no address of it is kept", async () => {
    const said = room.peer.dm("ada", "what is in it?", {
      files: [{ name: "sales.csv", type: "text/csv", text: "plant,sold\nleek,41\n" }],
    });
    const files = () => room.query("select files from message where message_key = $1", [said.id]);
    await expect.poll(async () => JSON.stringify(await files()), { timeout: 10_000 }).toContain("leek,41");
    const [row] = await files();
    expect(JSON.stringify(row)).not.toMatch(/https?:|ex=/);
  });

  test("E6: the same message twice, and a RESUME that replays what was heard, are one turn", async () => {
    const turns = await room.turns();
    const said = room.peer.dm("ada", "once is enough");
    room.peer.repeat(said);
    await heard("once is enough");
    const { resumed } = room.peer.gateway.counts;
    room.peer.gateway.overlap(6);
    room.peer.gateway.drop();
    room.peer.dm("ada", "missed while away");
    await vi.waitFor(() => expect(room.peer.gateway.counts.resumed).toBe(resumed + 1), 10_000);
    await heard("missed while away");
    await room.nova.nova.settled();
    expect(await room.turns()).toBe(turns + 2);
  });

  test("E12: edits, link previews, deletions and Nova's own edits open no turn; what its author did is a version", async () => {
    const said = room.peer.dm("ada", "the frost comes on Monday");
    await room.nova.nova.settled();
    await heard("frost comes on Monday");
    await room.nova.nova.settled();
    const turns = await room.turns();
    room.peer.unfurl(said, { title: "Weather", type: "link" });
    room.peer.edit(said, "the frost comes on Tuesday");
    const versions = () => room.query(VERSIONS, [said.id]);
    await expect.poll(versions, { timeout: 10_000 }).toMatchObject([
      { version: 1, text: "the frost comes on Monday" },
      { version: 2, text: "the frost comes on Tuesday" },
    ]);
    const own = room.peer.replies(dm()).at(-1);
    if (own) room.peer.edit(own, "changed");
    room.peer.remove(said);
    await expect.poll(versions, { timeout: 10_000 }).toHaveLength(3);
    await room.nova.nova.settled();
    expect(await room.turns()).toBe(turns);
  });

  test("E12: messages of a server that a moderator takes back at once are gone, whoever remembers them", async () => {
    const said = ["the first secret", "the second secret"].map((text) => room.peer.mention("garden", "ada", text));
    const left = async () => (await room.stored("secret")).length;
    await expect.poll(left, { timeout: 10_000 }).toBe(2);
    room.peer.removeAll(...said);
    await expect.poll(left, { timeout: 10_000 }).toBe(0);
  });

  test("E12: a message that is taken back while it is being stored is stored and taken back", async () => {
    room.away(true);
    const said = room.peer.mention("garden", "ada", "a hasty word");
    const failures = () => room.lines.filter((line) => line.includes("discord.not_stored")).length;
    const before = failures();
    await vi.waitFor(() => expect(failures()).toBeGreaterThan(before), 10_000);
    room.peer.remove(said);
    room.away(false);
    await expect.poll(() => room.query(VERSIONS, [said.id]), { timeout: 10_000 }).toHaveLength(2);
    expect(await room.stored("hasty")).toEqual([]);
  });

  test("a stranger is told privately how to be let in, once, and costs no model", async () => {
    await room.nova.nova.settled();
    const calls = model.heard.length;
    room.peer.mention("garden", "zoe", "let me in");
    const told = await room.reply(room.peer.dmChannel("zoe"), "do not know this account");
    expect(told).toContain("/link");
    room.peer.dm("zoe", "hello?");
    await room.nova.nova.settled();
    expect(room.peer.replies(room.peer.dmChannel("zoe"))).toHaveLength(1);
    expect(model.heard).toHaveLength(calls);
  });
});

test("C2: whoever goes on with wrong codes is told so three times an hour and then met with silence", async () => {
  const eve = room.peer.dmChannel("eve");
  const told = () => room.peer.replies(eve).length;
  for (let i = 0; i < 6; i += 1) {
    room.peer.dm("eve", "/link AAAA-AAAA");
    await expect.poll(told, { timeout: 10_000 }).toBe(Math.min(i + 1, 3));
  }
  const last = room.peer.dm("ada", "what about Eve?");
  await expect.poll(() => room.query("select 1 from message where message_key = $1", [last.id])).toHaveLength(1);
  await room.nova.nova.settled();
  expect(told()).toBe(3);
});

describe("commands at Discord", () => {
  test("by the gateway they are deferred, completed and answered as by posts, and twice is once", async () => {
    const id = await room.peer.command("ada", "ask", { question: "what is ripe?" }, { channel: "garden" });
    expect(await room.answer(id)).toContain("Here you are.");
    expect(room.peer.interaction(id)).toMatchObject({ deferred: true, ephemeral: true });
    const turns = await room.turns();
    await room.peer.again(id);
    expect(await room.peer.autocomplete("ada", "ask", { agent: "libr" })).toMatchObject([{ value: "librarian" }]);
    await room.nova.nova.settled();
    expect(await room.turns()).toBe(turns);
  });

  test("C2 registration: the set is written when it differs, in all contexts and for both installs, and then left alone", async () => {
    const { peer } = room;
    expect(peer.calls(PUT_COMMANDS)).toHaveLength(1);
    expect(peer.world.commands.map(({ name }) => name)).toEqual(
      expect.arrayContaining(["ask", "agent", "remember", "recall", "why", "stop"]),
    );
    for (const command of peer.world.commands)
      expect(command).toMatchObject({
        contexts: [0, 1, 2],
        integration_types: [0, 1],
        description: expect.stringMatching(/^.{1,100}$/),
      });
    const { DISCORD_TOKEN: token = "", DISCORD_API_URL: api = "" } = peer.env();
    const rest = createRest({ token, api, clock: peer.world.clock });
    const application = peer.world.application.id;
    await expect(register({ rest, application })).resolves.toEqual({ kind: "unchanged" });
    expect(peer.calls(PUT_COMMANDS)).toHaveLength(1);
    const known = peer.world.commands;
    peer.world.commands = known.map((each) => ({
      ...each,
      options: jsonList(each["options"]).map((option) => ({ ...option, choices: [{ name: "One", value: "one" }] })),
    }));
    await expect(register({ rest, application, mayWrite: false })).resolves.toEqual({ kind: "differs" });
    peer.world.commands = known.slice(1);
    await expect(register({ rest, application, mayWrite: false })).resolves.toEqual({ kind: "differs" });
    await expect(register({ rest, application })).resolves.toEqual({ kind: "written" });
    expect(peer.calls(PUT_COMMANDS)).toHaveLength(2);
  });
});

describe("the connection", () => {
  test("E15: a socket that has gone silent is not green within two heartbeats, and is resumed by itself", async () => {
    await vi.waitFor(async () =>
      expect(await room.health()).toMatchObject({ transport: { ok: true }, auth: { ok: true } }),
    );
    const { resumed } = room.peer.gateway.counts;
    room.peer.gateway.mute();
    const since = performance.now();
    await vi.waitFor(async () => expect((await room.health()).transport.ok).toBe(false), {
      timeout: 10_000,
      interval: 50,
    });
    expect(performance.now() - since).toBeLessThan(2 * HEARTBEAT_MS + 1_500);
    room.peer.dm("ada", "said into the silence");
    await vi.waitFor(() => expect(room.peer.gateway.counts.resumed).toBeGreaterThan(resumed), 15_000);
    await heard("said into the silence");
    await vi.waitFor(async () => expect((await room.health()).transport.ok).toBe(true), 10_000);
  });

  test("C2 gateway: told to come again (op 7) it resumes, and with a session that is over (op 9) it begins anew", async () => {
    const { peer } = room;
    const { resumed, identified } = peer.gateway.counts;
    peer.gateway.reconnect();
    await vi.waitFor(() => expect(peer.gateway.counts.resumed).toBe(resumed + 1), 10_000);
    peer.gateway.drop();
    peer.gateway.forget();
    // Discord lets nobody identify twice in five seconds.
    await vi.waitFor(() => expect(peer.gateway.counts.identified).toBe(identified + 1), 15_000);
    peer.dm("ada", "are you back?");
    await heard("are you back?");
  });

  test.each([
    [4014, /intents/, /Privileged Gateway Intents/],
    [4004, /token/, /DISCORD_TOKEN/],
    [4013, /intents/, /Update/],
  ])(
    "C2 gateway: a close that no waiting mends (%i) ends the channel and says what to do",
    async (code, what, remedy) => {
      const { peer } = room;
      peer.gateway.refuse(code);
      await expect(held({})).rejects.toMatchObject({
        code: "bad_config",
        message: expect.stringMatching(what),
        advice: expect.stringMatching(remedy),
      });
      peer.gateway.refuse(null);
    },
  );

  test("a wrong token ends the channel and says where the right one is", async () => {
    await expect(held({ token: "d3Jvbmc.wrong.token" })).rejects.toMatchObject({
      code: "bad_config",
      advice: expect.stringContaining("DISCORD_TOKEN"),
    });
  });

  test("a connection that does not come back by itself ends, so that a new one is made", async () => {
    let now = new Date("2026-11-21T10:00:00Z");
    const pulse = createPulse({ now: () => now });
    const ended = held({ pulse, watchMs: 20 });
    await vi.waitFor(() => expect(pulse.health().ok).toBe(true));
    now = new Date(now.getTime() + 5 * 60_000 + 1);
    await expect(ended).rejects.toMatchObject({ code: "unavailable" });
  });

  test("commands that Discord does not take leave what is connected alone, and its token is proved again and again", async () => {
    const { peer } = room;
    peer.next("GET /applications/{application_id}/commands", { status: 403, code: 20_012 });
    const gateway = given();
    const rest = createRest({ ...gateway, clock: peer.world.clock });
    const ending = new AbortController();
    let isUp = false;
    const held = listen(
      { rest, application: gateway.application, log: silentLog, gateway, proofMs: 20 },
      ending.signal,
      () => {
        isUp = true;
      },
    );
    await expect.poll(() => isUp, { timeout: 10_000 }).toBe(true);
    const proofs = () => peer.calls("GET /users/@me").length;
    const before = proofs();
    await expect.poll(proofs).toBeGreaterThan(before + 1);
    expect(rest.auth().ok).toBe(true);
    ending.abort();
    await held;
  });

  function held(more: { readonly token?: string; readonly pulse?: Pulse; readonly watchMs?: number }): Promise<void> {
    return holdGateway({ ...given(), ...more }, AbortSignal.timeout(10_000), () => undefined);
  }

  function given() {
    const {
      DISCORD_TOKEN: token = "",
      DISCORD_API_URL: api = "",
      DISCORD_APPLICATION_ID: application = "",
    } = room.peer.env();
    const pulse = createPulse(room.peer.world.clock);
    return { token, api, application, pulse, log: silentLog, take: () => undefined };
  }
});

test("C2: all that was sent is as Discord's description has it, and no log line holds a token or words of anybody", () => {
  expect(room.peer.violations).toEqual([]);
  const all = room.lines.join("\n");
  for (const secret of [room.peer.world.token, "tomatoes", "Here you are", "let me in"])
    expect(all).not.toContain(secret);
});
