/** One message to Nova and its reply, over the terminal channel's control routes. Used by ask and chat. */
import { randomUUID } from "node:crypto";
import { z } from "zod";
import { call, type Fetch } from "./client.ts";
import type { Terminal } from "./terminal.ts";

const answer = z.object({
  message: z.string(),
  turn: z.string(),
  agent: z.string().nullable(),
  /** The agent as people read it; `Nova` when it speaks itself. */
  name: z.string(),
  model: z.string().nullable(),
  kind: z.enum(["answer", "clarify", "fail", "stopped", "notice"]),
  /** Markdown. */
  text: z.string(),
  /** Drawn for this terminal, and free of foreign control characters. */
  body: z.string(),
});
export type Answer = z.infer<typeof answer>;

/** What Nova said without being asked. */
const unasked = z.object({ id: z.string(), name: z.string(), body: z.string() });
export type Unasked = z.infer<typeof unasked>;

const seen = z.discriminatedUnion("kind", [
  z.object({ kind: z.literal("accepted"), message: z.string(), duplicate: z.boolean() }),
  z.object({ kind: z.literal("routed"), agent: z.string().nullable(), name: z.string(), reason: z.string() }),
  z.object({ kind: z.literal("status"), line: z.string() }),
  z.object({ kind: z.literal("draft"), text: z.string() }),
  z.object({ kind: z.literal("changed"), line: z.string() }),
  z.object({ kind: z.literal("since"), said: z.array(unasked) }),
]);
export type Seen = z.infer<typeof seen>;

const past = z.object({
  person: z.object({ name: z.string() }),
  messages: z.array(
    z.object({
      id: z.string(),
      from: z.string().nullable(),
      name: z.string(),
      kind: z.string().nullable(),
      model: z.string().nullable(),
      body: z.string(),
    }),
  ),
  since: z.array(unasked),
});
export type Past = z.infer<typeof past>;

export interface Talk {
  say(text: string, onSeen: (seen: Seen) => void, signal: AbortSignal): Promise<Answer>;
  /** Gives what Nova says unasked behind this message, as it is said, until the signal aborts or Nova stops. */
  listen(after: string | null, onSaid: (said: Unasked) => void, signal: AbortSignal): Promise<void>;
  /** Ends the answer that is being written; it comes back as `stopped`. */
  stop(signal: AbortSignal): Promise<void>;
  past(limit: number, signal: AbortSignal): Promise<Past>;
}

/** `listening`: what Nova says unasked is listened to beside it. */
export function createTalk(
  fetch: Fetch,
  look: Terminal["look"],
  { as, listening = false }: { readonly as: string | undefined; readonly listening?: boolean },
): Talk {
  return {
    async listen(after, onSaid, signal) {
      const onEvent = (event: unknown): void => {
        const known = unasked.safeParse(event);
        if (known.success) onSaid(known.data);
      };
      await call(fetch, { path: "/terminal/news", body: { after, as, ...look }, onEvent, signal });
    },
    async say(text, onSeen, signal) {
      const body = { id: randomUUID(), text, as, listening, ...look };
      const onEvent = (event: unknown): void => {
        const known = seen.safeParse(event);
        if (known.success) onSeen(known.data);
      };
      return answer.parse(await call(fetch, { path: "/terminal/messages", body, onEvent, signal }));
    },
    async stop(signal) {
      await call(fetch, { path: "/terminal/stop", body: { id: randomUUID(), as }, signal });
    },
    async past(limit, signal) {
      const query = new URLSearchParams({ limit: String(limit), color: String(look.color) });
      if (look.width !== undefined) query.set("width", String(look.width));
      if (as !== undefined) query.set("as", as);
      return past.parse(await call(fetch, { method: "GET", path: `/terminal/history?${query.toString()}`, signal }));
    },
  };
}
