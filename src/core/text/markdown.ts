/** The Markdown tree that every channel renders from, and its plain text. */
import type { Nodes, Root } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified, type Processor } from "unified";

/** The parser's own names of what it finds inside a block. */
const MARKS = [
  "attention",
  "strikethrough",
  "labelStartLink",
  "labelStartImage",
  "labelEnd",
  "gfmFootnoteCall",
  "gfmPotentialFootnoteCall",
  "htmlText",
  "codeText",
];

const parser = unified().use(remarkParse).use(remarkGfm).freeze();
/** Knows blocks, and leaves emphasis, brackets and tags inside of them as written. */
const outliner = unified().use(remarkParse).use(remarkGfm).use(leave, MARKS).freeze();
/** The same, and leaves tables as lines. */
const liner = unified()
  .use(remarkParse)
  .use(remarkGfm)
  .use(leave, [...MARKS, "table"])
  .freeze();

/**
 * Parses any string; Markdown has no syntax errors. The parser's time grows with the square of what is open at once,
 * so that a few pages made for it would hold up everyone: what no writer means is shown as written instead, whole.
 */
export function parseMarkdown(text: string): Root {
  if (isNested(text)) return asWritten(text);
  if (isVast(text)) {
    const lines = liner.parse(text);
    if (blocksOf(lines).some((block) => isVast(plainText(block)))) return lines;
  }
  if (!mayTangle(text)) return parser.parse(text);
  const outline = outliner.parse(text);
  return blocksOf(outline).some((block) => mayTangle(plainText(block))) ? outline : parser.parse(text);
}

/** The words of a tree without marks, blocks apart by line breaks. */
export function plainText(node: Nodes): string {
  if ("value" in node) return node.value;
  if (node.type === "break") return "\n";
  if (node.type === "image" || node.type === "imageReference") return node.alt ?? "";
  if (!("children" in node)) return "";
  const separator = BLOCKS.has(node.type) ? "\n" : "";
  return node.children.map((child) => plainText(child)).join(separator);
}

const BLOCKS = new Set(["root", "blockquote", "list", "listItem", "table", "tableRow"]);

/** What opens a quote, an item, a footnote or a heading at the beginning of a line. */
const OPENING = String.raw`[ \t]*(?:>|(?:[-+*]|\d{1,9}[.)])(?=[ \t]|$)|\[\^|=+[ \t]*$|-+[ \t]*$)`;
const OPENINGS = new RegExp(`^(?:${OPENING})+`, "gm");
const MOST_IN_LINE = 50;
/** An item that stands further in than this is in too many others. */
const MOST_INDENT = 100;
const MOST_OPENINGS = 1_000;

function isNested(text: string): boolean {
  let all = 0;
  for (const [opening] of text.matchAll(OPENINGS)) {
    const here = opening.match(/>|[-+*.)](?=[ \t]|$)|\[|=$/g)?.length ?? 1;
    all += here;
    if (here > MOST_IN_LINE || all > MOST_OPENINGS || opening.search(/[^ \t]/) > MOST_INDENT) return true;
  }
  return false;
}

/** Cells of tables. */
const MOST_CELLS = 8_000;

const isVast = (text: string): boolean => countOf(/\|/g, text) > MOST_CELLS;

const MOST_MARKS = 2_000;
/** In more words than this a single open bracket is looked back to from every word that may be an address. */
const LONG_BLOCK = 8_000;
/** Comments and the like, each of which is looked for to the end of its block. */
const MOST_TAGS = 50;

function mayTangle(text: string): boolean {
  if (text.length > LONG_BLOCK && text.includes("[")) return true;
  return countOf(/[*_~[\]`]/g, text) > MOST_MARKS || countOf(/<[!?]/g, text) > MOST_TAGS;
}

const countOf = (pattern: RegExp, text: string): number => text.match(pattern)?.length ?? 0;

/** The innermost blocks: what the parser reads in one go. */
function blocksOf(node: Nodes): readonly Nodes[] {
  if (INNERMOST.has(node.type)) return [node];
  return "children" in node ? node.children.flatMap((child) => blocksOf(child)) : [];
}

const INNERMOST = new Set(["paragraph", "heading", "tableCell"]);

function asWritten(text: string): Root {
  const [first = "", ...rest] = text.split("\n");
  const words = (value: string) => ({ type: "text" as const, value });
  const lines = rest.flatMap((line) => [{ type: "break" as const }, words(line)]);
  return { type: "root", children: [{ type: "paragraph", children: [words(first), ...lines] }] };
}

function leave(this: Processor, constructs: readonly string[]): void {
  const data = this.data();
  data.micromarkExtensions = [...(data.micromarkExtensions ?? []), { disable: { null: [...constructs] } }];
}
