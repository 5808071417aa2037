/** Tells the instruction from the text that it is about: after a colon or line break, in quotes, or earlier in the talk. */
import { words, type Message } from "#core";

export type AskText = {
  /** What is to be done. */
  readonly instruction: string;
  /** What it is to be done to; undefined when it does not stand in the message. */
  readonly text: string | undefined;
};

/** An instruction whose text was found: what a language rule works on. */
export type TextWork = { readonly text: string; readonly instruction: string };

/** Instructions are short; a longer opening is already the text. */
const MAX_INSTRUCTION_WORDS = 30;
/** No instruction reaches further into a message, in characters. */
const FAR = 1_000;
/** An earlier message counts as a text to work on from this many words. */
const MIN_TEXT_WORDS = 12;

/** `leftOpen`: the instruction that still waits for its text. */
export function askText(message: string, leftOpen?: string): AskText {
  const whole = message.trim();
  const split = splits(whole);
  if (split) return split;
  if (leftOpen !== undefined) return { instruction: leftOpen, text: whole || undefined };
  const bareText = words(whole.slice(0, FAR)).length > MAX_INSTRUCTION_WORDS;
  return bareText ? { instruction: "", text: whole } : { instruction: whole, text: undefined };
}

/** The instruction and the text when both stand in one message. */
function splits(whole: string): { instruction: string; text: string } | undefined {
  return fenced(whole) ?? afterMark(whole) ?? quoted(whole) ?? bare(whole);
}

function fenced(whole: string) {
  for (const mark of ["```", '"""']) {
    const open = whole.indexOf(mark);
    const close = whole.indexOf(mark, open + mark.length);
    if (open < 0 || close < 0) continue;
    const inside = whole.slice(open + mark.length, close);
    // The line of an opening fence may name a language.
    const text = mark === "```" ? inside.replace(/^[^\n]{0,40}\n/, "") : inside;
    return split(`${whole.slice(0, open)} ${whole.slice(close + mark.length)}`, text);
  }
  return undefined;
}

/** The first colon, line break or question mark that follows a short opening. */
function afterMark(whole: string) {
  for (const match of whole.matchAll(/:\s+|\n+|\?\s+(?=[\p{Lu}"“])/gu)) {
    const opening = whole.slice(0, match.index);
    if (match.index > FAR || words(opening).length > MAX_INSTRUCTION_WORDS) return undefined;
    const rest = whole.slice(match.index + match[0].length);
    if (asks(opening)) return split(opening, rest);
  }
  return undefined;
}

/** From the first opening mark to the last closing one: a quotation may hold others. */
function quoted(whole: string) {
  const open = whole.search(/["“«„]|(?<=^|\s)['‘](?=\S)/u);
  if (open < 0) return undefined;
  const single = /['‘]/.test(whole.charAt(open));
  const close = Math.max(...(single ? ["'", "’"] : ['"', "”", "»", "“"]).map((mark) => whole.lastIndexOf(mark)));
  if (close - open < 4) return undefined;
  return split(`${whole.slice(0, open)} ${whole.slice(close + 1)}`, whole.slice(open + 1, close));
}

/** "summarise The meeting began at nine. Ana said …": no mark at all, but far more words than an instruction has. */
function bare(whole: string) {
  if (words(whole.slice(0, FAR)).length <= MAX_INSTRUCTION_WORDS) return undefined;
  const match =
    /^((?:\p{Ll}+|\p{Lu}\p{Ll}*)(?:\s+(?:this|the following|me|it|text|please|in|to|\d+|\p{Ll}+)){0,8}?)[\s,]+(?=\p{Lu})/u.exec(
      whole,
    );
  if (match?.[1] && asks(match[1])) return split(match[1], whole.slice(match[0].length));
  return undefined;
}

function split(instruction: string, text: string) {
  const clean = text.trim();
  return clean === "" || instruction.trim() === "" ? undefined : { instruction: instruction.trim(), text: clean };
}

/** Openings that ask for something done to a text. Subject lines and headings before a colon do not. */
const asks = (opening: string): boolean =>
  /\b(?:summar|sum up|tl;?dr|short|condens|trim|cut|key |main |points?\b|takeaway|bullet|list|format|layout|lay out|clean|tidy|convert|turn|make|put|sort|number|case|proof|correct|fix|check|spell|grammar|tone|sound|come across|rude|polite|formal|friendl|plain|say (?:this|that|it)|offend|blunt|harsh|vague|count|how (?:many|long)|rewrite|rephrase|reword|translat|edit|improve|polish|review|gist|outline|extract|highlight|digest|boil|table)/i.test(
    opening,
  );

/** The text as it was pasted, or the latest that became of it: "summarise that" and "shorter, please". */
export type Source = "pasted" | "latest";

export function earlierText(history: readonly Message[], of: Source): string | undefined {
  const last = history.findLast(({ author }) => author.kind === "agent");
  const made = of === "latest" && last?.reply?.kind === "answer" ? product(last.text) : undefined;
  if (made !== undefined) return made;
  const pasted = history.findLast(({ author, text }) => author.kind === "person" && isLong(text));
  if (pasted) return splits(pasted.text)?.text ?? pasted.text;
  return history.findLast(
    ({ author, text, reply }) => author.kind === "agent" && isLong(text) && reply?.kind === "answer",
  )?.text;
}

const isLong = (text: string): boolean => words(text).length >= MIN_TEXT_WORDS;

/** The text that a reply hands over, without what it says about it: no heading, no anchors, no list of changes. */
function product(reply: string): string | undefined {
  const [whole = ""] = reply.split(/\n+(?=\*\*Changed:\*\*|Left out \()/, 1);
  if (whole.length < reply.length) return whole.trim();
  const points = [...reply.matchAll(/^[-*] (.*\S) \[s\d+\]$/gm)].map(([, point = ""]) => point);
  return points.length > 0 ? points.join(" ") : undefined;
}
