/** Text in columns: how wide it looks, and lines broken between words. Pure; styles count for nothing. */
import { stripVTControlCharacters } from "node:util";

const graphemes = new Intl.Segmenter("en", { granularity: "grapheme" });
const WIDE =
  /\p{Emoji_Presentation}|\p{Script=Han}|\p{Script=Hiragana}|\p{Script=Katakana}|\p{Script=Hangul}|\p{RI}|[\uff01-\uff60]/u;

/** Columns that the text takes, wide scripts and emoji counted double. */
export function widthOf(text: string): number {
  let columns = 0;
  for (const { segment } of graphemes.segment(stripVTControlCharacters(text))) columns += WIDE.test(segment) ? 2 : 1;
  return columns;
}

/** Breaks lines between words; a word that is longer than the line stands alone on its own. */
export function wrap(text: string, width: number): string {
  if (!Number.isFinite(width)) return text;
  return text
    .split("\n")
    .map((line) => wrapLine(line, width))
    .join("\n");
}

function wrapLine(line: string, width: number): string {
  const lines: string[] = [];
  let current = "";
  let used = 0;
  for (const word of line.split(" ")) {
    const wide = widthOf(word);
    if (used > 0 && used + 1 + wide > width) {
      lines.push(current);
      current = word;
      used = wide;
      continue;
    }
    current = used === 0 && lines.length === 0 && current === "" ? word : `${current} ${word}`;
    used = used === 0 ? wide : used + 1 + wide;
  }
  return [...lines, current].join("\n");
}
