/** People use commands, completion and buttons; only what Discord would show them. Part of peer.ts. */
import { isRecord, jsonList } from "./answer.ts";
import type { Gateway } from "./gateway.ts";
import { channelJson, memberJson, messageJson } from "./payload.ts";
import type { Signer } from "./signer.ts";
import {
  channelOf,
  directOf,
  userOf,
  type Channel,
  type Interaction,
  type Json,
  type Posted,
  type World,
} from "./world.ts";

export type Place = {
  /** A channel of the guild, by name or id. Absent: the direct channel with the bot. */
  readonly channel?: string;
  /** The app is the user's own and no member of the place: a guild's channel or a group of people. */
  readonly userInstalled?: boolean;
  /** With `userInstalled`: a group of people instead of a guild. */
  readonly group?: boolean;
};

export type Options = Readonly<Record<string, string | number | boolean>>;

export interface Interacting {
  command(user: string, name: string, options?: Options, place?: Place): Promise<string>;
  autocomplete(
    user: string,
    name: string,
    focused: Readonly<Record<string, string>>,
    place?: Place,
  ): Promise<readonly { readonly name: string; readonly value: string }[]>;
  click(user: string, message: Posted, customId: string, place?: Place): Promise<string>;
  /** Sends the form that this click opened, with these fields changed. */
  submit(user: string, click: string, changes?: Readonly<Record<string, string>>): Promise<string>;
  /** The same interaction once more, as it never should come but may. */
  again(id: string): Promise<void>;
}

type Deed = {
  readonly type: number;
  readonly user: string;
  readonly place: Place;
  readonly data: Json;
  readonly contexts: readonly unknown[];
  readonly message?: Posted;
};

const WAIT_MS = 10_000;

export function createInteracting(world: World, gateway: Gateway, signer: Signer): Interacting {
  return {
    async command(user, name, options = {}, place = {}) {
      const command = await registered(name);
      const known = new Set(jsonList(command["options"]).map((option) => option["name"]));
      const strange = Object.keys(options).find((each) => !known.has(each));
      if (strange) throw new Error(`/${name} has no option "${strange}"`);
      const data = { ...head(command), options: Object.entries(options).map(([key, value]) => optionJson(key, value)) };
      return deliver({ type: 2, user, place, data, contexts: contextsOf(command) });
    },
    async autocomplete(user, name, focused, place = {}) {
      const command = await registered(name);
      const options = Object.entries(focused).map(([key, value]) => ({ ...optionJson(key, value), focused: true }));
      const id = await deliver({
        type: 4,
        user,
        place,
        data: { ...head(command), options },
        contexts: contextsOf(command),
      });
      const one = await until(
        () => (world.interactions.get(id)?.callback ? world.interactions.get(id) : undefined),
        "choices",
      );
      return jsonList(one.callback?.data["choices"]).map((choice) => ({
        name: String(choice["name"]),
        value: String(choice["value"]),
      }));
    },
    async click(user, message, customId, place) {
      const buttons = message.components.flatMap((row) => jsonList(row["components"]));
      if (!buttons.some((button) => button["custom_id"] === customId))
        throw new Error(`there is no button "${customId}" to click`);
      const data = { component_type: 2, custom_id: customId };
      const channel = world.channels.get(message.channel_id);
      const at = place ?? (channel?.type === 1 ? {} : { channel: message.channel_id });
      return deliver({ type: 3, user, place: at, data, contexts: [0, 1, 2], message });
    },
    async submit(user, click, changes = {}) {
      const opened = world.interactions.get(click);
      if (opened?.callback?.type !== 9) throw new Error("no form was opened");
      const { custom_id, components } = opened.callback.data;
      const data = { custom_id, components: jsonList(components).map((row) => filledIn(row, changes)) };
      const at = opened.channel.type === 1 ? {} : { channel: opened.channel.id };
      const message = opened.clicked ? { message: opened.clicked } : {};
      return deliver({ type: 5, user, place: at, data, contexts: [0, 1, 2], ...message });
    },
    async again(id) {
      const one = world.interactions.get(id);
      if (!one) throw new Error(`there is no interaction ${id}`);
      await hand(one);
    },
  };

  async function registered(name: string): Promise<Json> {
    return until(() => world.commands.find((command) => command["name"] === name), `/${name} to be registered`);
  }

  async function deliver({ type, user: name, place, data, contexts, message }: Deed): Promise<string> {
    const user = userOf(world, name);
    const channel = channelAt(place, user.id);
    const context = channel.type === 0 ? 0 : channel.type === 1 ? 1 : 2;
    if (!contexts.includes(context)) throw new Error(`the command is not offered in context ${context}`);
    const id = world.id();
    const token = Buffer.from(`interaction:${id}:${world.id()}`).toString("base64url");
    const inGuild = channel.guild_id !== undefined;
    const owners = place.userInstalled ? { "1": user.id } : { "0": channel.guild_id ?? "0" };
    const raw: Json = {
      id,
      application_id: world.application.id,
      type,
      token,
      version: 1,
      data,
      channel: channelJson(channel),
      channel_id: channel.id,
      ...(inGuild
        ? {
            guild_id: channel.guild_id,
            guild: { id: channel.guild_id, features: [], locale: "en-US" },
            guild_locale: "en-US",
            member: memberJson(user),
          }
        : { user }),
      ...(message ? { message: messageJson(world, message) } : {}),
      app_permissions: "0",
      locale: "en-US",
      entitlements: [],
      authorizing_integration_owners: owners,
      context,
      attachment_size_limit: 20 * 1024 * 1024,
    };
    const one: Interaction = {
      id,
      token,
      type,
      at: world.clock.now(),
      user,
      channel,
      raw,
      guest: place.userInstalled === true,
      ...(message ? { clicked: message } : {}),
      callback: null,
      original: null,
      followUps: [],
    };
    world.interactions.set(id, one);
    await hand(one);
    return id;
  }

  /** By the gateway or to the address that was saved: never both. */
  async function hand({ raw }: Interaction): Promise<void> {
    if (signer.url() === null) return gateway.dispatch("INTERACTION_CREATE", 0, () => raw);
    await signer.send(raw);
  }

  function channelAt({ channel, group = false }: Place, user: string): Channel {
    if (channel !== undefined) return channelOf(world, channel, group ? 3 : 0);
    return directOf(world, userOf(world, user));
  }
}

const head = (command: Json): Json => ({ id: command["id"], name: command["name"], type: 1 });

/** Where a command is offered; in the guild and to the bot when it does not say. */
const contextsOf = ({ contexts }: Json): readonly unknown[] => (Array.isArray(contexts) ? contexts : [0, 1]);

/** What stands in a field when it is sent. */
function filledIn(row: Json, changes: Readonly<Record<string, string>>): Json {
  const field = isRecord(row["component"]) ? row["component"] : {};
  const name = String(field["custom_id"]);
  const value = changes[name] ?? (typeof field["value"] === "string" ? field["value"] : "");
  if (value.length > Number(field["max_length"])) throw new Error(`the field ${name} takes less`);
  if (value === "" && field["required"] !== false) throw new Error(`the field ${name} is required`);
  return { type: 18, id: 1, component: { type: 4, id: 2, custom_id: name, value } };
}

const OPTION_TYPES = { string: 3, number: 4, boolean: 5 } as const;

function optionJson(name: string, value: string | number | boolean): Json {
  const kind = typeof value;
  const type = kind === "string" || kind === "number" || kind === "boolean" ? OPTION_TYPES[kind] : 3;
  return { name, type, value };
}

async function until<T>(look: () => T | undefined, what: string): Promise<T> {
  const deadline = Date.now() + WAIT_MS;
  for (;;) {
    const seen = look();
    if (seen !== undefined) return seen;
    if (Date.now() > deadline) throw new Error(`waited in vain for ${what}`);
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** What the one who used it sees. */
export type Seen = {
  readonly deferred: boolean;
  readonly ephemeral: boolean;
  /** Null while "is thinking" stands there. */
  readonly content: string | null;
  readonly callback: number | null;
  /** Milliseconds from the click to the first answer. */
  readonly ms: number | null;
  readonly original: Posted | null;
  readonly followUps: readonly Posted[];
  readonly choices: readonly Json[];
};

export function seenOf(one: Interaction | undefined): Seen {
  if (!one) throw new Error("there is no such interaction");
  const { callback, original, followUps, at } = one;
  const shown = original && !original.deleted ? original : null;
  return {
    deferred: callback?.type === 5,
    ephemeral: ((shown?.flags ?? Number(callback?.data["flags"] ?? 0)) & 64) !== 0,
    content: shown && !(shown.flags & 128) ? shown.content : null,
    callback: callback?.type ?? null,
    ms: callback ? callback.at.getTime() - at.getTime() : null,
    original: shown,
    followUps,
    choices: isRecord(callback?.data) ? jsonList(callback.data["choices"]) : [],
  };
}
