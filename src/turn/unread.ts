/** Turns without words: they end before an agent is asked. Called by turn.ts. */
import { isReply, type Message, type Person, type ReplyNote, type Settlement, type TakenTurn } from "#core";
import type { Crew } from "./crew.ts";
import { ending } from "./endings.ts";
import { faultsOf, namesOf } from "./words.ts";

type Say = Pick<Crew, "surfaces" | "roster">;

export const isTakenBack = ({ messages }: TakenTurn): boolean => messages.every(({ deletedAt }) => deletedAt);

/** Every message was deleted while it waited. */
export function takenBack(turn: TakenTurn, crew: Say): Settlement {
  const text = "You deleted this before I had read it, so there is no answer.";
  return { ...ending(turn, crew, { agent: null, text, note: { kind: "stopped", model: null } }), state: "cancelled" };
}

/** Only files came: none of them can be read, or nobody knows yet what they are for. Undefined when there is work to do. */
export function wordless(turn: TakenTurn, crew: Say): Settlement | undefined {
  const { messages, pinned } = turn;
  if (!messages.every(isWordless)) return undefined;
  const read = messages.flatMap(({ files = [] }) => files.filter(({ text }) => text !== undefined));
  const say = (kind: ReplyNote["kind"], ...lines: readonly string[]): Settlement =>
    ending(turn, crew, { agent: null, text: lines.join("\n"), note: { kind, model: null } });
  if (read.length === 0) return say("fail", ...faultsOf(messages));
  // The agent that the conversation is kept with does with them what it does.
  if (pinned !== null) return undefined;
  return say("clarify", ...faultsOf(messages), `What am I to do with ${namesOf(read)}?`);
}

const isAnswer = ({ turn }: Message, history: readonly Message[]): boolean =>
  history.some((message) => message.turn === turn && !isReply(message));

const isWordless = ({ text, files = [] }: Message): boolean => text.trim() === "" && files.length > 0;

/** The messages that Nova asked this person about since then: the next words are for their files. `history`: oldest first. */
export function askedAbout(history: readonly Message[], person: Person, since: Date): readonly Message[] {
  // What Nova said unasked since was no answer to it.
  const reply = history.findLast((message) => isReply(message) && isAnswer(message, history));
  if (reply?.reply?.kind !== "clarify" || reply.at < since) return [];
  const said = history.filter((message) => message.turn === reply.turn && !isReply(message));
  return said.every((message) => isWordless(message) && isBy(message, person)) ? said : [];
}

const isBy = ({ author }: Message, { id }: Person): boolean => author.kind === "person" && author.person === id;
