/** A person opened the conversation with Nova, which is the moment for suggested prompts. Pure; used by receive.ts. */
import { z } from "zod";
import { id, ts } from "../ids.ts";
import { eventBody } from "./envelope.ts";

const opened = z.union([
  z
    .looseObject({ type: z.literal("app_home_opened"), tab: z.literal("messages"), channel: id })
    .transform(({ channel }) => ({ channel, thread: null })),
  z
    .looseObject({
      type: z.literal("assistant_thread_started"),
      assistant_thread: z.looseObject({ channel_id: id, thread_ts: ts }),
    })
    .transform(({ assistant_thread: { channel_id, thread_ts } }) => ({ channel: channel_id, thread: thread_ts })),
]);

export function openedView(body: unknown): { readonly channel: string; readonly thread: string | null } | undefined {
  const outer = eventBody.safeParse(body);
  return outer.success ? opened.safeParse(outer.data.event).data : undefined;
}
