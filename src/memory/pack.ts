/** Fills a budget with the best items. Called by recall.ts. */
import { tokensIn, type RecalledItem } from "#core";
import { excerpt } from "./excerpt.ts";
import { lineTerms } from "./line-terms.ts";
import type { Ranked } from "./rank.ts";

/** Characters that one token of a budget stands for. */
const CHARACTERS = 4;

/** A later item is not cut to less than a sentence. */
const WORTH_CUTTING = 32;

export type Budget = { readonly tokens: number; readonly items: number };

/** In order of rank. An item larger than the whole budget is cut to what is left; any other that no longer fits is left out. */
export function pack(
  ranked: readonly Ranked[],
  asked: ReadonlySet<string>,
  budget: Budget,
): { readonly items: readonly RecalledItem[]; readonly tokens: number } {
  const items: RecalledItem[] = [];
  let left = budget.tokens;
  for (const each of ranked) {
    if (items.length >= budget.items || left <= 0) break;
    const size = tokensIn(each.hit.text);
    const mayCut = size > budget.tokens && (items.length === 0 || left >= WORTH_CUTTING);
    if (size > left && !mayCut) continue;
    const text = excerpt(each.hit.text, asked, left * CHARACTERS);
    items.push(recalled(each, text, asked));
    left -= tokensIn(text);
  }
  return { items, tokens: budget.tokens - left };
}

function recalled({ hit, score, why }: Ranked, text: string, asked: ReadonlySet<string>): RecalledItem {
  const { id, kind, author, trust, at, person } = hit;
  const matched = [...new Set(lineTerms(hit.text))].filter((term) => asked.has(term));
  return { id, kind, text, author, trust, at, person, score, why, matched, cut: text !== hit.text };
}
