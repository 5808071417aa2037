/** Markdown to HTML that is safe to put into the page. Used for replies, drafts and the transcript alike. */
import type { Element, Root } from "hast";
import rehypeSanitize, { defaultSchema } from "rehype-sanitize";
import rehypeStringify from "rehype-stringify";
import remarkRehype, { type Options as RehypeOptions } from "remark-rehype";
import { unified } from "unified";
import { parseMarkdown, type RenderedPart } from "#core";
import { tiedUp } from "./loose-ends.ts";

/** One part: a page has no limit. Nothing in it loads, runs or posts by itself, whatever the Markdown says. */
export function render(markdown: string): readonly RenderedPart[] {
  return [{ body: toHtml(markdown) }];
}

export function toHtml(markdown: string): string {
  return pipeline.stringify(pipeline.runSync(tiedUp(parseMarkdown(markdown))));
}

/** Raw HTML is shown as the text it is, so that no word is lost; an image becomes a link, so that nothing is fetched. */
const handlers: RehypeOptions["handlers"] = {
  html: (_state, node: { value: string }) => ({ type: "text", value: node.value }),
  image: (_state, node: { url: string; alt?: string | null }) => link(node.url, node.alt),
  imageReference: (state, node: { identifier: string; alt?: string | null }) =>
    link(state.definitionById.get(node.identifier.toUpperCase())?.url ?? "", node.alt),
};

function link(href: string, alt: string | null | undefined): Element {
  const value = alt?.trim() || href || "image";
  return { type: "element", tagName: "a", properties: { href }, children: [{ type: "text", value }] };
}

/** The well-known safe set, narrowed: no images, no ids that could clash in the page, only absolute links. */
const schema: typeof defaultSchema = {
  ...defaultSchema,
  tagNames: (defaultSchema.tagNames ?? []).filter((name) => !["img", "picture", "source"].includes(name)),
  attributes: {
    a: ["href"],
    code: [["className", /^language-[\w-]+$/]],
    input: [["disabled", true], ["type", "checkbox"], "checked"],
    li: [["className", "task-list-item"]],
    ol: ["start", ["className", "contains-task-list"]],
    ul: [["className", "contains-task-list"]],
    td: ["align"],
    th: ["align"],
  },
  protocols: { href: ["http", "https", "mailto"] },
};

/** Links open elsewhere and tell nobody where they were; one that leads into this page leads nowhere. */
function guardLinks(): (tree: Root) => void {
  const visit = (node: Root | Element): void => {
    for (const child of node.children) {
      if (child.type !== "element") continue;
      if (child.tagName === "a") child.properties = linkProperties(child.properties.href);
      visit(child);
    }
  };
  return visit;
}

function linkProperties(href: unknown): Element["properties"] {
  if (typeof href !== "string" || !/^(https?:\/\/|mailto:)/i.test(href)) return {};
  return { href, rel: ["noopener", "noreferrer"], target: "_blank" };
}

const pipeline = unified()
  .use(remarkRehype, { handlers })
  .use(rehypeSanitize, schema)
  .use(guardLinks)
  .use(rehypeStringify)
  .freeze();
