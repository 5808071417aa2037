/** The Markdown tree that every channel renders from, and its plain text. */
import type { Nodes, Root } from "mdast";
import remarkGfm from "remark-gfm";
import remarkParse from "remark-parse";
import { unified } from "unified";

const parser = unified().use(remarkParse).use(remarkGfm);

/** Parses any string; Markdown has no syntax errors. */
export function parseMarkdown(text: string): Root {
  return parser.parse(text);
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
