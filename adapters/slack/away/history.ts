/** Reads what people wrote in their direct conversations since they were heard last, for catch-up.ts. Made by index.ts. */
import type { AdapterHost, Heard } from "#core";
import { isDirect } from "../address.ts";
import type { SlackApi } from "../api.ts";
import type { Desk } from "../doors/desk.ts";
import type { Identity } from "../identity.ts";
import { ts } from "../ids.ts";
import type { Pause } from "../pause.ts";
import { PLATFORM } from "../platform.ts";
import { createPages, PAGE, type Found } from "./pages.ts";

export interface History {
  /**
   * Takes, as if it were delivered now, what followed the last message that was stored before `to`. False when something
   * may be missing still; rejects when the signal aborts.
   */
  read(to: Date, signal: AbortSignal): Promise<boolean>;
}

export type HistoryDeps = {
  readonly api: Pick<SlackApi, "call">;
  readonly identity: Pick<Identity, "of">;
  readonly desk: () => Promise<Desk>;
  readonly host: {
    readonly transcript: Pick<AdapterHost["transcript"], "heardAt">;
    readonly clock: AdapterHost["clock"];
    readonly log: Pick<AdapterHost["log"], "info" | "warn" | "error">;
  };
  readonly pause: Pause;
};

/** Older words wait for no answer any more. */
const OLDEST_MS = 24 * 60 * 60_000;
const KNOWN_MS = 30 * OLDEST_MS;
const MOST_CHANNELS = 200;
const MOST_THREADS = 20;
/** Pauses before a message is tried again that could not be stored. */
const PAUSES = [1_000, 5_000, 30_000];

type Thread = { readonly channel: string; readonly root: string; readonly since: string };

export function createHistory({ api, identity, desk, host, pause }: HistoryDeps): History {
  return {
    async read(to, signal) {
      const { team, user: bot } = await identity.of();
      const now = host.clock.now();
      const at = { platform: PLATFORM, scope: team };
      const ask = createPages({ api, log: host.log, pause }, signal);
      let isWhole = true;
      let taken = 0;
      const take = async (found: readonly Found[] | undefined, channel: string): Promise<void> => {
        isWhole &&= found !== undefined;
        for (const each of found ?? []) {
          // In its thread Nova has answered, or told its author why it does not.
          if (each.reply_users?.includes(bot)) continue;
          if (await offer(eventOf(each, channel, team), signal)) taken += 1;
          else isWhole = false;
        }
      };

      const direct = async (each: "place" | "conversation", ms: number, most: number) =>
        (await host.transcript.heardAt(at, { from: new Date(to.getTime() - ms), to, each, most })).filter(
          ({ container }) => isDirect(container),
        );
      const channels = await direct("place", KNOWN_MS, MOST_CHANNELS);
      const threads: Thread[] = (await direct("conversation", OLDEST_MS, MOST_THREADS)).flatMap((heard) =>
        heard.root === null ? [] : [{ channel: heard.container, root: heard.root, since: since(heard, now) }],
      );

      for (const heard of channels) {
        const channel = heard.container;
        const range = { channel, oldest: since(heard, now), inclusive: false, limit: PAGE };
        const found = await ask(
          (client, cursor) => client.conversations.history({ ...range, ...cursor }),
          range.oldest,
        );
        await take(found, channel);
        // Whoever waits writes on below what they wrote.
        const begun = (found ?? []).filter(({ reply_count: replies }) => (replies ?? 0) > 0);
        threads.unshift(...begun.map((root) => ({ channel, root: root.ts, since: root.ts })));
      }
      for (const { channel, root, since: oldest } of threads.slice(0, MOST_THREADS)) {
        const range = { channel, ts: root, oldest, inclusive: false, limit: PAGE };
        await take(
          await ask((client, cursor) => client.conversations.replies({ ...range, ...cursor }), oldest),
          channel,
        );
      }
      if (taken > 0) host.log.info("slack.caught_up", { messages: taken });
      return isWhole;
    },
  };

  /** As Slack does with what is not acknowledged. */
  async function offer(body: Readonly<Record<string, unknown>>, signal: AbortSignal): Promise<boolean> {
    for (const rest of [...PAUSES, undefined]) {
      signal.throwIfAborted();
      try {
        await (await desk()).take({ body });
        return true;
      } catch (error) {
        host.log.error("slack.not_stored", error);
      }
      if (rest !== undefined) await pause(rest, signal);
    }
    return false;
  }
}

/** As Slack would deliver it, in the words that it has now. */
function eventOf(said: Found, channel: string, team: string) {
  const event = { ...said, edited: null, type: "message", channel, channel_type: "im" };
  return { type: "event_callback", event_id: `history:${channel}:${said.ts}`, team_id: team, event };
}

/** Behind what was heard last. */
function since({ key, at, linkedAt }: Heard, now: Date): string {
  const known = key !== null && ts.safeParse(key).success ? key : tsAt(at.getTime());
  const earliest = tsAt(Math.max(now.getTime() - OLDEST_MS, secondOf(linkedAt)));
  return Number(known) > Number(earliest) ? known : earliest;
}

/** Slack's clock is not ours to the fraction; what was written in the second of the link may be lost by none. */
const secondOf = (at: Date): number => Math.floor(at.getTime() / 1_000) * 1_000;
const tsAt = (ms: number): string => (ms / 1_000).toFixed(6);
