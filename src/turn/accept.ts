/** The first thing that happens to a message: stored, or refused with words. Called by every adapter through its host. */
import { isStop, linkCode, wellFormed, type Inbound, type Receipt } from "#core";
import type { Crew } from "./crew.ts";
import type { Stops } from "./hold.ts";

/** Most UTF-16 units of one message: some 30 pages. */
const MAX_MESSAGE = 100_000;

/** Resolves only when it is safe to acknowledge; throws when the message is not stored. */
export async function accept(
  inbound: Inbound,
  crew: Pick<Crew, "intake" | "people" | "clock" | "log">,
  stops: Pick<Stops, "stop">,
): Promise<Receipt> {
  const text = wellFormed(inbound.text);
  if (text.trim() === "") return { kind: "refused", code: "bad_input", reason: "The message is empty." };
  if (text.length > MAX_MESSAGE) return { kind: "refused", code: "too_large", reason: tooLong(text.length) };

  // Words from outside order nothing: not to stop, and not to take in an account.
  const own = inbound.origin === undefined;
  const code = own ? linkCode(text) : undefined;
  if (code) return redeem(code, inbound, crew);

  const accepted = await crew.intake.put({ ...inbound, text }, own && isStop(text));
  switch (accepted.kind) {
    case "new":
      if (accepted.stopped) stops.stop(accepted.stopped);
      return { ...accepted, kind: "accepted", duplicate: false };
    case "seen":
      return { ...accepted, kind: "accepted", duplicate: true };
    case "unknown":
      return { kind: "unknown", hint: accepted.hint ? PAIRING_HINT : null };
    case "blocked":
      return { kind: "blocked" };
  }
}

const PAIRING_HINT =
  "I do not know this account yet. Ask the owner of this Nova for a one-time code (`nova link`), then send me `/link` and the code.";

async function redeem(code: string, inbound: Inbound, crew: Pick<Crew, "people" | "clock" | "log">): Promise<Receipt> {
  const redeemed = await crew.people.redeem(code, inbound.sender, crew.clock.now());
  if (redeemed.kind === "linked") {
    crew.log.info("identity.linked", { person: redeemed.person.id, platform: inbound.sender.platform });
    return { kind: "linked", person: redeemed.person };
  }
  return {
    kind: "refused",
    code: "bad_input",
    reason: "That code is wrong, was used before, or is too old. `nova link` prints a new one.",
  };
}

function tooLong(length: number): string {
  const count = new Intl.NumberFormat("en");
  return `The message has ${count.format(length)} characters; the limit is ${count.format(MAX_MESSAGE)}. Send it in parts, or only the part that matters.`;
}
