/** What was written to Nova in direct channels while it was away: Discord tells nothing of it again. Made by index.ts, run behind each new session of the gateway. */
import { setTimeout as timer } from "node:timers/promises";
import { z } from "zod";
import type { AdapterHost, Heard } from "#core";
import { codeOf, type Answer } from "../answer.ts";
import type { Envelope } from "../envelope.ts";
import { PLATFORM, snowflake, snowflakeAt } from "../platform.ts";
import type { Call, Rest } from "../rest.ts";

export interface CatchUp {
  /** Behind a new session. Never rejects; resolves when all known direct channels were looked through, or at the end. */
  run(wrap: (data: unknown) => Envelope): Promise<void>;
}

export type CatchUpDeps = {
  readonly rest: Pick<Rest, "call">;
  readonly application: string;
  readonly host: {
    readonly transcript: Pick<AdapterHost["transcript"], "heardAt">;
    readonly clock: AdapterHost["clock"];
    readonly log: Pick<AdapterHost["log"], "info" | "warn" | "error">;
  };
  /** The way of every message. */
  readonly take: (envelope: Envelope) => Promise<void>;
  readonly closing: AbortSignal;
};

const HOUR_MS = 60 * 60_000;
/** Older words wait for no answer any more. */
const OLDEST_MS = 24 * HOUR_MS;
/** What came in while an earlier process still looked, before it was killed, lies behind what that one had yet to find. */
const OVERLAP_MS = HOUR_MS;
const KNOWN_MS = 30 * 24 * HOUR_MS;
const MOST_CHANNELS = 200;
const PAGE = 100;
const MOST_PAGES = 10;
/** Pauses before a request is made again that nobody answered. */
const PAUSES = [1_000, 5_000, 30_000];

const page = z.array(
  z.looseObject({
    id: snowflake,
    author: z.looseObject({ id: snowflake, bot: z.boolean().optional() }),
    message_reference: z.looseObject({ message_id: snowflake.optional() }).nullish(),
  }),
);

export function createCatchUp({ rest, application, host, take, closing }: CatchUpDeps): CatchUp {
  const { transcript, clock, log } = host;
  /** Since when something may be missing that nobody found yet. */
  let owed: Date | undefined;
  let last = Promise.resolve();

  return {
    run(wrap) {
      const now = clock.now();
      last = last.then(() => look(wrap, now));
      return last;
    },
  };

  async function look(wrap: (data: unknown) => Envelope, now: Date): Promise<void> {
    const to = (owed ??= now);
    try {
      const from = new Date(to.getTime() - KNOWN_MS);
      const query = { from, to, each: "place", most: MOST_CHANNELS } as const;
      let isWhole = true;
      let messages = 0;
      for (const heard of await transcript.heardAt({ platform: PLATFORM, scope: application }, query)) {
        const found = await read(heard, wrap);
        messages += found.messages;
        if (closing.aborted) return;
        isWhole &&= found.isWhole;
      }
      if (isWhole) owed = undefined;
      if (messages > 0) log.info("discord.caught_up", { messages });
    } catch (error) {
      log.error("discord.not_caught_up", error);
    }
  }

  /** Oldest first, one by one. */
  async function read(heard: Heard, wrap: (data: unknown) => Envelope) {
    let after = cursorOf(heard, clock.now());
    let messages = 0;
    for (let n = 0; n < MOST_PAGES && !closing.aborted; n += 1) {
      const query = { after: after.toString(), limit: String(PAGE) };
      const answer = await ask({ method: "GET", route: `/channels/${heard.container}/messages`, query });
      const found = answer.kind === "done" ? page.safeParse(answer.body).data : undefined;
      if (!found) {
        if (!closing.aborted) log.warn("discord.channel_not_caught_up", { code: codeOf(answer) });
        // What Discord refuses it will refuse again.
        return { messages, isWhole: answer.kind === "refused" };
      }
      const { bot } = wrap(undefined);
      const told = new Set(found.map((each) => each.author.id === bot && each.message_reference?.message_id));
      for (const each of found.toSorted((a, b) => (BigInt(a.id) < BigInt(b.id) ? -1 : 1))) {
        if (closing.aborted) break;
        after = BigInt(each.id);
        // Whose author was told that it is not kept is not surprised by an answer.
        if (each.author.bot || told.has(each.id)) continue;
        messages += 1;
        await take(wrap(each));
      }
      if (found.length < PAGE) break;
    }
    return { messages, isWhole: true };
  }

  async function ask(call: Call): Promise<Answer> {
    const pauses = [...PAUSES];
    for (;;) {
      const answer = await rest.call(call, closing);
      if (closing.aborted || answer.kind === "done" || answer.kind === "refused") return answer;
      const wait = answer.kind === "later" ? answer.afterMs : pauses.shift();
      if (wait === undefined) return answer;
      await timer(wait, undefined, { signal: closing, ref: false }).catch(() => undefined);
    }
  }
}

/**
 * Somewhat before what was heard last: what is stored is known again. Commands have ids that are no messages', so that only
 * their time counts.
 */
function cursorOf({ key, at, linkedAt }: Heard, now: Date): bigint {
  const last = key !== null && snowflake.safeParse(key).success ? BigInt(key) : snowflakeAt(at);
  const known = last - (BigInt(OVERLAP_MS) << 22n);
  const earliest = snowflakeAt(new Date(Math.max(now.getTime() - OLDEST_MS, linkedAt.getTime())));
  return known > earliest ? known : earliest;
}
