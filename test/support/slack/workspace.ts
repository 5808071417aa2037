/** The workspace behind the Slack peer: people, channels and messages in emulate's Slack. Used by peer.ts and its methods. */
import { createEmulator } from "emulate";

/** Whatever JSON a method takes or gives: as unchecked as it is where it comes from. */
export type Json = Record<string, ReturnType<typeof JSON.parse>>;

export const BOT = { user: "U0NOVA", id: "B0NOVA", app: "A0NOVA", name: "nova" } as const;
export const TOKENS = { bot: "xoxb-1-nova", app: "xapp-1-nova", signing: "a-signing-secret-of-32-characters" } as const;

export const BOT_SCOPES = [
  "app_mentions:read",
  "assistant:write",
  "channels:history",
  "channels:read",
  "chat:write",
  "commands",
  "files:read",
  "groups:history",
  "groups:read",
  "im:history",
  "im:read",
  "im:write",
  "mpim:history",
  "mpim:read",
  "users:read",
];

export interface Workspace {
  readonly team: string;
  /** Ids by name. */
  readonly users: Readonly<Record<string, string>>;
  readonly channels: Readonly<Record<string, string>>;
  /** What the Slack in emulate answers; the bot calls unless another token is given. */
  call(method: string, args?: Json, token?: string): Promise<Json>;
  /** Posts words of a person and returns the message. */
  say(user: string, channel: string, text: string, thread?: string): Promise<Json>;
  /** True when the thread has answers: what only one person is to see is shown in no other thread. */
  isActive(channel: string, thread: string): Promise<boolean>;
  /** The direct conversation of a person with the bot. */
  direct(user: string): Promise<string>;
  close(): Promise<void>;
}

const PEOPLE = ["ada", "ben", "eve"];
const ROOMS = ["lab", "garden"];
const tokenOf = (user: string): string => `xoxp-${user}`;

export async function openWorkspace(people: readonly string[] = PEOPLE): Promise<Workspace> {
  const emulator = await createEmulator({
    service: "slack",
    port: 0,
    hostname: "127.0.0.1",
    seed: {
      slack: {
        team: { name: "Lab", domain: "lab" },
        users: people.map((name) => ({ name, real_name: name[0]?.toUpperCase() + name.slice(1) })),
        channels: ROOMS.map((name) => ({ name })),
        oauth_apps: [
          {
            client_id: "1.2",
            client_secret: "unused",
            name: "Nova",
            redirect_uris: ["http://127.0.0.1/"],
            scopes: BOT_SCOPES,
            app_id: BOT.app,
            bot_id: BOT.id,
            bot_user_id: BOT.user,
            bot_name: BOT.name,
          },
        ],
        tokens: [
          {
            token: TOKENS.bot,
            type: "bot",
            user_id: BOT.user,
            app_id: BOT.app,
            bot_id: BOT.id,
            bot_user_id: BOT.user,
            scopes: BOT_SCOPES,
          },
          ...people.map((user) => ({ token: tokenOf(user), user })),
        ],
      },
    },
  });
  const base = emulator.url.replace("localhost", "127.0.0.1");
  const call = async (method: string, args: Json = {}, token: string = TOKENS.bot): Promise<Json> => {
    const response = await fetch(`${base}/api/${method}`, {
      method: "POST",
      headers: { authorization: `Bearer ${token}`, "content-type": "application/json" },
      body: JSON.stringify(args),
    });
    return response.status === 404 ? { ok: false, error: "unknown_method" } : ((await response.json()) as Json);
  };
  const { team_id: team } = await call("auth.test");
  const { members } = await call("users.list");
  const { channels } = await call("conversations.list");
  const users = byName(members);
  const rooms = byName(channels);
  const nameOf = (user: string): string => Object.keys(users).find((name) => users[name] === user) ?? user;
  return {
    team,
    users,
    channels: rooms,
    call,
    async say(user, channel, text, thread) {
      const args = { channel, text: text === "" ? " " : text, ...(thread === undefined ? {} : { thread_ts: thread }) };
      const { message, ok, error } = await call("chat.postMessage", args, tokenOf(nameOf(user)));
      if (!ok) throw new Error(`the workspace did not take the message: ${error}`);
      return { ...message, text };
    },
    async isActive(channel, ts) {
      const { messages = [] } = await call("conversations.replies", { channel, ts });
      return (messages as readonly Json[]).length > 1;
    },
    async direct(user) {
      return (await call("conversations.open", { users: BOT.user }, tokenOf(nameOf(user)))).channel.id;
    },
    close: () => emulator.close(),
  };
}

const byName = (rows: readonly Json[]): Record<string, string> =>
  Object.fromEntries(rows.map((row): [string, string] => [row["name"], row["id"]]));
