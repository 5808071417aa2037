/** Standard Webhooks: id, timestamp and body under one signature. Pure but for the library's own look at the clock. */
import { Webhook, WebhookVerificationError } from "standardwebhooks";
import { unverified, type Verdict } from "./verdict.ts";

/** Printable, and without the dot that parts it from the timestamp in what is signed. */
const ID = /^(?!.*\.)[\x21-\x7e]{1,200}$/;
const TOLERANCE_S = 300;
const CLOCK = "Check the sender's clock, and sign a post anew, with the time of that moment, each time it is sent.";

type Post = { readonly headers: Headers; readonly text: string };

export function verifyStandard({ headers, text }: Post, secrets: readonly string[], now: Date): Verdict {
  const id = headers.get("webhook-id");
  const timestamp = headers.get("webhook-timestamp");
  const signature = headers.get("webhook-signature");
  if (id === null || timestamp === null || signature === null)
    return unverified("The headers webhook-id, webhook-timestamp and webhook-signature are needed.");
  if (!ID.test(id)) return unverified("The header webhook-id must be 1 to 200 printable characters without a dot.");
  // The library reads as far as there are digits, and so would take more than one spelling of a time.
  if (!/^\d{1,12}$/.test(timestamp)) return unverified("The header webhook-timestamp must be seconds since 1970.");
  const age = Math.floor(now.getTime() / 1_000) - Number(timestamp);
  // Before the signature is looked at: whoever sends an old post again does not learn whether it was signed well.
  if (Math.abs(age) > TOLERANCE_S)
    return unverified(
      `The time in webhook-timestamp is ${age > 0 ? "too old: more than 5 minutes ago" : "too new: more than 5 minutes ahead"}.`,
      CLOCK,
    );

  const signed = { "webhook-id": id, "webhook-timestamp": timestamp, "webhook-signature": signature };
  if (!secrets.some((secret) => isSigned(secret, text, signed)))
    return unverified("No signature in webhook-signature fits this id, timestamp and body.");
  return { kind: "verified", id, event: null, text };
}

function isSigned(secret: string, text: string, headers: Record<string, string>): boolean {
  const webhook = keyed(secret);
  if (!webhook) return false;
  try {
    webhook.verify(text, headers, { jsonParse: false });
    return true;
  } catch (error) {
    if (error instanceof WebhookVerificationError) return false;
    throw error;
  }
}

/** Undefined for what is no key: it can have signed nothing. */
function keyed(secret: string): Webhook | undefined {
  try {
    return new Webhook(secret);
  } catch {
    // Empty, or not base64: the library says so only by throwing.
    return undefined;
  }
}
