/** Shows one of several items that say the same in the same words. Called by recall.ts. */
import { words } from "#core";
import type { Ranked } from "./rank.ts";

/** Beyond those wanted, some stand in for items that do not fit a budget; reading all 200 costs more than ranking them. */
const SPARE = 16;

/**
 * Keeps the best of the items whose words are the same in the same order, whatever their case, punctuation or markup.
 * Anything looser would also drop "ran 3 miles" beside "ran 5 miles". Returns some more than `wanted`, if there are.
 */
export function collapse(ranked: readonly Ranked[], wanted: number): readonly Ranked[] {
  const shown = new Set<string>();
  const kept: Ranked[] = [];
  for (const each of ranked) {
    if (kept.length >= wanted + SPARE) break;
    const said = words(each.hit.text).join(" ") || each.hit.text;
    if (!shown.has(said)) kept.push(each);
    shown.add(said);
  }
  return kept;
}
