/** What carries out effects: the performer of every verb, with the ports that it works through. Opened by main.ts. */
import type { Announcements, Clock, Log, Performer } from "#core";
import { createNoteInProject } from "./effects/note-in-project.ts";
import { createPostWebhook } from "./effects/post-webhook.ts";
import { createSendMessage } from "./effects/send-message.ts";
import { createRemoveSchedule, createSetReminder, createSetSchedule } from "./effects/set-schedule.ts";
import type { Stores } from "./stores.ts";

export type PerformingParts = {
  readonly stores: Stores;
  readonly announcements: Announcements;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a signed post waits to be brought. */
  readonly onPost: () => void;
};

/** Each verb once; a verb without one is approved in vain, and people are told so. */
export const openPerformers = ({ stores, announcements, clock, onPost }: PerformingParts): readonly Performer[] => [
  createSendMessage({ announcements, people: stores.people, places: stores.namedPlaces }),
  createNoteInProject({ memory: stores.memory, people: stores.people, projects: stores.projects, clock }),
  createPostWebhook({ deliveries: stores.deliveries, clock, onStored: onPost }),
  createSetReminder({ schedules: stores.schedules, people: stores.people, clock }),
  createSetSchedule({ schedules: stores.schedules, people: stores.people, clock }),
  createRemoveSchedule({ schedules: stores.schedules, people: stores.people, clock }),
];
