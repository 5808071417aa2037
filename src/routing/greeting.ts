/** A greeting in front of a request: it says nothing about whom the request is for. Called by steps.ts. */

const HELLO = String.raw`(?:hi|hello|hey|hiya|hallo|moin|greetings|good (?:morning|afternoon|evening|day)|guten (?:morgen|tag|abend))`;
const WHOM = String.raw`(?:there|nova|again|everyone|all)`;
/** With a mark behind it, with Nova's name, or right before a word that asks. */
const GREETING = new RegExp(
  String.raw`^\s*(?:(?:${HELLO},?[ \t]+)?nova[ \t]*[,!.:;–-]*\s+|${HELLO}(?:,?[ \t]+${WHOM})*[ \t]*[,!.:;–-]+[ \t]+|${HELLO}(?:[ \t]+there)?[ \t]+(?=(?:please|what|which|who|when|where|why|how|can|could|would|will|remind|tell)\b))`,
  "i",
);
/** What belongs to a greeting, and is for whoever greets back. */
const TALK =
  /^(?:how(?: are|['’]?s| is it| do you do)|are you\b|you\b|it(?:['’]s| is) me|nice to|what(?:['’]s| is) up|thanks?\b|thank you|i(?:['’]m| am| just| have just)\b|nova\b|is anybody)/i;
const FEWEST_WORDS = 2;

/** The same without it, where a request of some words stands behind it. */
export function withoutGreeting(text: string): string {
  const greeting = GREETING.exec(text);
  if (!greeting) return text;
  const rest = text.slice(greeting[0].length);
  const isRequest = !TALK.test(rest) && rest.trim().split(/\s+/).length >= FEWEST_WORDS;
  return isRequest ? rest : text;
}
