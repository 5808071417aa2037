/** How Discord writes what stands in a Markdown tree: its own Markdown, in which each sign that is meant as such is escaped. */
import type { Dialect, Mark } from "#core";

/** Discord takes 2,000; the line that tells who answered and the end of a draft need the rest. */
export const MAX_TEXT = 1_900;

/** Seen by nobody; keeps signs apart that would mean something together. */
const APART = "\u200b";

export const dialect: Dialect = {
  limit: MAX_TEXT,
  // What a narrow window shows of code in one line; a phone breaks it once.
  columns: 60,
  quote: "> ",
  rule: "─".repeat(12),
  text: escaped,
  code: inlineCode,
  mark(kind, inner, { after }) {
    const [, lead = "", words = "", tail = ""] = /^(\s*)([^]*?)(\s*)$/.exec(inner) ?? [];
    if (words === "") return inner;
    const sign = signOf(kind, tail === "" ? after : "");
    return `${lead}${sign}${words}${sign}${tail}`;
  },
  link: linked,
  heading: (depth) => (depth <= 3 ? { lead: `${"#".repeat(depth)} `, strong: false } : { lead: "", strong: true }),
  bullet(ordinal, _depth, checked) {
    const box = checked === null ? "" : checked ? "[x] " : "[ ] ";
    return `${ordinal === null ? "-" : `${ordinal}.`} ${box}`;
  },
  fence(code, language) {
    const known = language !== null && /^[a-z0-9_+\-.#]+$/i.test(language) ? language : "";
    // An empty fence is no fence, and three of these signs end it wherever they stand.
    const inside = code === "" ? " " : code.replace(/`(?=`)/g, `\`${APART}`);
    return `\`\`\`${known}\n${inside}\n\`\`\``;
  },
};

const SIGNS = /[\\*_~|`<[]/g;
/** What opens a heading, small print, a quote or an item. */
const OPENING = /^([ \t]*)(?:([#>-])|(\d+)(?=\.))/;

function escaped(value: string, atStart: boolean): string {
  return value
    .replace(SIGNS, "\\$&")
    .replace(/@(?=everyone|here)/gi, `@${APART}`)
    .split("\n")
    .map((line, index) => (index > 0 || atStart ? line.replace(OPENING, openingEscaped) : line))
    .join("\n");
}

const openingEscaped = (_all: string, indent: string, sign: string | undefined, number: string | undefined): string =>
  number === undefined ? `${indent}\\${sign}` : `${indent}${number}\\`;

/** Longer than any row of these signs inside, or as long as none of them; three would open a block. */
function inlineCode(value: string): string {
  const rows = new Set((value.match(/`+/g) ?? []).map((row) => row.length));
  const length = [1, 2].find((size) => !rows.has(size));
  if (length === undefined) return escaped(value, false);
  const sign = "`".repeat(length);
  const gap = (isSign: boolean): string => (isSign ? " " : "");
  return `${sign}${gap(value.startsWith("`"))}${value}${gap(value.endsWith("`"))}${sign}`;
}

/** An underscore ends only where no word goes on; stars clash with the stars of strong words beside them. */
function signOf(kind: Mark, after: string): string {
  switch (kind) {
    case "strong":
      return "**";
    case "emphasis":
      return /\w/.test(after) ? "*" : "_";
    case "delete":
      return "~~";
  }
}

function linked(inner: string, url: string): string | undefined {
  const address = addressOf(url);
  const words = inner.replace(/\\(?=[^0-9A-Za-z\s])/g, "").replaceAll(APART, "");
  if (address === undefined) return mailed(inner, words, url);
  if (words === "" || words === url || words === address || url === `http://${words}`) return address;
  // Discord links no words with brackets, nor such as look like an address: they may tell of another one.
  if (/[[\]\n]/.test(inner) || /:\/\/|^www\./i.test(words)) return `${inner} (${address})`;
  return `[${inner}](${address})`;
}

function mailed(inner: string, words: string, url: string): string | undefined {
  if (!/^mailto:/i.test(url)) return undefined;
  const address = url.slice("mailto:".length);
  return words === address ? inner : `${inner} (${escaped(address, false)})`;
}

/** Absolute and harmless inside of round brackets; undefined for what is no address of the web. */
function addressOf(url: string): string | undefined {
  if (!/^https?:\/\/[^\s/]/i.test(url)) return undefined;
  return url.replace(/[\s()<>\\`"[\]|*]/g, (sign) => encodeURIComponent(sign).replace(sign, hexOf));
}

/** What encodeURIComponent leaves alone. */
const hexOf = (sign: string): string => `%${sign.charCodeAt(0).toString(16).toUpperCase()}`;
