/** One-time codes, session tokens and signing secrets: how they are made, and the digest that is stored instead of some. Used by the stores of their nouns. */
import { createHash } from "node:crypto";

/** Crockford's 32 signs: no I, L, O or U, so that a code survives being read aloud and typed by hand. */
const SIGNS = "0123456789ABCDEFGHJKMNPQRSTVWXYZ";

/** For instance `7K3M-Q9XD`: 40 bits, spent at the first use and short-lived. */
export function codeFrom(random: (size: number) => Uint8Array): string {
  const signs = Array.from(random(8), (byte) => SIGNS.charAt(byte % SIGNS.length)).join("");
  return `${signs.slice(0, 4)}-${signs.slice(4)}`;
}

/** For instance `K7QX2M`: names a request and grants nothing, so that it may be short. */
export function pairingCodeFrom(random: (size: number) => Uint8Array): string {
  return Array.from(random(6), (byte) => SIGNS.charAt(byte % SIGNS.length)).join("");
}

/** 256 bits, safe in a cookie. */
export function tokenFrom(random: (size: number) => Uint8Array): string {
  return Buffer.from(random(32)).toString("base64url");
}

/** 256 bits in the form that Standard Webhooks gives them. */
export const signingSecretFrom = (random: (size: number) => Uint8Array): string =>
  `whsec_${Buffer.from(random(32)).toString("base64")}`;

/** Codes are compared as people type them; tokens are left as they are. */
export const codeDigest = (code: string): Buffer => tokenDigest(typed(code));

/** A code as it is meant, however it was typed. */
export const typed = (code: string): string =>
  code.toUpperCase().replace(/[\s-]/g, "").replaceAll("O", "0").replace(/[IL]/g, "1");

export function tokenDigest(token: string): Buffer {
  return createHash("sha256").update(token).digest();
}
