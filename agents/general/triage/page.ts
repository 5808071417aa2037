/** What arrived, as the lines that a person would see, and what its marks hide. Made by inbox-triage before it judges. */
import type { Nodes } from "mdast";
import { parseMarkdown } from "#core";

export type Line = {
  readonly text: string;
  /** Stands in a quotation: of a machine's report the matter itself, of a mail what was said before. */
  readonly quoted: boolean;
};

export type Link = { readonly url: string; readonly label: string };

export type Page = {
  readonly lines: readonly Line[];
  readonly links: readonly Link[];
  /** Comments and the like: nobody sees them, and an assistant would have read them. */
  readonly hidden: readonly string[];
};

// Whoever writes a post may write it to be slow: no expression here tries the same characters again from every start.
const HTML = /<(?:html|body|table|tr|td|div|p|br|span|a)\b[^<>]{0,1000}>/i;
const ANCHOR = /<a\s([^<>]{0,3000})>([^<]{0,300})/gi;
const HREF = /(?:^|[\s"'/])href\s{0,5}=\s{0,5}["']?(https?:[^"'\s<>]{1,2000})/i;
const ADDRESS = /https?:\/\/[^\s<>"'`)\]]{1,2000}/gi;

export function readPage(text: string): Page {
  const { seen, comments } = apart(text);
  const hidden = comments.map(tidy).filter(Boolean);
  if (HTML.test(seen)) return { ...fromHtml(seen), hidden };
  const found: { lines: Line[]; links: Link[] } = { lines: [], links: [] };
  gather(parseMarkdown(seen), { quoted: false, into: found });
  return { lines: found.lines, links: unique([...found.links, ...bare(found.lines)]), hidden };
}

/** A comment that is never closed hides nothing. */
function apart(text: string): { readonly seen: string; readonly comments: readonly string[] } {
  const comments: string[] = [];
  let seen = "";
  let from = 0;
  for (;;) {
    const open = text.indexOf("<!--", from);
    const close = open < 0 ? -1 : text.indexOf("-->", open + 4);
    if (close < 0) return { seen: seen + text.slice(from), comments };
    seen += `${text.slice(from, open)} `;
    comments.push(text.slice(open + 4, close));
    from = close + 3;
  }
}

/** One line as it is seen: characters without a shape can hide words inside of words. */
export function tidy(text: string): string {
  return text
    .replace(/[\p{Cf}\p{Co}\p{Cn}]/gu, "")
    .replace(/[\p{Cc}\s]+/gu, " ")
    .trim();
}

type Place = { readonly quoted: boolean; readonly into: { readonly lines: Line[]; readonly links: Link[] } };

const LEAVES = new Set(["paragraph", "heading", "tableRow", "code", "html"]);

function gather(node: Nodes, place: Place): void {
  if (LEAVES.has(node.type)) {
    for (const line of inline(node, place.into.links).split("\n")) add(line, place);
  } else if ("children" in node) {
    const quoted = place.quoted || node.type === "blockquote";
    for (const child of node.children) gather(child, { ...place, quoted });
  }
}

function add(line: string, { quoted, into }: Place): void {
  const text = tidy(line);
  if (text !== "") into.lines.push({ text, quoted });
}

function inline(node: Nodes, links: Link[]): string {
  if (node.type === "html") return withoutTags(node.value);
  if ("value" in node) return node.value;
  if (node.type === "break") return "\n";
  if (node.type === "image" || node.type === "imageReference") return node.alt ?? "";
  if (!("children" in node)) return "";
  const text = node.children.map((child) => inline(child, links)).join(node.type === "tableRow" ? " " : "");
  if (node.type === "link" && /^https?:/i.test(node.url)) links.push({ url: node.url, label: tidy(text) });
  return text;
}

function fromHtml(html: string): Pick<Page, "lines" | "links"> {
  const body = UNSEEN.reduce(withoutElement, html);
  const lines = withoutTags(body)
    .split("\n")
    .map((line) => ({ text: tidy(line.replace(/^\s*>+/, "")), quoted: /^\s*>/.test(line) }))
    .filter(({ text }) => text !== "");
  const named = Array.from(body.matchAll(ANCHOR)).flatMap(([, inside = "", label = ""]) => {
    const [, url] = HREF.exec(inside) ?? [];
    return url === undefined ? [] : [{ url: withoutTags(url), label: tidy(withoutTags(label)) }];
  });
  return { lines, links: unique([...named, ...bare(lines)]) };
}

const UNSEEN = ["script", "style", "head"];

/** Up to its next end; one without an end stays. */
function withoutElement(html: string, name: string): string {
  const mark = new RegExp(String.raw`<(/?)${name}\b`, "gi");
  let kept = "";
  let from = 0;
  let opened: number | undefined;
  for (const { index, 1: slash, 0: found } of html.matchAll(mark)) {
    if (slash === "") opened ??= index;
    else if (opened !== undefined) {
      const close = html.indexOf(">", index + found.length);
      kept += `${html.slice(from, opened)} `;
      from = close < 0 ? html.length : close + 1;
      opened = undefined;
    }
  }
  return kept + html.slice(from);
}

const ENTITIES: Readonly<Record<string, string>> = { amp: "&", lt: "<", gt: ">", quot: '"', apos: "'", nbsp: " " };

function withoutTags(html: string): string {
  return html
    .replace(/<(?:br|\/?p|\/?div|\/?tr|\/?table|\/?h[1-6]|\/?li|\/?ul|\/?ol)\b[^<>]{0,500}>/gi, "\n")
    .replace(/<\/?[a-z!][^<>]{0,2000}>/gi, " ")
    .replace(/&#39;|&#x27;/gi, "'")
    .replace(/&(amp|lt|gt|quot|apos|nbsp);/gi, (whole, name: string) => ENTITIES[name.toLowerCase()] ?? whole);
}

function bare(lines: readonly Line[]): readonly Link[] {
  return lines.flatMap(({ text }) =>
    Array.from(text.matchAll(ADDRESS), ([url]) => ({ url: url.replace(/(?<![.,;:!?])[.,;:!?]+$/, ""), label: "" })),
  );
}

/** The first of each address, with the name that it was shown under. */
function unique(links: readonly Link[]): readonly Link[] {
  return [...new Map(links.toReversed().map((link) => [link.url, link])).values()].toReversed();
}
