/** The crowd on Slack: each in a thread of direct messages; what is delivered twice comes with Slack's retry. */
import { BOT } from "../support/slack/workspace.ts";
import { startSlackPeer } from "../support/slack/peer.ts";
import { nowMs, paced, PEOPLE, TWICE, type Crowd, type Place } from "./burst-crowd.ts";

const READY_MS = 30_000;
const RETRY = { attempt: 1, reason: "http_timeout" };
/** So many deliveries later; the first of all at the end. */
const LATER = 40;

export async function openSlackCrowd(place: Place): Promise<Crowd> {
  const peer = await startSlackPeer({ people: PEOPLE });
  const mode = place === "Slack HTTP" ? "http" : "socket";
  const channels = await Promise.all(PEOPLE.map((name) => peer.direct(name)));

  /** Written before the round, so that only deliveries fall into it. */
  const write = async (texts: readonly string[]) => {
    const roots = new Map<string, string>();
    const written: Awaited<ReturnType<typeof peer.dm>>[] = [];
    for (const [at, text] of texts.entries()) {
      const name = PEOPLE[at % PEOPLE.length] ?? "";
      const thread = roots.get(name);
      const message = await peer.dm(name, text, { lost: true, ...(thread === undefined ? {} : { thread }) });
      roots.set(name, message.root);
      written.push(message);
    }
    return written;
  };

  return {
    env: peer.env(mode),
    accounts: PEOPLE.map((name) => ({ platform: "slack", scope: peer.team, id: peer.users[name] ?? "" })),
    async ready(url) {
      if (mode === "http") return peer.deliverTo(`${url}/slack/events`);
      const until = Date.now() + READY_MS;
      while (peer.sockets.connections() === 0) {
        if (Date.now() > until) throw new Error("Nova did not connect");
        await new Promise((done) => setTimeout(done, 20));
      }
    },
    async play({ texts, overMs }) {
      const written = await write(texts);
      const first = written.map((message) => ({ message, again: false }));
      const twice = overMs === null ? [] : written.filter((_, at) => at % TWICE === 0);
      const all = first.flatMap((each, at) => {
        const late = overMs !== null && at >= LATER ? written[at - LATER] : undefined;
        return late && twice.includes(late) ? [each, { message: late, again: true }] : [each];
      });
      for (const message of twice.slice(-LATER / TWICE)) all.push({ message, again: true });
      const acks: Promise<{ key: string; sentAt: number; ackedAt: number }>[] = [];
      await paced(all.length, overMs, (at) => {
        const one = all[at];
        if (!one) return;
        const { message, again } = one;
        const sentAt = nowMs();
        const acked = again ? peer.redeliver(message, RETRY) : peer.deliver(message.envelope);
        acks.push(
          acked.then(({ status }) => {
            if (status !== 200) throw new Error(`a delivery was answered with ${status}`);
            return { key: message.ts, sentAt, ackedAt: nowMs() };
          }),
        );
      });
      return Promise.all(acks);
    },
    async replies() {
      const found = await Promise.all(channels.map((channel) => peer.replies(channel)));
      return found.flat().map((message) => {
        if (message["user"] !== BOT.user) throw new Error("a reply is not the bot's");
        return { channel: String(message["channel"]), id: String(message["ts"]) };
      });
    },
  };
}
