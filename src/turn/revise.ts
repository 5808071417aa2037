/** Stores an edit or a deletion of a message. Called by every adapter through its host. */
import { clip, wellFormed, type Revised, type Revision } from "#core";
import type { Crew } from "./crew.ts";
import { MOST_TEXT } from "./words.ts";

/** It opens no turn: what was answered is answered, and what waits is read as it stands then. */
export async function revise(revision: Revision, crew: Pick<Crew, "revisions" | "log">): Promise<Revised> {
  // Nobody could be told that an edit is too long, so as much of it as an agent reads is kept.
  const text = revision.text === null ? null : clip(wellFormed(revision.text), MOST_TEXT);
  const revised = await crew.revisions.revise({ ...revision, text });
  if (revised.kind === "revised") {
    const { platform } = revision.address;
    crew.log.info("message.revised", { platform, deleted: text === null, read: revised.read });
  }
  return revised;
}
