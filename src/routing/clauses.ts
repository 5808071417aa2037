/** Where a sentence goes on with another thing. Pure. Called by parts.ts. */
import type { OwnOrder } from "./own-order.ts";

/** What a piece of a message is. `keeps`: it hands over words to be kept, and so all that follows belongs to it. */
export type PieceKind = "asks" | "keeps" | "neither";

export type Reader = {
  readonly kindOf: (piece: string) => PieceKind;
  readonly orderIn: (text: string) => OwnOrder | undefined;
  /** True: also before a second question, which may be about the same. */
  readonly cutsQuestions?: boolean;
};

/** `own`: it plainly begins an order or question to Nova, whatever stands before it. */
export type Cut = { readonly from: number; readonly to: number; readonly own: boolean };
export type Piece = { readonly words: string; readonly ordered: boolean };
type Span = Pick<Cut, "from" | "to">;

const LINK =
  /(?:(?:\s*[,;])?\s+and\s+(?:then|also|after(?:wards| that))|\s*[,;]\s+(?:then|also|after that|afterwards)|\s*;)\s+/gi;
/** The same, and whatever else may stand before an order of its own. */
const ANY_LINK =
  /(?:\s*[,;]\s*(?:and\s+)?|\s+and\s+)(?:(?:then|also|after that|afterwards)\s+)*(?!and\b|then\b|also\b|after)/gi;
const MARKED = /[,;]|\b(?:then|also|after)/i;
/** What may hold two clauses and be one question, or one condition. */
const WHOLE =
  /^\s*(?:who|whose|what|when|where|why|which|how)\b|\b(?:if|when|whenever|once|unless|after(?! that)|before|until|while)\b/i;
/** What comes behind it hangs on it. */
const CONDITION =
  /^(?:if|whenever|once|unless|after|before|until|while|as soon as|when (?!is|are|was|were|do|does|did|will|can|could|should|has|have))\b/i;
/** Behind one of these, a bare “and” may only go on with it: "how do I make people call and remind me?" */
const GOES_ON = /\b(?:to|can|could|will|would|should|shall|must|may|might|do|does|did|let|lets|make|makes|who)\s/i;
const QUESTION = /^(?:what|which|who|whose|when|where|why|how)\b/i;
const OWN_QUESTION = /^(?:what|which|who|whose|when|where|why|how)(?:['’]s)?\b.*\?\s*$/is;
/** Somebody whom only the words before can name. */
export const OTHERS = /\b(?:he|she|they|him|his|her|hers|them|their|theirs|it|its)\b/i;

export function clauses(text: string, { from, to }: Span, reader: Reader): readonly Cut[] {
  const sentence = text.slice(from, to);
  const own = ownOrders(sentence, reader);
  const whole = WHOLE.test(linkless(sentence).words);
  const links = whole ? [] : Array.from(sentence.matchAll(LINK), ({ index }) => index);
  const starts = [...new Set([0, ...links, ...own])].toSorted((a, b) => a - b);
  return starts.map((start, i) => ({
    from: from + start,
    to: from + (starts[i + 1] ?? sentence.length),
    own: own.includes(start),
  }));
}

/** Where they begin, with the words that link them. */
function ownOrders(sentence: string, reader: Reader): readonly number[] {
  const found: number[] = [];
  if (CONDITION.test(linkless(sentence).words)) return found;
  for (const { index, 0: link } of sentence.matchAll(ANY_LINK)) {
    const before = linkless(sentence.slice(found.at(-1) ?? 0, index)).words;
    const after = sentence.slice(index + link.length);
    if (before !== "" && isOwn({ before, after, marked: MARKED.test(link) }, reader)) found.push(index);
  }
  return found;
}

type Joint = { readonly before: string; readonly after: string; readonly marked: boolean };

function isOwn({ before, after, marked }: Joint, { kindOf, orderIn, cutsQuestions }: Reader): boolean {
  const order = orderIn(after);
  if (kindOf(before) === "keeps") {
    const asks = order === "plain" || (marked && OWN_QUESTION.test(after));
    return asks && !OTHERS.test(after);
  }
  if (order === "verb") return marked;
  if (cutsQuestions && marked && OWN_QUESTION.test(after) && !OTHERS.test(after)) return true;
  return order === "plain" && (marked || !QUESTION.test(before) || !GOES_ON.test(before));
}

const LEADING =
  /^[\s,;]*(?:(?:and|oh|but)\s+)?(?:(?<order>then|next|after that|afterwards|finally|lastly|first(?:ly| of all)?|second(?:ly)?|third(?:ly)?|last)|also|in addition|besides|and)\b[\s,:]*/i;

/** Without the words that only link it to what stands before. */
export function linkless(piece: string): Piece {
  let words = piece;
  let ordered = false;
  for (let link = LEADING.exec(words); link; link = LEADING.exec(words)) {
    ordered ||= link.groups?.["order"] !== undefined;
    words = words.slice(link[0].length);
  }
  return { words: words.replace(/^[\s,;]+|[\s,;]+$/g, ""), ordered };
}
