/** Whether a person named where something is to go, in words of their own. Pure. Used by weigh-proposal.ts. */
import type { StepAsk } from "#core";

/**
 * True when one of these stands in the person's words as whole words, compared without case. What they quote, forward or
 * attach is not theirs, and neither is anything from outside.
 */
export function isNamed(destinations: readonly string[], ask: Pick<StepAsk, "words" | "own" | "origin">): boolean {
  if (ask.origin === "outside") return false;
  const own = folded(withoutQuotes(ask.own ?? ask.words));
  return destinations.some((name) => standsIn(own, folded(name)));
}

/** Lines that are quoted, blocks of code, and all that stands below the head of a forwarded message. */
function withoutQuotes(text: string): string {
  const [own = ""] = text.split(FORWARDED);
  return own
    .replaceAll(/^[ \t]*(`{3,}|~{3,})[^\n]*\n[\s\S]*?(?:^[ \t]*\1[^\n]*$|(?![\s\S]))/gm, "\n")
    .replaceAll(/^[ \t]*>.*$/gm, "");
}

const FORWARDED = /^[ \t]*(?:-{2,}[ \t]*(?:original|forwarded) message\b|begin forwarded message\b|from:[ \t]*\S)/im;

const folded = (text: string): string => text.normalize("NFKC").toLowerCase().replaceAll(/\s+/g, " ").trim();

/** `acme.com` does not stand in `acme.com.evil.org`, nor `ben` in `big-ben` or `ben@evil.org`; `@ben`, `#ben` and `ben's` are ben. */
function standsIn(text: string, written: string): boolean {
  const name = written.replace(/^[@#]/, "");
  if (!/[\p{L}\p{N}]/u.test(name)) return false;
  for (let at = text.indexOf(name); at !== -1; at = text.indexOf(name, at + 1)) {
    if (BEGINS.test(text.slice(0, at)) && ENDS.test(text.slice(at + name.length))) return true;
  }
  return false;
}

const BEGINS = /(?:^|[^\p{L}\p{N}\p{M}_.@#-]|(?:^|[^\p{L}\p{N}\p{M}_.-])[@#])$/u;
const ENDS = /^(?![\p{L}\p{N}\p{M}_@]|[.\-:][\p{L}\p{N}])/u;
