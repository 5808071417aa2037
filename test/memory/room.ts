/** A memory on the real embedded database, with people in it. */
import { HOME, personId, type ItemId, type NewMemory, type Person, type TenantId } from "#core";
import { createLexicon } from "../../src/memory/lexicon.ts";
import { createMemory } from "../../src/memory/memory.ts";
import type { Database } from "../../src/postgres/engine/database.ts";
import { createMemoryWriter } from "../../src/postgres/memory/writer.ts";
import { createMemoryStore } from "../../src/postgres/memory/memory.ts";
import { testDatabase } from "../support/database.ts";

export async function openRoom() {
  const database = await testDatabase();
  const lexicon = createLexicon();
  const store = createMemoryStore(database, lexicon);
  const memory = createMemory({ store, lexicon });
  const keep = (person: Person, text: string, more: Partial<NewMemory> = {}) =>
    memory.add(person, newMemory(person, text, more));
  return {
    database,
    lexicon,
    store,
    writer: createMemoryWriter(lexicon),
    memory,
    keep,
    person: (name: string, tenant: TenantId = HOME) => addPerson(database, name, tenant),
    recall: (person: Person, query: string) => memory.as(person).recall({ query }),
    /** The terms counted for a person, and how many items hold each. */
    async terms(person: Person): Promise<Map<string, number>> {
      const { rows } = await database.pool.query<{ term: string; df: number }>(
        "select term, df from memory_term where person_id = $1",
        [person.id],
      );
      return new Map(rows.map((row) => [row.term, row.df]));
    },
    close: () => database.close(),
  };
}
export type Room = Awaited<ReturnType<typeof openRoom>>;

let stream = 0;

/** A note of its own stream, so that it has no neighbours. */
export function newMemory(person: Person, text: string, more: Partial<NewMemory> = {}): NewMemory {
  stream += 1;
  return {
    kind: "note",
    text,
    author: person.name,
    trust: "member",
    happenedAt: new Date(Date.UTC(2026, 0, 1)),
    stream: `note:${stream}`,
    message: null,
    ...more,
  };
}

async function addPerson(database: Database, name: string, tenant: TenantId): Promise<Person> {
  await database.pool.query("insert into tenant (id, name) values ($1, $1) on conflict (id) do nothing", [tenant]);
  const { rows } = await database.pool.query<{ id: string }>(
    "insert into person (tenant_id, name, role) values ($1, $2, 'member') returning id",
    [tenant, name],
  );
  return { id: personId(rows[0]?.id ?? ""), tenant, name, role: "member" };
}

export const ids = (items: readonly { readonly id: ItemId }[]): readonly ItemId[] => items.map((item) => item.id);
