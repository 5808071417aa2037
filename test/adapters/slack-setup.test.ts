/** `nova init slack`: every thing that can be wrong with a new app is found, named with its remedy, and never quoted. */
import { readdir, readFile } from "node:fs/promises";
import { createServer, request } from "node:http";
import type { AddressInfo } from "node:net";
import { afterAll, beforeAll, describe, expect, test } from "vitest";
import type { SetupContext } from "#core";
import { setup } from "../../adapters/slack/setup/setup.ts";
import { BOT_SCOPES } from "../support/slack/workspace.ts";
import { freePort } from "../support/own-server.ts";
import { startNova } from "../support/nova.ts";
import { startSlackPeer, type SlackPeer } from "../support/slack/peer.ts";
import { outcomes, setupContext, triedSetup } from "./setup-trial.ts";

let slack: SlackPeer;
beforeAll(async () => void (slack = await startSlackPeer()));
afterAll(() => slack.close());

const context = setupContext;
const names = outcomes;
const tried = (given: SetupContext) => triedSetup(setup, given, Object.values(slack.tokens));
const owner = (user = "ada") => ({ platform: "slack", scope: slack.team, id: slack.users[user] ?? user });

test("with all in its place it ends with a message to the owner", async () => {
  const checks = await tried(context(slack.env("socket"), { owners: [owner(firstUser())] }));
  expect(checks.filter(({ ok }) => !ok)).toEqual([]);
  expect(checks.map(({ name }) => name)).toEqual(["bot token", "scopes", "connection", "owner", "self-test"]);
  const [said] = await slack.replies(await slack.direct(firstUser()));
  expect(said?.["text"]).toContain("Answer me");
  expect(checks[0]?.detail).toContain(slack.team);

  const again = await tried(context(slack.env("socket"), { owners: [owner(firstUser())] }));
  expect(again.at(-1)).toMatchObject({ ok: true, detail: expect.stringContaining("wrote to you earlier") });
  const later = { now: () => new Date(Date.now() + 25 * 60 * 60_000) };
  await tried(context(slack.env("socket"), { owners: [owner(firstUser())], clock: later }));
  expect(await slack.replies(await slack.direct(firstUser()))).toHaveLength(2);
});

test("the doctor's look writes nothing and opens no connection", async () => {
  const writing = () => [...slack.calls("chat.postMessage"), ...slack.calls("conversations.open")].length;
  const before = writing();
  const checks = await tried(context(slack.env("socket"), { owners: [owner(firstUser())], mayWrite: false }));
  expect(checks.map(({ name }) => name)).toEqual(["bot token", "scopes", "app token", "owner"]);
  expect(writing()).toBe(before);
});

const firstUser = (): string => Object.keys(slack.users)[0] ?? "";

describe("what is wrong is told with its remedy:", () => {
  const without = (name: string): Record<string, string> => {
    const { [name]: _gone, ...rest } = slack.env("socket");
    return rest;
  };

  test("no tokens at all: which, and where to find each", async () => {
    const checks = await tried(context({}));
    expect(names(checks)).toEqual([
      ["SLACK_BOT_TOKEN", false],
      ["SLACK_APP_TOKEN", false],
    ]);
    for (const { remedy } of checks) expect(remedy).toContain("https://api.slack.com/apps");
    expect(names(await tried(context({ SLACK_MODE: "http" })))).toEqual([
      ["SLACK_BOT_TOKEN", false],
      ["SLACK_SIGNING_SECRET", false],
      ["address", false],
    ]);
    expect(names(await tried(context(without("SLACK_APP_TOKEN"))))).toEqual([["SLACK_APP_TOKEN", false]]);
  });

  test("tokens that were exchanged, and a mode that there is not", async () => {
    const { SLACK_BOT_TOKEN: bot = "", SLACK_APP_TOKEN: app = "", ...rest } = slack.env("socket");
    const checks = await tried(context({ ...rest, SLACK_BOT_TOKEN: app, SLACK_APP_TOKEN: bot }));
    expect(names(checks)).toEqual([
      ["SLACK_BOT_TOKEN", false],
      ["SLACK_APP_TOKEN", false],
    ]);
    expect(checks[0]).toMatchObject({
      detail: expect.stringContaining("holds the app token (xapp-…)"),
      remedy: expect.stringContaining("Give the value of SLACK_BOT_TOKEN to SLACK_APP_TOKEN"),
    });
    expect(names(await tried(context({ SLACK_MODE: "rtm" })))).toEqual([["SLACK_MODE", false]]);
  });

  test("tokens that Slack does not know", async () => {
    const env = slack.env("socket");
    expect(await tried(context({ ...env, SLACK_BOT_TOKEN: "xoxb-2-other" }))).toMatchObject([
      { name: "bot token", ok: false, detail: expect.stringContaining("invalid_auth") },
    ]);
    expect((await tried(context({ ...env, SLACK_APP_TOKEN: "xapp-2-other" }))).at(-1)).toMatchObject({
      name: "app token",
      ok: false,
      remedy: expect.stringContaining("connections:write"),
    });
  });

  test("scopes that are missing, each by name", async () => {
    slack.good.scopes = BOT_SCOPES.filter((scope) => scope !== "files:read" && scope !== "im:write");
    const checks = await tried(context(slack.env("socket")));
    slack.good.scopes = BOT_SCOPES;
    expect(checks.at(-1)).toMatchObject({ name: "scopes", ok: false, detail: "The token lacks files:read, im:write." });
  });

  test("an app token of another kind", async () => {
    slack.next("apps.connections.open", { error: "not_allowed_token_type" });
    expect((await tried(context(slack.env("socket")))).at(-1)).toMatchObject({ name: "app token", ok: false });
  });

  test("an owner of another workspace, and one whom nobody knows", async () => {
    for (const other of [{ ...owner(), scope: "T0OTHER" }, owner("U0NOBODY")])
      expect((await tried(context(slack.env("socket"), { owners: [other] }))).at(-1)).toMatchObject({
        name: "owner",
        ok: false,
        remedy: expect.stringContaining(`NOVA_OWNER=slack:${slack.team}/`),
      });
  });

  test("a Slack that cannot be reached", async () => {
    const server = createServer();
    await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
    const { port } = server.address() as AddressInfo;
    await new Promise((done) => server.close(done));
    const env = { ...slack.env("socket"), SLACK_API_URL: `http://127.0.0.1:${port}/api/` };
    expect(await tried(context(env))).toMatchObject([
      {
        name: "bot token",
        ok: false,
        detail: "Slack did not answer: nothing listens there (ECONNREFUSED).",
        remedy: expect.stringContaining("firewall"),
      },
    ]);
  });
});

test("the manifest asks for the scopes of the methods that are called, and for no others", async () => {
  const folder = new URL("../../adapters/slack/", import.meta.url);
  const files = (await readdir(folder, { recursive: true })).filter((name) => name.endsWith(".ts"));
  const texts = await Promise.all(files.map((name) => readFile(new URL(name, folder), "utf8")));
  const called = texts.flatMap((text) => [
    ...[...text.matchAll(/\bclient\.((?:\w+\.)+\w+)\(/g)].map(([, method = ""]) => method),
    ...[...text.matchAll(/\bcall\("([\w.]+)"/g)].map(([, method = ""]) => method),
  ]);
  const needed = called.flatMap(
    (method) => SCOPES_OF.find(([name]) => method.startsWith(name))?.[1] ?? [`? ${method}`],
  );
  const asked = JSON.parse(setup.guide(context({})).paste ?? "").oauth_config.scopes.bot;
  expect(asked.toSorted()).toEqual([...new Set([...needed, ...OF_EVENTS])].toSorted());
});

const HISTORY = ["channels:history", "groups:history", "im:history", "mpim:history"];
const SCOPES_OF: readonly (readonly [method: string, scopes: readonly string[]])[] = [
  ["auth.test", []],
  ["apps.connections.open", []],
  ["chat.", ["chat:write"]],
  ["assistant.threads.", ["assistant:write"]],
  ["conversations.open", ["im:write"]],
  ["conversations.history", HISTORY],
  ["conversations.replies", HISTORY],
  ["files.info", ["files:read"]],
  ["users.info", ["users:read"]],
  ["views.", []],
];
/** Of mentions, messages, and the slash command. */
const OF_EVENTS = ["app_mentions:read", ...HISTORY, "commands"];

describe("over HTTP", () => {
  const http = () => slack.env("http");

  test("the address is tried as Slack would try it, once Nova runs", async () => {
    expect((await tried(context(http()))).find(({ name }) => name === "address")).toMatchObject({ ok: true });
    for (const [status, body, ok] of [
      [200, '{"challenge":"nova-init"}', true],
      [401, "", false],
      [404, "", false],
      [200, "<h1>Hello</h1>", false],
    ] as const) {
      const server = createServer((_request, response) => response.writeHead(status).end(body));
      await new Promise<void>((done) => server.listen(0, "127.0.0.1", done));
      const publicUrl = `http://127.0.0.1:${(server.address() as AddressInfo).port}`;
      const checks = await tried(context(http(), { publicUrl, serving: true }));
      await new Promise((done) => server.close(done));
      expect(checks.find(({ name }) => name === "address")).toMatchObject({ ok });
    }
    expect((await tried(context(http(), { publicUrl: "http://127.0.0.1:9", serving: true }))).at(-1)?.ok).toBe(false);
  });

  test("a running Nova answers to the public address that Slack posts to, with no web chat beside it", async () => {
    const port = await freePort();
    const env = { ...http(), NOVA_PORT: String(port), NOVA_PUBLIC_URL: "https://nova.example/" };
    await using room = await startNova({ adapters: ["slack"], env, service: true });
    expect(await room.nova.start({ controlToken: "a".repeat(32) })).toMatchObject({ url: "https://nova.example" });
    expect(await room.verb("status")).toMatchObject({ url: "https://nova.example" });
    const answered = (host: string) =>
      new Promise<number | undefined>((resolve, reject) => {
        const sent = request({ port, host: "127.0.0.1", method: "POST", path: "/slack/events", headers: { host } });
        sent.on("response", (response) => resolve(response.resume().statusCode)).on("error", reject);
        sent.end("{}");
      });
    // It is nobody's whom Slack vouches for; a name that is not Nova's is turned away before that is looked at.
    expect(await answered("nova.example")).toBe(401);
    expect(await answered("other.example")).toBe(421);
  });

  test("a running Nova takes what this secret signed, and nothing that another one did", async () => {
    await using room = await startNova({ adapters: ["slack"], env: http(), service: true });
    const news: unknown[] = [];
    const onChannel = (each: unknown): void => void news.push(each);
    const { url: publicUrl } = await room.nova.start({ controlToken: "a".repeat(32), onChannel });
    await expect.poll(() => news).toEqual([{ platform: "slack", kind: "up", servedAt: "/slack/events" }]);
    const given = { publicUrl, serving: true };
    expect(await tried(context(http(), given))).toMatchObject([
      {},
      {},
      { name: "address", ok: true },
      { name: "owner" },
    ]);
    const other = { ...http(), SLACK_SIGNING_SECRET: "0123456789abcdef0123456789abcdef" };
    expect((await tried(context(other, given))).at(-1)).toMatchObject({
      name: "address",
      ok: false,
      remedy: expect.stringContaining("Restart Nova"),
    });
  });

  test("an address that Slack cannot post to is ill before anything is tried, and stands in no manifest", async () => {
    const { SLACK_API_URL: _peer, ...env } = http();
    expect(await tried(context(env))).toMatchObject([
      { name: "address", ok: false, remedy: expect.stringContaining("NOVA_PUBLIC_URL") },
    ]);
    expect(await tried(context({ ...env, SLACK_API_URL: "https://slack.com/api" }))).toMatchObject([{ ok: false }]);
    const { lines, paste } = setup.guide(context(env));
    expect(paste).toBeNull();
    expect(lines.join("\n")).toContain("0. Set NOVA_PUBLIC_URL");
  });

  test("the manifest names the address, and Socket Mode's does not", () => {
    const of = (env: SetupContext["env"]) =>
      JSON.parse(setup.guide(context(env, { publicUrl: "https://nova.example" })).paste ?? "");
    const url = "https://nova.example/slack/events";
    expect(of({ SLACK_MODE: "http" })).toMatchObject({
      features: { slash_commands: [{ command: "/nova", url }] },
      settings: {
        event_subscriptions: { request_url: url },
        interactivity: { is_enabled: true, request_url: url },
        socket_mode_enabled: false,
      },
    });
    expect(JSON.stringify(of({}))).not.toContain("nova.example");
    expect(of({})).toMatchObject({ settings: { socket_mode_enabled: true }, features: { agent_view: {} } });
  });

  test("the steps differ: a secret and an address instead of a token for the connection", () => {
    const told = (env: SetupContext["env"]) => setup.guide(context(env)).lines.join("\n");
    expect(told({ SLACK_MODE: "http" })).toMatch(/SLACK_SIGNING_SECRET[^]*NOVA_PUBLIC_URL/);
    expect(told({})).toContain("SLACK_APP_TOKEN");
    expect(told({})).not.toContain("SLACK_SIGNING_SECRET");
  });
});
