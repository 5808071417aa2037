/** A Nova with a clerk, a target and a clock that can be moved, for effect tests. */
import { randomBytes } from "node:crypto";
import { HOME, type Action, type Performer, type Person, type Proposal, type Proposals, type Role } from "#core";
import { createPeople } from "../../src/postgres/people/people.ts";
import { createProposals } from "../../src/postgres/effects/proposals.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import type { TestChannel } from "../support/channel.ts";
import { startNova, type TestNova, type TestNovaOptions } from "../support/nova.ts";

export interface Hands {
  now(): Date;
  forward(ms: number): void;
}

export const HOUR = 3_600_000;

export function movableClock(): Hands {
  let ahead = 0;
  return { now: () => new Date(Date.now() + ahead), forward: (ms) => void (ahead += ms) };
}

export type Desk = TestNova & {
  readonly clock: Hands;
  readonly proposals: Proposals;
  /** Adds somebody with an account of their name on every channel. */
  add(name: string, role: Role): Promise<Person>;
  /** Asks the clerk in a room of this name, and gives what it proposed. */
  propose(words: string, options?: { readonly by?: string; readonly room?: string }): Promise<readonly Proposal[]>;
  /** The same where it has to be one and no more. */
  one(words: string, options?: { readonly by?: string; readonly room?: string }): Promise<Proposal>;
  proposal(id: Proposal["id"]): Promise<Proposal>;
  settled(): Promise<void>;
};

export type DeskOptions = TestNovaOptions & { readonly performers: readonly Performer[]; readonly hands?: Hands };

export async function openDesk({ hands = movableClock(), ...options }: DeskOptions): Promise<Desk> {
  const lab = await startNova({ sweepEveryMs: 50, ...options, clock: hands });
  const proposals = readerOf(lab.database, hands);
  const channels: readonly TestChannel[] = [lab.channel, ...(options.beside ? [options.beside] : [])];
  await options.beside?.introduce("owner", lab.owner);
  const settled = () => lab.nova.settled(AbortSignal.timeout(20_000));
  const proposal = async (id: Proposal["id"]): Promise<Proposal> => {
    const found = await proposals.get(id, lab.owner);
    if (!found) throw new Error(`there is no proposal ${id}`);
    return found;
  };
  const propose: Desk["propose"] = async (words, { by = "owner", room = by } = {}) => {
    const known = new Set((await proposals.list(lab.owner, { all: true })).map(({ id }) => id));
    await lab.channel.say(by, `@clerk ${words}`, { room });
    await settled();
    return (await proposals.list(lab.owner, { all: true })).filter(({ id }) => !known.has(id)).toReversed();
  };
  return {
    ...lab,
    clock: hands,
    proposals,
    proposal,
    settled,
    async add(name, role) {
      const people = createPeople(lab.database, { clock: hands, random: randomBytes });
      const person = await people.add(HOME, name, role);
      for (const channel of channels) await channel.introduce(name, person);
      return person;
    },
    propose,
    async one(words, options) {
      const [proposal, ...more] = await propose(words, options);
      if (!proposal || more.length > 0)
        throw new Error(`expected one proposal, got ${more.length + (proposal ? 1 : 0)}`);
      return proposal;
    },
    [Symbol.asyncDispose]: () => lab.nova.stop(),
  };
}

/** For reading and deciding beside the service; what it decides is found by the sweep. */
export const readerOf = (database: Database, clock: Hands): Proposals =>
  createProposals(database, { clock, calls: { send: async () => {}, done: async () => false } });

export const button = (kind: "approve" | "deny" | "edit", { id, digest }: Pick<Proposal, "id" | "digest">): string =>
  `${kind}:${id}:${digest.slice(0, 16)}`;

export const labels = (actions: readonly Action[] = []): readonly string[] => actions.map(({ label }) => label);
