/** Programs read Markdown as it is: one part without a limit. */
import type { RenderedPart } from "#core";

export const render = (markdown: string): readonly RenderedPart[] => [{ body: markdown }];
