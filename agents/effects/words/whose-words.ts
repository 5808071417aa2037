/** Whose words a line of a card holds where they are not those of whoever asked. Used by effects that keep or pass on words. */
import { isUnchanged, type BindContext, type CardLine, type JsonObject } from "#core";

/** `{ wordsOf }` where somebody else has put it so; what they left as it was stays whose it was. */
export function wordsOf(field: string, words: string, context: Pick<BindContext, "before" | "ask">): JsonObject {
  const { before, ask } = context;
  if (!before) return {};
  if (isUnchanged(context, field, words)) {
    const whose = before.args["wordsOf"];
    return whose === undefined ? {} : { wordsOf: whose };
  }
  return before.by.id === ask.person.id ? {} : { wordsOf: before.by.name };
}

/** Nothing where they are the asker's own. `then`: what comes of it. */
export const whoseLine = (whose: string | undefined, then: string): readonly CardLine[] =>
  whose === undefined ? [] : [{ label: "Whose words", value: `${whose}’s, ${then}` }];
