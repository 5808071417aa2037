/** Pages of a conversation, asked for slowly and again where Slack wants patience. Used by history.ts. */
import type { WebClient } from "@slack/web-api";
import { z } from "zod";
import type { Log } from "#core";
import type { SlackApi } from "../api.ts";
import { ts } from "../ids.ts";
import type { Pause } from "../pause.ts";

const message = z.looseObject({
  ts,
  reply_count: z.number().nullish(),
  reply_users: z.array(z.string()).nullish(),
});
export type Found = z.infer<typeof message>;

const page = z.looseObject({
  messages: z.array(message),
  response_metadata: z.looseObject({ next_cursor: z.string().nullish() }).nullish(),
});

/** What follows `oldest`, oldest first; undefined when it cannot be had for now. Rejects when the signal aborts. */
export type Pages = (method: Method, oldest: string) => Promise<readonly Found[] | undefined>;
type Method = (client: WebClient, cursor: { readonly cursor?: string }) => Promise<unknown>;

export type PagesDeps = {
  readonly api: Pick<SlackApi, "call">;
  readonly log: Pick<Log, "warn">;
  readonly pause: Pause;
};

/** So many messages a page. */
export const PAGE = 200;
const MOST_PAGES = 5;
/** Slack allows some 50 requests a minute; a few at once are no harm. */
const AT_ONCE = 5;
const BETWEEN_MS = 1_300;
/** Pauses before a request is made again that failed. */
const PAUSES = [1_000, 5_000, 30_000];

export function createPages({ api, log, pause }: PagesDeps, signal: AbortSignal): Pages {
  let asked = 0;

  return async (method, oldest) => {
    const found: Found[] = [];
    let cursor = {};
    for (let n = 0; n < MOST_PAGES; n += 1) {
      const got = await ask((client) => method(client, cursor));
      if (got === "refused") return [];
      if (got === "later") return undefined;
      // Slack puts the first message of a thread on every page.
      found.push(...got.messages.filter((each) => Number(each.ts) > Number(oldest)));
      const next = got.response_metadata?.next_cursor;
      if (!next) break;
      cursor = { cursor: next };
    }
    return found.toSorted((a, b) => Number(a.ts) - Number(b.ts));
  };

  async function ask(request: (client: WebClient) => Promise<unknown>) {
    const pauses = [...PAUSES];
    for (;;) {
      asked += 1;
      if (asked > AT_ONCE) await pause(BETWEEN_MS, signal);
      const answer = await api.call(request, signal);
      const read = answer.kind === "done" ? page.safeParse(answer.value).data : undefined;
      if (read) return read;
      const failure = answer.kind === "done" ? { code: "no_answer_of_slack", retry: false } : answer;
      const rest = failure.code === "ratelimited" ? PAUSES[0] : pauses.shift();
      const isRefused = answer.kind === "not_sent" && !answer.retry;
      if (isRefused || rest === undefined) {
        log.warn("slack.channel_not_caught_up", { code: failure.code });
        // What Slack refuses it will refuse again.
        return isRefused ? "refused" : "later";
      }
      await pause(answer.kind === "not_sent" ? (answer.afterMs ?? rest) : rest, signal);
    }
  }
}
