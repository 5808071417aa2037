/** Shows one of several items that say the same in the same words. Called by recall.ts. */
import { words } from "#core";
import type { Ranked } from "./rank.ts";

/**
 * Keeps the best of the items whose words are the same in the same order, whatever their case, punctuation or markup.
 * Anything looser would also drop "ran 3 miles" beside "ran 5 miles".
 */
export function collapse(ranked: readonly Ranked[]): readonly Ranked[] {
  const shown = new Set<string>();
  return ranked.filter(({ hit }) => {
    const said = words(hit.text).join(" ") || hit.text;
    if (shown.has(said)) return false;
    shown.add(said);
    return true;
  });
}
