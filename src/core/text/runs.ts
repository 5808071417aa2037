/** Words with their marks, in one flat row, so that they can be cut anywhere and written on both sides of the cut. */
import type { Definition, Nodes } from "mdast";
import { cutAt, PROSE } from "./cut.ts";
import type { Dialect, Mark } from "./dialect.ts";

export type Run = {
  readonly text: string;
  readonly isCode: boolean;
  readonly marks: ReadonlySet<Mark>;
  readonly link: string | null;
};

/** Addresses of a text's `[label]`s, by identifier. */
export type Definitions = ReadonlyMap<string, Definition>;

const PLAIN: Omit<Run, "text"> = { isCode: false, marks: new Set(), link: null };

export const plainRun = (text: string): Run => ({ ...PLAIN, text });

export const strongRun = (run: Run): Run => ({ ...run, marks: new Set([...run.marks, "strong"]) });

/** An address longer than this share of a part would leave no room for words beside it; it is written as words. */
const LINK_SHARE = 0.4;

export function runsOf(nodes: readonly Nodes[], definitions: Definitions, dialect: Dialect): readonly Run[] {
  const leadsOn = (url: string): boolean => {
    const written = dialect.link("", url);
    return written !== undefined && written.length <= dialect.limit * LINK_SHARE;
  };
  /** An address that cannot be a link stands beside the words, unless it is the words. */
  const linked = (words: readonly Run[], url: string, style: Run): readonly Run[] => {
    const shown = textOf(words);
    if (leadsOn(url)) return (shown === "" ? [{ ...style, text: url }] : words).map((run) => ({ ...run, link: url }));
    if (shown === "") return [{ ...style, text: url }];
    return shown === url || url === "" ? words : [...words, { ...style, text: ` (${url})` }];
  };
  /** What a page shows when the pointer rests on it stands behind it. */
  const titled = (runs: readonly Run[], title: string | null | undefined, style: Run): readonly Run[] =>
    title ? [...runs, { ...style, text: ` (${title})` }] : runs;
  const walk = (node: Nodes, style: Run): readonly Run[] => {
    const inner = (next: Run): readonly Run[] =>
      "children" in node ? node.children.flatMap((child) => walk(child, next)) : [];
    switch (node.type) {
      case "text":
        return [{ ...style, text: node.value }];
      case "html":
        return [{ ...style, text: /^<br ?\/?>$/i.test(node.value) ? "\n" : node.value }];
      case "break":
        return [{ ...style, text: "\n" }];
      case "inlineCode":
        return [{ ...style, text: node.value, isCode: true }];
      case "strong":
      case "emphasis":
      case "delete":
        return inner({ ...style, marks: new Set([...style.marks, node.type]) });
      case "link":
        return titled(linked(inner(style), node.url, style), node.title, style);
      case "image":
        return titled(linked(node.alt ? [{ ...style, text: node.alt }] : [], node.url, style), node.title, style);
      case "linkReference":
      case "imageReference": {
        const { url = "", title } = definitions.get(node.identifier) ?? {};
        const alt = "alt" in node && node.alt ? [{ ...style, text: node.alt }] : [];
        return titled(linked(node.type === "linkReference" ? inner(style) : alt, url, style), title, style);
      }
      case "footnoteReference":
        return [{ ...style, text: `[${node.label ?? node.identifier}]` }];
      case "root":
      case "paragraph":
      case "heading":
      case "blockquote":
      case "list":
      case "listItem":
      case "table":
      case "tableRow":
      case "tableCell":
      case "footnoteDefinition":
        return inner(style);
      case "code":
      case "yaml":
        return [{ ...style, text: node.value }];
      case "definition":
      case "thematicBreak":
        return [];
    }
  };
  return nodes.flatMap((node) => walk(node, plainRun(""))).filter(({ text }) => text !== "");
}

export const textOf = (runs: readonly Run[]): string => runs.map(({ text }) => text).join("");

/** For where nothing can be clicked on: an address stands behind its words, unless it is the words. */
export const bareText = (runs: readonly Run[]): string =>
  grouped(runs, ({ link }) => link)
    .map((group) => {
      const [words, url] = [textOf(group), group[0]?.link ?? null];
      const address = url?.replace(/^mailto:/i, "");
      return address === undefined || words === address || words === url || `http://${words}` === url
        ? words
        : `${words} (${address})`;
    })
    .join("");

export const lengthOf = (runs: readonly Run[]): number => runs.reduce((sum, { text }) => sum + text.length, 0);

/** The first `length` units, and those behind them. */
export function halves(runs: readonly Run[], length: number): readonly [readonly Run[], readonly Run[]] {
  const index = indexAt(runs, length);
  const before = lengthOf(runs.slice(0, index));
  const run = runs[index];
  if (!run || before === length) return [runs.slice(0, index), runs.slice(index)];
  const left = { ...run, text: run.text.slice(0, length - before) };
  const right = { ...run, text: run.text.slice(length - before) };
  return [
    [...runs.slice(0, index), left],
    [right, ...runs.slice(index + 1)],
  ];
}

/** Index of the run in which this many units end. */
function indexAt(runs: readonly Run[], length: number): number {
  let end = 0;
  const index = runs.findIndex(({ text }) => (end += text.length) > length);
  return index < 0 ? runs.length : index;
}

/** Where to cut runs so that at most `most` units stand before the cut: see `cutAt`. */
export const cutRuns = (runs: readonly Run[], most: number): number =>
  cutAt(textOf(halves(runs, most + LOOK_AHEAD)[0]), most, PROSE);

/** Enough to see that a character goes on. */
const LOOK_AHEAD = 64;

/** From the outside in. */
const LEVELS = ["strong", "emphasis", "delete", "link"] as const;

export function writeRuns(runs: readonly Run[], dialect: Dialect): string {
  return writeLevel(runs, 0, { before: "", after: "", atStart: true }, dialect);
}

type Around = { readonly before: string; readonly after: string; readonly atStart: boolean };

function writeLevel(runs: readonly Run[], level: number, around: Around, dialect: Dialect): string {
  const kind = LEVELS[level];
  if (kind === undefined) return writeWords(runs, around, dialect);
  const groups = grouped(runs, (run) => (kind === "link" ? run.link : run.marks.has(kind)));
  let before = around.before;
  let atStart = around.atStart;
  return groups
    .map((group, index) => {
      const after = groups[index + 1]?.[0]?.text.at(0) ?? around.after;
      const beside = { before, after };
      const marked = kind === "link" ? group[0]?.link !== null : group[0]?.marks.has(kind) === true;
      const here = marked ? { before: "", after: "", atStart: false } : { ...beside, atStart };
      const inner = writeLevel(group, level + 1, here, dialect);
      before = group.at(-1)?.text.at(-1) ?? before;
      atStart = before === "\n";
      if (!marked) return inner;
      return kind === "link" ? (dialect.link(inner, group[0]?.link ?? "") ?? inner) : dialect.mark(kind, inner, beside);
    })
    .join("");
}

function writeWords(runs: readonly Run[], around: Around, dialect: Dialect): string {
  let { before, atStart } = around;
  const groups = grouped(runs, ({ isCode }) => isCode);
  return groups
    .map((group, index) => {
      const words = textOf(group);
      const after = groups[index + 1]?.[0]?.text.at(0) ?? around.after;
      const written = group[0]?.isCode ? dialect.code(words, { before, after }) : dialect.text(words, atStart);
      before = words.at(-1) ?? before;
      atStart = before === "\n";
      return written;
    })
    .join("");
}

/** Neighbours that are alike, together. */
function grouped<T>(items: readonly T[], like: (item: T) => unknown): readonly (readonly T[])[] {
  const groups: T[][] = [];
  for (const [index, item] of items.entries()) {
    const previous = items[index - 1];
    if (previous !== undefined && like(previous) === like(item)) groups.at(-1)?.push(item);
    else groups.push([item]);
  }
  return groups;
}
