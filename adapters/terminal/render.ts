/** Markdown as a terminal shows it: plain for what is stored, wrapped and styled for a person at a screen. */
import { stripVTControlCharacters } from "node:util";
import type { Nodes } from "mdast";
import { parseMarkdown, type RenderedPart } from "#core";
import { drawTable } from "./table.ts";
import { inkFor, type Ink } from "./ink.ts";
import { wrap } from "./wrap.ts";

export type Look = {
  readonly color: boolean;
  /** Columns to wrap words at; Infinity leaves lines as they are. */
  readonly width: number;
};

const PLAIN: Look = { color: false, width: Infinity };

/** One part: a terminal has no limit. */
export function render(markdown: string): readonly RenderedPart[] {
  return [{ body: draw(markdown, PLAIN) }];
}

export function draw(markdown: string, look: Look): string {
  const tree = parseMarkdown(withoutControls(markdown));
  return block(tree, { ink: inkFor(look.color), width: look.width });
}

/** Whoever wrote the text, it must not steer the terminal: no escape sequences, no control characters. */
export function withoutControls(text: string): string {
  return stripVTControlCharacters(text.replaceAll("\r\n", "\n")).replace(/(?![\n\t])\p{Cc}/gu, "");
}

type Page = { readonly ink: Ink; readonly width: number };

function block(node: Nodes, page: Page): string {
  const { ink } = page;
  switch (node.type) {
    case "root":
      return blocks(node.children, page, "\n\n");
    case "paragraph":
      return wrap(inline(node, ink), page.width);
    case "heading":
      return ink.heading(wrap(inline(node, ink), page.width));
    case "blockquote":
      return prefixed(blocks(node.children, narrower(page, 2), "\n\n"), ink.dim("│ "));
    case "list":
      return node.children
        .map((item, index) => listItem(item, bullet(node, item, index), page))
        .join(node.spread ? "\n\n" : "\n");
    case "code":
      return prefixed(ink.code(node.value), "    ");
    case "table":
      return drawTable(
        node.children.map((row) => row.children.map((cell) => inline(cell, ink))),
        node.align ?? [],
        ink,
      );
    case "thematicBreak":
      return ink.dim("─".repeat(Math.min(page.width, 40)));
    case "definition":
      return `[${node.label ?? node.identifier}]: ${node.url}`;
    case "footnoteDefinition":
      return `[${node.label ?? node.identifier}] ${blocks(node.children, page, "\n\n")}`;
    case "listItem":
      return blocks(node.children, page, "\n");
    case "tableRow":
    case "tableCell":
    case "text":
    case "html":
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
      return inline(node, ink);
  }
}

const blocks = (nodes: readonly Nodes[], page: Page, apart: string): string =>
  nodes.map((node) => block(node, page)).join(apart);

type List = Extract<Nodes, { type: "list" }>;
type ListItem = List["children"][number];

function bullet(list: List, item: ListItem, index: number): string {
  const mark = list.ordered ? `${(list.start ?? 1) + index}. ` : "• ";
  return typeof item.checked === "boolean" ? `${mark}[${item.checked ? "x" : " "}] ` : mark;
}

function listItem(item: ListItem, mark: string, page: Page): string {
  const text = blocks(item.children, narrower(page, mark.length + 2), item.spread ? "\n\n" : "\n");
  const [first = "", ...rest] = text.split("\n");
  return [`  ${mark}${first}`, ...rest.map((line) => (line === "" ? "" : `  ${" ".repeat(mark.length)}${line}`))].join(
    "\n",
  );
}

const narrower = (page: Page, by: number): Page => ({ ...page, width: Math.max(20, page.width - by) });

const prefixed = (text: string, prefix: string): string =>
  text
    .split("\n")
    .map((line) => prefix + line)
    .join("\n");

function inline(node: Nodes, ink: Ink): string {
  switch (node.type) {
    case "text":
    case "html":
      return node.value;
    case "inlineCode":
      return ink.code(node.value);
    case "strong":
      return ink.bold(children(node, ink));
    case "emphasis":
      return ink.italic(children(node, ink));
    case "delete":
      return ink.struck(children(node, ink));
    case "break":
      return "\n";
    case "link":
      return linked(children(node, ink), node.url, ink);
    case "image":
      return linked(node.alt ?? "", node.url, ink);
    case "linkReference":
      return `${children(node, ink)} [${node.label ?? node.identifier}]`;
    case "imageReference":
      return `${node.alt ?? ""} [${node.label ?? node.identifier}]`;
    case "footnoteReference":
      return `[${node.label ?? node.identifier}]`;
    case "code":
    case "yaml":
      return node.value;
    case "definition":
    case "thematicBreak":
      return "";
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
      return children(node, ink);
  }
}

const children = (node: { readonly children: readonly Nodes[] }, ink: Ink): string =>
  node.children.map((child) => inline(child, ink)).join("");

/** The address stands beside the words: a terminal that hid it would hide where a click leads. */
function linked(words: string, url: string, ink: Ink): string {
  const bare = stripVTControlCharacters(words);
  if (bare === "" || bare === url || `mailto:${bare}` === url) return ink.link(url.replace(/^mailto:/, ""));
  return `${words} (${ink.link(url)})`;
}
