/** Tells what a person asks of inbox-triage from the message that they hand over. Posts from outside are all message. */
import { words, type AgentStep, type Message } from "#core";

export type Handed =
  | { readonly kind: "message"; readonly text: string }
  /** An answer is to be drafted: what a model is for. */
  | { readonly kind: "draft" }
  /** They ask what came in, which is not for it to list. */
  | { readonly kind: "listing" }
  /** The message that is meant does not stand here. */
  | { readonly kind: "missing" };

const MATTER =
  "messages?|e-?mails?|mails?|alerts?|notifications?|notices?|posts?|forms?|submissions?|webhooks?|deliver(?:y|ies)|letters?|inbox|threads?|reports?|pings?|warnings?";
const POINTS = "this|that|these|following|here|below|above";
/** An opening of these words speaks about a message; what follows is the message. */
const ASKS = new RegExp(
  String.raw`\b(?:sort|triage|classify|categori[sz]e|urgent|urgency|important|priority|prioriti[sz]e|spam|phishing|scam|genuine|legit\w*|fraud|deal with|act on|react|respond|wants?|asks?|asking|need(?:s|ed)?|do (?:about|with)|look at|handle|wait|meant|about|forward(?:ed|ing)?|came in|got)\b`,
  "i",
);
const NAMES = new RegExp(String.raw`\b(?:${MATTER})\b`, "i");
const POINTING = new RegExp(String.raw`\b(?:${POINTS})\b`, "i");
const DRAFT =
  /^\W*(?:please\s+|can you\s+|could you\s+)?(?:draft|write|compose|suggest)\b.{0,40}\b(?:reply|answer|response)\b/i;
/** Its name before the words. */
const CALLED = /^@inbox-triage[\s,:]{1,5}/i;
const POSTED = String.raw`(?:posts?|messages?|e-?mails?|mails?|alerts?|notifications?|webhooks?)`;
const LISTING = new RegExp(
  String.raw`^(?:please |(?:can|could|would) you )?(?:what(?:['’]s)?|which|how many|(?:show|list|tell)(?: me)?|any(?:thing)?|is there|are there|has|have|did)(?: (?:what|which|all|any|anything|the|my|latest|last|new|else|things?|${POSTED}|has|have|is|are|did|i|we)){0,5} (?:(?:came|come|coming) in|arrived?|received?|get|got|posts?|new|in (?:the|my) inbox)\b[^:\n]{0,60}$`,
  "i",
);
const MOST_WORDS = 14;

export function handedOver({ ask, history }: AgentStep): Handed {
  const said = ask.words.trim();
  if (ask.origin === "outside") return { kind: "message", text: said };
  const whole = said.replace(CALLED, "");
  if (LISTING.test(whole) && words(whole).length <= MOST_WORDS) return { kind: "listing" };
  if (DRAFT.test(whole)) return { kind: "draft" };
  const text = afterOpening(whole);
  if (text !== undefined) return { kind: "message", text };
  if (!speaksAbout(whole) || words(whole).length > MOST_WORDS) return { kind: "message", text: whole };
  const earlier = newest(history);
  return earlier === undefined ? { kind: "missing" } : { kind: "message", text: earlier };
}

/** What stands behind the first colon, line break or question mark of a short opening that speaks about a message. */
function afterOpening(whole: string): string | undefined {
  for (const mark of whole.slice(0, 300).matchAll(/:\s+|\n+|\?\s+/g)) {
    const opening = whole.slice(0, mark.index);
    if (words(opening).length > MOST_WORDS) return undefined;
    const rest = whole.slice(mark.index + mark[0].length).trim();
    if (rest !== "" && speaksAbout(opening)) return rest;
  }
  return undefined;
}

const speaksAbout = (opening: string): boolean =>
  ASKS.test(opening) && (NAMES.test(opening) || POINTING.test(opening)) && /^[^:]*$/.test(opening);

/** The last words in the conversation that are not Nova's. */
function newest(history: readonly Message[]): string | undefined {
  const last = history.findLast(({ author, text }) => author.kind === "person" && !speaksAbout(text.trim()));
  return last && (afterOpening(last.text.trim()) ?? last.text);
}
