/** What a settling turn does to memory. Made by the roof, handed to who ends turns. */
import { clip, type Lexicon } from "#core";
import { forgetItem, keptOf } from "./forget.ts";
import { keepItem, LONGEST_ITEM } from "./keep.ts";
import { noteCitations } from "./log.ts";
import type { TurnMemory } from "./turn-memory.ts";

export function createMemoryWriter(lexicon: Lexicon): TurnMemory {
  return {
    async keep(tx, scope, items) {
      // A refusal would undo the whole turn and its answer: what is too long is kept as far as it goes.
      for (const item of items) {
        if (item.text.length > 0) await keepItem(tx, scope, { ...item, text: clip(item.text, LONGEST_ITEM) }, lexicon);
      }
    },
    async drop(tx, scope, items) {
      for (const item of items) await forgetItem(tx, scope, item, lexicon);
    },
    async unsay(tx, scope, message) {
      for (const item of await keptOf(tx, scope, message)) await forgetItem(tx, scope, item, lexicon);
    },
    cite: (tx, _scope, turn, items) => noteCitations(tx, turn, items),
  };
}
