/** Messages come into being, change and go, and whoever listens hears of it. Used by routes and by people. */
import { GatewayIntentBits as Intent } from "discord-api-types/v10";
import type { Gateway } from "./gateway.ts";
import { memberJson, mentionsIn, messageJson } from "./payload.ts";
import {
  EPHEMERAL,
  LOADING,
  messagesOf,
  type Attachment,
  type Json,
  type Posted,
  type User,
  type World,
} from "./world.ts";

export type Draft = {
  readonly channel: string;
  readonly author: User;
  readonly content: string;
  readonly flags?: number;
  readonly embeds?: readonly Json[];
  readonly components?: readonly Json[];
  readonly attachments?: readonly Attachment[];
  readonly nonce?: string | number;
  readonly webhook?: string;
  readonly reference?: Json;
  readonly allowed?: unknown;
  readonly forwarded?: string;
};

export function post(world: World, gateway: Gateway, draft: Draft): Posted {
  const message: Posted = {
    id: world.id(),
    channel_id: draft.channel,
    author: draft.author,
    content: draft.content,
    flags: draft.flags ?? 0,
    embeds: draft.embeds ?? [],
    components: draft.components ?? [],
    attachments: draft.attachments ?? [],
    ...(draft.nonce === undefined ? {} : { nonce: draft.nonce }),
    at: world.clock.now(),
    editedAt: null,
    deleted: false,
    history: [draft.content],
    ...(draft.webhook === undefined ? {} : { webhook_id: draft.webhook }),
    ...(draft.reference === undefined ? {} : { reference: draft.reference }),
    allowed: draft.allowed,
    ...(draft.forwarded === undefined ? {} : { forwarded: draft.forwarded }),
  };
  messagesOf(world, draft.channel).push(message);
  tell(world, gateway, "MESSAGE_CREATE", message);
  return message;
}

export function change(
  world: World,
  gateway: Gateway,
  message: Posted,
  to: Partial<Pick<Posted, "content" | "embeds" | "components" | "flags">>,
): Posted {
  if (to.content !== undefined) {
    message.content = to.content;
    message.history.push(to.content);
    message.editedAt = world.clock.now();
    message.flags &= ~LOADING;
  }
  if (to.embeds) message.embeds = to.embeds;
  if (to.components) {
    message.components = to.components;
    message.flags &= ~LOADING;
  }
  if (to.flags !== undefined) message.flags = to.flags;
  tell(world, gateway, "MESSAGE_UPDATE", message);
  return message;
}

/** Many of one channel at once, as moderators do. */
export function removeAll(world: World, gateway: Gateway, messages: readonly Posted[]): void {
  const [first] = messages;
  if (!first) return;
  for (const message of messages) message.deleted = true;
  const channel = world.channels.get(first.channel_id);
  gateway.dispatch("MESSAGE_DELETE_BULK", needs(world, first), () => ({
    ids: messages.map(({ id }) => id),
    channel_id: first.channel_id,
    ...(channel?.guild_id ? { guild_id: channel.guild_id } : {}),
  }));
}

export function remove(world: World, gateway: Gateway, message: Posted): void {
  message.deleted = true;
  if (message.flags & EPHEMERAL) return;
  const channel = world.channels.get(message.channel_id);
  const place = channel?.guild_id ? { guild_id: channel.guild_id } : {};
  gateway.dispatch("MESSAGE_DELETE", needs(world, message), () => ({
    id: message.id,
    channel_id: message.channel_id,
    ...place,
  }));
}

/** Ephemeral messages go past the gateway; words in a guild are shown to a bot only when they are meant for it. */
export function tell(world: World, gateway: Gateway, t: string, message: Posted): void {
  if (message.flags & EPHEMERAL) return;
  const channel = world.channels.get(message.channel_id);
  const isMember = channel !== undefined && channel.type !== 3;
  if (!isMember) return;
  const own = message.author.id === world.bot.id;
  const isMeant = channel.type === 1 || own || mentionsIn(world, message.content).some(({ id }) => id === world.bot.id);
  gateway.dispatch(t, needs(world, message), (intents) => ({
    ...messageJson(world, message),
    ...(channel.guild_id ? { guild_id: channel.guild_id, member: memberJson(message.author) } : {}),
    ...(isMeant || intents & Intent.MessageContent ? {} : { content: "", attachments: [], embeds: [], components: [] }),
  }));
}

const needs = (world: World, { channel_id }: Posted): number =>
  world.channels.get(channel_id)?.type === 1 ? Intent.DirectMessages : Intent.GuildMessages;
