/** What carries out effects: the executor, and the performer of every verb with the ports that it works through. */
import type { Announcements, Clock, Executor, Log, Performer, Policy, Standing, Telemetry } from "#core";
import { createChangeSchedule } from "../effects/change-schedule.ts";
import { createExecutor } from "../effects/executor.ts";
import { createNoteInProject } from "../effects/note-in-project.ts";
import { createPostRound, type PostRound, type PostRoundDeps } from "../effects/post-round.ts";
import { createPostWebhook } from "../effects/post-webhook.ts";
import { createSendMessage } from "../effects/send-message.ts";
import { createRemoveSchedule, createSetReminder, createSetSchedule } from "../effects/set-schedule.ts";
import { toldLedger } from "../telemetry/recording.ts";
import type { Stores } from "./stores.ts";

export type PerformingParts = Pick<PerformerParts, "stores" | "announcements" | "clock" | "log"> & {
  readonly policy: Policy;
  readonly standing: Standing;
  readonly telemetry: Telemetry;
  readonly egress: PostRoundDeps["egress"];
  /** Beside those that Nova brings along; of the same verb in their place. */
  readonly performers: readonly Performer[];
};

export type Performing = { readonly executor: Executor; readonly postRound: PostRound };

export function openPerforming({
  policy,
  standing,
  telemetry,
  performers,
  egress,
  ...parts
}: PerformingParts): Performing {
  const { stores, clock, log } = parts;
  const postRound = createPostRound({ ...stores, ...parts, egress, chance: Math.random });
  const all = [...openPerformers({ ...parts, onPost: () => postRound.look() }), ...performers];
  const ledger = toldLedger(stores.ledger, telemetry);
  return { executor: createExecutor({ ledger, performers: all, policy, standing, clock, log }), postRound };
}

type PerformerParts = {
  readonly stores: Stores;
  readonly announcements: Announcements;
  readonly clock: Clock;
  readonly log: Log;
  /** Called when a signed post waits to be brought. */
  readonly onPost: () => void;
};

/** Each verb once; a verb without one is approved in vain, and people are told so. */
const openPerformers = ({ stores, announcements, clock, onPost }: PerformerParts): readonly Performer[] => [
  createSendMessage({ announcements, people: stores.people, places: stores.namedPlaces }),
  createNoteInProject({ memory: stores.memory, people: stores.people, projects: stores.projects, clock }),
  createPostWebhook({ webhookPosts: stores.webhookPosts, clock, onStored: onPost }),
  createSetReminder({ schedules: stores.schedules, people: stores.people, clock }),
  createSetSchedule({ schedules: stores.schedules, people: stores.people, clock }),
  createRemoveSchedule({ schedules: stores.schedules, people: stores.people, clock }),
  createChangeSchedule({ schedules: stores.schedules, people: stores.people }),
];
