/** Lays a text out as asked: lists, tables, cases, order, clean white space. The words stay as they are. */
import type { TextWork } from "./ask-text.ts";
import { sentencesIn } from "./sentences.ts";

/** First match wins; the last one always does. */
const LAYOUTS: readonly { readonly asks: RegExp; readonly lay: (text: string) => string }[] = [
  { asks: /\btable\b/i, lay: (text) => table(text) ?? list(text, () => "-") },
  { asks: /number(?:ed|ing)?\b|ordered list|\bsteps?\b/i, lay: (text) => list(text, (i) => `${i + 1}.`) },
  { asks: /check ?list|to-?do|tick/i, lay: (text) => list(text, () => "- [ ]") },
  { asks: /alphabet|\bsort/i, lay: (text) => sorted(text) },
  { asks: /duplicate|dedup/i, lay: (text) => [...new Set(lines(text))].join("\n") },
  { asks: /bullet|\blist\b|points?\b/i, lay: (text) => list(text, () => "-") },
  { asks: /title case|headline/i, lay: titleCase },
  { asks: /sentence case/i, lay: sentenceCase },
  { asks: /upper ?case|all caps|capital letters/i, lay: (text) => text.toUpperCase() },
  { asks: /lower ?case|small letters/i, lay: (text) => text.toLowerCase() },
  { asks: /./, lay: tidy },
];

export function format({ text, instruction }: TextWork): string {
  const layout = LAYOUTS.find(({ asks }) => asks.test(instruction));
  return (layout?.lay ?? tidy)(text);
}

/** Spaces at ends and in runs go, at most one blank line stays. */
export function tidy(text: string): string {
  return text
    .replace(/\r\n?/g, "\n")
    .replace(/[\u00A0\u2007\u202F\t ]+/g, " ")
    .replace(/ *\n */g, "\n")
    .replace(/\n{3,}/g, "\n\n")
    .trim();
}

function lines(text: string): string[] {
  return text
    .split(/\r?\n/)
    .map((line) =>
      line
        .trim()
        .replace(/^(?:[-*+•]|\d{1,3}[.)])\s+/, "")
        .replace(/ {2,}/g, " "),
    )
    .filter((line) => line !== "");
}

/** One item a line; a single line is cut at semicolons, else at its sentences, else at its commas. */
function items(text: string): readonly string[] {
  const rows = lines(text);
  if (rows.length > 1) return rows;
  const [only = ""] = rows;
  if (only.includes(";")) return parts(only, /;\s*/);
  const sentences = sentencesIn(only);
  if (sentences.length > 1) return sentences.map((sentence) => sentence.text);
  const last = only.lastIndexOf(" and ");
  const listed = last > only.lastIndexOf(",") ? `${only.slice(0, last)}, ${only.slice(last + 5)}` : only;
  return parts(listed, /,\s*(?:and\s+|or\s+)?(?=\S)/);
}

const parts = (text: string, separator: RegExp): string[] =>
  text
    .split(separator)
    .map((part) => part.trim())
    .filter((part) => part !== "");

const list = (text: string, mark: (index: number) => string): string =>
  items(text)
    .map((item, index) => `${mark(index)} ${item}`)
    .join("\n");

const sorted = (text: string): string =>
  [...items(text)].sort((a, b) => a.localeCompare(b, "en", { sensitivity: "base", numeric: true })).join("\n");

/** Rows of equal width, cut at tabs, bars, semicolons or commas; undefined when the text has no such shape. */
function table(text: string): string | undefined {
  const rows = lines(text);
  for (const separator of [/\t/, /\|/, /;\s*/, /,\s*/, /:\s+/]) {
    const cells = rows.map((row) => row.replace(/^\||\|$/g, "").split(separator));
    const width = cells[0]?.length ?? 0;
    if (rows.length < 2 || width < 2 || cells.some((row) => row.length !== width)) continue;
    const [head = [], ...body] = cells.map((row) => row.map((cell) => cell.trim()));
    return [head, head.map(() => "---"), ...body].map((row) => `| ${row.join(" | ")} |`).join("\n");
  }
  return undefined;
}

const SMALL = new Set(
  "a an and as at but by for from in into nor of off on onto or over per so the to up via vs with yet".split(" "),
);

function titleCase(text: string): string {
  return text.replace(/[\p{L}\p{N}'’]+/gu, (word, at: number) => {
    const first = at === 0 || /[.:!?\n]\s*$/.test(text.slice(Math.max(0, at - 3), at));
    if (!first && SMALL.has(word.toLowerCase())) return word.toLowerCase();
    // A word with a capital inside, such as iPhone or NASA, is a name.
    return /\p{Lu}/u.test(word.slice(1)) ? word : capital(word);
  });
}

function sentenceCase(text: string): string {
  return text.toLowerCase().replace(/\p{L}(?<=(?:^|[.!?]\s+|\n\s*)\p{L})/gu, (letter) => letter.toUpperCase());
}

const capital = (word: string): string => word.charAt(0).toUpperCase() + word.slice(1).toLowerCase();
