/** What `nova hooks` returns, form by form. Drawn by hooks-words.ts. */
import { z } from "zod";
import { PRESETS } from "#core";

const preset = z.enum(PRESETS);
const whose = {
  person: z.string(),
  /** Null leaves it to the router. */
  agent: z.string().nullable(),
  project: z.string().nullable(),
  origin: z.enum(["person", "outside"]),
};

const added = z.object({
  name: z.string(),
  url: z.string(),
  preset,
  secret: z.string(),
  token: z.string(),
  ...whose,
  /** What else is worth knowing, a sentence each. */
  notes: z.array(z.string()),
});
export type Added = z.infer<typeof added>;

const shown = z.object({
  name: z.string(),
  url: z.string(),
  preset,
  ...whose,
  createdAt: z.coerce.date(),
  lastPostAt: z.coerce.date().nullable(),
});
export type Shown = z.infer<typeof shown>;

const looked = shown.extend({ goodSecrets: z.int() });
export type Looked = z.infer<typeof looked>;

const rotated = z.object({
  name: z.string(),
  url: z.string(),
  preset,
  secret: z.string(),
  /** Null: those before are good no more. */
  formerGoodUntil: z.coerce.date().nullable(),
});
export type Rotated = z.infer<typeof rotated>;

const posts = z.object({
  name: z.string(),
  person: z.string(),
  /** Newest last. */
  posts: z.array(
    z.object({
      message: z.string(),
      at: z.coerce.date(),
      origin: z.enum(["person", "outside"]),
      text: z.string(),
      state: z.enum(["waiting", "running", "done", "failed", "cancelled"]),
      /** Null while it waits. */
      turn: z.string().nullable(),
      reply: z
        .object({
          /** Null: Nova itself. */
          agent: z.string().nullable(),
          kind: z.enum(["answer", "clarify", "fail", "stopped", "notice"]),
          at: z.coerce.date(),
          text: z.string(),
        })
        .nullable(),
      delivery: z.enum(["ready", "sending", "sent", "unknown", "failed"]).nullable(),
    }),
  ),
});
export type Posts = z.infer<typeof posts>;

const removed = z.object({ name: z.string(), removed: z.literal(true) });

const step = z.object({
  what: z.string(),
  ok: z.boolean(),
  detail: z.string(),
  ms: z.number(),
  /** Set where it failed: what to do. */
  advice: z.string().optional(),
});
export type TrialStep = z.infer<typeof step>;

const tried = z.object({
  name: z.string(),
  url: z.string(),
  /** The id of the stored message; null when none was stored, or none is made of such a post. */
  message: z.string().nullable(),
  reply: z.string().nullable(),
  steps: z.array(step),
});
export type Tried = z.infer<typeof tried>;

export const output = z.union([added, rotated, tried, posts, removed, looked, z.array(shown)]);
export type HooksOutput = z.infer<typeof output>;
