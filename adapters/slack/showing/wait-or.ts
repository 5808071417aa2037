/** What a view of an unfinished reply does about a call that was not made or not taken. Used by stream.ts and edits.ts. */
import type { Failure } from "../failure.ts";
import type { Shown } from "./draft-view.ts";

/** Where waiting may help. */
export const LATER_MS = 5_000;

export const waitOr = ({ retry, afterMs }: Failure, otherwise: "broken" | "over"): Shown =>
  retry ? { kind: "wait", ms: afterMs ?? LATER_MS } : { kind: otherwise };
