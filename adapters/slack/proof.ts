/** What Slack's answers prove of the bot's token and of the way to Slack, and for how long. Fed by api.ts for its health. */
import type { Clock, Health } from "#core";
import type { Failure } from "./failure.ts";

/** The token is tried again as often as that, so that health tells when it was taken away. */
export const CHECK_MS = 5 * 60_000;
/** So many checks may be missing before nobody believes in the last good one any more. */
const MISSED = 2;

export interface Proof {
  /** Undefined for what Slack did. `isRefused` when the token is not good, or not good for this. */
  note(failure: Failure | undefined, isRefused: boolean): void;
  /** Of the token. */
  auth(): Health;
  /** Of the way to Slack. */
  reach(): Health;
}

const REMEDY = "set SLACK_BOT_TOKEN to the token of the installed app and restart";

export function createProof(clock: Clock): Proof {
  let goodAt: number | undefined;
  let heardAt: number | undefined;
  let refusal: string | undefined;
  /** In minutes; undefined while it is fresh. */
  const ageOf = (at: number): number | undefined => {
    const age = clock.now().getTime() - at;
    return age > MISSED * CHECK_MS ? Math.round(age / 60_000) : undefined;
  };

  return {
    note(failure, isRefused) {
      const now = clock.now().getTime();
      if (!failure) [goodAt, refusal] = [now, undefined];
      else if (isRefused) refusal = failure.code;
      if (!failure || isRefused) heardAt = now;
    },
    auth() {
      if (refusal !== undefined) return { ok: false, detail: `Slack refuses the bot token (${refusal}); ${REMEDY}` };
      if (goodAt === undefined) return { ok: false, detail: "Slack was not asked yet whether it takes the bot token" };
      const minutes = ageOf(goodAt);
      return minutes === undefined
        ? { ok: true, detail: "Slack takes the bot token" }
        : { ok: false, detail: `Slack last took the bot token ${minutes} minutes ago` };
    },
    reach() {
      if (heardAt === undefined) return { ok: false, detail: "Slack has not answered yet" };
      const minutes = ageOf(heardAt);
      return minutes === undefined
        ? { ok: true, detail: "served with the public port, and Slack answers" }
        : { ok: false, detail: `Slack last answered ${minutes} minutes ago` };
    },
  };
}
