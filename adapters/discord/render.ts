/** Markdown in Discord's dialect, in messages that Discord takes. */
import { splitMarkdown, type RenderedPart } from "#core";
import { dialect } from "./dialect.ts";

export { MAX_TEXT } from "./dialect.ts";

export const render = (markdown: string): readonly RenderedPart[] =>
  splitMarkdown(markdown, dialect).map((body) => ({ body }));
