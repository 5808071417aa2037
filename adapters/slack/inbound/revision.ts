/** Edits and deletions that people make, told apart from Nova's own, from previews and from programs. Pure. */
import { z } from "zod";
import type { Ignored, Revision } from "#core";
import { threadAddress } from "../address.ts";
import { id, timeOf, ts } from "../ids.ts";
import { eventBody, type Envelope } from "./envelope.ts";
import { isFromBot, message, senderOf, type HeardMessage } from "./heard.ts";
import { toMarkdown } from "./markdown.ts";

const changed = z.looseObject({
  type: z.literal("message"),
  subtype: z.literal("message_changed"),
  channel: id,
  ts,
  message,
  previous_message: message.nullish(),
});

const deleted = z.looseObject({
  type: z.literal("message"),
  subtype: z.literal("message_deleted"),
  channel: id,
  ts,
  deleted_ts: ts,
  previous_message: message.nullish(),
});

const SUBTYPES = new Set<unknown>(["message_changed", "message_deleted"]);

/** True for events that tell of an older message. */
export function isRevision(body: unknown): boolean {
  const outer = eventBody.safeParse(body);
  return outer.success && outer.data.event.type === "message" && SUBTYPES.has(outer.data.event["subtype"]);
}

export function parseRevision(about: Envelope, now: Date): Revision | Ignored {
  const outer = eventBody.safeParse(about.body);
  if (!outer.success) return NOT_UNDERSTOOD;
  const { event, event_id: deliveryKey } = outer.data;
  const edit = changed.safeParse(event);
  if (edit.success) return parseEdit(edit.data, about, { deliveryKey, now });
  const removal = deleted.safeParse(event);
  if (!removal.success) return NOT_UNDERSTOOD;
  const { channel, previous_message: before } = removal.data;
  return before ? taken(channel, before, about, { deliveryKey, at: timeOf(removal.data.ts, now) }) : NOT_UNDERSTOOD;
}

const NOT_UNDERSTOOD: Ignored = { ignored: "The change is not understood." };

type Edit = z.infer<typeof changed>;

function parseEdit(
  { channel, ts: at, message: after, previous_message: before }: Edit,
  about: Envelope,
  { deliveryKey, now }: { readonly deliveryKey: string; readonly now: Date },
): Revision | Ignored {
  // What has answers below it is not taken away but emptied.
  if (after.subtype === "tombstone")
    return before ? taken(channel, before, about, { deliveryKey, at: timeOf(at, now) }) : NOT_UNDERSTOOD;
  if (isFromBot(after, about) || !after.user) return { ignored: "A program changed what it had written." };
  // A preview of a link, a pin or a count of answers changes a message, too.
  if (!after.edited || after.text === before?.text) return { ignored: "Its words are the same." };
  if (after.edited.user && after.edited.user !== after.user) return { ignored: "Somebody else changed it." };
  return {
    deliveryKey,
    messageKey: after.ts,
    address: threadAddress(about.team, channel, after.thread_ts ?? after.ts),
    sender: senderOf(after.user, { ...before, ...after }, about.team),
    text: toMarkdown(after.text ?? "", { bot: about.bot.user, names: about.names }),
    at: timeOf(after.edited.ts, now),
  };
}

function taken(
  channel: string,
  before: HeardMessage,
  about: Envelope,
  { deliveryKey, at }: { readonly deliveryKey: string; readonly at: Date },
): Revision | Ignored {
  if (isFromBot(before, about) || !before.user) return { ignored: "A program had written it." };
  return {
    deliveryKey,
    messageKey: before.ts,
    address: threadAddress(about.team, channel, before.thread_ts ?? before.ts),
    sender: senderOf(before.user, before, about.team),
    text: null,
    at,
  };
}
