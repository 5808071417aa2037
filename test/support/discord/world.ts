/** What this Discord holds: people, channels, messages, commands and interactions. Read by every part of the peer. */
import { generateKeyPairSync, type KeyObject } from "node:crypto";
import type { Clock } from "#core";
import { snowflakes } from "./snowflake.ts";

export type Json = Record<string, unknown>;

export type User = {
  readonly id: string;
  readonly username: string;
  readonly global_name: string | null;
  readonly discriminator: string;
  readonly avatar: null;
  readonly bot?: boolean;
};

/** 0: in a guild, 1: direct, 3: a group of people. */
export type Channel = {
  readonly id: string;
  readonly type: 0 | 1 | 3;
  readonly name: string;
  readonly guild_id?: string;
  readonly recipients: readonly User[];
};

export type Attachment = {
  readonly id: string;
  readonly filename: string;
  readonly content_type?: string;
  readonly size: number;
  readonly bytes: Uint8Array;
};

export type Posted = {
  readonly id: string;
  readonly channel_id: string;
  readonly author: User;
  content: string;
  flags: number;
  embeds: readonly Json[];
  components: readonly Json[];
  readonly attachments: readonly Attachment[];
  readonly nonce?: string | number;
  readonly at: Date;
  editedAt: Date | null;
  deleted: boolean;
  /** Every content it had, the first one first. */
  readonly history: string[];
  readonly webhook_id?: string;
  readonly reference?: Json;
  readonly allowed: unknown;
  readonly forwarded?: string;
};

export type Interaction = {
  readonly id: string;
  readonly token: string;
  readonly type: number;
  readonly at: Date;
  readonly user: User;
  readonly channel: Channel;
  readonly raw: Json;
  /** Used by an app that its user brought along to where it is no member: few follow-ups. */
  readonly guest: boolean;
  /** The message under which it was clicked. */
  readonly clicked?: Posted;
  callback: { readonly type: number; readonly data: Json; readonly at: Date } | null;
  original: Posted | null;
  readonly followUps: Posted[];
};

export type World = {
  readonly clock: Clock;
  readonly id: () => string;
  readonly token: string;
  readonly bot: User;
  readonly application: { readonly id: string; readonly publicKey: string; readonly privateKey: KeyObject };
  readonly guild: { readonly id: string; readonly name: string };
  readonly users: Map<string, User>;
  readonly channels: Map<string, Channel>;
  readonly messages: Map<string, Posted[]>;
  readonly interactions: Map<string, Interaction>;
  commands: readonly Json[];
  /** Where the server listens, for addresses of files. */
  origin: string;
};

export const EPHEMERAL = 64;
export const LOADING = 128;

export function createWorld(clock: Clock): World {
  const id = snowflakes(() => clock.now());
  const applicationId = id();
  const { publicKey, privateKey } = generateKeyPairSync("ed25519");
  const raw = publicKey.export({ format: "der", type: "spki" }).subarray(-32);
  const bot: User = { ...person(applicationId, "nova"), bot: true };
  return {
    clock,
    id,
    token: `${Buffer.from(applicationId).toString("base64url")}.test.${id()}`,
    bot,
    application: { id: applicationId, publicKey: raw.toString("hex"), privateKey },
    guild: { id: id(), name: "Lab" },
    users: new Map([[bot.username, bot]]),
    channels: new Map(),
    messages: new Map(),
    interactions: new Map(),
    commands: [],
    origin: "",
  };
}

const person = (id: string, username: string): User => ({
  id,
  username,
  global_name: null,
  discriminator: "0",
  avatar: null,
});

/** The account of this name; made when it is new. */
export function userOf(world: World, name: string): User {
  const known = world.users.get(name) ?? [...world.users.values()].find(({ id }) => id === name);
  if (known) return known;
  const made = { ...person(world.id(), name), global_name: name.charAt(0).toUpperCase() + name.slice(1) };
  world.users.set(name, made);
  return made;
}

/** The direct channel between the bot and this account. */
export function directOf(world: World, user: User): Channel {
  for (const channel of world.channels.values())
    if (channel.type === 1 && channel.recipients[0]?.id === user.id) return channel;
  const made: Channel = { id: world.id(), type: 1, name: "", recipients: [user] };
  world.channels.set(made.id, made);
  return made;
}

/** A channel by its id or its name; one of the guild is made when the name is new. */
export function channelOf(world: World, name: string, type: 0 | 3 = 0): Channel {
  const known = world.channels.get(name) ?? [...world.channels.values()].find((each) => each.name === name);
  if (known) return known;
  const place = type === 0 ? { guild_id: world.guild.id } : {};
  const made: Channel = { id: world.id(), type, name, recipients: [], ...place };
  world.channels.set(made.id, made);
  return made;
}

export function messagesOf(world: World, channel: string): Posted[] {
  const known = world.messages.get(channel);
  if (known) return known;
  const made: Posted[] = [];
  world.messages.set(channel, made);
  return made;
}

export const findMessage = (world: World, channel: string, id: string): Posted | undefined =>
  world.messages.get(channel)?.find((message) => message.id === id && !message.deleted);
