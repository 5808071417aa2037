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
/** Characters around a quotation in which it is said whose it is. */
const MOST_BEHIND = 80;
const MOST_BEFORE = 200;
/** Fewer words are a name or a term, not somebody's sentence. */
const FEWEST_WORDS = 3;
/** Different ones of one answer that are looked for; no more are believed. */
const MOST_QUOTES = 300;

export function unknownItems(answer: string, from: Quotable): readonly string[] {
  const there = new Set(from.results.flatMap(citedIn));
  return [...new Set(citedIn(answer))].filter((id) => !from.items.has(id) && !there.has(id));
}

const citedIn = (text: string): readonly string[] => Array.from(text.matchAll(CITED), ([, id = ""]) => id);

/** As written, each once. */
export function falseQuotes(answer: string, from: Quotable): readonly string[] {
  const sources = readingOf(from);
  const found = answer.split("\n").flatMap((line) => quotesIn(line, sources));
  return [...new Set([...found, ...falseBlocks(answer, sources)])];
}

type Sources = {
  /** The words stand in what the item says; undefined: in anything that the person said or that is remembered. */
  stand(words: string, item: string | undefined): boolean;
  /** There is anything that could be quoted without naming it. */
  readonly any: boolean;
};

/** Each text is made plain once, and each quotation looked for once. */
function readingOf({ items, results, said }: Quotable): Sources {
  const plainly = once(plain);
  const anywhere = [...said, ...items.values()];
  const byItem = new Map<string, string[]>([...items].map(([id, text]) => [id, [text]]));
  for (const text of results)
    for (const id of new Set(citedIn(text))) byItem.set(id, [...(byItem.get(id) ?? []), text]);
  const seen = new Map<string, boolean>();
  let left = MOST_QUOTES;
  const look = (words: string, item: string | undefined): boolean =>
    left-- > 0 &&
    (item === undefined ? anywhere : (byItem.get(item) ?? [])).some((source) => stands(words, plainly(source)));
  return {
    any: anywhere.length > 0,
    stand(words, item) {
      const key = `${item ?? ""} ${words}`;
      const known = seen.get(key) ?? look(words, item);
      seen.set(key, known);
      return known;
    },
  };
}

function once(read: (text: string) => string): (text: string) => string {
  const done = new Map<string, string>();
  return (text) => {
    const before = done.get(text) ?? read(text);
    done.set(text, before);
    return before;
  };
}

function quotesIn(line: string, from: Sources): readonly string[] {
  let read = 0;
  return [...line.matchAll(QUOTATION)].flatMap((match) => {
    const words = match[1] ?? match[2] ?? match[3] ?? match[4] ?? "";
    const before = line.slice(read, match.index);
    read = match.index + match[0].length;
    if (words.split(/\s+/).length < FEWEST_WORDS) return [];
    const behind = line.slice(read, read + MOST_BEHIND);
    const cited = /^[^“„"«\n]{0,40}?\[m(\d{1,18})\]/.exec(behind)?.[1] ?? citedIn(before).at(-1);
    if (cited === undefined && !(from.any && YOURS.test(before.slice(-MOST_BEFORE)))) return [];
    return from.stand(words, cited) ? [] : [words];
  });
}

/** A quoted block that ends with the item it is from. */
function falseBlocks(answer: string, from: Sources): readonly string[] {
  return [...answer.matchAll(/(?:^[ \t]*>.*(?:\n|$))+/gm)].flatMap(([block]) => {
    const words = block.replaceAll(/^[ \t]*> ?/gm, "");
    const cited = /\[m(\d{1,18})\]\W*$/.exec(words)?.[1];
    if (cited === undefined) return [];
    const said = words.replaceAll(CITED, "").replace(/(?<![\s(—–-])[\s(—–-]+$/, "");
    return from.stand(said, cited) ? [] : [said.trim()];
  });
}

/** Every piece between marks of omission, whatever the spacing, the layout, the case of its first letter and its last mark. */
function stands(words: string, there: string): boolean {
  return words
    .split(/…|\.\.\.|\[…\]|\[\.\.\.\]/)
    .every((piece) => there.includes(plain(piece).replace(/(?<![.,;:!?])[.,;:!?]+$/, "")));
}

const plain = (text: string): string =>
  bare(text)
    .replaceAll(/[[(]m\d+[\])]/g, "")
    .replaceAll('"', "")
    .replaceAll(/\s+/g, " ")
    .trim()
    .toLowerCase();
