/** Cuts what looks like a key or like somebody's number out of words that are for logs and traces. Pure. */

/** What stands in place of it. */
const CUT = "[secret]";

const KEYS: readonly RegExp[] = [
  /\b(?:sk|pk|rk)[-_][\w-]{12,}/g,
  /\bxox[a-z]-[\w-]{8,}/g,
  /\bxapp-[\w-]{8,}/g,
  /\bgh[a-z]_\w{20,}/g,
  /\bgithub_pat_\w{20,}/g,
  /\bglpat-[\w-]{16,}/g,
  /\bnpm_\w{30,}/g,
  /\bAKIA[0-9A-Z]{16}\b/g,
  /\bAIza[\w-]{30,}/g,
  /\bwhsec_[\w+/=-]{8,}/g,
  /\beyJ[\w-]{8,}\.[\w-]+\.[\w-]+/g,
  /\bBearer\s+[\w.~+/=-]{8,}/gi,
  /\b(?:set-)?cookie:\s*[^\n]+/gi,
  /-----BEGIN [A-Z ]*PRIVATE KEY-----[^]*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)/g,
  /(?<=:\/\/)[^/\s:@]*:[^/\s@]+(?=@)/g,
  /(?<=\b(?:password|passwd|secret|token|api[_-]?key)["']?\s*[=:]\s*["']?)[^\s"',;&[]{4,}/gi,
];

/** Of persons: a US social security number, a British insurance number, an Italian tax code. */
const NUMBERS: readonly RegExp[] = [
  /\b(?!000|666|9)\d{3}-(?!00)\d{2}-(?!0000)\d{4}\b/g,
  /\b[A-CEGHJ-PR-TW-Z]{2} ?\d{2} ?\d{2} ?\d{2} ?[A-D]\b/g,
  /\b[A-Z]{6}\d{2}[A-EHLMPRST]\d{2}[A-Z]\d{3}[A-Z]\b/g,
];

/** In one piece, or in groups of four as it is printed. */
const ACCOUNT = /\b[A-Z]{2}\d{2}(?:[A-Z0-9]{11,30}|(?: [A-Z0-9]{4}){2,7}(?: [A-Z0-9]{1,3})?)\b/g;

/** A last guard, and no licence: what people write belongs in neither. */
export function withoutSecrets(text: string): string {
  const kept = [...KEYS, ...NUMBERS].reduce((rest, pattern) => rest.replace(pattern, CUT), text);
  return kept.replace(ACCOUNT, (found) => (isAccount(found.replaceAll(" ", "")) ? CUT : found));
}

/** By the two check digits of an IBAN (ISO 13616). */
function isAccount(iban: string): boolean {
  const moved = iban.slice(4) + iban.slice(0, 4);
  let rest = 0;
  for (const sign of moved) rest = Number(`${rest}${Number.parseInt(sign, 36)}`) % 97;
  return rest === 1;
}
