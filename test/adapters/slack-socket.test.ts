/** Socket Mode: envelopes are acknowledged once they are stored, and no connection that goes takes one along. */
import { afterEach, beforeEach, describe, expect, test, vi } from "vitest";
import { NovaError } from "#core";
import { openSlackDoor, type SlackDoor } from "./slack-door.ts";

let door: SlackDoor;
beforeEach(async () => {
  door = await openSlackDoor("socket");
  await door.listen();
});
afterEach(() => door[Symbol.asyncDispose]());

const texts = (): readonly string[] => door.inbounds.map(({ text }) => text);

describe("Socket Mode", () => {
  test("C1 socket: each envelope is acknowledged by its id, with nothing in it", async () => {
    const said = await door.slack.dm("ada", "hello");
    expect((await said.acked).body).toEqual({});
    expect(door.slack.sockets.unacked()).toEqual([]);
    expect(door.inbounds).toMatchObject([
      {
        deliveryKey: said.envelope.payload["event_id"],
        messageKey: said.ts,
        address: { platform: "slack", scope: door.slack.team, container: said.channel, root: said.ts },
        sender: { platform: "slack", scope: door.slack.team, id: door.slack.users["ada"] },
        text: "hello",
        senderName: "ada",
      },
    ]);
  });

  test("C1 socket: what is not stored is not acknowledged; the next attempt is, though its number says retry (E5)", async () => {
    door.fail(new NovaError("unavailable", "The database is away."));
    const said = await door.slack.dm("ada", "keep this");
    await vi.waitFor(() => expect(door.logged()).toContain("slack.not_stored"));
    expect(door.slack.sockets.unacked()).toHaveLength(1);
    expect(door.adapter.health().admission.ok).toBe(false);

    door.fail(undefined);
    expect((await door.slack.redeliver(said, { attempt: 1, reason: "timeout" })).status).toBe(200);
    expect(texts()).toEqual(["keep this"]);
  });

  test("C1 socket: a refresh opens the next connection before the last one goes, and loses nothing", async () => {
    const gate = Promise.withResolvers<void>();
    door.hold(gate.promise);
    const during = await door.slack.dm("ada", "during");
    door.slack.refresh();
    const after = await door.slack.dm("ada", "after");
    await vi.waitFor(() => expect(door.ups()).toBe(2));
    gate.resolve();
    await Promise.all([during.acked, after.acked]);
    expect(texts()).toEqual(["during", "after"]);
    // Each by the connection that it came by.
    expect(door.logged()).not.toContain("slack.delivered_again");
    expect(door.ends).toEqual([]);
    expect(door.adapter.health().transport.ok).toBe(true);
    await vi.waitFor(() => expect(door.slack.sockets.connections()).toBe(1));
  });

  test("C1 socket: a warning before the end is a refresh, too", async () => {
    door.slack.sockets.disconnect("warning");
    await vi.waitFor(() => expect(door.ups()).toBe(2));
    expect((await (await door.slack.dm("ada", "hello")).acked).status).toBe(200);
  });

  test("C1 socket: a connection that is cut ends the listening, and what was not acknowledged comes to the next", async () => {
    const gate = Promise.withResolvers<void>();
    door.hold(gate.promise);
    const said = await door.slack.dm("ada", "hello");
    await vi.waitFor(() => expect(door.slack.sockets.unacked()).toHaveLength(1));
    door.slack.sockets.cut();
    await vi.waitFor(() => expect(door.ends).toHaveLength(1));
    expect(door.ends[0]).toMatchObject({ code: "unavailable" });
    expect(door.adapter.health().transport.ok).toBe(false);

    gate.resolve();
    await door.listen();
    await said.acked;
    expect(texts()).toEqual(["hello"]);
  });

  test("C1 socket: Socket Mode that was switched off is told as what only a person mends", async () => {
    door.slack.sockets.disconnect("link_disabled");
    await vi.waitFor(() => expect(door.ends).toHaveLength(1));
    expect(door.ends[0]).toMatchObject({ code: "bad_config", message: expect.stringMatching(/switched off/) });
  });

  test("C1 socket: several connections share the traffic, and together they take each message once", async () => {
    await using other = await openSlackDoor("socket", {
      SLACK_API_URL: door.slack.url,
      SLACK_BOT_TOKEN: door.slack.tokens.bot,
    });
    await other.listen();
    expect(door.slack.sockets.connections()).toBe(2);
    const said = await Promise.all(Array.from({ length: 8 }, (_, index) => door.slack.dm("ada", `message ${index}`)));
    await Promise.all(said.map(({ acked }) => acked));
    expect(door.inbounds.length).toBeGreaterThan(0);
    expect(other.inbounds.length).toBeGreaterThan(0);
    expect([...texts(), ...other.inbounds.map(({ text }) => text)].toSorted()).toEqual(
      Array.from({ length: 8 }, (_, index) => `message ${index}`),
    );
  });

  test("C1 socket: odd frames and envelopes end nothing", async () => {
    for (const frame of [
      "no JSON",
      "{}",
      "null",
      '{"type":"events_api","envelope_id":"1"}',
      '{"type":"events_api","envelope_id":"2","payload":{"type":"event_callback"}}',
      '{"type":"events_api","envelope_id":"3","payload":{"type":"event_callback","event":{"type":"error"}}}',
      '{"type":"interactive","envelope_id":"4","payload":{"type":"block_actions","actions":[]}}',
      '{"type":"slash_commands","envelope_id":"5","payload":{}}',
    ])
      door.slack.sockets.raw(frame);
    expect((await (await door.slack.dm("ada", "still there")).acked).status).toBe(200);
    expect(texts()).toEqual(["still there"]);
    expect(door.ends).toEqual([]);
  });

  test("C1 rates: that Slack holds events back is acknowledged and shown", async () => {
    const payload = { type: "app_rate_limited", team_id: "T1", minute_rate_limited: 1_518_467_820 };
    expect((await door.slack.deliver({ type: "events_api", payload })).status).toBe(200);
    expect(door.adapter.health().admission).toMatchObject({ ok: false });
  });

  test("E15: a muted socket is not green after 2 missed heartbeats, and ends the listening of this adapter alone", async () => {
    expect(door.adapter.health().transport.ok).toBe(true);
    door.slack.mute();
    const mutedAt = performance.now();
    await vi.waitFor(() => expect(door.adapter.health().transport.ok).toBe(false), { timeout: 15_000, interval: 50 });
    // Two heartbeats of three seconds, and one for the look.
    expect(performance.now() - mutedAt).toBeLessThan(9_000);
    await vi.waitFor(() => expect(door.ends).toMatchObject([{ code: "unavailable" }]));

    door.slack.unmute();
    await door.listen();
    expect((await (await door.slack.dm("ada", "back again")).acked).status).toBe(200);
    expect(door.adapter.health().transport.ok).toBe(true);
  });
});

test("stopping waits for no answer of Slack's", async () => {
  const own = await openSlackDoor("socket");
  own.slack.next("auth.test", "hang");
  void own.listen();
  await vi.waitFor(() => expect(own.slack.calls("auth.test")).toHaveLength(1));
  const before = performance.now();
  await own[Symbol.asyncDispose]();
  expect(performance.now() - before).toBeLessThan(5_000);
});

describe("tokens", () => {
  test("a bot token that Slack refuses is told as what only a person mends, and health says so", async () => {
    door.slack.good.bot = "xoxb-another";
    door.slack.sockets.cut();
    await vi.waitFor(() => expect(door.ends).toHaveLength(1));
    await door.listen();
    expect(door.ends.at(-1)).toMatchObject({ code: "bad_config", message: expect.stringMatching(/bot token/) });
    expect(door.adapter.health().auth.ok).toBe(false);
    expect(door.logged()).not.toContain(door.slack.tokens.bot);
  });

  test("an app-level token that Slack refuses is told, too", async () => {
    door.slack.good.app = "xapp-another";
    door.slack.sockets.cut();
    await vi.waitFor(() => expect(door.ends).toHaveLength(1));
    await door.listen();
    expect(door.ends.at(-1)).toMatchObject({ code: "bad_config", message: expect.stringMatching(/app-level token/) });
    expect(door.logged()).not.toContain(door.slack.tokens.app);
  });

  test("Slack that is away is tried again as what passes", async () => {
    door.slack.next("apps.connections.open", { status: 503 }, "html", "refuse");
    door.slack.sockets.cut();
    await vi.waitFor(() => expect(door.ends).toHaveLength(1));
    for (const tries of [2, 3, 4]) {
      await door.listen();
      expect(door.ends).toHaveLength(tries);
      expect(door.ends.at(-1)).toMatchObject({ code: "unavailable" });
    }
    await door.listen();
    expect(door.ups()).toBe(2);
  });
});
