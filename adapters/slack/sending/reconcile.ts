/** What became of a part whose send nobody saw end: after a break of the line, or of a process. Asked by the outbox. */
import { z } from "zod";
import type { AdapterHost, OutPart } from "#core";
import { commandUserOf } from "../address.ts";
import type { SlackApi } from "../api.ts";
import { isPart } from "../metadata.ts";
import type { Pause } from "../pause.ts";
import { readNote } from "../showing/draft-note.ts";
import type { Try, Tries } from "./tries.ts";

export type Fate = "sent" | "absent" | "cannot_tell";

export type ReconcileDeps = {
  readonly api: SlackApi;
  readonly tries: Pick<Tries, "of">;
  readonly host: Pick<AdapterHost, "clock">;
  /** Resolves after so many milliseconds, or when the signal aborts. */
  readonly pause: Pause;
};

/** A write that is not there so long after it began will not come any more. */
const SETTLED_MS = 8_000;
/** Between two looks: what is written is not always to be read at once. */
const APART_MS = 1_000;
/** Two clocks are never the same. */
const SKEW_S = 60;
const LIMIT = 200;

export function createReconcile({ api, tries, host, pause }: ReconcileDeps) {
  return async (part: OutPart, signal: AbortSignal): Promise<Fate> => {
    // Written over once more it stands there once.
    if (part.amends !== null) return "absent";
    const begun = tries.of(part.id);
    const one = begun ?? before(part, readNote(part.draft).ts[part.ordinal] !== undefined);
    if (one.channel === null) return "cannot_tell";
    const first = await look(part, one, signal);
    // What was to be written over may be gone, and the part may have been posted beside it.
    if (one.isSafe) return first === "sent" ? "sent" : "absent";
    if (first !== "absent") return first;
    const age = host.clock.now().getTime() - one.at;
    await pause(Math.max(APART_MS, begun ? SETTLED_MS - age : 0), signal);
    return signal.aborted ? "cannot_tell" : look(part, one, signal);
  };

  async function look(part: OutPart, { channel, thread }: Try, signal: AbortSignal): Promise<Fate> {
    if (channel === null) return "cannot_tell";
    const oldest = (part.at.getTime() / 1_000 - SKEW_S).toFixed(6);
    const range = { channel, oldest, limit: LIMIT, include_all_metadata: true };
    const answer = await api.call(
      (client) =>
        thread === null
          ? client.conversations.history(range)
          : client.conversations.replies({ ...range, ts: thread, inclusive: true }),
      signal,
    );
    if (answer.kind !== "done") return "cannot_tell";
    const { messages = [], has_more: more = true } = read.safeParse(answer.value).data ?? {};
    if (messages.some(({ metadata }) => isPart(part, metadata))) return "sent";
    return more ? "cannot_tell" : "absent";
  }
}

const read = z.looseObject({
  messages: z.array(z.looseObject({ metadata: z.unknown().optional() })).optional(),
  has_more: z.boolean().default(false),
});

/** What an earlier process will have done. An answer to a command leaves no trace that could be read. */
function before(part: OutPart, isDraft: boolean): Try {
  const { container, root } = part.address;
  if (commandUserOf(part.address) !== undefined) return { channel: null, thread: null, at: 0, isSafe: false };
  return { channel: container, thread: root, at: 0, isSafe: isDraft };
}
