/** Holds the connection to Discord's gateway with discord.js, and hands on its events as they came. Called by listen.ts. */
import { setTimeout as timer } from "node:timers/promises";
import type { Client } from "discord.js";
import { NovaError, type Log } from "#core";
import type { Envelope } from "../envelope.ts";
import { EVENTS } from "../envelope.ts";
import { guard } from "./guard.ts";
import { INTENTS } from "./intents.ts";
import type { Pulse } from "./pulse.ts";

export type GatewayDeps = {
  readonly token: string;
  readonly api: string;
  readonly application: string;
  readonly pulse: Pulse;
  readonly log: Log;
  readonly take: (envelope: Envelope) => void;
  /** Told of each new session, which gets nothing of what happened before it. */
  readonly opened?: (wrap: (message: unknown) => Envelope) => void;
  /** How often to look whether the connection still comes back by itself. */
  readonly watchMs?: number;
};

/** No farewell takes longer: a dead connection answers none. */
const FAREWELL_MS = 2_000;

/** discord.js resumes within seconds. What it has not mended by then, a new connection has to. */
const LOST_MS = 5 * 60_000;
const WATCH_MS = 30_000;

/** What no waiting mends, with what to do about it. */
const FATAL: ReadonlyMap<number, readonly [message: string, advice: string]> = new Map([
  [
    4004,
    [
      "Discord refuses the bot token.",
      "Set DISCORD_TOKEN to the token on the application's page Bot and restart Nova.",
    ],
  ],
  [4010, ["Discord refuses the shard.", "This is a fault of Nova; please report it."]],
  [4011, ["The bot is in too many servers for one connection.", "Remove it from servers that do not need it."]],
  [4012, ["Discord does not speak this version of its API any more.", "Update Nova."]],
  [4013, ["Discord does not know the intents that Nova asks for.", "Update Nova."]],
  [
    4014,
    [
      "Discord does not allow the bot the intents that it asks for.",
      "On the application's page Bot, see under Privileged Gateway Intents whether something is to be confirmed, and restart Nova.",
    ],
  ],
]);

/** Resolves when `signal` aborts; rejects when the connection cannot go on by itself. */
export async function holdGateway(deps: GatewayDeps, signal: AbortSignal, up: () => void): Promise<void> {
  const { token, pulse, watchMs = WATCH_MS } = deps;
  const client = await makeClient(deps, up);
  const over = Promise.withResolvers<void>();
  const end = (): void => over.resolve();
  signal.addEventListener("abort", end, { once: true });
  if (signal.aborted) end();
  pulse.begin();
  const watch = setInterval(() => {
    if (pulse.silentMs() > LOST_MS) over.reject(LOST());
  }, watchMs);
  client.on("shardDisconnect", ({ code }) => over.reject(fatal(code)));
  try {
    // Its own rejection comes later than the close that says why.
    const login = client.login(token).then(
      () => undefined,
      (error: unknown) => over.reject(asFault(error)),
    );
    await over.promise;
    void login;
  } finally {
    clearInterval(watch);
    signal.removeEventListener("abort", end);
    pulse.down("not connected");
    await Promise.race([client.destroy().catch(() => undefined), timer(FAREWELL_MS, undefined, { ref: false })]);
  }
}

async function makeClient(
  { api, application, pulse, log, take, opened }: GatewayDeps,
  up: () => void,
): Promise<Client> {
  const { Client: Connection, GatewayDispatchEvents: On, Options } = await import("discord.js");
  const client = new Connection({
    intents: INTENTS,
    rest: { api: api.replace(/\/+(?:v\d+\/*)?$/, ""), version: "10" },
    // Events are read as they come, and what is remembered stands in the database.
    makeCache: Options.cacheWithLimits(NOTHING),
  });
  guard(client, (error) => log.warn("discord.event_not_read", { error: error instanceof Error ? error.name : "?" }));
  const names = {
    MESSAGE_CREATE: On.MessageCreate,
    MESSAGE_UPDATE: On.MessageUpdate,
    MESSAGE_DELETE: On.MessageDelete,
    MESSAGE_DELETE_BULK: On.MessageDeleteBulk,
    INTERACTION_CREATE: On.InteractionCreate,
  } as const;
  const wrap = (event: Envelope["event"], data: unknown): Envelope => {
    const bot = client.user?.id ?? application;
    return { application, bot, event, data };
  };
  for (const event of EVENTS) client.ws.on(names[event], (data: unknown) => take(wrap(event, data)));
  // Before all servers are told of: one that is away would hold everybody up.
  client.ws.on(On.Ready, () => {
    pulse.up();
    up();
    opened?.((message) => wrap("MESSAGE_CREATE", message));
  });
  client.on("shardResume", () => {
    pulse.up();
    log.info("discord.resumed");
  });
  client.on("shardReconnecting", () => {
    pulse.down("connecting again");
    log.info("discord.reconnecting");
  });
  client.on("shardError", (error) => log.warn("discord.connection_error", { error: error.name }));
  client.on("error", (error) => log.error("discord.client_error", error));
  // Only here does discord.js tell of heartbeats.
  client.on("debug", (line) => {
    if (line.includes("Heartbeat acknowledged")) pulse.beat();
    const interval = /starting to beat every (\d+)ms/.exec(line)?.[1];
    if (interval !== undefined) pulse.every(Number(interval));
  });
  return client;
}

const NOTHING = {
  ApplicationCommandManager: 0,
  ApplicationEmojiManager: 0,
  AutoModerationRuleManager: 0,
  BaseGuildEmojiManager: 0,
  DMMessageManager: 0,
  EntitlementManager: 0,
  GuildBanManager: 0,
  GuildEmojiManager: 0,
  GuildForumThreadManager: 0,
  GuildInviteManager: 0,
  GuildMemberManager: 0,
  GuildMessageManager: 0,
  GuildScheduledEventManager: 0,
  GuildStickerManager: 0,
  GuildTextThreadManager: 0,
  MessageManager: 0,
  PresenceManager: 0,
  ReactionManager: 0,
  ReactionUserManager: 0,
  StageInstanceManager: 0,
  ThreadManager: 0,
  ThreadMemberManager: 0,
  UserManager: 0,
  VoiceStateManager: 0,
} as const;

const LOST = (): NovaError => new NovaError("unavailable", "Discord has not been heard for five minutes.");

function fatal(code: number): NovaError {
  const [message, advice] = FATAL.get(code) ?? [`Discord closed the connection for good (${code}).`, ""];
  return new NovaError("bad_config", message, { advice });
}

function asFault(error: unknown): Error {
  const code = typeof error === "object" && error !== null && "code" in error ? error.code : undefined;
  if (code === "TokenInvalid") return fatal(4004);
  return new NovaError("unavailable", "Discord cannot be reached.", { cause: error });
}
