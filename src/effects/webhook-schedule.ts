/** What becomes of a signed post after an attempt. Pure. Used by post-round.ts. */
import type { Attempted, ClaimedPost, EgressAnswer } from "#core";

const [SECOND, MINUTE, HOUR] = [1_000, 60_000, 3_600_000] as const;
const DAY = 24 * HOUR;

/** How long after an attempt the next one comes; the first is made at once. */
export const PAUSES_MS: readonly number[] = [
  5 * SECOND,
  5 * MINUTE,
  30 * MINUTE,
  2 * HOUR,
  5 * HOUR,
  10 * HOUR,
  14 * HOUR,
  20 * HOUR,
  24 * HOUR,
];
/** A receiver that failed for so long, and so often in that time, is disabled. */
const MOST_FAILING_MS = 5 * DAY;
export const LEAST_FAILURES = 10;
/** Asked to be left alone without a time, it is left alone for as long. */
const HOLD_MS = MINUTE;
const BUSY: ReadonlySet<number> = new Set([429, 502, 504]);
/** A tenth, so that what failed together does not come again together. */
const JITTER = 0.1;

export type Moment = {
  readonly now: Date;
  /** From 0 up to 1. */
  readonly chance: number;
};

export function attemptedAs(answer: EgressAnswer, claimed: ClaimedPost, { now, chance }: Moment): Attempted {
  if (answer.kind === "answered" && answer.status >= 200 && answer.status < 300)
    return { kind: "delivered", code: String(answer.status) };
  const code = codeOf(answer);
  if (code === "410") return { kind: "disabled", code, why: "gone" };
  const { failingSince: since, failures } = claimed.receiver;
  const isOld = since !== null && now.getTime() - since.getTime() >= MOST_FAILING_MS;
  // This attempt is one of them.
  if (isOld && failures + 1 >= LEAST_FAILURES) return { kind: "disabled", code, why: "failing" };

  const pause = PAUSES_MS[claimed.tries];
  if (pause === undefined) return { kind: "failed", code };
  const asked = answer.kind === "answered" ? retryAfter(answer.headers["retry-after"], now) : 0;
  const at = (ms: number): Date => new Date(now.getTime() + ms);
  const isBusy = answer.kind === "answered" && (BUSY.has(answer.status) || asked > 0);
  return {
    kind: "later",
    code,
    at: at(Math.max(Math.round(pause * (1 + JITTER * chance)), asked)),
    heldUntil: isBusy ? at(asked > 0 ? asked : HOLD_MS) : null,
  };
}

function codeOf(answer: EgressAnswer): string {
  switch (answer.kind) {
    case "answered":
      return String(answer.status);
    case "refused":
      return "refused_address";
    case "failed":
      return answer.code.slice(0, 60);
  }
}

/** Seconds or a date; at most a day. 0 for anything else, and for what is over. */
function retryAfter(header: string | undefined, now: Date): number {
  if (header === undefined) return 0;
  const ms = /^\d{1,9}$/.test(header.trim()) ? Number(header) * SECOND : Date.parse(header) - now.getTime();
  return Number.isNaN(ms) ? 0 : Math.min(Math.max(0, ms), DAY);
}
