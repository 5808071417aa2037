/** Turns that end before an agent is asked, for there is nothing to read. Called by turn.ts. */
import type { Settlement, TakenTurn } from "#core";
import type { Crew } from "./crew.ts";
import { ending } from "./endings.ts";
import { faultsOf } from "./words.ts";

type Say = Pick<Crew, "surfaces" | "roster">;

export const isTakenBack = ({ messages }: TakenTurn): boolean => messages.every(({ deletedAt }) => deletedAt);

/** Every message was deleted while it waited. */
export function takenBack(turn: TakenTurn, crew: Say): Settlement {
  const text = "You deleted this before I had read it, so there is no answer.";
  return { ...ending(turn, crew, { agent: null, text, note: { kind: "stopped", model: null } }), state: "cancelled" };
}

/** Only files came, and none of them can be read. Undefined when there is something to work on. */
export function unreadable(turn: TakenTurn, crew: Say): Settlement | undefined {
  const { messages } = turn;
  const faults = faultsOf(messages);
  const some = messages.some(({ text, files = [] }) => text.trim() !== "" || files.some((file) => file.text));
  if (some || faults.length === 0) return undefined;
  return ending(turn, crew, { agent: null, text: faults.join("\n"), note: { kind: "fail", model: null } });
}
