/** GitHub as the sender: every real payload signed and stored, and a GitHub that nobody of this house wrote. */
import { createEmulator, type Emulator } from "emulate";
import { afterAll, beforeAll, expect, test, vi } from "vitest";
import type { Database } from "../../src/postgres/engine/database.ts";
import { testDatabase } from "../support/database.ts";
import { GITHUB_EXAMPLES } from "./github-examples.ts";
import { githubSigned, idOf, openWebhookRoom, type WebhookRoom } from "./webhook-room.ts";

const SECRET = "It's a Secret to Everybody";
let database: Database;
let room: WebhookRoom;

beforeAll(async () => {
  database = await testDatabase();
  room = await openWebhookRoom(database);
  await room.add("repo", { preset: "github", secret: SECRET });
});
afterAll(async () => {
  await room.close();
  await database.close();
});

const opened = JSON.stringify({
  action: "opened",
  issue: { number: 7, title: "It burns", body: "Help!", html_url: "https://github.com/octo/hello/issues/7" },
  repository: { full_name: "octo/hello" },
  sender: { login: "octocat" },
});

test("each of 329 real payloads is stored as a readable message in the conversation of its repository", async () => {
  const posts = GITHUB_EXAMPLES.flatMap(({ name, examples }) => examples.map((body) => ({ name, body })));
  expect(posts).toHaveLength(329);
  const before = await room.count();
  for (const { name, body } of posts) {
    const text = JSON.stringify(body);
    const answer = await room.post("repo", await githubSigned(SECRET, name, text), text);
    expect(answer.status).toBe(202);
    const row = await room.rowOf(idOf(answer));
    expect(row).toMatchObject({ origin: "outside", text: expect.stringMatching(/\w\**\.?/) });
    expect(row.container).toBe((body as { repository?: { full_name: string } }).repository?.full_name ?? "main");
  }
  expect(await room.count()).toBe(before + 329);
}, 120_000);

test("a delivery that GitHub sends again is the message that it was", async () => {
  const headers = await githubSigned(SECRET, "issues", opened, "delivery-1");
  const first = await room.post("repo", headers, opened);
  const again = await room.post("repo", headers, opened);
  expect([first.status, again.status]).toEqual([202, 200]);
  expect(idOf(again)).toBe(idOf(first));
  expect((await room.rowOf(idOf(first))).text).toBe(
    "**octocat** opened the issue #7 in **octo/hello**.\n\nTitle: It burns\n\n> Help!\n\n<https://github.com/octo/hello/issues/7>",
  );
});

test("what is not signed with the secret, or signed as it was not sent, is refused", async () => {
  const good = await githubSigned(SECRET, "issues", opened);
  const without = (header: keyof typeof good) =>
    Object.fromEntries(Object.entries(good).filter(([name]) => name !== header));
  const refused = await Promise.all([
    room.post("repo", await githubSigned("another", "issues", opened), opened),
    room.post("repo", good, `${opened} `),
    room.post("repo", good, ""),
    room.post("repo", { ...good, "x-hub-signature-256": good["x-hub-signature-256"].toUpperCase() }, opened),
    room.post("repo", { ...good, "x-hub-signature-256": "sha256=" }, opened),
    room.post("repo", { ...good, "x-github-event": "__proto__" }, opened),
    ...(["x-github-event", "x-github-delivery", "x-hub-signature-256"] as const).map((header) =>
      room.post("repo", without(header), opened),
    ),
  ]);
  expect(refused.map(({ status }) => status)).toEqual(Array.from({ length: 9 }, () => 401));
});

test("an old secret is good while it is rotated", async () => {
  const { secret: old } = await room.add("rotating", { preset: "github" });
  const { secret: fresh } = await room.endpoints.rotate("rotating", new Date(Date.now() + 60_000));
  for (const secret of [old, fresh]) {
    expect((await room.post("rotating", await githubSigned(secret, "ping", "{}"), "{}")).status).toBe(202);
  }
});

test("the form type is refused, with what to set at GitHub", async () => {
  const body = `payload=${encodeURIComponent(opened)}`;
  const headers = await githubSigned(SECRET, "issues", body);
  const type = { "content-type": "application/x-www-form-urlencoded" };
  const answer = await room.post("repo", { ...headers, ...type }, body);
  expect(answer.status).toBe(400);
  expect(answer.body).toMatchObject({ error: { message: expect.stringContaining('"Content type"') } });
});

test("a GitHub of others' making reports a new issue, its comment and its end", async () => {
  const { github, call } = await openGithub();
  try {
    await room.add("emulated", { preset: "github", secret: SECRET });
    await call("POST", "/user/repos", { name: "hearth" });
    const config = { url: `${room.url}/hooks/emulated`, content_type: "json", secret: SECRET };
    await call("POST", "/repos/octocat/hearth/hooks", { config, events: ["*"], active: true });
    const title = "The oven is *cold*";
    await call("POST", "/repos/octocat/hearth/issues", { title, body: "Since this morning.\n# Really" });
    await call("POST", "/repos/octocat/hearth/issues/1/comments", { body: "I lit it." });
    await call("PATCH", "/repos/octocat/hearth/issues/1", { state: "closed" });

    const texts = await vi.waitFor(async () => {
      const said = (await room.said("emulated", "octocat/hearth")).map(({ text }) => text);
      expect(said).toEqual(expect.arrayContaining([expect.stringContaining("closed the issue #1")]));
      return said;
    });
    const told = texts.find((text) => text.includes("opened the issue #1")) ?? "";
    expect(told).toMatch(/^\*\*octocat\*\* opened the issue #1 in \*\*octocat\/hearth\*\*\./);
    expect(told).toContain("Title: The oven is \\*cold\\*");
    expect(told).toContain("> Since this morning.\n> # Really");
    expect(texts.some((text) => text.includes("commented on the issue #1") && text.includes("> I lit it."))).toBe(true);
    expect((await room.endpoints.named("emulated"))?.lastPostAt).toBeInstanceOf(Date);
  } finally {
    await github.close();
  }
});

/** Listens on loopback only. */
async function openGithub() {
  const token = "test_token_octocat";
  const github: Emulator = await createEmulator({
    service: "github",
    hostname: "127.0.0.1",
    port: 0,
    seed: {
      tokens: { [token]: { login: "octocat", scopes: ["repo", "user", "admin:repo_hook"] } },
      github: { users: [{ login: "octocat" }] },
    },
  });
  const call = async (method: string, path: string, body: object): Promise<void> => {
    const answer = await fetch(github.url + path, {
      method,
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(body),
    });
    if (!answer.ok) throw new Error(`${method} ${path} was answered ${answer.status}: ${await answer.text()}`);
  };
  return { github, call };
}
