/** Sentences of a text, numbered as they stand; used by the rules that shorten and summarise. */
import { terms } from "#core";

export type Sentence = {
  /** From 1, in order of the text; the anchor is `[s<number>]`. */
  readonly number: number;
  readonly text: string;
  readonly terms: readonly string[];
};

/** Words whose full stop ends no sentence. */
const ABBREVIATIONS =
  /(?:^|[\s(])(?:e\.g|i\.e|etc|vs|approx|no|nr|fig|mr|mrs|ms|dr|prof|st|jr|sr|inc|ltd|co|a\.m|p\.m|u\.s|u\.k|[A-Z])\.$/i;
const MARKER = /^\s*(?:[-*+•]\s+|\d{1,3}[.)]\s+|#{1,6}\s+|>\s+)/;

export function sentencesIn(text: string): readonly Sentence[] {
  const found: string[] = [];
  for (const line of paragraphs(text)) found.push(...cut(line));
  return found
    .map((sentence) => sentence.trim())
    .filter((sentence) => /[\p{L}\p{N}]/u.test(sentence))
    .map((sentence, index) => ({ number: index + 1, text: sentence, terms: terms(sentence) }));
}

/** Wrapped lines are joined; list items, headings and blank lines part. */
function paragraphs(text: string): string[] {
  const found: string[] = [];
  let open = false;
  for (const line of text.split(/\r?\n/)) {
    const marked = MARKER.test(line);
    const plain = line.replace(MARKER, "").trim();
    if (plain === "") open = false;
    else if (open && !marked && found.length > 0) found[found.length - 1] += ` ${plain}`;
    else found.push(plain);
    if (plain !== "") open = !/^\s*#/.test(line);
  }
  return found;
}

function cut(paragraph: string): string[] {
  const sentences: string[] = [];
  let start = 0;
  for (const match of paragraph.matchAll(
    /(?<![.!?…])[.!?…]+["'”’)\]]*(?=\s+["'“‘([]?[\p{Lu}\p{N}\p{Lo}])|[。！？]+/gu,
  )) {
    const end = match.index + match[0].length;
    const sentence = paragraph.slice(start, end);
    if (ABBREVIATIONS.test(sentence.slice(-12))) continue;
    sentences.push(sentence);
    start = end;
  }
  sentences.push(paragraph.slice(start));
  return sentences;
}
