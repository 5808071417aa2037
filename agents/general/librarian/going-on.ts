/** Goes on with a question of the librarian's: what was chosen or named is done to what was first asked for. Used by librarian.ts. */
import {
  chosenOption,
  clip,
  countsOut,
  isOrder,
  isQuestion,
  openQuestion,
  plainOption,
  readQuestion,
  terms,
  words,
  type AgentStep,
  type CodedReply,
} from "#core";
import { readOrders, type Order } from "./orders.ts";

const YES = /^\W*(?:yes|yep|yeah|y|ja|ok|okay|sure|do it|go ahead)(?:,? please)?\W*$/i;
const NO = /^\W*(?:no|nope|nah|nein)\W*$/i;
const BY_ID = /^forget m\d+$/i;
const LONGEST = 20;

/** What is to be done now, or said; undefined: the words are no answer, or not to a question of this agent's. */
export function goingOn(said: string, { agent, ask, history }: AgentStep): Order | CodedReply | undefined {
  const open = openQuestion(history, ask.now);
  if (open?.asker !== agent.id) return undefined;
  const [only, ...others] = open.options;
  const isYes = only !== undefined && others.length === 0 && !open.isOvertaken && YES.test(said);
  const option = isYes ? only : open.isOvertaken ? plainOption(said, open.options) : chosenOption(said, open);
  if (option === undefined && (open.isOvertaken || isNew(said))) return undefined;
  const own = open.about.filter(({ author }) => author.kind === "person" && author.person === ask.person.id);
  const first = own.flatMap(({ text }) => readOrders(text)).find(isPlain);
  if (!first) return undefined;
  // A line of a question may be anybody's words: it is an order only where this person asked to forget, and by its id.
  const chosen = option !== undefined && first.kind.startsWith("forget") && BY_ID.test(option) && readOrders(option)[0];
  if (chosen) return chosen;
  const answer = option ?? said.trim().replace(/[.!]+$/, "");
  // "No" to the only one that there is.
  if (option === undefined && NO.test(said))
    return { reply: { kind: "answer", text: "All right: nothing was forgotten." } };
  if (first.kind === "keep-in" && (option !== undefined || isName(answer, open.options)))
    return { ...first, project: clip(answer, 80) };
  if (open.options.length > 0) return again(answer, open.question.text);
  if (first.kind === "keep" && terms(first.text).length === 0) return { ...first, text: said.trim() };
  return first.kind === "forget-about" ? { ...first, subject: answer } : undefined;
}

const isPlain = (order: Order): boolean => order.kind !== "other";

/** A request of its own, or a text: no answer. */
const isNew = (said: string): boolean =>
  isQuestion(said) || isOrder(said) || words(said).length > LONGEST || readOrders(said).some(isPlain);

/** A number that there is none of is no name. */
const isName = (answer: string, options: readonly string[]): boolean =>
  answer.length <= 60 && !/[:\n]/.test(answer) && !(countsOut(answer) && options.length > 0);

function again(answer: string, asked: string): CodedReply {
  const { question, options } = readQuestion(asked);
  const lead = `That is none of them: “${clip(answer.replaceAll(/\s+/g, " "), 60)}”. A number chooses, “never mind” ends it.`;
  const whole = question.startsWith("That is none") ? question.replace(/^[^\n]*\n+/, "") : question;
  return { reply: { kind: "clarify", question: `${lead}\n\n${whole}`, options: [...options] } };
}
