/** A message that its author changed or took back. Links that Discord fetched later are no change of theirs. Pure. Read by take-post.ts. */
import { z } from "zod";
import type { Ignored, Revision } from "#core";
import type { Envelope } from "../envelope.ts";
import { senderOf, snowflake } from "../platform.ts";
import { addressOf, readPost } from "./post.ts";

export function readEdit({ data, bot, application }: Envelope): Revision | Ignored {
  const post = readPost(data, bot);
  if (!post) return { ignored: "not a person's words to us" };
  if (!post.editedAt) return { ignored: "not changed by its author" };
  return {
    deliveryKey: `${post.id}:${post.editedAt.getTime()}`,
    messageKey: post.id,
    address: addressOf(post, application),
    sender: senderOf(post.author),
    text: post.text,
    at: post.editedAt,
  };
}

const deletion = z
  .object({
    id: snowflake.optional(),
    ids: z.array(snowflake).default([]),
    channel_id: snowflake,
    guild_id: snowflake.optional(),
  })
  .transform(({ id, ids, channel_id: channel, guild_id: guild }) => ({
    messages: id === undefined ? ids : [id, ...ids],
    channel,
    isDirect: guild === undefined,
  }));

/** One message or many at once. Discord does not say whose they were. */
export function readDeletions({ data, application }: Envelope, at: Date): readonly Revision[] {
  const parsed = deletion.safeParse(data).data;
  if (!parsed) return [];
  return parsed.messages.map((message) => ({
    deliveryKey: `${message}:deleted`,
    messageKey: message,
    address: addressOf(parsed, application),
    sender: null,
    text: null,
    at,
  }));
}
