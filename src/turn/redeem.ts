/** Spends a one-time code: the sender's account becomes that of the person whose code it is. Used by accept.ts. */
import { createThrottle, type Inbound, type Receipt } from "#core";
import type { Crew } from "./crew.ts";

export type Redeem = (code: string, inbound: Inbound) => Promise<Receipt>;

/**
 * Wrong codes of one account. A code has 40 bits and lives for 15 minutes: ten thousand accounts that guess side by side
 * find one of ten codes in one of two million such times. Counted by each process for itself and from its start: several
 * together let so many times as many through, which 40 bits bear as well.
 */
const WRONG = { limit: 5, windowMs: 15 * 60_000 };
/** After so many of all accounts at one place each has one try: whoever has a good code is never shut out by others. */
const CROWD_WRONG = { limit: 300, windowMs: 15 * 60_000 };

export function createRedeem({ people, clock, log }: Pick<Crew, "people" | "clock" | "log">): Redeem {
  const each = createThrottle({ ...WRONG, clock });
  const strictly = createThrottle({ ...WRONG, limit: 1, clock });
  const crowd = createThrottle({ ...CROWD_WRONG, clock });
  return async (code, { sender }) => {
    const account = JSON.stringify([sender.platform, sender.scope, sender.id]);
    const place = JSON.stringify([sender.platform, sender.scope]);
    const seconds = Math.max(each.wait(account), crowd.wait(place) > 0 ? strictly.wait(account) : 0);
    if (seconds > 0) return refused(`Too many wrong codes. Try again in ${minutes(seconds)}.`);

    const redeemed = await people.redeem(code, sender, clock.now());
    switch (redeemed.kind) {
      case "linked":
        log.info("identity.linked", { person: redeemed.person.id, platform: sender.platform });
        return redeemed;
      case "blocked":
        return redeemed;
      case "taken":
        return refused(
          "This account is already somebody's, and no code takes it away. The owner can take it away first: `nova people unlink …`, or `/unlink …` from another account.",
        );
      case "refused":
        each.attempt(account);
        strictly.attempt(account);
        crowd.attempt(place);
        return refused(
          "That code is wrong, was used before, or is too old. Send me `/link` where I know you already, or ask the owner for a new one (`nova link`).",
        );
    }
  };
}

const refused = (reason: string): Receipt => ({ kind: "refused", code: "bad_input", reason });

function minutes(seconds: number): string {
  const count = Math.ceil(seconds / 60);
  return count === 1 ? "a minute" : `${count} minutes`;
}
