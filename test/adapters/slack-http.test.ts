/** Slack's requests over HTTP: whose they are is settled on the raw bytes, and what is not stored is asked for again. */
import { afterAll, beforeAll, describe, expect, test, vi } from "vitest";
import { z } from "zod";
import { NovaError } from "#core";
import slackAdapter from "../../adapters/slack/index.ts";
import { post, sendSigned, signedHeaders, type Forgery } from "../support/slack/signed-sender.ts";
import { openSlackDoor, type SlackDoor } from "./slack-door.ts";

let door: SlackDoor;
beforeAll(async () => {
  door = await openSlackDoor("http");
  await door.listen();
});
afterAll(() => door[Symbol.asyncDispose]());

const JSON_TYPE = { "content-type": "application/json" };
const sealed = (body: string | Uint8Array, forgery?: Forgery) =>
  post(door.url, body, { ...JSON_TYPE, ...signedHeaders(body, new Date(), forgery) });

const ASKED = JSON.stringify({ type: "url_verification", challenge: "3eZbrw1aB" });

describe("C1 verify", () => {
  test("C1 verify: a signature over version, time and raw body opens the door", async () => {
    expect(await sealed(ASKED)).toMatchObject({ status: 200, body: { challenge: "3eZbrw1aB" } });
  });

  test.each<[string, Forgery]>([
    ["another secret", { secret: "another-secret-of-32-characters!" }],
    ["an empty secret", { secret: "" }],
    ["no signature", { signature: null }],
    ["an empty signature", { signature: "" }],
    ["a signature of another version", { signature: `v1=${"0".repeat(64)}` }],
    ["a signature cut short", { signature: "v0=00" }],
    ["a signature that is no hex", { signature: `v0=${"é".repeat(64)}`.replaceAll("é", "g") }],
    ["no time", { stamp: null }],
    ["a time that is no number", { stamp: "soon" }],
    ["a time more than 5 minutes ago", { skew: -301 }],
    ["a time more than 5 minutes ahead", { skew: 302 }],
  ])("S17, C1 verify: %s is refused with 401", async (_, forgery) => {
    expect((await sealed(ASKED, forgery)).status).toBe(401);
  });

  test("C1 verify: however many requests have no good signature, the log tells of them once a minute", async () => {
    const warnings = () => door.logged().split("slack.unverified").length - 1;
    door.pass(61_000);
    const before = warnings();
    for (let n = 0; n < 3; n += 1) await sealed(ASKED, { secret: "" });
    expect(warnings()).toBe(before + 1);
    door.pass(61_000);
    await sealed(ASKED, { secret: "" });
    expect(warnings()).toBe(before + 2);
    expect(door.logged()).toMatch(/"requests":3/);
    door.pass(-122_000);
  });

  test.each([-295, 295])("C1 verify: a clock that differs by %i seconds is good enough", async (skew) => {
    expect((await sealed(ASKED, { skew })).status).toBe(200);
  });

  test("C1 verify: raw bytes are verified before anything is read, so a challenge alone opens nothing", async () => {
    expect((await post(door.url, ASKED, JSON_TYPE)).body).toEqual({});
    expect((await post(door.url, ASKED, JSON_TYPE)).status).toBe(401);
    // One byte more or less is another body, though it parses to the same.
    expect((await post(door.url, `${ASKED} `, { ...JSON_TYPE, ...signedHeaders(ASKED, new Date()) })).status).toBe(401);
  });

  test("C1 verify: bytes that are no text are verified as they are, and then not understood", async () => {
    expect((await sealed(Uint8Array.of(0xff, 0xfe, 0x7b))).status).toBe(400);
    expect((await sealed('{"type":"event_callback","event":')).status).toBe(400);
  });

  test("C1 verify: a look at the certificate is let through for exactly ssl_check=1, and nothing is done for it", async () => {
    const form = { "content-type": "application/x-www-form-urlencoded" };
    const before = door.inbounds.length;
    expect((await post(door.url, "ssl_check=1&token=x", form)).status).toBe(200);
    for (const check of ["ssl_check=true", "ssl_check=11", "ssl_check=1&ssl_check=0", "ssl_check="])
      expect([check, (await post(door.url, check, form)).status]).toEqual([check, 401]);
    expect(door.inbounds).toHaveLength(before);
  });

  test.each(["", "   ", undefined])("C1 verify: the signing secret %j is refused with the settings", (secret) => {
    const env = { SLACK_MODE: "http", SLACK_BOT_TOKEN: "xoxb-1", SLACK_SIGNING_SECRET: secret };
    const { error } = slackAdapter.settings.safeParse(env);
    expect(z.flattenError(error ?? new z.ZodError([])).fieldErrors).toHaveProperty("SLACK_SIGNING_SECRET");
  });
});

describe("C1 ack and retries", () => {
  test("C1 ack: what is not stored is answered 503 and no word against another try, and the next try is taken", async () => {
    door.fail(new NovaError("unavailable", "The database is away."));
    const said = await door.slack.dm("ada", "keep this");
    const refused = await said.acked;
    expect(refused.status).toBe(503);
    expect(refused.headers).not.toHaveProperty("x-slack-no-retry");
    expect(door.adapter.health().admission.ok).toBe(false);

    door.fail(undefined);
    const again = await door.slack.redeliver(said, { attempt: 1, reason: "http_error" });
    expect(again.status).toBe(200);
    expect(door.inbounds.filter(({ text }) => text === "keep this")).toHaveLength(1);
    expect(door.adapter.health().admission).toEqual({ ok: true, detail: "storing" });
  });

  test("C1 ack: the answer is not given before the message is stored", async () => {
    const gate = Promise.withResolvers<void>();
    door.hold(gate.promise);
    const said = await door.slack.dm("ada", "slowly");
    const acks: number[] = [];
    const acked = said.acked.then(({ status }) => void acks.push(status));
    await vi.waitFor(() => expect(door.waiting()).toBe(1));
    // An answer that was on its way by now would be here before this one.
    expect((await sealed(ASKED)).status).toBe(200);
    expect(acks).toEqual([]);
    door.hold(undefined);
    gate.resolve();
    await acked;
    expect(acks).toEqual([200]);
    expect(door.waiting()).toBe(0);
  });

  test("C1 retries: a retry is never dropped for its header alone", async () => {
    const { slack } = door;
    const said = await slack.dm("ada", "only the retry came");
    await said.acked;
    door.inbounds.length = 0;
    expect((await slack.redeliver(said, { attempt: 3, reason: "http_timeout" })).status).toBe(200);
    expect(door.inbounds.map(({ text }) => text)).toEqual(["only the retry came"]);
  });

  test("C1 rates: when Slack holds events back it is acknowledged, logged and shown until it is over", async () => {
    const limited = { token: "unused", type: "app_rate_limited", team_id: "T1", minute_rate_limited: 1_518_467_820 };
    expect((await sealed(JSON.stringify(limited))).status).toBe(200);
    expect(door.logged()).toContain("slack.rate_limited");
    expect(door.adapter.health().admission).toMatchObject({
      ok: false,
      detail: expect.stringMatching(/holds events back/),
    });
    door.pass(3 * 60_000);
    expect(door.adapter.health().admission.ok).toBe(true);
    door.pass(-3 * 60_000);
  });

  test("a click that comes as JSON in a form is taken", async () => {
    const { slack } = door;
    const channel = await slack.direct("ada");
    const message = {
      channel,
      ts: "1795281614.000100",
      thread_ts: "1795281600.000100",
      blocks: [{ type: "actions", elements: [{ type: "button", action_id: "nova:0", value: "sources:1" }] }],
    };
    expect((await slack.click("ada", message, "sources").acked).status).toBe(200);
    expect(door.presses.at(-1)).toMatchObject({
      action: "sources:1",
      address: { container: channel, root: "1795281600.000100", visibility: "private" },
      sender: { platform: "slack", scope: slack.team, id: slack.users["ada"] },
    });
  });

  test("no token, secret, signature or word of a message is logged", async () => {
    const { slack } = door;
    await (
      await slack.dm("ada", "a very private matter")
    ).acked;
    const { body, headers } = { body: "{", headers: signedHeaders("{", new Date()) };
    await post(door.url, body, { ...JSON_TYPE, ...headers });
    await sendSigned(door.url, { type: "events_api", payload: {} }, { now: new Date(), forgery: { secret: "wrong" } });
    for (const word of ["private matter", slack.tokens.bot, slack.tokens.signing, headers["x-slack-signature"] ?? "?"])
      expect(door.logged()).not.toContain(word);
  });
});
