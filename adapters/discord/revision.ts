/** A message that its author changed or took back. Links that Discord fetched later are no change of theirs. Pure. */
import { z } from "zod";
import type { Ignored, Revision } from "#core";
import type { Envelope } from "./envelope.ts";
import { senderOf, snowflake } from "./platform.ts";
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

const deletion = z.object({ id: snowflake, channel_id: snowflake, guild_id: snowflake.optional() });

export type Deletion = { readonly message: string; readonly channel: string; readonly isDirect: boolean };

/** Discord does not say whose message it was. */
export function readDeletion(data: unknown): Deletion | undefined {
  const parsed = deletion.safeParse(data);
  if (!parsed.success) return undefined;
  const { id, channel_id: channel, guild_id: guild } = parsed.data;
  return { message: id, channel, isDirect: guild === undefined };
}

type Taken = { readonly author: string; readonly application: string; readonly at: Date };

export const takenBack = (what: Deletion, { author, application, at }: Taken): Revision => ({
  deliveryKey: `${what.message}:deleted`,
  messageKey: what.message,
  address: addressOf(what, application),
  sender: senderOf(author),
  text: null,
  at,
});
