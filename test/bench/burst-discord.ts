/** The crowd on Discord, in direct messages; connections that break in the middle have events again when they resume. */
import { startDiscordPeer } from "../support/discord/peer.ts";
import { nowMs, paced, PEOPLE, TWICE, type Crowd, type Delivered } from "./burst-crowd.ts";

/** The connection breaks so often in a round, and what came last comes again. */
const BREAKS = 3;
/** So many messages pass before the next break, that the resumed connection has come to rest. */
const REST = 100;
const READY_MS = 30_000;

export async function openDiscordCrowd(): Promise<Crowd> {
  const peer = await startDiscordPeer();
  const until = async (isSo: () => boolean, what: string): Promise<void> => {
    const limit = Date.now() + READY_MS;
    while (!isSo()) {
      if (Date.now() > limit) throw new Error(what);
      await new Promise((done) => setTimeout(done, 20));
    }
  };
  return {
    env: peer.env("gateway"),
    accounts: PEOPLE.map((name) => ({ platform: "discord", scope: "global", id: peer.user(name).id })),
    ready: () => peer.ready(),
    async play({ texts, overMs }) {
      const sent: Delivered[] = [];
      const before = peer.gateway.counts.resumed;
      const again = overMs === null ? 0 : texts.length / TWICE;
      const overlap = Math.floor(again / BREAKS);
      let breaks = 0;
      let rested = 0;
      await paced(texts.length, overMs, (at) => {
        const sentAt = nowMs();
        const { id } = peer.dm(PEOPLE[at % PEOPLE.length] ?? "", texts[at] ?? "");
        sent.push({ key: id, sentAt, ackedAt: null });
        rested = peer.gateway.open() === 0 ? 0 : rested + 1;
        if (again === 0 || breaks === BREAKS || rested < REST) return;
        breaks += 1;
        rested = 0;
        peer.gateway.overlap(overlap);
        peer.gateway.drop();
      });
      await until(() => peer.gateway.counts.resumed - before >= breaks, "Nova did not resume its connection");
      // What the breaks did not bring again comes again by itself.
      for (const { key } of sent.slice(0, again - breaks * overlap)) {
        const message = [...peer.world.messages.values()].flat().find(({ id }) => id === key);
        if (message) peer.repeat(message);
      }
      return sent;
    },
    async replies() {
      return PEOPLE.flatMap((name) =>
        peer.replies(peer.dmChannel(name)).map(({ id, channel_id: channel }) => ({ channel, id })),
      );
    },
  };
}
