/** From a verified payload of Slack to an inbound: direct messages, mentions and commands. Pure. */
import { z } from "zod";
import type { Ignored, Inbound } from "#core";
import { commandAddress, isDirect, threadAddress } from "./address.ts";
import { id, timeOf } from "./ids.ts";
import { wordsOf } from "./inbound/commands.ts";
import { envelope, eventBody, type Envelope } from "./inbound/envelope.ts";
import { filesOf } from "./inbound/files.ts";
import { isFromBot, message, senderOf } from "./inbound/heard.ts";
import { mentions, nameOf, toMarkdown } from "./inbound/markdown.ts";
import { PLATFORM } from "./platform.ts";

const posted = message.extend({ type: z.enum(["message", "app_mention"]), channel: id });

const command = z.looseObject({
  command: z.string().startsWith("/"),
  text: z.string().default(""),
  team_id: id.nullish(),
  channel_id: id,
  user_id: id,
  user_name: z.string().nullish(),
  trigger_id: z.string().min(1).max(200),
});

/** Ways to say something; the other subtypes tell of joins, topics and the like. */
const SAID = new Set([undefined, null, "", "file_share", "thread_broadcast", "me_message"]);

export function parse(unchecked: unknown, { now }: { readonly now: Date }): Inbound | Ignored {
  const parsed = envelope.safeParse(unchecked);
  if (!parsed.success) return { ignored: "The delivery is not understood." };
  const asked = command.safeParse(parsed.data.body);
  return asked.success ? parseCommand(asked.data, parsed.data, now) : parsePosted(parsed.data, now);
}

function parsePosted(about: Envelope, now: Date): Inbound | Ignored {
  const outer = eventBody.safeParse(about.body);
  if (!outer.success) return { ignored: "It is neither an event nor a command." };
  const inner = posted.safeParse(outer.data.event);
  if (!inner.success) return { ignored: "The event is no message." };
  const event = inner.data;
  if (!SAID.has(event.subtype)) return { ignored: "It is no message that somebody wrote." };
  if (isFromBot(event, about) || !event.user) return { ignored: "A program wrote it." };
  // Slack tells a mention again when somebody writes it into an older message.
  if (event.edited) return { ignored: "An edit asks nothing." };
  const mrkdwn = event.text ?? "";
  if (!isDirect(event.channel) && !isToUs(event.type, mrkdwn, about.bot.user))
    return { ignored: "It is not said to Nova." };

  const files = filesOf(event.files);
  const words = toMarkdown(mrkdwn, { bot: about.bot.user, names: about.names });
  // Whoever only calls Nova asks what it can do.
  const text = words === "" && files.length === 0 && mentions(mrkdwn, about.bot.user) ? "/help" : words;
  if (text === "" && files.length === 0) return { ignored: "There are no words in it." };
  const name = nameOf(event.user, about.names);
  return {
    deliveryKey: outer.data.event_id,
    messageKey: event.ts,
    address: threadAddress(about.team, event.channel, event.thread_ts ?? event.ts),
    sender: senderOf(event.user, event, about.team),
    text,
    sentAt: timeOf(event.ts, now),
    ...(files.length === 0 ? {} : { files }),
    ...(name === undefined ? {} : { senderName: name }),
  };
}

/** Slack takes a mention in code, too, for one. */
const isToUs = (type: string, mrkdwn: string, bot: string): boolean =>
  mentions(mrkdwn, bot) || (type === "app_mention" && !mrkdwn.includes(`<@${bot}`));

function parseCommand(asked: z.infer<typeof command>, about: Envelope, now: Date): Inbound | Ignored {
  const words = wordsOf(toMarkdown(asked.text, { bot: about.bot.user, names: about.names }));
  if (words === undefined) return { ignored: "The command has no words." };
  const { trigger_id: trigger, user_id: user, channel_id: channel, user_name: name } = asked;
  return {
    deliveryKey: trigger,
    messageKey: `cmd:${trigger}`,
    address: commandAddress(about.team, channel, user),
    sender: { platform: PLATFORM, scope: asked.team_id ?? about.team, id: user },
    text: words,
    sentAt: now,
    ...(name ? { senderName: name } : {}),
    ...(about.handle ? { handle: { sealed: about.handle.sealed, expiresAt: new Date(about.handle.expiresAt) } } : {}),
  };
}
