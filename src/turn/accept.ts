/** The first thing that happens to a message: stored, or refused with words. Called by every adapter through its host. */
import { isStop, linkCode, unpadded, wellFormed, type Inbound, type Receipt } from "#core";
import type { Crew } from "./crew.ts";
import type { Stops } from "./hold.ts";
import { MOST_TEXT } from "./words.ts";
import type { Redeem } from "./redeem.ts";

/** Resolves only when it is safe to acknowledge; throws when the message is not stored. */
export async function accept(
  inbound: Inbound,
  crew: Pick<Crew, "intake" | "pairings" | "log"> & { readonly redeem: Redeem },
  stops: Pick<Stops, "stop">,
): Promise<Receipt> {
  const text = wellFormed(inbound.text);
  if (text.trim() === "" && !inbound.files?.length)
    return { kind: "refused", code: "bad_input", reason: "The message is empty." };
  if (text.length > MOST_TEXT) return { kind: "refused", code: "too_large", reason: tooLong(text.length) };

  // Words from outside, and what a schedule asks while nobody is there, order nothing: not to stop, and not to take in an account.
  const own = inbound.origin === undefined && inbound.scheduled === undefined;
  const code = own ? linkCode(unpadded(text)) : undefined;
  if (code) return crew.redeem(code, inbound);

  const accepted = await crew.intake.put({ ...inbound, text }, own && isStop(unpadded(text)));
  switch (accepted.kind) {
    case "new":
      if (accepted.stopped) stops.stop(accepted.stopped);
      return { ...accepted, kind: "accepted", duplicate: false };
    case "seen":
      return { ...accepted, kind: "accepted", duplicate: true };
    case "unknown":
      return { kind: "unknown", hint: inbound.scheduled ? null : await introduce(inbound, crew) };
    case "blocked":
      return { kind: "blocked" };
  }
}

/** The code names the request and grants nothing. Null: it was told within the hour, or the owner turned the account away. */
async function introduce(inbound: Inbound, { pairings, log }: Pick<Crew, "pairings" | "log">): Promise<string | null> {
  const { sender, senderName = null } = inbound;
  const code = await pairings.ask(sender, senderName);
  if (code === undefined) return null;
  log.info("pairing.asked", { platform: sender.platform });
  return `I do not know this account yet. If I know you elsewhere, send me \`/link\` there, and here what I answer. Otherwise ask the owner of this Nova to let you in: your pairing code is ${code}.`;
}

function tooLong(length: number): string {
  const count = new Intl.NumberFormat("en");
  return `The message has ${count.format(length)} characters; the limit is ${count.format(MOST_TEXT)}. Send it in parts, or only the part that matters.`;
}
