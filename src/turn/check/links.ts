/** Addresses in a text that a click would open, however they are written, and the text without some of them. Pure; used by link-ground.ts, veil.ts and weaken.ts. */
import type { Nodes } from "mdast";
import { parseMarkdown, plainText } from "#core";

export type Link = {
  /** As it stands there, with whatever hides in it; where it leads, of one behind words. */
  readonly address: string;
  /** UTF-16 units of the text, end excluded. */
  readonly start: number;
  readonly end: number;
  /** What the text keeps where it is taken out. */
  readonly instead: string;
  /** In code no channel makes a link of it, but people copy it, and some terminals do not know what code is. */
  readonly inCode: boolean;
};

export const LEFT_OUT = "(a link was left out: it stands nowhere in what I read)";

/** Schemes with their slashes, `www.`, and what stands between a label's brackets without a scheme. `hxxp` is written so as to be no link. */
const BARE =
  /(?:(?:https?|(?<![a-z0-9+.-])(?!hxxps?:)[a-z][a-z0-9+.-]{1,30}):[/\\]{2}|(?<![a-z0-9/@.-])www\.|(?<=\][(:]\s{0,9}<?)[/\\]{2})(?:(?!\]\()[^\s<>"`|])+/giu;
/** Signs that show nothing: between two letters of an address they hide it from whoever looks for it. */
const UNSEEN = /[\p{Cf}\p{Default_Ignorable_Code_Point}]/u;
/** Without any of these there is no link. */
const SUSPECT = /[:&\]]|ww|w\W+w/i;
/** A text in which links come to light for so long is taken for one that is made of nothing else. */
const MOST_ROUNDS = 6;

/** In no certain order; one within another stands beside it. */
export function linksIn(text: string): readonly Link[] {
  if (!SUSPECT.test(text)) return [];
  const { links, code, blocks } = treeLinks(text);
  const linked = alike(links);
  const bare = bareIn(text).filter((each) => !linked(each).some((link) => holds(link, each)));
  const written = [...links, ...bare];
  const known = alike(written);
  const made = blocks.filter((block) => !known(block).some((link) => holds(block, link)));
  return [...written, ...made].map((link) => ({
    ...link,
    inCode: code.some(([start, end]) => start <= link.start && link.end <= end),
  }));
}

/** Those with the same address. */
function alike(links: readonly Link[]): (link: Link) => readonly Link[] {
  const all = Map.groupBy(links, ({ address }) => plainly(address));
  return ({ address }) => all.get(plainly(address)) ?? [];
}

const holds = (outer: Link, inner: Link): boolean => outer.start <= inner.start && inner.end <= outer.end;

/** Only with what is kept: words stay, and in place of the addresses stands that something is missing. */
export function onlyLinks(text: string, keeps: (address: string) => boolean): string {
  let left = text;
  // What a bracket was part of may be something else without it.
  for (let round = 0; round < MOST_ROUNDS; round += 1) {
    const strange = linksIn(left).filter(({ address }) => !keeps(address));
    if (strange.length === 0) return left;
    left = cut(left, strange);
  }
  return LEFT_OUT;
}

/** Nor with one that was none before the others were taken out. */
export function withoutLinks(text: string, strange: ReadonlySet<string>): string {
  const known = new Set(linksIn(text).map(({ address }) => address));
  return onlyLinks(text, (address) => known.has(address) && !strange.has(address)).trimEnd();
}

function cut(text: string, links: readonly Link[]): string {
  let [end, left] = [0, ""];
  for (const link of links.toSorted((a, b) => a.start - b.start || b.end - a.end)) {
    if (link.start < end) continue;
    left += text.slice(end, link.start) + link.instead;
    ({ end } = link);
  }
  return (left + text.slice(end)).replaceAll(`${LEFT_OUT} ${LEFT_OUT}`, LEFT_OUT);
}

type Found = {
  readonly links: readonly Link[];
  readonly code: readonly (readonly [number, number])[];
  /** What reads as an address where the marks are gone, each in the place of its block. */
  readonly blocks: readonly Link[];
};

function treeLinks(text: string): Found {
  const root = parseMarkdown(text);
  const nodes = within(root);
  const targets = new Map<string, string>();
  const used = new Set<string>();
  for (const node of nodes) {
    if (node.type === "definition" && !targets.has(node.identifier)) targets.set(node.identifier, node.url);
    if (node.type === "linkReference" || node.type === "imageReference") used.add(node.identifier);
  }
  const links = nodes.flatMap((node): readonly Link[] => {
    const address = addressOf(node, targets);
    // What the parser makes of entities has no place; its block is read for it.
    if (address === undefined || !node.position || isHarmless(node, address)) return [];
    const [start, end] = placeOf(node, text);
    const isHidden = node.type === "definition" && used.has(node.identifier);
    return [{ address, start, end, instead: isHidden ? "" : withNote(labelOf(node, text)), inCode: false }];
  });
  const code = nodes.filter(({ type }) => type === "code" || type === "inlineCode");
  return {
    links,
    // What was too nested to be read has no places: anything in it may be code.
    code: root.position ? code.map((node) => placeOf(node, text)) : [[0, text.length]],
    blocks: nodes.filter(({ type }) => BLOCKS.has(type)).flatMap((node) => readIn(node, placeOf(node, text))),
  };
}

const within = (node: Nodes): readonly Nodes[] => [
  node,
  ...("children" in node ? node.children.flatMap((child) => within(child)) : []),
];

const BLOCKS: ReadonlySet<Nodes["type"]> = new Set(["paragraph", "heading", "tableCell"]);

function readIn(block: Nodes, [start, end]: readonly [number, number]): readonly Link[] {
  const words = plainText(block);
  const found = bareIn(words);
  // Whoever hides one address among others loses them all.
  const instead = cut(words, found);
  return found.map(({ address }) => ({ address, start, end, instead, inCode: false }));
}

function addressOf(node: Nodes, targets: ReadonlyMap<string, string>): string | undefined {
  if (node.type === "linkReference" || node.type === "imageReference") return targets.get(node.identifier);
  return "url" in node ? node.url : undefined;
}

/** A place within the text itself, and an address of mail that shows all that it is. */
const isHarmless = (node: Nodes, address: string): boolean =>
  address === "" || address.startsWith("#") || address === `mailto:${plainText(node)}`;

const placeOf = ({ position }: Nodes, text: string): readonly [number, number] => [
  position?.start.offset ?? 0,
  position?.end.offset ?? text.length,
];

/** The words that are clicked on. */
function labelOf(node: Nodes, text: string): string {
  if (!("children" in node)) return plainText(node);
  const start = node.children[0]?.position?.start.offset;
  const end = node.children.at(-1)?.position?.end.offset;
  return start === undefined || end === undefined ? plainText(node) : text.slice(start, end);
}

const withNote = (label: string): string =>
  label.trim() === "" || bareIn(label).length > 0 ? LEFT_OUT : `${label} ${LEFT_OUT}`;

function bareIn(text: string): readonly Link[] {
  const { seen, places } = withoutUnseen(text);
  return Array.from(seen.matchAll(BARE), ({ 0: found, index }) => {
    const start = places(index);
    const end = places(index + trimmed(found).length - 1) + 1;
    return { address: text.slice(start, end), start, end, instead: LEFT_OUT, inCode: false };
  });
}

/** `places` gives where a unit of `seen` stands in the text. */
function withoutUnseen(text: string): { readonly seen: string; readonly places: (at: number) => number } {
  if (!UNSEEN.test(text)) return { seen: text, places: (at) => at };
  const kept: number[] = [];
  let seen = "";
  let at = 0;
  for (const sign of text) {
    if (!UNSEEN.test(sign)) {
      for (let i = 0; i < sign.length; i += 1) kept.push(at + i);
      seen += sign;
    }
    at += sign.length;
  }
  return { seen, places: (place) => kept[place] ?? text.length };
}

/** Without the marks that end a sentence, and brackets that were opened before it. */
function trimmed(found: string): string {
  const loose = new Map(
    [...OPENED].map(([closing, opening]) => [closing, countOf(closing, found) - countOf(opening, found)]),
  );
  let end = found.length;
  for (; end > 1; end -= 1) {
    const last = found.charAt(end - 1);
    const left = loose.get(last);
    if (left === undefined ? !".,;:!?'’”*_~".includes(last) : left <= 0) break;
    if (left !== undefined) loose.set(last, left - 1);
  }
  return found.slice(0, end);
}

const countOf = (sign: string, text: string): number => text.split(sign).length - 1;

const OPENED: ReadonlyMap<string, string> = new Map([
  [")", "("],
  ["]", "["],
  ["}", "{"],
]);

/** As the parser reads it. */
const plainly = (address: string): string =>
  address
    .replaceAll(/\\([!-/:-@[-`{-~])/g, "$1")
    .replaceAll("&amp;", "&")
    .replace(/^(?=www\.)/i, "http://");
