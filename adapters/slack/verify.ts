/** Whether a request over HTTP is signed by Slack, over its raw bytes and before anything of it is read. Pure. */
import { createHmac, timingSafeEqual } from "node:crypto";

export type RawRequest = { readonly headers: Headers; readonly bytes: Uint8Array };
export type Verdict = { readonly kind: "verified" } | { readonly kind: "unverified"; readonly why: string };

const TOLERANCE_S = 300;
const STAMP = "x-slack-request-timestamp";
const SIGNATURE = "x-slack-signature";

export function verify({ headers, bytes }: RawRequest, secret: string, now: Date): Verdict {
  // Everybody can sign with nothing.
  if (secret.trim() === "") return unverified("there is no signing secret");
  const stamp = headers.get(STAMP) ?? "";
  const signature = headers.get(SIGNATURE) ?? "";
  if (!/^\d{1,12}$/.test(stamp)) return unverified("it has no time");
  if (!/^v0=[0-9a-f]{64}$/.test(signature)) return unverified("it has no signature");
  if (Math.abs(Math.floor(now.getTime() / 1_000) - Number(stamp)) > TOLERANCE_S)
    return unverified("its time is more than 5 minutes away");
  const ours = createHmac("sha256", secret).update(`v0:${stamp}:`).update(bytes).digest();
  const theirs = Buffer.from(signature.slice("v0=".length), "hex");
  return timingSafeEqual(ours, theirs) ? { kind: "verified" } : unverified("its signature does not fit");
}

/** Slack's look at the certificate, which it does not sign. Nothing is done for it. */
export function isCertificateCheck(bytes: Uint8Array): boolean {
  const form = new URLSearchParams(Buffer.from(bytes).toString("utf8"));
  return form.get("ssl_check") === "1" && form.getAll("ssl_check").length === 1;
}

const unverified = (why: string): Verdict => ({ kind: "unverified", why });
