/** Where a form was opened from. It goes to Slack with the form and comes back with what was filled in. Pure. */
import { z } from "zod";
import type { Address } from "#core";
import { commandAddress, threadAddress } from "../address.ts";
import { id, ts } from "../ids.ts";

const place = z.object({
  channel: id,
  /** The root of the thread; null for what is said by commands. */
  root: ts.nullable(),
  /** The thread in which the answer is shown. */
  thread: ts.nullable(),
  /** The sealed address that answers the click: the workspace may read what goes with a form. */
  url: z.string().max(2_000).nullish(),
});
export type FormPlace = z.infer<typeof place>;

export const addressAt = ({ channel, root }: FormPlace, team: string, user: string): Address =>
  root === null ? commandAddress(team, channel, user) : threadAddress(team, channel, root);

/** What goes with a form, at most 3,000 characters. */
export const writePlace = (at: FormPlace): string => JSON.stringify(at);

export function readPlace(metadata: string): FormPlace | undefined {
  try {
    return place.safeParse(JSON.parse(metadata)).data;
  } catch {
    return undefined;
  }
}
