/** Stores an edit or a deletion of a message. Called by every adapter through its host. */
import { NovaError, type Revised, type Revision } from "#core";
import type { Crew } from "./crew.ts";

export async function revise(_revision: Revision, _crew: Crew): Promise<Revised> {
  throw new NovaError("unavailable", "Versions are not built yet.");
}
