/** Texts as PostgreSQL can keep them: models and strangers write what it cannot. Used wherever such texts are stored. */

/** It keeps no NUL and no half of a surrogate pair; both become the replacement character. */
export const storable = (text: string): string => text.toWellFormed().replaceAll("\0", "\uFFFD");

/** A value as JSON, with every text in it storable. */
export const storableJson = (value: unknown): string =>
  JSON.stringify(value, (_key, each: unknown) => (typeof each === "string" ? storable(each) : each));
