/** How Discord writes what it holds: channels, messages and members as JSON. Used by the REST routes and the gateway. */
import type { Attachment, Channel, Json, Posted, User, World } from "./world.ts";

const A_DAY_S = 24 * 60 * 60;

export const channelJson = (channel: Channel): Json => ({
  id: channel.id,
  type: channel.type,
  ...(channel.type === 1 ? { recipients: channel.recipients } : { name: channel.name }),
  ...(channel.guild_id ? { guild_id: channel.guild_id } : {}),
  last_message_id: null,
  flags: 0,
});

export const memberJson = (user: User): Json => ({
  user,
  nick: null,
  roles: [],
  joined_at: "2026-01-01T00:00:00.000000+00:00",
  deaf: false,
  mute: false,
  flags: 0,
  permissions: "0",
});

/** The address of a file dies a day after it was written. */
function attachmentJson(world: World, channel: string, file: Attachment): Json {
  const ex = Math.floor(world.clock.now().getTime() / 1000) + A_DAY_S;
  const url = `${world.origin}/attachments/${channel}/${file.id}/${encodeURIComponent(file.filename)}?ex=${ex.toString(16)}&is=0&hm=0&`;
  return {
    id: file.id,
    filename: file.filename,
    size: file.size,
    ...(file.content_type ? { content_type: file.content_type } : {}),
    url,
    proxy_url: url,
  };
}

export function messageJson(world: World, message: Posted): Json {
  const channel = world.channels.get(message.channel_id);
  return {
    id: message.id,
    channel_id: message.channel_id,
    author: message.author,
    content: message.content,
    timestamp: message.at.toISOString(),
    edited_timestamp: message.editedAt?.toISOString() ?? null,
    tts: false,
    mention_everyone: false,
    mentions: mentionsIn(world, message.content),
    mention_roles: [],
    attachments: message.attachments.map((file) => attachmentJson(world, message.channel_id, file)),
    embeds: message.embeds,
    components: message.components,
    pinned: false,
    type: message.reference ? 19 : 0,
    flags: message.flags,
    channel_type: channel?.type ?? 0,
    ...(message.nonce === undefined ? {} : { nonce: message.nonce }),
    ...(message.webhook_id ? { webhook_id: message.webhook_id, application_id: message.webhook_id } : {}),
    ...(message.forwarded === undefined ? {} : { message_snapshots: [{ message: { content: message.forwarded } }] }),
    ...(message.reference ? { message_reference: message.reference } : {}),
  };
}

/** In code nobody is mentioned. */
export function mentionsIn(world: World, content: string): readonly User[] {
  const words = content.replace(/(`+)[\s\S]*?\1/g, "");
  const ids = new Set([...words.matchAll(/<@!?(\d+)>/g)].map(([, id]) => id));
  return [...world.users.values()].filter((user) => ids.has(user.id));
}
