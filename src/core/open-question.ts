/**
 * Which question of an agent is still open, and what an answer chooses of what it offered. Pure. Read by the router, which
 * brings the answer back to whoever asked, by the turn, where a person leaves a question, and by agents that go on with it.
 */
import type { AgentId } from "./ids.ts";
import { isOwnWords, isReply, type Message } from "./message.ts";
import { readQuestion } from "./text/question.ts";
import { stem } from "./text/stem.ts";
import { words as wordsOf } from "./text/tokens.ts";

export type OpenQuestion = {
  readonly question: Message;
  /** Null: Nova itself asked. */
  readonly asker: AgentId | null;
  /** Whatever was offered, as it stands in the question; none where it offered nothing. */
  readonly options: readonly string[];
  /** What the question was about, the newest first: an answer to an earlier question comes before what began it. */
  readonly about: readonly Message[];
  /** What was asked after each of these, so that the first is `question`. */
  readonly questions: readonly Message[];
  /** One other exchange lies between: only what plainly is an option answers it. */
  readonly isOvertaken: boolean;
};

/** After one other exchange so long. */
const STILL_OPEN_MS = 10 * 60_000;
/** Nobody is asked back more often for one thing. */
const MOST_QUESTIONS = 6;

/** Of what was said before, oldest first. */
export function openQuestion(history: readonly Message[], now: Date): OpenQuestion | undefined {
  const replies = history.filter(isReply);
  const last = replies.at(-1);
  if (last?.reply?.kind === "clarify") return made(last, history, false);
  const question = replies.at(-2);
  if (!last || question?.reply?.kind !== "clarify" || now.getTime() - question.at.getTime() > STILL_OPEN_MS)
    return undefined;
  // What asks or offers something itself is what the next words are said to.
  if (offeredIn(last.text).length > 0 || /\?\W*$/.test(last.text)) return undefined;
  // Whoever asked has gone on with it, or the person has left it.
  const between = history.slice(history.indexOf(question) + 1, history.indexOf(last));
  if (askerOf(last) === askerOf(question) || between.some(({ text }) => mayLeave(text))) return undefined;
  return made(question, history, true);
}

const askerOf = ({ author }: Message): AgentId | null => (author.kind === "agent" ? author.agent : null);

function made(question: Message, history: readonly Message[], isOvertaken: boolean): OpenQuestion {
  const about: Message[] = [];
  const questions: Message[] = [];
  let at = history.indexOf(question);
  for (let round = 0; round < MOST_QUESTIONS && at > 0; round += 1) {
    const asked = history[at];
    const before = history.slice(0, at).findLastIndex((message) => asked && isAnsweredBy(asked, message));
    const message = history[before];
    if (!message || !asked || !isOwnWords(message)) break;
    about.push(message);
    questions.push(asked);
    const earlier = history[before - 1];
    if (earlier?.reply?.kind !== "clarify" || askerOf(earlier) !== askerOf(question)) break;
    at = before - 1;
  }
  return { question, asker: askerOf(question), options: offeredIn(question.text), about, questions, isOvertaken };
}

/** In a room of several others speak too, between somebody's words and what Nova says to them. */
const isAnsweredBy = ({ asker }: Message, { author }: Message): boolean =>
  author.kind === "person" && (asker === undefined || author.person === asker);

/** The options that a question ends with; without any, its numbered lines, or else those of its list. */
export function offeredIn(question: string): readonly string[] {
  const { options } = readQuestion(question);
  if (options.length > 0) return options;
  const lines = (mark: string) =>
    Array.from(question.matchAll(new RegExp(`^${mark} (.+)$`, "gm")), ([, option = ""]) => option.trim());
  const numbered = lines(String.raw`\d+\.`);
  return numbered.length > 0 ? numbered : lines("-");
}

const NUMBER = /^(?:(?:the|option|number|no\.?|#)\s*)*(?<number>\d{1,2})[.)!]?$/i;
const PLACE =
  /^(?:the )?(?<place>first|1st|second|2nd|third|3rd|fourth|4th|fifth|sixth|last)(?: (?:one|option))?[.!]?$/i;
const PLACES = [["first", "1st"], ["second", "2nd"], ["third", "3rd"], ["fourth", "4th"], ["fifth"], ["sixth"]];

/** A number or a place in a list, whether there is one of it or not. */
export const countsOut = (said: string): boolean => NUMBER.test(said.trim()) || PLACE.test(said.trim());

/** By its number, its place, or its very words. */
export function plainOption(said: string, options: readonly string[]): string | undefined {
  const text = said.trim();
  const own = options.find((option) => bare(option) === bare(text));
  if (own !== undefined) return own;
  const { number } = NUMBER.exec(text)?.groups ?? {};
  if (number !== undefined) return options[Number(number) - 1];
  const place = PLACE.exec(text)?.groups?.["place"]?.toLowerCase();
  if (place === undefined) return undefined;
  return place === "last" ? options.at(-1) : options[PLACES.findIndex((names) => names.includes(place))];
}

const bare = (text: string): string =>
  text
    .trim()
    .replace(/^[“"'`]+|[”"'`.!]+$/g, "")
    .toLowerCase();

/** Around a choice they choose nothing. */
const AROUND = new Set(
  "the one ones option number nr i mean meant want choose take use let it is was yes ok okay please that this with of a an in at on my with from about".split(
    " ",
  ),
);
const LONGEST = 8;

/** The same, or the only one that holds all that is said; undefined where it is none of them, or could be two. */
export function chosenOption(said: string, { question, options }: Pick<OpenQuestion, "question" | "options">) {
  const plain = plainOption(said, options);
  if (plain !== undefined || countsOut(said)) return plain;
  const part = wordsOf(said.slice(0, 200));
  const wanted = part.filter((word) => !AROUND.has(word)).map(stem);
  if (wanted.length === 0 || part.length > LONGEST || said.includes("?")) return undefined;
  // Where a list above says what each of them is about, its words tell them apart as well.
  const listed = Array.from(question.text.matchAll(/^- (.+)$/gm), ([, line = ""]) => line);
  const fitting = options.filter((option, i) => {
    const held = new Set(wordsOf(`${option} ${listed.length === options.length ? (listed[i] ?? "") : ""}`).map(stem));
    return wanted.every((word) => held.has(word));
  });
  return fitting.length === 1 ? fitting[0] : undefined;
}

const BEFORE = String.raw`^\W*(?:(?:no|nope|nah|nein|oh|ok|okay|well|please|sorry|thanks|actually)[\s,.!–-]+)*`;
const BEHIND = String.raw`(?:,? (?:then|please|now|thanks?|thank you|nova))*\W*$`;
const LEAVES = new RegExp(
  String.raw`${BEFORE}(?:never ?mind|forget (?:it|that|about it)|leave it(?: be)?|(?:cancel|drop|skip)(?: it| that| this)?|don['’]t bother|do not bother|not (?:now|any ?more)|egal|lass es|vergiss es|abbrechen)${BEHIND}`,
  "i",
);
/** None of what was offered; where nothing was, it is an answer: "Which points shall I leave out?" */
const NONE = new RegExp(
  String.raw`${BEFORE}(?:nothing|none(?: of (?:them|these|those))?|neither(?: of (?:them|these|those))?)${BEHIND}`,
  "i",
);
const NO = /^\W*(?:no|nope|nah|nein)(?:,? (?:thanks?|thank you))?\W*$/i;
const ASKS_FOR =
  /(?:^|[.!?:\n])\W*(?:(?:at|on|for|to|in|by) )?(?:when|which|what|who|whom|whose|where|how)\b[^?\n]*\?/im;
const YES_OR_NO =
  /(?:^|[.!?:\n])\W*(?:shall|should|do|does|did|is|are|was|were|may|can|could|will|would|have|has|soll|ist|willst|möchtest)\b(?![^?\n]*\bor\b)[^?\n]*\?/im;

/** A bare yes or no answers it. */
export const asksYesOrNo = (question: string): boolean => YES_OR_NO.test(question);

/**
 * Whether words end a question without an answer: "none" and a bare no only where they are no answer to it. `acts`: it was
 * asked to do something for the person, such as to set a reminder; a question about a text may well be answered by "none".
 */
export function leaves(said: string, question = "", { acts = false }: { readonly acts?: boolean } = {}): boolean {
  if (LEAVES.test(said)) return true;
  const offers = offeredIn(question).length > 0;
  if (NONE.test(said)) return acts || offers;
  return NO.test(said) && !asksYesOrNo(question) && (acts || offers || ASKS_FOR.test(question));
}

/** Whether words may end a question, whatever it was. */
export const mayLeave = (said: string): boolean => LEAVES.test(said) || NONE.test(said) || NO.test(said);
