/** Where the unfinished reply of a turn is shown: the port Drafts of the core. */
import type { Drafts } from "#core";
import type { Database } from "./database.ts";

export function createDrafts(_database: Database): Drafts {
  return { of: async () => null, note: async () => false };
}
