/** Whether a post is Discord's: its signature over the very bytes, and its time. Pure but for the clock it is given. */
import { createPublicKey, verify as isSigned, type KeyObject } from "node:crypto";

/** Discord signs the moment of sending; libraries do not look at it. */
const TOLERANCE_S = 300;
/** What stands before the 32 bytes of an Ed25519 key in DER. */
const DER = Buffer.from("302a300506032b6570032100", "hex");

export const KEY = /^[0-9a-f]{64}$/i;

export const keyOf = (hex: string): KeyObject =>
  createPublicKey({ key: Buffer.concat([DER, Buffer.from(hex, "hex")]), format: "der", type: "spki" });

export type Verdict = "good" | "bad_signature" | "wrong_time";

export function verify(headers: Headers, bytes: Uint8Array, key: KeyObject, now: Date): Verdict {
  const signature = headers.get("x-signature-ed25519") ?? "";
  const stamp = headers.get("x-signature-timestamp") ?? "";
  if (!/^[0-9a-f]{128}$/i.test(signature) || !/^\d{1,12}$/.test(stamp)) return "bad_signature";
  if (!isSigned(null, Buffer.concat([Buffer.from(stamp), bytes]), key, Buffer.from(signature, "hex")))
    return "bad_signature";
  return Math.abs(Math.floor(now.getTime() / 1_000) - Number(stamp)) > TOLERANCE_S ? "wrong_time" : "good";
}
