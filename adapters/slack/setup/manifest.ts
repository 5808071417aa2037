/** The app manifest that `nova init slack` prints: all that the adapter needs of Slack, and nothing else. */
import type { AppsManifestCreateArguments } from "@slack/web-api";
import { EVENTS_PATH } from "../platform.ts";

type Manifest = AppsManifestCreateArguments["manifest"];

export type Mode = "socket" | "http";

/** Each with what it is for; the check names those that a token lacks. */
export const SCOPES = [
  /** app_mention. */
  "app_mentions:read",
  /** Status, suggested prompts and titles in the agent's view. */
  "assistant:write",
  /** Edits and deletions of mentions, and whether a reply arrived: in channels, private channels, groups and DMs. */
  "channels:history",
  "groups:history",
  "im:history",
  "mpim:history",
  "chat:write",
  "commands",
  "files:read",
  /** A DM when a private answer cannot be given in place. */
  "im:write",
  "users:read",
] as const;

const EVENTS = [
  "app_home_opened",
  "app_mention",
  "message.channels",
  "message.groups",
  "message.im",
  "message.mpim",
] as const;

/** `publicUrl` counts only in HTTP mode: Socket Mode needs no address. */
export function manifestFor(mode: Mode, publicUrl: string): Readonly<Record<string, unknown>> {
  const http = mode === "http";
  const url = `${publicUrl}${EVENTS_PATH}`;
  return {
    _metadata: { major_version: 2, minor_version: 1 },
    display_information: {
      name: "Nova",
      description: "An assistant of many agents that remembers and cites.",
      background_color: "#1d2433",
    },
    ...partsFor(http, url),
    // The SDK's list of scopes lacks assistant:write.
    oauth_config: { scopes: { bot: [...SCOPES] } },
  };
}

function partsFor(http: boolean, url: string): Pick<Manifest, "features" | "settings"> {
  return {
    features: {
      app_home: { home_tab_enabled: false, messages_tab_enabled: true, messages_tab_read_only_enabled: false },
      agent_view: {
        agent_description: "Ask, tell and look up: each message goes to the specialist that fits it.",
        suggested_prompts: [
          { title: "What can you do?", message: "What can you do?" },
          { title: "What do you remember of me?", message: "What do you remember of me?" },
        ],
      },
      bot_user: { display_name: "nova", always_online: true },
      slash_commands: [
        {
          command: "/nova",
          description: "Ask Nova; only you see the answer",
          usage_hint: "what did we decide about the printer?",
          should_escape: true,
          ...(http && { url }),
        },
      ],
    },
    settings: {
      event_subscriptions: { bot_events: [...EVENTS], ...(http && { request_url: url }) },
      interactivity: { is_enabled: true, ...(http && { request_url: url }) },
      org_deploy_enabled: false,
      socket_mode_enabled: !http,
      token_rotation_enabled: false,
    },
  };
}
