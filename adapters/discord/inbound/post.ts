/** A message as Discord tells it: read once here, for parse.ts and revision.ts. Pure. */
import { z } from "zod";
import type { Address, FileRef } from "#core";
import { refOf } from "../fetch.ts";
import { account, PLATFORM, snowflake } from "../platform.ts";
import { wordsOf } from "./words.ts";

const DIRECT = 1;
/** Ordinary words, and words in reply to others: all else is Discord's own, such as "joined the server". */
const WORDS: ReadonlySet<number> = new Set([0, 19]);

const post = z.object({
  id: snowflake,
  channel_id: snowflake,
  channel_type: z.number().optional(),
  guild_id: snowflake.optional(),
  author: account,
  member: z.object({ nick: z.string().nullish() }).optional(),
  webhook_id: snowflake.optional(),
  type: z.number().default(0),
  content: z.string(),
  timestamp: z.iso.datetime({ offset: true }),
  edited_timestamp: z.iso.datetime({ offset: true }).nullish(),
  mentions: z.array(account).default([]),
  /** What was forwarded with it. */
  message_snapshots: z.array(z.object({ message: z.object({ content: z.string() }) })).catch([]),
  attachments: z
    .array(
      z.object({
        id: snowflake,
        filename: z.string().min(1),
        content_type: z.string().optional(),
        size: z.number().nonnegative(),
      }),
    )
    .default([]),
});

export type Post = {
  readonly id: string;
  readonly channel: string;
  readonly author: string;
  readonly authorName: string;
  /** For the author's eyes and ours alone. */
  readonly isDirect: boolean;
  readonly text: string;
  readonly files: readonly FileRef[];
  readonly at: Date;
  readonly editedAt: Date | null;
};

/** Undefined when it is none of ours: by a program, or not meant for us. */
export function readPost(data: unknown, bot: string): Post | undefined {
  const parsed = post.safeParse(data);
  if (!parsed.success) return undefined;
  const { id, author, member, mentions, attachments, ...rest } = parsed.data;
  const isDirect = rest.guild_id === undefined && (rest.channel_type ?? DIRECT) === DIRECT;
  if (author.bot || author.id === bot || rest.webhook_id !== undefined || !WORDS.has(rest.type)) return undefined;
  if (!isDirect && !mentions.some((mentioned) => mentioned.id === bot)) return undefined;
  return {
    id,
    channel: rest.channel_id,
    author: author.id,
    authorName: member?.nick ?? author.global_name ?? author.username,
    isDirect,
    text: [wordsOf(rest.content, { bot, mentions }), ...rest.message_snapshots.map(quoted)]
      .filter((text) => text !== "")
      .join("\n\n"),
    files: attachments.map((file) => ({
      ref: refOf({ channel: rest.channel_id, message: id, attachment: file.id }),
      name: file.filename,
      mime: file.content_type ?? "",
      size: file.size,
    })),
    at: new Date(rest.timestamp),
    editedAt: rest.edited_timestamp ? new Date(rest.edited_timestamp) : null,
  };
}

/** Words of somebody else that were handed on: quoted, so that they order nothing. */
const quoted = ({ message }: { readonly message: { readonly content: string } }): string =>
  message.content.trim() === "" ? "" : `Forwarded:\n${message.content.trim().replace(/^/gm, "> ")}`;

export const addressOf = ({ channel, isDirect }: Pick<Post, "channel" | "isDirect">, application: string): Address => ({
  platform: PLATFORM,
  scope: application,
  container: channel,
  root: null,
  visibility: isDirect ? "private" : "shared",
});
