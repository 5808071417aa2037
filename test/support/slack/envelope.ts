/** The payloads that Slack sends: events, commands and clicks, in the platform's own shapes. Used by peer.ts. */
import { randomUUID } from "node:crypto";
import { BOT, type Json } from "./workspace.ts";

/** A delivery; sent again it keeps its ids. */
export type Envelope = {
  /** Of Socket Mode; each attempt has its own. */
  readonly type: "events_api" | "slash_commands" | "interactive";
  readonly payload: Json;
};

const id = (letter: string): string => letter + randomUUID().replaceAll("-", "").slice(0, 10).toUpperCase();

export function eventEnvelope(team: string, event: Json, more: Json = {}): Envelope {
  return {
    type: "events_api",
    payload: {
      token: "unused",
      team_id: team,
      context_team_id: team,
      api_app_id: BOT.app,
      event,
      type: "event_callback",
      event_id: id("Ev"),
      event_time: Math.floor(Number(event["event_ts"] ?? event["ts"] ?? Date.now() / 1_000)),
      authorizations: [{ enterprise_id: null, team_id: team, user_id: BOT.user, is_bot: true }],
      is_ext_shared_channel: false,
      ...more,
    },
  };
}

export type Said = {
  readonly user: string;
  readonly channel: string;
  readonly text: string;
  readonly ts: string;
  readonly team: string;
  readonly thread?: string | undefined;
  readonly files?: readonly Json[] | undefined;
};

export function messageEvent({ user, channel, text, ts, team, thread, files }: Said, kind: string): Json {
  return {
    type: "message",
    ...(files?.length ? { subtype: "file_share", files } : {}),
    user,
    text,
    ts,
    event_ts: ts,
    client_msg_id: randomUUID(),
    team,
    channel,
    channel_type: kind,
    ...(thread === undefined ? {} : { thread_ts: thread }),
    blocks: [{ type: "rich_text", elements: [{ type: "rich_text_section", elements: [{ type: "text", text }] }] }],
  };
}

/** Slack tells a mention apart from the message that it is in; it names no kind of channel. */
export function mentionEvent(said: Said): Json {
  const { channel_type: _, subtype: _subtype, ...event } = messageEvent(said, "channel");
  return { ...event, type: "app_mention" };
}

export function changedEvent(channel: string, kind: string, message: Json, previous: Json): Json {
  const ts = nextTs();
  return {
    type: "message",
    subtype: "message_changed",
    hidden: true,
    channel,
    channel_type: kind,
    ts,
    event_ts: ts,
    message,
    previous_message: previous,
  };
}

export function deletedEvent(channel: string, kind: string, previous: Json): Json {
  const ts = nextTs();
  return {
    type: "message",
    subtype: "message_deleted",
    hidden: true,
    channel,
    channel_type: kind,
    ts,
    event_ts: ts,
    deleted_ts: previous["ts"],
    previous_message: previous,
  };
}

export type Slashed = {
  readonly team: string;
  readonly user: string;
  readonly name: string;
  readonly channel: string;
  readonly text: string;
  readonly responseUrl: string;
  readonly command?: string;
};

export function slashEnvelope({ team, user, name, channel, text, responseUrl, command = "/nova" }: Slashed): Envelope {
  return {
    type: "slash_commands",
    payload: {
      token: "unused",
      team_id: team,
      team_domain: "lab",
      channel_id: channel,
      channel_name: channel.startsWith("D") ? "directmessage" : "lab",
      user_id: user,
      user_name: name,
      command,
      text,
      api_app_id: BOT.app,
      is_enterprise_install: "false",
      response_url: responseUrl,
      trigger_id: `${Date.now()}.1.${randomUUID().replaceAll("-", "")}`,
    },
  };
}

export type Clicked = {
  readonly team: string;
  readonly user: string;
  readonly name: string;
  readonly channel: string;
  readonly message: Json;
  readonly action: Json;
  readonly ephemeral?: boolean;
  readonly responseUrl: string;
};

export function clickEnvelope({
  team,
  user,
  name,
  channel,
  message,
  action,
  ephemeral,
  responseUrl,
}: Clicked): Envelope {
  const { ts, thread_ts: thread } = message;
  return {
    type: "interactive",
    payload: {
      type: "block_actions",
      user: { id: user, username: name, name, team_id: team },
      api_app_id: BOT.app,
      token: "unused",
      container: {
        type: "message",
        message_ts: ts,
        channel_id: channel,
        is_ephemeral: ephemeral ?? false,
        ...(thread === undefined ? {} : { thread_ts: thread }),
      },
      trigger_id: `${Date.now()}.2.${randomUUID().replaceAll("-", "")}`,
      team: { id: team, domain: "lab" },
      enterprise: null,
      is_enterprise_install: false,
      channel: { id: channel, name: channel.startsWith("D") ? "directmessage" : "lab" },
      // Slack does not hand over a message that only one person sees.
      ...(ephemeral ? {} : { message }),
      state: { values: {} },
      response_url: responseUrl,
      actions: [{ ...action, type: "button", action_ts: nextTs() }],
    },
  };
}

/** A filled-in form, as it is sent: the view as it was opened, and what stands in its fields. */
export function submitEnvelope({
  team,
  user,
  name,
  view,
  values,
}: Pick<Clicked, "team" | "user" | "name"> & { readonly view: Json; readonly values: Json }): Envelope {
  return {
    type: "interactive",
    payload: {
      type: "view_submission",
      team: { id: team, domain: "lab" },
      user: { id: user, username: name, name, team_id: team },
      api_app_id: BOT.app,
      token: "unused",
      trigger_id: `${Date.now()}.3.${randomUUID().replaceAll("-", "")}`,
      view: { ...view, id: id("V"), state: { values } },
      response_urls: [],
      is_enterprise_install: false,
      enterprise: null,
    },
  };
}

let counter = 0;
/** Never twice. */
function nextTs(): string {
  counter += 1;
  return `${Math.floor(Date.now() / 1_000)}.9${String(counter).padStart(5, "0")}`;
}
