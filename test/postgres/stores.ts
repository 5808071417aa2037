/** All stores on one fresh database, with a settable clock and a recorder where memory will be. */
import { randomBytes, randomUUID } from "node:crypto";
import {
  HOME,
  type Address,
  type ExternalId,
  type Inbound,
  type Person,
  type Reach,
  type Role,
  type Settlement,
} from "#core";
import type { Database } from "../../src/postgres/engine/database.ts";
import { createAnnouncementStore } from "../../src/postgres/turns/announcements.ts";
import { createDraftNotes } from "../../src/postgres/turns/draft-notes.ts";
import { createIntake } from "../../src/postgres/turns/intake.ts";
import { createOperations } from "../../src/postgres/operations.ts";
import { createOutbox } from "../../src/postgres/turns/outbox.ts";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createQueue } from "../../src/postgres/queue/queue.ts";
import { createRevisions } from "../../src/postgres/turns/revisions.ts";
import { createTranscript } from "../../src/postgres/turns/transcript.ts";
import { createTurns } from "../../src/postgres/turns/turns.ts";
import type { TurnMemory } from "../../src/postgres/memory/turn-memory.ts";
import { testDatabase } from "../support/database.ts";
import { silentLog } from "../support/log.ts";

export async function openStores(open: () => Promise<Database> = testDatabase) {
  const database = await open();
  const clock = { time: new Date("2026-03-02T10:00:00Z"), now: () => clock.time };
  const memory = recorder();
  const queue = await createQueue(database, silentLog);
  const people = createPeople(database, { clock, random: randomBytes });
  const intake = createIntake(database, { calls: queue, clock });
  return {
    database,
    clock,
    memory,
    queue,
    people,
    intake,
    turns: createTurns(database, { memory, calls: queue, clock }),
    revisions: createRevisions(database, { memory, calls: queue, clock }),
    drafts: createDraftNotes(database),
    transcript: createTranscript(database),
    outbox: createOutbox(database, { calls: queue, clock }),
    operations: createOperations(database),
    announced: createAnnouncementStore(database, { calls: queue, clock, reaches: REACHES }),

    /** A person with an account of the same name on the web. */
    async person(name: string, role: Role = "member"): Promise<Person> {
      const person = await people.add(HOME, name, role);
      await people.link(account(name), person.id);
      return person;
    },

    /** Puts a message that must be new. */
    async say(name: string, text: string, more: Partial<Inbound> & { stop?: boolean } = {}) {
      const { stop = false, ...rest } = more;
      const accepted = await intake.put(inbound(name, text, rest), stop);
      if (accepted.kind !== "new") throw new Error(`expected a new message, got ${accepted.kind}`);
      return accepted;
    },

    async close() {
      await queue.stop(0);
      await database.close();
    },
  };
}
export type Stores = Awaited<ReturnType<typeof openStores>>;

/** A page that people look at, a platform that rings, and one that is switched off. */
export const REACHES: readonly Reach[] = [
  { platform: "web", how: "page", running: true, home: (person) => page(`home of ${person}`) },
  { platform: "chat", how: "rings", running: true },
  { platform: "off", how: "rings", running: false },
];

export const account = (name: string): ExternalId => ({ platform: "web", scope: "site", id: name });

/** The private page of a person, or a channel that several share. */
export const page = (name: string): Address => ({
  platform: "web",
  scope: "site",
  container: name,
  root: null,
  visibility: "private",
});
export const channel: Address = { platform: "web", scope: "site", container: "all", root: null, visibility: "shared" };

export function inbound(name: string, text: string, more: Partial<Inbound> = {}): Inbound {
  return {
    deliveryKey: randomUUID(),
    messageKey: randomUUID(),
    address: page(name),
    sender: account(name),
    text,
    sentAt: new Date("2026-03-02T09:59:59Z"),
    ...more,
  };
}

export const answer = (text: string, more: Partial<Settlement> = {}): Settlement => ({
  state: "done",
  route: null,
  steps: [],
  reply: { agent: null, text, note: { kind: "answer", model: null } },
  parts: [{ body: text }],
  keep: [],
  forget: [],
  cited: [],
  ...more,
});

/** Keeps what a settlement asked of memory, and fails when told to. */
function recorder() {
  const kept: unknown[] = [];
  const memory: TurnMemory & { kept: unknown[]; failing: boolean } = {
    kept,
    failing: false,
    async keep(tx, scope, items) {
      await tx.query("select 1");
      if (memory.failing) throw new Error("memory is full");
      kept.push({ kept: items.map((item) => item.text), scope });
    },
    async drop(_tx, scope, items) {
      kept.push({ dropped: items, scope });
    },
    async unsay(_tx, scope, message) {
      kept.push({ unsaid: message, scope });
    },
    async cite(_tx, scope, turn, items) {
      kept.push({ cited: items, turn, scope });
    },
  };
  return memory;
}
