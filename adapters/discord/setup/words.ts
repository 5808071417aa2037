/** The steps by hand, where each setting is found, and the names that are told. Read by every check. */
import { extended, type PlatformNames } from "#core";

type Environment = Readonly<Record<string, string | undefined>>;

export type Mode = "gateway" | "http";

export const DISCORD: PlatformNames = {
  name: "Discord",
  hosts: ["discord.com", "discordapp.com"],
  api: "DISCORD_API_URL",
  mode: "DISCORD_MODE",
};

const AT = "At https://discord.com/developers/applications choose the application,";

export const MISSING = {
  DISCORD_TOKEN: `${AT} Bot, Reset Token, and copy the token: it is shown once.`,
  DISCORD_APPLICATION_ID: `${AT} General Information, and copy the Application ID.`,
  DISCORD_PUBLIC_KEY: `${AT} General Information, and copy the Public Key.`,
} as const;

export const ENDPOINT_PLACE = `${AT} General Information, Interactions Endpoint URL`;

/** `account`: the link for one's own account; null while the application is not known. */
export const guideLines = (mode: Mode, env: Environment, account: string | null): readonly string[] => [
  "Discord, step by step (docs/discord.md tells more):",
  "",
  "1. Open https://discord.com/developers/applications, New Application, and name it.",
  "2. General Information: set DISCORD_APPLICATION_ID to the Application ID.",
  "3. Bot, Reset Token: set DISCORD_TOKEN to the token. Leave the privileged intents off: Nova needs none.",
  account !== null
    ? "4. Open the link below and choose the server; you must be allowed to manage it."
    : "4. With DISCORD_APPLICATION_ID set, run this again: it prints the link that brings the bot into your server.",
  ...(account !== null ? ["   For your own account only, without a server:", `   ${account}`] : []),
  `5. Set NOVA_OWNER=${extended(env["NOVA_OWNER"], "discord:<your user ID>", (one) => one.startsWith("discord:"))}`,
  "   In Discord: Settings, Advanced, Developer Mode; then right-click your name, Copy User ID.",
  ...(mode === "http"
    ? [
        "   For DISCORD_MODE=http also: set DISCORD_PUBLIC_KEY to the Public Key of General Information, and NOVA_PUBLIC_URL to",
        "   the https:// address of this Nova. Once Nova runs, enter <that address>/discord/interactions there as the",
        "   Interactions Endpoint URL. Only commands and buttons come this way, no messages.",
      ]
    : []),
  `6. Set NOVA_ADAPTERS=${extended(env["NOVA_ADAPTERS"] ?? "web,webhook,terminal", "discord", (one) => one === "discord")}`,
  "   and run `nova init discord` again, until all is well. These two hold what is set already: keep it.",
];
