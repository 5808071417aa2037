/** Text of others on a card: shown as it is, and never able to pass for the card's own words. Pure. Used by cards.ts. */
import { clip } from "#core";

/** Plain words in the middle of a line: every mark of Markdown in them is only a character, and no address becomes a link. */
export const escaped = (text: string): string =>
  text
    .replaceAll(/\s+/g, " ")
    .replaceAll(/:(?=\/\/)|www(?=\.)/gi, (start) => `${start}${APART}`)
    .replaceAll(/[\\`*_[\]<>&~|#@]/g, (mark) => `\\${mark}`);

/** Stands between two signs that would mean something together, and is seen by nobody. */
const APART = "\u2060";

/** The paragraphs that say something. */
export const paragraphs = (...texts: readonly string[]): string =>
  texts.filter((text) => text.trim() !== "").join("\n\n");

/** As somebody else's words: each line is quoted, whatever stands in it. */
export const quoted = (text: string): string =>
  text
    .split(/\r\n|[\n\r\u2028\u2029]/)
    .map((line) => `> ${line}`)
    .join("\n");

/**
 * In a span of code, or in a block where it has several lines; what is longer than this is cut, and the rest counted.
 */
export function asItIs(
  value: string,
  most: { readonly characters: number; readonly lines: number },
): { readonly text: string; readonly long: boolean } {
  const lines = value.split("\n");
  const first = lines.slice(0, most.lines).join("\n");
  const shown = first.length > most.characters ? cut(first, most.characters) : first;
  const left = value.length - shown.length;
  const rest = left > 0 ? `… ${left.toLocaleString("en")} more characters` : "";
  if (lines.length === 1) return { text: [span(shown), rest].filter(Boolean).join(" "), long: left > 0 };
  const block = [fence(shown), ...shown.split("\n"), fence(shown)].map((line) => `  ${line}`).join("\n");
  return { text: `\n${block}${rest === "" ? "" : `\n\n  ${rest}`}`, long: true };
}

/** Without the sign that `clip` ends with: how much is missing is said in words. */
const cut = (text: string, most: number): string => clip(text, most).replace(/…$/, "").trimEnd();

const longestRun = (text: string): number => Math.max(0, ...Array.from(text.matchAll(/`+/g), ([run]) => run.length));

function span(text: string): string {
  if (text.trim() === "") return text === "" ? "(nothing)" : `(${text.length} spaces)`;
  const marks = "`".repeat(longestRun(text) + 1);
  const pad = /^[` ]|[` ]$/.test(text) ? " " : "";
  return `${marks}${pad}${text}${pad}${marks}`;
}

const fence = (text: string): string => "`".repeat(Math.max(3, longestRun(text) + 1));
