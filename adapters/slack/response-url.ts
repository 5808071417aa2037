/** The address that comes with a command or a click: a few private answers within half an hour. Used by send.ts and speak.ts. */
import { createHash } from "node:crypto";
import type { Clock, ReplyHandle, Seal } from "#core";
import { failureOf, inDoubt, later, ofStatus, type Failure } from "./failure.ts";
import type { SlackMessage } from "./message.ts";

/** Slack forgets the address after thirty minutes. */
const LIFE_MS = 29 * 60_000;
const USES = 5;
const TIMEOUT_MS = 10_000;
const REMEMBERED = 2_000;

export const closeUrl = (url: string, seal: Seal, now: Date): ReplyHandle => ({
  sealed: seal.close(url),
  expiresAt: new Date(now.getTime() + LIFE_MS),
});

/** Undefined for what was closed under another token. */
export function openUrl(sealed: string, seal: Seal): string | undefined {
  const url = seal.open(sealed);
  return url !== undefined && URL.canParse(url) ? url : undefined;
}

export type Answered = { readonly kind: "done" } | { readonly kind: "closed" } | Failure;

export type UrlAnswer = SlackMessage & { readonly thread?: string | null };

export interface ResponseUrls {
  /** True while it may still be good. */
  isOpen(url: string): boolean;
  /**
   * Seen by one person alone, beside what is there, and outside of threads unless it is told the root of one. `closed`
   * when Slack does not know the address any more.
   */
  answer(url: string, answer: UrlAnswer, signal?: AbortSignal): Promise<Answered>;
}

export function createResponseUrls(clock: Clock): ResponseUrls {
  /** Only what this process used; what others did, Slack says. */
  const used = new Map<string, { uses: number; readonly since: number }>();
  const keyOf = (url: string): string => createHash("sha256").update(url).digest("base64url");
  const of = (url: string) => used.get(keyOf(url)) ?? { uses: 0, since: clock.now().getTime() };
  const note = (url: string, uses: number): void => {
    used.set(keyOf(url), { uses, since: of(url).since });
    const [oldest] = used.keys();
    if (used.size > REMEMBERED && oldest !== undefined) used.delete(oldest);
  };
  const isOpen = (url: string): boolean => of(url).uses < USES && clock.now().getTime() - of(url).since < LIFE_MS;

  return {
    isOpen,
    async answer(url, { text, blocks, thread }, signal) {
      if (!isOpen(url)) return { kind: "closed" };
      const said = { text, blocks, ...(thread ? { thread_ts: thread } : {}) };
      const until = AbortSignal.any([AbortSignal.timeout(TIMEOUT_MS), ...(signal ? [signal] : [])]);
      try {
        const response = await fetch(url, {
          method: "POST",
          redirect: "error",
          headers: { "content-type": "application/json; charset=utf-8" },
          body: JSON.stringify({ response_type: "ephemeral", replace_original: false, ...said }),
          signal: until,
        });
        const page = await response.text();
        if (response.status === 429)
          return later("ratelimited", Number(response.headers.get("retry-after") ?? 30) * 1_000);
        if (response.status >= 400 && response.status < 500) {
          note(url, USES);
          return { kind: "closed" };
        }
        if (response.status !== 200) return ofStatus(response.status);
        note(url, of(url).uses + 1);
        return page.trim().startsWith("<") ? inDoubt("no_answer_of_slack") : { kind: "done" };
      } catch (error) {
        signal?.throwIfAborted();
        return failureOf(error);
      }
    },
  };
}
