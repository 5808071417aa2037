/** Port: a way to show an unfinished reply. Implemented in stream.ts and edits.ts, used by turn-shown.ts. */
import type { Clock, ExternalId, TurnId } from "#core";
import type { SlackApi } from "../api.ts";
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
  /** True when nothing may be written any more: asked before every write. */
  readonly isOver: () => boolean;
  /**
   * Called before each message is begun: whoever is killed before its id is noted leaves word that there may be one. Only
   * what is noted is begun.
   */
  readonly onBegin: () => Promise<Noted>;
  /** Called with every new message, or when there are fewer, before anything else is shown. */
  readonly onMessage: (added?: string) => Promise<Noted>;
};

/** Refused when the turn does not run any more, here or in another process; failed when nobody can tell. */
export type Noted = "noted" | "refused" | "failed";
