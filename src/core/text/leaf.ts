/** A Markdown tree laid flat: blocks in reading order, each with what stands before its lines. Used by `splitMarkdown`. */
import type { Code, Definition, List, ListItem, Nodes, Root, Table } from "mdast";
import type { Dialect } from "./dialect.ts";
import { drawGrid } from "./grid.ts";
import { bareText, plainRun, runsOf, strongRun, type Definitions, type Run } from "./runs.ts";

export type Leaf = {
  readonly content: Content;
  /** Before the first line, and before each later one. */
  readonly lead: string;
  readonly rest: string;
  /** The quote that it stands in, or null. */
  readonly quote: Nodes | null;
  /** True when no empty line sets it apart from the leaf before. */
  readonly isTight: boolean;
  readonly isHeading: boolean;
};

export type Content =
  | { readonly kind: "runs"; readonly runs: readonly Run[] }
  /** `head` is repeated wherever the code goes on, as the head of a table is. */
  | { readonly kind: "code"; readonly head: string; readonly code: string; readonly language: string | null };

/** Further in than this, items are not moved any further: the words need the room. */
const DEEPEST = 24;
const LANGUAGE = /^[\w+#.-]{1,20}$/;

export function leavesOf(root: Root, dialect: Dialect): readonly Leaf[] {
  const all = definitionsIn(root);
  const definitions: Definitions = new Map(all.map((each) => [each.identifier, each] as const).toReversed());
  const used = referencesIn(root);
  const runs = (nodes: readonly Nodes[]): readonly Run[] => runsOf(nodes, definitions, dialect);

  const words = (content: readonly Run[], { indent, quote }: Place): Leaf => ({
    content: { kind: "runs", runs: content },
    lead: indent,
    rest: indent,
    quote,
    isTight: false,
    isHeading: false,
  });

  const code = (content: Omit<Extract<Content, { kind: "code" }>, "kind">): Leaf => ({
    content: { kind: "code", ...content },
    lead: "",
    rest: "",
    quote: null,
    isTight: false,
    isHeading: false,
  });

  const blocks = (nodes: readonly Nodes[], place: Place): readonly Leaf[] =>
    nodes.flatMap((node) => block(node, place));

  const block = (node: Nodes, place: Place): readonly Leaf[] => {
    switch (node.type) {
      case "root":
        return blocks(node.children, place);
      case "heading": {
        const { lead, strong } = dialect.heading(node.depth);
        const title = runs(node.children).map((run) => (strong ? strongRun(run) : run));
        return [{ ...words(title, place), lead: place.indent + lead, isHeading: true }];
      }
      case "blockquote":
        return blocks(node.children, { ...place, quote: place.quote ?? node });
      case "list":
        return node.children.flatMap((item, index) => listItem(node, item, index, place));
      case "code":
        return fenced(node, place);
      case "table":
        return table(node, place);
      case "thematicBreak":
        return [words([plainRun(dialect.rule)], place)];
      case "html":
        return [words([plainRun(node.value)], place)];
      case "definition":
        return used.has(node.identifier) ? [] : [words([plainRun(definitionText(node))], place)];
      case "footnoteDefinition":
        return led(`[${node.label ?? node.identifier}] `, node.children, place);
      case "listItem":
        return blocks(node.children, place);
      case "paragraph":
      case "tableRow":
      case "tableCell":
        return [words(runs(node.children), place)];
      case "text":
      case "inlineCode":
      case "strong":
      case "emphasis":
      case "delete":
      case "break":
      case "link":
      case "image":
      case "linkReference":
      case "imageReference":
      case "footnoteReference":
      case "yaml":
        return [words(runs([node]), place)];
    }
  };

  /** What the fence cannot say of its code stands above it. */
  const fenced = ({ value, lang, meta }: Code, place: Place): readonly Leaf[] => {
    const language = LANGUAGE.test(lang ?? "") ? (lang ?? null) : null;
    const above = [language === null ? lang : null, meta].filter(Boolean).join(" ");
    const block = code({ head: "", code: value, language });
    return above === ""
      ? [block]
      : [
          { ...words([plainRun(above)], place), isHeading: true },
          { ...block, isTight: true },
        ];
  };

  /** Blocks behind a bullet or a number, moved in under the words of the first. */
  const led = (bullet: string, nodes: readonly Nodes[], place: Place): readonly Leaf[] => {
    const indent = place.indent.length < DEEPEST ? place.indent + " ".repeat(bullet.length) : place.indent;
    const [first, ...others] = blocks(nodes, { ...place, indent, depth: place.depth + 1 });
    const lead = place.indent + bullet;
    if (!first || first.content.kind === "code") {
      const sign = { ...words([], place), lead: lead.trimEnd() };
      return first ? [sign, { ...first, isTight: true }, ...others] : [sign];
    }
    return [{ ...first, lead: lead + first.lead.slice(indent.length) }, ...others];
  };

  const listItem = (list: List, item: ListItem, index: number, place: Place): readonly Leaf[] => {
    const ordinal = list.ordered ? (list.start ?? 1) + index : null;
    const bullet = dialect.bullet(ordinal, place.depth, item.checked ?? null);
    const isFirst = index === 0;
    return led(bullet, item.children, place).map((leaf, at) => ({
      ...leaf,
      isTight: at === 0 ? (isFirst ? place.depth > 0 : list.spread !== true) : leaf.isTight || item.spread !== true,
    }));
  };

  /** Aligned columns without marks where they fit, addresses beside their words, else a few lines for each row. */
  const table = (node: Table, place: Place): readonly Leaf[] => {
    const rows = node.children.map((row) => row.children.map((cell) => runs(cell.children)));
    const texts = rows.map((row) => row.map((cell) => bareText(cell).replaceAll("\n", " ")));
    const grid = drawGrid(texts, node.align ?? []);
    if (grid.columns <= dialect.columns) return [code({ head: grid.head, code: grid.rows, language: null })];
    const [head = [], ...body] = rows;
    if (body.length === 0) return head.map((cell) => words(cell.map(strongRun), place));
    return body.flatMap((row) =>
      row.map((cell, column) => ({ ...labelled(head[column] ?? [], cell, place), isTight: column > 0 })),
    );
  };

  const labelled = (label: readonly Run[], cell: readonly Run[], place: Place): Leaf =>
    words(
      label.length === 0 ? cell : [...label.map(strongRun), strongRun(plainRun(":")), plainRun(" "), ...cell],
      place,
    );

  return blocks(root.children, { indent: "", depth: 0, quote: null });
}

type Place = { readonly indent: string; readonly depth: number; readonly quote: Nodes | null };

function definitionsIn(node: Nodes): readonly Definition[] {
  if (node.type === "definition") return [node];
  return "children" in node ? node.children.flatMap((child) => definitionsIn(child)) : [];
}

function referencesIn(root: Root): ReadonlySet<string> {
  const found = new Set<string>();
  const visit = (node: Nodes): void => {
    if (node.type === "linkReference" || node.type === "imageReference") found.add(node.identifier);
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(root);
  return found;
}

const definitionText = ({ label, identifier, url, title }: Definition): string =>
  `[${label ?? identifier}]: ${url}${title ? ` "${title}"` : ""}`;
