/** `nova init discord`: every thing that can be wrong with a new application is found, named with its remedy, and never quoted. */
import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import { EVERYWHERE_SCOPE, type SetupContext } from "#core";
import { COMMANDS } from "../../adapters/discord/inbound/commands.ts";
import { setup } from "../../adapters/discord/setup/setup.ts";
import { startNova } from "../support/nova.ts";
import { startDiscordPeer, type DiscordPeer } from "../support/discord/peer.ts";
import { outcomes, setupContext, triedSetup } from "./setup-trial.ts";

let discord: DiscordPeer;
beforeAll(async () => void (discord = await startDiscordPeer()));
afterAll(() => discord.close());

const context = setupContext;
const names = outcomes;
const tried = (given: SetupContext) => triedSetup(setup, given, [discord.world.token]);
const owner = () => ({ platform: "discord", scope: EVERYWHERE_SCOPE, id: discord.user("ada").id });
const PUT = "PUT /applications/{application_id}/commands";
const POSTED = "POST /channels/{channel_id}/messages";

test("the doctor's look writes nothing, registers nothing and stays out of the gateway", async () => {
  const checks = await tried(context(discord.env(), { owners: [owner()], mayWrite: false }));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ name }) => name)).toEqual(["token", "application", "commands", "gateway", "owner"]);
  expect(discord.calls().every(({ method }) => method === "GET")).toBe(true);
  expect(discord.gateway.open()).toBe(0);
});

test("with all in its place the commands are registered, once, and it ends with a message to the owner", async () => {
  const first = await tried(context(discord.env(), { owners: [owner()] }));
  expect(first.filter(({ ok }) => !ok)).toEqual([]);
  expect(first.map(({ name }) => name)).toEqual(["token", "application", "commands", "gateway", "self-test"]);
  expect(first[2]?.detail).toContain(`Registered ${COMMANDS.length} commands: /ask`);
  const [said] = discord.replies(discord.dmChannel("ada"));
  expect(said?.content).toContain("Answer me");
  const more = await tried(context(discord.env(), { owners: [owner()] }));
  expect(more.at(-1)).toMatchObject({ ok: true, detail: expect.stringContaining("wrote to you earlier") });
  expect(discord.replies(discord.dmChannel("ada"))).toHaveLength(1);

  const again = await tried(context(discord.env()));
  expect(again[2]?.detail).toContain("unchanged");
  expect(discord.calls(PUT)).toHaveLength(1);
  expect(discord.violations).toEqual([]);
});

describe("what is wrong is told with its remedy:", () => {
  test("nothing is set: which variables, and where to find each", async () => {
    const checks = await tried(context({}));
    expect(names(checks)).toEqual([
      ["DISCORD_TOKEN", false],
      ["DISCORD_APPLICATION_ID", false],
    ]);
    for (const { remedy } of checks) expect(remedy).toContain("https://discord.com/developers/applications");
    expect(names(await tried(context({ DISCORD_MODE: "http" }))).slice(-2)).toEqual([
      ["DISCORD_PUBLIC_KEY", false],
      ["address", false],
    ]);
    expect(names(await tried(context({ DISCORD_MODE: "udp" })))).toEqual([["DISCORD_MODE", false]]);
  });

  test("a token that Discord does not know", async () => {
    expect(await tried(context({ ...discord.env(), DISCORD_TOKEN: "reset.since.then" }))).toMatchObject([
      { name: "token", ok: false, remedy: expect.stringContaining("Reset Token") },
    ]);
  });

  test("a token of another application, with the id to set", async () => {
    const env = { ...discord.env(), DISCORD_APPLICATION_ID: "123456789012345678" };
    expect((await tried(context(env))).at(-1)).toMatchObject({
      name: "application",
      ok: false,
      remedy: `Set DISCORD_APPLICATION_ID=${discord.world.application.id}.`,
    });
  });

  test("a key of another application, and an address that is not entered yet", async () => {
    const env = discord.env("http");
    expect((await tried(context({ ...env, DISCORD_PUBLIC_KEY: "00".repeat(32) }))).at(-1)).toMatchObject({
      name: "application",
      ok: false,
      detail: expect.stringContaining("DISCORD_PUBLIC_KEY"),
    });
    expect((await tried(context(env, { publicUrl: "https://nova.example" }))).at(-1)).toMatchObject({
      ok: false,
      remedy: expect.stringContaining("https://nova.example/discord/interactions"),
    });
  });

  test("settings that the start refuses, and an address that Discord cannot post to", async () => {
    expect(await tried(context({ ...discord.env(), DISCORD_APPLICATION_ID: "nova" }))).toMatchObject([
      { name: "DISCORD_APPLICATION_ID", ok: false, detail: "It must be a number of up to 20 digits." },
    ]);
    const { DISCORD_API_URL: _peer, ...env } = discord.env("http");
    expect(await tried(context(env))).toMatchObject([
      { name: "address", ok: false, remedy: expect.stringContaining("NOVA_PUBLIC_URL") },
    ]);
  });

  test("an owner that is a name, and one whom the bot cannot write to", async () => {
    const named = { ...owner(), id: "ada" };
    expect((await tried(context(discord.env(), { owners: [named] }))).at(-1)).toMatchObject({
      name: "owner",
      ok: false,
    });
    const nobody = { ...owner(), id: "999999999999999999" };
    expect((await tried(context(discord.env(), { owners: [nobody] }))).at(-1)).toMatchObject({
      name: "self-test",
      ok: false,
      remedy: expect.stringContaining("Share a server"),
    });
    expect(discord.calls(POSTED)).toHaveLength(1);
  });

  test("a Discord that cannot be reached", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    const env = { ...discord.env(), DISCORD_API_URL: `http://127.0.0.1:${port}/api` };
    expect(await tried(context(env))).toMatchObject([
      { name: "token", ok: false, detail: "Discord did not answer: nothing listens there (ECONNREFUSED)." },
    ]);
  });
});

test("over HTTP the address of a running Nova is tried, and then whether it was entered", async () => {
  await using room = await startNova({ adapters: ["discord"], env: discord.env("http"), service: true });
  const { url: publicUrl } = await room.nova.start({ controlToken: "a".repeat(32) });
  const here = await tried(context(discord.env("http"), { publicUrl, serving: true }));
  expect(here.slice(-2)).toMatchObject([
    { name: "address", ok: true },
    { name: "endpoint", ok: false, remedy: expect.stringContaining(`${publicUrl}/discord/interactions`) },
  ]);
  const elsewhere = await tried(context(discord.env("http"), { publicUrl: `${publicUrl}/nova`, serving: true }));
  expect(elsewhere.at(-1)).toMatchObject({ name: "address", ok: false, detail: expect.stringContaining("404") });
});

test("the steps hold what is set already, for the other platform too", () => {
  const env = { NOVA_OWNER: "slack:T1/U1", NOVA_ADAPTERS: "web,slack" };
  const told = setup.guide(context(env)).lines.join("\n");
  expect(told).toContain("NOVA_OWNER=slack:T1/U1,discord:<your user ID>");
  expect(told).toContain("NOVA_ADAPTERS=web,slack,discord\n");
  const mine = { NOVA_OWNER: "discord:42", NOVA_ADAPTERS: "web, discord" };
  expect(setup.guide(context(mine)).lines.join("\n")).toMatch(/NOVA_OWNER=discord:42\n[^]*NOVA_ADAPTERS=web,discord\n/);
});

test("the link asks for what Nova uses, and is told as soon as the application is known", () => {
  expect(setup.guide(context({})).paste).toBeNull();
  const link = new URL(setup.guide(context({ DISCORD_APPLICATION_ID: "42" })).paste ?? "");
  expect(Object.fromEntries(link.searchParams)).toEqual({
    client_id: "42",
    integration_type: "0",
    scope: "bot applications.commands",
    // View channels, send messages, also in threads, read the history.
    permissions: String((1n << 10n) | (1n << 11n) | (1n << 16n) | (1n << 38n)),
  });
});
