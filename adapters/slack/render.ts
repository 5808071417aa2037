/** A reply's Markdown as Slack messages: one section of mrkdwn each. Pure. */
import { splitMarkdown, type RenderedPart } from "#core";
import { mrkdwn } from "./mrkdwn.ts";

export function render(markdown: string): readonly RenderedPart[] {
  return splitMarkdown(markdown, mrkdwn).map((body) => ({ body }));
}
