/** What a step is asked, handed to agents and tools alike. */
import type { MessageId, TurnId } from "./ids.ts";
import type { Origin } from "./message.ts";
import type { Person } from "./person.ts";

export type Said = { readonly text: string; readonly at: Date };

/** When these words were said: with the newest message that has them, and what no message has with the newest of all. */
export function saidAt(words: string, { said = [], now }: Pick<StepAsk, "said" | "now">): Date {
  const sought = plain(words);
  const { at = now } = said.findLast(({ text }) => plain(text).includes(sought)) ?? said.at(-1) ?? {};
  // The clocks of platforms are not Nova's.
  return at < now ? at : now;
}

const plain = (text: string): string => text.toLowerCase().replaceAll(/\s+/g, " ").trim();

/** The question as the person put it; the original words travel with every step. */
export type StepAsk = {
  readonly turn: TurnId;
  readonly person: Person;
  /** All messages of the turn, joined by blank lines, without a leading `@agent`; behind them their files, quoted. */
  readonly words: string;
  /** The same with runs of more than 64 blanks, which patterns are spared and a model reads. Absent: there are none. */
  readonly laidOut?: string;
  /** The words without the files: no file can give an order or state anything. Absent: there are no files. */
  readonly own?: string;
  /** Whose words they are. Those from outside are data to work on, whatever they say. */
  readonly origin: Origin;
  /** Where in the channel they came in; of a webhook, the name of its endpoint without its number. */
  readonly entrance: string;
  readonly now: Date;
  /** What was said, and when: a time counts from then. Absent: all of it now. */
  readonly said?: readonly Said[];
  /** The last of the person's messages in this turn: what a note made in this step came from. */
  readonly message: MessageId;
};
