/** A message as Slack tells it, in events of new, changed and deleted messages. Read by parse.ts and revision.ts. */
import { z } from "zod";
import type { ExternalId } from "#core";
import { id, ts } from "../ids.ts";
import { PLATFORM } from "../platform.ts";
import type { Envelope } from "./envelope.ts";

export const file = z.looseObject({
  id,
  name: z.string().nullish(),
  mimetype: z.string().nullish(),
  size: z.number().nonnegative().nullish(),
  mode: z.string().nullish(),
  is_external: z.boolean().nullish(),
});
export type SlackFile = z.infer<typeof file>;

export const message = z.looseObject({
  subtype: z.string().nullish(),
  user: id.nullish(),
  bot_id: id.nullish(),
  /** The sender's team, where a channel is shared with others. */
  user_team: id.nullish(),
  team: id.nullish(),
  text: z.string().nullish(),
  ts,
  thread_ts: ts.nullish(),
  edited: z.looseObject({ user: id.nullish(), ts: z.string() }).nullish(),
  files: z.array(file).nullish(),
});
export type HeardMessage = z.infer<typeof message>;

/** Ourselves, or another program. */
export function isFromBot({ bot_id, user, subtype }: HeardMessage, { bot }: Envelope): boolean {
  return Boolean(bot_id) || subtype === "bot_message" || user === bot.user || user === "USLACKBOT" || !user;
}

export function senderOf(user: string, { user_team, team }: Pick<HeardMessage, "user_team" | "team">, ours: string) {
  return { platform: PLATFORM, scope: user_team ?? team ?? ours, id: user } satisfies ExternalId;
}
