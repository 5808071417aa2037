/** A click on a button, and where the clicker is answered. Pure; used by pressing.ts. */
import { z } from "zod";
import type { Ignored, Press } from "#core";
import { id, ts } from "../ids.ts";
import { PLATFORM } from "../platform.ts";
import { addressAt, type FormPlace } from "./form-place.ts";
import type { Hearer } from "./voice.ts";

const clicked = z.looseObject({
  type: z.literal("block_actions"),
  user: z.looseObject({ id, team_id: id.nullish() }),
  channel: z.looseObject({ id }),
  container: z.looseObject({ message_ts: ts, thread_ts: ts.nullish(), is_ephemeral: z.boolean().nullish() }),
  message: z.looseObject({ thread_ts: ts.nullish() }).nullish(),
  response_url: z.url().nullish(),
  trigger_id: z.string().min(1).max(200).nullish(),
  actions: z.tuple([z.looseObject({ action_id: z.string(), value: z.string().nullish() })], z.unknown()),
});

/** The click, and what is needed to answer it. */
export type Clicked = {
  readonly hearer: Hearer;
  /** Undefined when it is no click on a button of ours. `team` is our own. */
  readonly press: ((team: string) => Press) | undefined;
  /** Opens a form, once and within three seconds. */
  readonly trigger: string | null;
  /** Where it was clicked, for the form that may come of it. */
  readonly place: FormPlace | null;
};

const anyClick = z.looseObject({
  user: z.looseObject({ id }),
  channel: z.looseObject({ id }),
  response_url: z.url().nullish(),
});

export function parseClick(body: unknown): Clicked | Ignored {
  const parsed = clicked.safeParse(body);
  if (!parsed.success) return parseOther(body);
  const { user, channel, container, message, response_url: responseUrl, trigger_id: trigger, actions } = parsed.data;
  const [{ action_id: name, value }] = actions;
  const inThread = container.thread_ts ?? message?.thread_ts ?? null;
  // What only the clicker sees and that is in no thread came as the answer to a command.
  const isCommand = container.is_ephemeral === true && inThread === null;
  const place = { channel: channel.id, root: isCommand ? null : (inThread ?? container.message_ts), thread: inThread };
  return {
    hearer: { channel: channel.id, user: user.id, thread: inThread, responseUrl: responseUrl ?? null },
    trigger: trigger ?? null,
    place,
    press: (team) => ({
      address: addressAt(place, team, user.id),
      sender: { platform: PLATFORM, scope: user.team_id ?? team, id: user.id },
      action: value ?? name,
    }),
  };
}

function parseOther(body: unknown): Clicked | Ignored {
  const parsed = anyClick.safeParse(body);
  if (!parsed.success) return { ignored: "Nobody is told by whom it was clicked." };
  const { user, channel, response_url: responseUrl } = parsed.data;
  const hearer = { channel: channel.id, user: user.id, thread: null, responseUrl: responseUrl ?? null };
  return { hearer, press: undefined, trigger: null, place: null };
}
