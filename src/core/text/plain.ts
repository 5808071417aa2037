/** Markdown as plain text for a reader who sees no marks: lists, tables, addresses and code stay what they are. */
import type { Dialect } from "./dialect.ts";
import { splitMarkdown } from "./split.ts";

const PLAIN: Dialect = {
  limit: Infinity,
  columns: 100,
  quote: "> ",
  rule: "----------",
  text: (value) => value,
  code: (value) => value,
  mark: (_kind, inner) => inner,
  link: (inner, url) => (inner === url || `mailto:${inner}` === url ? inner : `${inner} (${url})`),
  heading: () => ({ lead: "", strong: false }),
  bullet: (ordinal, _depth, checked) =>
    `${ordinal === null ? "-" : `${ordinal}.`} ${checked === null ? "" : checked ? "[x] " : "[ ] "}`,
  fence: (code) => code,
};

/** Never without a word for a text that has one. */
export const plainMarkdown = (markdown: string): string => splitMarkdown(markdown, PLAIN).join("\n\n") || markdown;
