/** Foreign words in our Markdown: on one line they are escaped, on several they are quoted, and too many are clipped. */

/** Everything that steers how text is shown: control characters and the marks that turn its direction. */
const STEERING = /(?![\n\t])[\p{Cc}\u061c\u200e\u200f\u202a-\u202e\u2066-\u2069]/gu;
const LINE_BREAK = /\r\n|[\r\n\v\f\u0085\u2028\u2029]/g;
/** Marks that mean something within a line; an underscore inside of a word is none. */
const MARK = /[\\`*[\]<~]|(?<![\p{L}\p{N}])_|_(?![\p{L}\p{N}])|&(?=#?\w+;)/gu;

/** Words within a line. What stands before them on the line must be ours. */
export const inline = (text: string, most = 200): string => clip(onOneLine(text), most).replace(MARK, "\\$&");

export const bold = (text: string, most = 200): string => `**${inline(text, most)}**`;

/** A name in which every character counts, such as a branch or a commit. */
export const code = (text: string, most = 200): string => `\`${clip(onOneLine(text), most).replaceAll("`", "'")}\``;

/** A quotation of at most `most` characters; what is left out is counted. "" for nothing. */
export function quote(text: string, most = 2_000): string {
  const clean = text.toWellFormed().replace(LINE_BREAK, "\n").replace(STEERING, "").trim();
  if (clean === "") return "";
  const kept = cut(clean, most).trimEnd();
  const rest = clean.length - kept.length;
  const lines = kept.split("\n").map((line) => `> ${line}`.trimEnd());
  return [...lines, ...(rest === 0 ? [] : [">", `> … (${rest.toLocaleString("en")} more characters)`])].join("\n");
}

/** An address as a link; "" for anything else. */
export function link(url: string): string {
  const parsed = URL.parse(url);
  if (!parsed || !/^https?:$/.test(parsed.protocol) || parsed.username !== "" || parsed.href.length > 1_000) return "";
  return `<${parsed.href}>`;
}

function onOneLine(text: string): string {
  return text.toWellFormed().replace(LINE_BREAK, " ").replace(STEERING, "").replace(/\s+/g, " ").trim();
}

const clip = (text: string, most: number): string => (text.length <= most ? text : `${cut(text, most).trimEnd()}…`);

/** Never within a character of two units. */
const cut = (text: string, most: number): string => text.slice(0, most).replace(/[\ud800-\udbff]$/, "");
