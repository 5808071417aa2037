/** The stores of every stored noun, with the queue and the wire. Opened by main.ts. */
import { randomBytes, randomUUIDv7 } from "node:crypto";
import type { Cap, Clock, Log, Reach } from "#core";
import { createLexicon } from "../memory/lexicon.ts";
import { createMemory } from "../memory/memory.ts";
import { createCleaning } from "../postgres/cleaning.ts";
import { createDeeds } from "../postgres/effects/deeds.ts";
import { createLedger, releaseClaims } from "../postgres/effects/ledger.ts";
import { createProposalWatch } from "../postgres/effects/proposal-watch.ts";
import { createProposals } from "../postgres/effects/proposals.ts";
import { createReceivers } from "../postgres/effects/receivers.ts";
import { createStoredTrust } from "../postgres/effects/stored-trust.ts";
import { createWebhookPosts } from "../postgres/effects/webhook-posts.ts";
import type { Database } from "../postgres/engine/database.ts";
import { migrate } from "../postgres/engine/migrate.ts";
import { createWire } from "../postgres/engine/wire.ts";
import { createLabels } from "../postgres/labels.ts";
import { createMemoryStore } from "../postgres/memory/memory.ts";
import { createMemoryWriter } from "../postgres/memory/writer.ts";
import { createNamedPlaces } from "../postgres/named-places.ts";
import { createOperations } from "../postgres/operations.ts";
import { createDirectory } from "../postgres/people/directory.ts";
import { createEndpoints } from "../postgres/people/endpoints.ts";
import { createPairings } from "../postgres/people/pairing.ts";
import { createPeople } from "../postgres/people/people.ts";
import { createProjects } from "../postgres/projects.ts";
import { createQueue } from "../postgres/queue/queue.ts";
import { createDueSchedules } from "../postgres/schedules/due.ts";
import { createSchedules } from "../postgres/schedules/schedules.ts";
import { createSignals } from "../postgres/signals.ts";
import { createSpending } from "../postgres/spending.ts";
import { createAnnouncementStore } from "../postgres/turns/announcements.ts";
import { createDraftNotes } from "../postgres/turns/draft-notes.ts";
import { createIntake } from "../postgres/turns/intake.ts";
import { createOutbox } from "../postgres/turns/outbox.ts";
import { createRevisions } from "../postgres/turns/revisions.ts";
import { createTranscript } from "../postgres/turns/transcript.ts";
import { createTurns } from "../postgres/turns/turns.ts";
import { MIGRATIONS } from "./database-place.ts";

export type Stores = Awaited<ReturnType<typeof openStores>>;

export type StoresOptions = {
  readonly clock: Clock;
  readonly log: Log;
  /** What a day may cost; left out: as much as it comes to. */
  readonly cap?: Cap | null;
  /** Where people can be written to unasked; left out: nowhere. */
  readonly reaches?: readonly Reach[];
};

/** On a schema that is brought up to date first. */
export async function openStores(database: Database, { clock, log, cap = null, reaches = [] }: StoresOptions) {
  await migrate(database, MIGRATIONS);
  await releaseClaims(database);
  const lexicon = createLexicon();
  const writer = createMemoryWriter(lexicon);
  const queue = await createQueue(database, log);
  const { timeZone: zone } = Intl.DateTimeFormat().resolvedOptions();
  return {
    queue,
    people: createPeople(database, { clock, random: randomBytes }),
    directory: createDirectory(database, { clock }),
    pairings: createPairings(database, { clock, random: randomBytes }),
    projects: createProjects(database),
    endpoints: createEndpoints(database, { clock, random: randomBytes }),
    intake: createIntake(database, { calls: queue, clock }),
    labels: createLabels(database, { clock }),
    revisions: createRevisions(database, { memory: writer, calls: queue, clock }),
    turns: createTurns(database, { memory: writer, calls: queue, clock }),
    transcript: createTranscript(database),
    drafts: createDraftNotes(database),
    outbox: createOutbox(database, { calls: queue, clock }),
    announced: createAnnouncementStore(database, { calls: queue, clock, reaches }),
    proposals: createProposals(database, { calls: queue, clock }),
    storedTrust: createStoredTrust(database, { clock }),
    watch: createProposalWatch(database, { clock, reaches }),
    ledger: createLedger(database, { clock }),
    deeds: createDeeds(database, { clock }),
    namedPlaces: createNamedPlaces(database, { clock }),
    receivers: createReceivers(database, { clock, random: randomBytes }),
    webhookPosts: createWebhookPosts(database, { clock, newId: randomUUIDv7 }),
    schedules: createSchedules(database, { clock, zone }),
    due: createDueSchedules(database, { reaches, zone }),
    alarms: queue.alarms,
    cleaning: createCleaning(database),
    wire: createWire(database, log),
    operations: createOperations(database),
    signals: createSignals(database, { clock }),
    spending: createSpending(database, { cap, clock, newCall: randomUUIDv7 }),
    memory: createMemory({ store: createMemoryStore(database, lexicon), lexicon }),
  };
}
