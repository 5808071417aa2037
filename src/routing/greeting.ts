/** A greeting in front of a request: it says nothing about whom the request is for. Called by steps.ts. */
import { isOrder, isQuestion } from "#core";

const HELLO = String.raw`(?:hi|hello|hey|hiya|hallo|moin|greetings|good (?:morning|afternoon|evening|day)|guten (?:morgen|tag|abend))`;
const WHOM = String.raw`(?:there|nova|again|everyone|all)`;
/** What asks, where no mark stands between. */
const ASKS = String.raw`(?=(?:please|what|which|who|when|where|why|how|can|could|would|will|remind|tell|show|list|remember|forget|note)\b)`;
/** With a mark behind it, or right before a word that asks: "Nova Scotia" greets nobody. */
const GREETING = new RegExp(
  String.raw`^\s*(?:(?:${HELLO},?[ \t]+)?nova(?:[ \t]*[,!:]+\s+|[ \t]+${ASKS})|${HELLO}(?:,?[ \t]+${WHOM})*[ \t]*[,!.:;–-]+[ \t]+|${HELLO}(?:[ \t]+there)?[ \t]+${ASKS})`,
  "i",
);
/** What belongs to a greeting, and is for whoever greets back. */
const TALK =
  /^(?:how(?: are|['’]?s| is it| do you do)|are you\b|you\b|it(?:['’]s| is) me|nice to|what(?:['’]s| is) up|thanks?\b|thank you|i(?:['’]m| am| just| have just)\b|nova\b|is anybody)/i;
const FEWEST_WORDS = 2;

/** Behind more, or on further lines, may stand a letter. */
const LONGEST = 400;

export type Greeted = {
  /** What stands behind the greeting. */
  readonly rest: string;
  /** True: it is for Nova, or a plain question or order follows. False: it may be how a text begins. */
  readonly isAsked: boolean;
};

/** Undefined where no request of some words stands behind a greeting. */
export function greeted(text: string): Greeted | undefined {
  const [greeting] = GREETING.exec(text) ?? [];
  if (greeting === undefined) return undefined;
  const rest = text.slice(greeting.length);
  if (TALK.test(rest) || rest.trim().split(/\s+/).length < FEWEST_WORDS) return undefined;
  const isShort = rest.length <= LONGEST && !rest.trim().includes("\n");
  return { rest, isAsked: /\bnova\b/i.test(greeting) || (isShort && (isOrder(rest) || isQuestion(rest))) };
}
