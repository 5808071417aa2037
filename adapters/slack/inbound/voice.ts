/** Port: what is said to a person outside the outbox. Implemented in speak.ts, asked by receive.ts and pressing.ts. */
import type { ModalView } from "@slack/types";
import type { Pressed } from "#core";

/** Whom, and where it is to be seen by nobody else. */
export type Hearer = {
  readonly channel: string;
  readonly user: string;
  /** Root of the thread that it belongs to; null where there is none. */
  readonly thread: string | null;
  /** Good for an answer that replaces nothing; null when there is none. */
  readonly responseUrl: string | null;
};

/** Best effort: each call resolves, said or not. */
export interface Voice {
  /** In a direct conversation as a message of its thread, elsewhere for this person's eyes only. */
  tell(to: Hearer, markdown: string): Promise<void>;
  /** The answer to a click, with its buttons, for the clicker's eyes only. */
  answerPress(to: Hearer, pressed: Pressed): Promise<void>;
  /** Opens a form, or says that the time for it was over. */
  openForm(to: Hearer, trigger: string, modal: ModalView): Promise<void>;
  /** Up to four prompts in a conversation that was just opened. */
  suggest(channel: string, thread: string | null): Promise<void>;
}
