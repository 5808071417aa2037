/** Where a sentence goes on with another thing. Pure. Called by parts.ts. */
import { POLITE, type OwnOrder } from "./own-order.ts";

/** What a piece of a message is. `keeps`: it hands over words to be kept, and so all that follows belongs to it. */
export type PieceKind = "asks" | "keeps" | "neither";

export type Reader = {
  readonly kindOf: (piece: string) => PieceKind;
  readonly orderIn: (text: string) => OwnOrder | undefined;
  /** Whether two questions in one sentence are two things; absent: the second may be about the same. */
  readonly parts?: (before: string, after: string) => boolean;
  /** True: what may well be an order of its own is cut, too, for nothing is done by it. */
  readonly only?: "tells";
};

/** `own`: it plainly begins an order or question to Nova, whatever stands before it. */
export type Cut = { readonly from: number; readonly to: number; readonly own: boolean };
/** `linked`: a word such as "also" or "then" stood before it. */
export type Piece = { readonly words: string; readonly ordered: boolean; readonly linked: boolean };
export type Span = Pick<Cut, "from" | "to">;

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
  /^(?:if|in case|provided|whenever|once|unless|after|before|until|while|as soon as|when (?!is|are|was|were|do|does|did|will|can|could|should|has|have))\b/i;
/** Behind one of these, a bare “and” may only go on with it: "how do I make people call and remind me?" */
const GOES_ON =
  /\b(?:(?<!\d\s?\p{L}{1,12}\s)to(?!\s+(?:the|an?|my|our|your|\d))|can|could|will|would|should|shall|must|may|might|do|does|did|let|lets|make|makes|who)(?:n['’]t)?\s/iu;
/** "Remind me at 9 to …": what follows is the person's to do, and nobody reminds or tells themselves. */
const OWN_DEED = /^remind me\b(?:(?!\b(?:that|to)\b).)*\bto\s+(?!(?:ask|have|get|help|see|hear|watch|tell)\s)/is;
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
  const links = Array.from(sentence.matchAll(ANY_LINK), ({ index, 0: link }) => ({ index, end: index + link.length }));
  for (const [i, { index, end }] of links.entries()) {
    const nearest = linkless(sentence.slice(links[i - 1]?.end ?? 0, index)).words;
    const before = linkless(sentence.slice(found.at(-1) ?? 0, index)).words;
    // "… and if it is done, remind me" orders nothing yet.
    if (before === "" || CONDITION.test(nearest)) continue;
    const [after, next] = [sentence.slice(end), sentence.slice(end, links[i + 1]?.index)];
    if (isOwn({ before, after, next, link: sentence.slice(index, end) }, reader)) found.push(index);
  }
  return found;
}

/** `next`: what stands behind it up to the next one. */
type Joint = { readonly before: string; readonly after: string; readonly next: string; readonly link: string };

function isOwn({ before, after, next, link }: Joint, { kindOf, orderIn, parts, only }: Reader): boolean {
  const marked = MARKED.test(link);
  const order = orderIn(after);
  const asks = OWN_QUESTION.test(after) && !OTHERS.test(after);
  if (kindOf(before) === "keeps") {
    if (OWN_QUESTION.test(after)) return marked && (asks || (/\band\b/i.test(link) && STATES.test(before)));
    if (order !== "plain" || OTHERS.test(after)) return false;
    if (only === "tells") return marked || !goesOn(before);
    return !goesOn(before) && (marked || REMINDS.test(before));
  }
  if (order === "verb") return marked;
  if (order === "plain") return marked || !goesOn(before);
  return asks && (marked || (!QUESTION.test(before) && !goesOn(before))) && parts?.(before, next) === true;
}

/** Words that are a note, whatever is asked about them behind it. */
const STATES = /^(?:\p{L}+\s+){1,3}that(?:\s+\S+){3}/iu;
/** A note takes all that may be its own; a reminder is of one thing. */
export const REMINDS = /^(?:please\s+)?(?:remind me|(?:set|make|create|add) (?:me )?(?:a|another) reminder)\b/i;

const goesOn = (before: string): boolean => GOES_ON.test(`${before.replace(POLITE, "").replace(OWN_DEED, "")} `);

const LEADING =
  /^[\s,;]*(?:(?:and|oh|but)\s+)?(?:(?<order>then|next|after that|afterwards|finally|lastly|first(?:ly| of all)?|second(?:ly)?|third(?:ly)?|last)|also|in addition|besides|and)\b[\s,:]*/i;

/** Without the words that only link it to what stands before. */
export function linkless(piece: string): Piece {
  let words = piece;
  let ordered = false;
  let linked = false;
  for (let link = LEADING.exec(words); link; link = LEADING.exec(words)) {
    ordered ||= link.groups?.["order"] !== undefined;
    linked = true;
    words = words.slice(link[0].length);
  }
  return { words: words.replace(/^[\s,;]+|[\s,;]+$/g, ""), ordered, linked };
}
