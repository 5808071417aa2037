/** The steps by hand, where each secret is found, and the names that are told. Read by every check. */
import { extended, type PlatformNames } from "#core";
import type { Mode } from "./manifest.ts";

type Environment = Readonly<Record<string, string | undefined>>;

export const SLACK: PlatformNames = {
  name: "Slack",
  hosts: ["slack.com"],
  api: "SLACK_API_URL",
  mode: "SLACK_MODE",
};

export const MISSING = {
  SLACK_BOT_TOKEN:
    "At https://api.slack.com/apps choose the app, Install App (install it if it is not), and copy the Bot User OAuth Token (xoxb-…).",
  SLACK_APP_TOKEN:
    "At https://api.slack.com/apps choose the app, Basic Information, App-Level Tokens: generate one with the scope connections:write, and copy it (xapp-…).",
  SLACK_SIGNING_SECRET:
    "At https://api.slack.com/apps choose the app, Basic Information, App Credentials, and copy the Signing Secret.",
} as const;

const SOCKET = [
  "   Basic Information, App-Level Tokens, Generate Token and Scopes: add connections:write.",
  "   Set SLACK_APP_TOKEN to that token (xapp-…).",
];
const HTTP = [
  "   Basic Information, App Credentials: set SLACK_SIGNING_SECRET to the Signing Secret.",
  "   Set SLACK_MODE=http and NOVA_PUBLIC_URL to the https:// address of this Nova. Once Nova runs, App Manifest asks to",
  "   verify the Request URL: do that.",
];

export const guideLines = (mode: Mode, env: Environment, hasAddress: boolean): readonly string[] => [
  "Slack, step by step (docs/slack.md tells more):",
  "",
  ...(hasAddress
    ? []
    : [
        "0. Set NOVA_PUBLIC_URL to the https:// address of this Nova: Slack posts there, and the manifest names it. Then run",
        "   `nova init slack --guide` again; without that address no manifest is printed.",
      ]),
  "1. Open https://api.slack.com/apps, Create New App, From a manifest. Choose the workspace, choose JSON, and paste what",
  "   stands below; `nova init slack --manifest` prints it alone. Create.",
  "2. Install App, Install to Workspace, Allow. Set SLACK_BOT_TOKEN to the Bot User OAuth Token (xoxb-…).",
  `3. ${mode === "socket" ? "A token for the connection:" : "The secret that Slack signs with, and where it posts to:"}`,
  ...(mode === "socket" ? SOCKET : HTTP),
  `4. Set NOVA_OWNER=${extended(env["NOVA_OWNER"], "slack:<workspace ID>/<your member ID>", (one) => one.startsWith("slack:"))}`,
  "   In Slack: your profile, the three dots, Copy member ID (U…). The workspace ID (T…) is told by `nova init slack` as",
  "   soon as the bot token is set.",
  `5. Set NOVA_ADAPTERS=${extended(env["NOVA_ADAPTERS"] ?? "web,webhook,terminal", "slack", (one) => one === "slack")}`,
  "   and run `nova init slack` again, until all is well. These two hold what is set already: keep it.",
];
