/** Notes and addresses that nothing refers to: shown as written, where HTML would leave them out. Used by render.ts. */
import type { Definition, FootnoteDefinition, Nodes, Root, RootContent } from "mdast";

/** The same tree, with a paragraph for each of them. */
export function tiedUp(tree: Root): Root {
  const seen = referencesIn(tree);
  const shown = <Node extends Nodes>(node: Node): Node =>
    "children" in node ? { ...node, children: node.children.flatMap((child) => tied(child)) } : node;
  const tied = (node: Nodes): readonly Nodes[] => {
    if (node.type === "definition") return seen.definitions.has(node.identifier) ? [node] : [addressOf(node)];
    if (node.type === "footnoteDefinition")
      return seen.notes.has(node.identifier) ? [shown(node)] : noteOf(shown(node));
    return [shown(node)];
  };
  return shown(tree);
}

function referencesIn(tree: Root) {
  const definitions = new Set<string>();
  const notes = new Set<string>();
  const visit = (node: Nodes): void => {
    if (node.type === "linkReference" || node.type === "imageReference") definitions.add(node.identifier);
    if (node.type === "footnoteReference") notes.add(node.identifier);
    if ("children" in node) for (const child of node.children) visit(child);
  };
  visit(tree);
  return { definitions, notes };
}

const paragraph = (value: string): RootContent => ({ type: "paragraph", children: [{ type: "text", value }] });

const addressOf = ({ label, identifier, url, title }: Definition): RootContent =>
  paragraph(`[${label ?? identifier}]: ${url}${title ? ` "${title}"` : ""}`);

const noteOf = ({ label, identifier, children }: FootnoteDefinition): readonly RootContent[] => [
  paragraph(`[${label ?? identifier}]`),
  ...children,
];
