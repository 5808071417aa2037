/** Port: a way to show an unfinished reply. Implemented in stream.ts and edits.ts, used by show.ts. */
import type { Clock, ExternalId, TurnId } from "#core";
import type { SlackApi } from "./api.ts";
import type { DraftNote } from "./draft-note.ts";
import type { Rates } from "./rates.ts";

export type Shown =
  | { readonly kind: "shown" }
  /** Not yet: to be tried again with the newest text. */
  | { readonly kind: "wait"; readonly ms: number }
  /** No further in this way; another one may go on with the same messages. */
  | { readonly kind: "broken" }
  /** The reader wants no more of it. */
  | { readonly kind: "stopped" }
  /** Nothing more can be shown. */
  | { readonly kind: "over" };

export interface DraftView {
  /** Milliseconds from one draft to the next. */
  readonly gap: number;
  /** The whole text so far, Markdown. */
  show(text: string): Promise<Shown>;
  /** Leaves the messages so that they can be written over. */
  close(): Promise<void>;
  note(): DraftNote;
}

export type ViewDeps = {
  readonly api: SlackApi;
  readonly rates: Rates;
  readonly clock: Clock;
  readonly channel: string;
  readonly turn: TurnId;
  /** Root of the thread. */
  readonly thread: string;
  /** Who reads it; needed to stream outside of direct conversations. */
  readonly reader: ExternalId | undefined;
  /** Called before each message is begun: whoever is killed before its id is noted leaves word that there may be one. */
  readonly onBegin: () => Promise<void>;
  /** Called with every new message, before anything else is shown. */
  readonly onMessage: () => Promise<void>;
};

/** What to do after a call that was not made or not taken, where waiting may help. */
export const LATER_MS = 5_000;
