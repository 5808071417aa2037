/** What carries out effects: the performer of every verb, with the ports that it works through. Opened by main.ts. */
import type { Announcements, Clock, Log, Performer } from "#core";
import type { Stores } from "./stores.ts";

export type PerformingParts = {
  readonly stores: Stores;
  readonly announcements: Announcements;
  readonly clock: Clock;
  readonly log: Log;
};

/** Each verb once; a verb without one is approved in vain, and people are told so. */
export const openPerformers = (_parts: PerformingParts): readonly Performer[] => [];
