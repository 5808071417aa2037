/** Answers a click on a button under a reply. Called by every adapter through its host. */
import { NovaError, type Press, type Pressed } from "#core";
import type { Crew } from "./crew.ts";

export async function press(_press: Press, _crew: Crew): Promise<Pressed> {
  throw new NovaError("unavailable", "Buttons are not built yet.");
}
