/** Whether a piece behind what is kept asks for something of its own. Pure. Called by parts.ts and left.ts. */
import { isQuestion } from "#core";
import { OTHERS, REMINDS, type Cut, type Piece, type Reader } from "./clauses.ts";
import { POLITE } from "./own-order.ts";

/** `begins`: it stands at the beginning of a sentence, or behind ", also". */
export type Told = Piece & Pick<Cut, "own"> & { readonly begins: boolean };

/** Words for somebody else, by name: "tell Ben that …". */
const MESSAGE =
  /^(?<verb>tell|inform|ask)\s+(?!(?:me|us|him|her|them|it|you|the|an?|my|our|your|his|their|this|that|these|those|every\w*|some\w*|any\w*|who\w*)\b)(?<name>\p{L}[\p{L}'-]*)(?:\s+\p{Lu}[\p{L}'-]*)?\s+(?:that|to|whether|if|about|when|where|what|how|why)\s/iu;
/** What one may be reminded to do oneself. */
const OWN_DEED = /^(?:(?:write|note) down|(?:keep|bear) in mind)\b/i;
const NOTE = /^remember that\s/i;

/**
 * What is kept may go on with an order, but not with one that only Nova can be told, or with a question of its own. A note
 * takes the next sentence as well, unless it says that it adds something; a reminder is of one thing.
 */
export function asksAnew(piece: Told, kept: string, { kindOf, orderIn }: Reader): boolean {
  const { own, words, begins, linked } = piece;
  if (own || (isQuestion(words) && kindOf(words) === "asks" && !OTHERS.test(words))) return true;
  if (!begins || !(linked || REMINDS.test(kept))) return false;
  const order = words.replace(POLITE, "");
  const message = messageTo(order);
  if (message) return (linked || message.verb !== "ask") && !hasWord(kept, message.name);
  return !OTHERS.test(words) && !OWN_DEED.test(order) && (NOTE.test(order) || orderIn(order) === "plain");
}

export function messageTo(words: string): { readonly verb: string; readonly name: string } | undefined {
  const { verb, name } = MESSAGE.exec(words.replace(POLITE, ""))?.groups ?? {};
  return verb === undefined || name === undefined ? undefined : { verb: verb.toLowerCase(), name };
}

/** What a message goes on with says nothing of whom it is for. */
export const headOf = (part: string): string =>
  messageTo(part) ? (/^[^]*?[.!?](?=\s)/.exec(part)?.[0] ?? part) : part;

/** Whoever is named there is whom it is about. */
const hasWord = (text: string, word: string): boolean =>
  text
    .toLowerCase()
    .split(/[^\p{L}'-]+/u)
    .includes(word.toLowerCase());
