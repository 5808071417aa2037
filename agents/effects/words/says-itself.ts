/** Whether the person wrote these very words; what an agent made of theirs names nothing in their stead later on. */
import type { BindContext } from "#core";

export function saysItself(words: string, { ask }: Pick<BindContext, "ask">): boolean {
  return ask.origin !== "outside" && folded(withoutQuotes(ask.own ?? ask.words)).includes(folded(words));
}

const withoutQuotes = (text: string): string => text.replaceAll(/^[ \t]*>.*$/gm, "");
const folded = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, " ").trim();
