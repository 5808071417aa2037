/**
 * A Discord on 127.0.0.1 for tests: REST, gateway and signed interactions as discord.js 14 and Nova meet them. Its clock
 * is the test's; what Nova sends is checked against Discord's published description (`violations`).
 */
import { once } from "node:events";
import type { AddressInfo } from "node:net";
import { systemClock, type Clock } from "#core";
import type { Call, Faults } from "./faults.ts";
import { createGateway, type Gateway } from "./gateway.ts";
import { createInteracting, seenOf, type Interacting, type Seen } from "./interacting.ts";
import { change, post, remove, removeAll, tell } from "./posting.ts";
import { createRest } from "./rest.ts";
import { createSigner, type Signer } from "./signer.ts";
import {
  channelOf,
  createWorld,
  directOf,
  LOADING,
  messagesOf,
  userOf,
  type Json,
  type Posted,
  type User,
  type World,
} from "./world.ts";

export type Said = {
  readonly files?: readonly { readonly name: string; readonly type?: string; readonly text: string }[];
  /** Written by an app or a webhook instead of a person. */
  readonly bot?: boolean;
  readonly webhook?: boolean;
  /** Somebody else's words that are handed on with it. */
  readonly forwarded?: string;
};

export interface DiscordPeer extends Interacting, AsyncDisposable {
  readonly world: World;
  readonly gateway: Gateway;
  readonly signer: Signer;
  /** The settings with which Nova takes this for Discord. */
  env(mode?: "gateway" | "http"): Readonly<Record<string, string>>;
  /** An account by name, made when it is new. */
  user(name: string): User;
  /** The id of the direct channel with this account. */
  dmChannel(user: string): string;
  /** The id of a channel of the guild, by name. */
  channel(name: string): string;
  dm(user: string, text: string, said?: Said): Posted;
  /** In a channel of the guild, with a mention of the bot in front. */
  mention(channel: string, user: string, text: string, said?: Said): Posted;
  say(channel: string, user: string, text: string, said?: Said): Posted;
  edit(message: Posted, text: string): void;
  /** Discord adds a preview of a link, which is no edit by anybody. */
  unfurl(message: Posted, embed: Json): void;
  remove(message: Posted): void;
  /** Of one channel, all at once. */
  removeAll(...messages: readonly Posted[]): void;
  /** The same event once more. */
  repeat(message: Posted): void;
  /** Who identified is connected and gets events. */
  ready(): Promise<void>;
  /** What stands in a channel, oldest first: neither taken back, nor ephemeral, nor "is thinking". */
  messages(channel: string): readonly Posted[];
  /** The same, only what the bot wrote. */
  replies(channel: string): readonly Posted[];
  interaction(id: string): Seen;
  readonly next: Faults["next"];
  /** Requests so far, of one route when it is named, for instance `POST /channels/{channel_id}/messages`. */
  calls(route?: string): readonly Call[];
  /** Requests that Discord's description does not allow. Empty at the end of every test. */
  readonly violations: readonly string[];
  close(): Promise<void>;
}

export async function startDiscordPeer(
  options: { readonly clock?: Clock; readonly heartbeatMs?: number; readonly port?: number } = {},
): Promise<DiscordPeer> {
  const { clock = systemClock, heartbeatMs = 41_250, port = 0 } = options;
  const world = createWorld(clock);
  const rest = createRest(world, () => gateway);
  const gateway = createGateway(rest.server, world, heartbeatMs);
  rest.server.listen(port, "127.0.0.1");
  await once(rest.server, "listening");
  const address = rest.server.address() as AddressInfo;
  world.origin = `http://127.0.0.1:${address.port}`;
  const signer = createSigner(world, () => gateway);

  function say(
    channel: string,
    name: string,
    text: string,
    { files = [], bot = false, webhook = false, forwarded }: Said = {},
  ): Posted {
    const author = userOf(world, name);
    return post(world, gateway, {
      channel: channelOf(world, channel).id,
      author: bot ? { ...author, bot } : author,
      content: text,
      ...(webhook ? { webhook: world.id() } : {}),
      ...(forwarded === undefined ? {} : { forwarded }),
      attachments: files.map((file) => {
        const bytes = Buffer.from(file.text);
        const type = file.type === undefined ? {} : { content_type: file.type };
        return { id: world.id(), filename: file.name, size: bytes.length, bytes, ...type };
      }),
    });
  }
  const dmChannel = (user: string): string => directOf(world, userOf(world, user)).id;
  const messages = (channel: string): readonly Posted[] =>
    messagesOf(world, channelOf(world, channel).id).filter(
      ({ deleted, flags }) => !deleted && !(flags & (64 | LOADING)),
    );
  const close = async (): Promise<void> => {
    gateway.close();
    rest.server.closeAllConnections();
    await new Promise((resolve) => rest.server.close(resolve));
  };

  return {
    ...createInteracting(world, gateway, signer),
    world,
    gateway,
    signer,
    env: (mode = "gateway") => ({
      DISCORD_TOKEN: world.token,
      DISCORD_APPLICATION_ID: world.application.id,
      DISCORD_PUBLIC_KEY: world.application.publicKey,
      DISCORD_API_URL: `${world.origin}/api`,
      DISCORD_MODE: mode,
    }),
    user: (name) => userOf(world, name),
    dmChannel,
    channel: (name) => channelOf(world, name).id,
    say,
    dm: (user, text, said) => say(dmChannel(user), user, text, said),
    mention: (channel, user, text, said) => say(channel, user, `<@${world.bot.id}> ${text}`, said),
    edit: (message, content) => void change(world, gateway, message, { content }),
    unfurl: (message, embed) => void change(world, gateway, message, { embeds: [embed] }),
    remove: (message) => remove(world, gateway, message),
    removeAll: (...messages) => removeAll(world, gateway, messages),
    repeat: (message) => tell(world, gateway, "MESSAGE_CREATE", message),
    async ready() {
      const deadline = Date.now() + 15_000;
      while (gateway.open() === 0) {
        if (Date.now() > deadline) throw new Error("nobody identified");
        await new Promise((resolve) => setTimeout(resolve, 10));
      }
    },
    messages,
    replies: (channel) => messages(channel).filter(({ author }) => author.id === world.bot.id),
    interaction: (id) => seenOf(world.interactions.get(id)),
    next: (route, ...faults) => rest.faults.next(route, ...faults),
    calls: (route) => rest.calls.filter((call) => route === undefined || `${call.method} ${call.route}` === route),
    violations: rest.violations,
    close,
    [Symbol.asyncDispose]: close,
  };
}
