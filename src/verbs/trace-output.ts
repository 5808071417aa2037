/** What `nova trace` returns: one turn with its events, or the latest turns. */
import { z } from "zod";
import type { TraceEvent } from "#core";

const summary = z.object({
  turn: z.string(),
  state: z.string(),
  startedAt: z.coerce.date(),
  endedAt: z.coerce.date().nullable(),
  agent: z.string().nullable(),
  model: z.string().nullable(),
  conversation: z.string(),
  platform: z.string(),
  person: z.string(),
});
/** Written by Nova itself and read back unchanged, so its kind is all that is checked. */
const event = z.custom<TraceEvent>((value) => z.object({ kind: z.string() }).safeParse(value).success);
const traced = z.object({ seq: z.int(), at: z.coerce.date(), epoch: z.int(), event });
/** Where no spans are sent, a turn has no id at a collector. */
const turn = z.object({ summary, events: z.array(traced), otelTrace: z.string().optional() });
export const output = z.union([turn, z.object({ recent: z.array(summary) })]);
export type TraceOutput = z.infer<typeof output>;
export type TurnTrace = Extract<TraceOutput, { events: unknown }>;
export type Recent = Extract<TraceOutput, { recent: unknown }>;
