/** The connection to Discord's gateway by itself: events of strange shapes, and breaks one after another. Over the peer. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { holdGateway } from "../../adapters/discord/doors/gateway.ts";
import { createPulse } from "../../adapters/discord/doors/pulse.ts";
import { startDiscordPeer, type DiscordPeer } from "../support/discord/peer.ts";
import type { Json } from "../support/discord/world.ts";
import { silentLog } from "../support/log.ts";

const PATIENCE = { timeout: 20_000, interval: 20 };
const heard: unknown[] = [];
const ending = new AbortController();
let peer: DiscordPeer;
let held: Promise<void>;
beforeAll(async () => {
  peer = await startDiscordPeer();
  const { DISCORD_TOKEN: token = "", DISCORD_API_URL: api = "", DISCORD_APPLICATION_ID: application = "" } = peer.env();
  const pulse = createPulse(peer.world.clock);
  const take = ({ data }: { readonly data: unknown }) => void heard.push(data);
  held = holdGateway({ token, api, application, pulse, log: silentLog, take }, ending.signal, () => undefined);
  await peer.ready();
});
afterAll(async () => {
  ending.abort();
  await held;
  await peer.close();
});

test("C2 gateway: events of a shape that nobody expects end nothing", async () => {
  const { identified } = peer.gateway.counts;
  const strange: readonly unknown[] = [null, {}, { id: 1, guilds: null, guild_id: {}, user: 7, channel_id: [] }];
  const kinds = [
    "GUILD_CREATE",
    "GUILD_DELETE",
    "CHANNEL_UPDATE",
    "MESSAGE_CREATE",
    "INTERACTION_CREATE",
    "RESUMED",
    "NEWS",
  ];
  for (const d of strange) for (const t of kinds) peer.gateway.dispatch(t, 0, () => d as Json);
  const said = peer.dm("ada", "are you still there?");
  await expect.poll(() => heard, PATIENCE).toContainEqual(expect.objectContaining({ id: said.id }));
  expect(peer.gateway.counts.identified).toBe(identified);
});

test("C2 gateway: it resumes after each of five breaks in a row, and hears all that was said meanwhile", async () => {
  const { resumed } = peer.gateway.counts;
  for (let n = 1; n <= 5; n += 1) {
    await peer.ready();
    for (let i = 0; i < 100; i += 1) peer.dm("ada", `before break ${n}: ${i}`);
    peer.gateway.overlap(50);
    peer.gateway.drop();
    const said = peer.dm("ada", `said in break ${n}`);
    await expect.poll(() => peer.gateway.counts.resumed, PATIENCE).toBe(resumed + n);
    await expect.poll(() => heard, PATIENCE).toContainEqual(expect.objectContaining({ id: said.id }));
  }
}, 60_000);

test("C2 gateway: broken the moment it has resumed, it resumes again", async () => {
  const { resumed } = peer.gateway.counts;
  let n = 0;
  const seen = () => peer.gateway.counts.resumed;
  for (let last = seen(); n < 5; n += 1) {
    peer.gateway.drop();
    while (seen() === last) await new Promise((done) => setImmediate(done));
    last = seen();
  }
  const said = peer.dm("ada", "after all of that");
  await expect.poll(() => heard, PATIENCE).toContainEqual(expect.objectContaining({ id: said.id }));
  expect(seen()).toBe(resumed + n);
}, 60_000);
