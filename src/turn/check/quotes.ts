/** Cited items that nobody recalled, and quotations that do not stand in what they are said to come from. Pure. */
import { bare } from "./sentences.ts";

export type Quotable = {
  /** Text of each item that may be cited, by its id without `m`. */
  readonly items: ReadonlyMap<string, string>;
  /** What tools and code returned; items stand in it as `[m12] …`. */
  readonly results: readonly string[];
  /** What the person said, in this turn and before. */
  readonly said: readonly string[];
};

const CITED = /\[m(\d{1,18})\]/g;
const QUOTATION = /“([^“”]+)”|„([^„“”]+)[“”]|"([^"\n]+)"|«([^«»]+)»/gu;
const YOURS =
  /\b(?:you (?:\w+ )?(?:said|say|wrote|asked|told|mentioned|noted|stated|put it|decided|planned|reported)|your (?:own )?(?:words|message|note)|du (?:hast|schriebst|sagtest)|sie (?:schrieben|sagten|haben)|deine worte|ihre worte)\b[^.!?:;“"]{0,40}:?\s*$/i;
/** Fewer words are a name or a term, not somebody's sentence. */
const FEWEST_WORDS = 3;

export function unknownItems(answer: string, from: Quotable): readonly string[] {
  const ids = new Set(Array.from(answer.matchAll(CITED), ([, id = ""]) => id));
  return [...ids].filter((id) => !from.items.has(id) && !from.results.some((text) => text.includes(`[m${id}]`)));
}

/** As written, each once. */
export function falseQuotes(answer: string, from: Quotable): readonly string[] {
  const found = answer.split("\n").flatMap((line) => quotesIn(line, from));
  return [...new Set([...found, ...falseBlocks(answer, from)])];
}

function quotesIn(line: string, from: Quotable): readonly string[] {
  let read = 0;
  return [...line.matchAll(QUOTATION)].flatMap((match) => {
    const words = match[1] ?? match[2] ?? match[3] ?? match[4] ?? "";
    const before = line.slice(read, match.index);
    read = match.index + match[0].length;
    if (words.split(/\s+/).length < FEWEST_WORDS) return [];
    const cited =
      /^[^“„"«\n]{0,40}?\[m(\d{1,18})\]/.exec(line.slice(read))?.[1] ?? [...before.matchAll(CITED)].at(-1)?.[1];
    const sources =
      cited === undefined ? (YOURS.test(before) ? [...from.said, ...from.items.values()] : []) : sourceOf(cited, from);
    if (cited === undefined && sources.length === 0) return [];
    return sources.some((source) => stands(words, source)) ? [] : [words];
  });
}

/** A quoted block that ends with the item it is from. */
function falseBlocks(answer: string, from: Quotable): readonly string[] {
  return [...answer.matchAll(/(?:^[ \t]*>.*(?:\n|$))+/gm)].flatMap(([block]) => {
    const words = block.replaceAll(/^[ \t]*> ?/gm, "");
    const cited = /\[m(\d{1,18})\]\W*$/.exec(words)?.[1];
    if (cited === undefined) return [];
    const said = words.replaceAll(CITED, "").replace(/[\s(—–-]+$/, "");
    return sourceOf(cited, from).some((source) => stands(said, source)) ? [] : [said.trim()];
  });
}

const sourceOf = (id: string, { items, results }: Quotable): readonly string[] => [
  ...[items.get(id) ?? []].flat(),
  ...results.filter((text) => text.includes(`[m${id}]`)),
];

/** Every piece between marks of omission, whatever the spacing, the layout, the case of its first letter and its last mark. */
function stands(words: string, source: string): boolean {
  const there = plain(source);
  return words
    .split(/…|\.\.\.|\[…\]|\[\.\.\.\]/)
    .every((piece) => there.includes(plain(piece).replace(/[.,;:!?]+$/, "")));
}

const plain = (text: string): string =>
  bare(text)
    .replaceAll(/[[(]m\d+[\])]/g, "")
    .replaceAll('"', "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .toLowerCase();
