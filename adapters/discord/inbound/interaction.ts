/** An interaction as Discord tells it: read once here, for parse.ts and whatever answers it. Pure. */
import { z } from "zod";
import type { Address } from "#core";
import { EPHEMERAL } from "../message.ts";
import { account, nameOf, PLATFORM, rootFor, snowflake } from "../platform.ts";

const PING = 1;
const COMMAND = 2;
const COMPONENT = 3;
const AUTOCOMPLETE = 4;
const FORM = 5;
const BOT_DM = 1;
/** The key of what the app was installed to: a guild. */
const GUILD_INSTALL = "0";

const body = z.object({
  id: snowflake,
  application_id: snowflake,
  type: z.number(),
  token: z.string().min(1),
  channel_id: snowflake.optional(),
  context: z.number().nullish(),
  guild_id: snowflake.optional(),
  member: z.object({ user: account, nick: z.string().nullish() }).optional(),
  user: account.optional(),
  authorizing_integration_owners: z.record(z.string(), z.unknown()).catch({}),
  message: z.object({ flags: z.number().default(0) }).optional(),
  data: z.unknown(),
});

const given = z.object({ name: z.string(), value: z.unknown(), focused: z.boolean().optional() });
const command = z.object({ name: z.string(), options: z.array(given).default([]) });
const component = z.object({ custom_id: z.string() });
/** A field stands in a label of its own, or in a row as forms of before had it. */
const field = z.object({ custom_id: z.string(), value: z.string() });
const form = z.object({
  custom_id: z.string(),
  components: z
    .array(z.object({ component: field.optional(), components: z.array(field).default([]) }))
    .transform((rows) => rows.flatMap((row) => (row.component ? [row.component] : row.components))),
});

export type Options = ReadonlyMap<string, unknown>;
type Fields = Readonly<Record<string, string>>;

export type Interaction = {
  readonly id: string;
  readonly application: string;
  readonly token: string;
  readonly channel: string;
  /** Whoever clicked or typed: not the one who brought the app along. */
  readonly user: string;
  readonly userName: string;
  /** In the direct channel with us. */
  readonly isDirect: boolean;
  /** The app is no member there: a user brought it along. */
  readonly visitor: boolean;
  readonly what:
    | { readonly kind: "command"; readonly name: string; readonly options: Options }
    | { readonly kind: "autocomplete"; readonly name: string; readonly option: string; readonly typed: string }
    /** `hidden`: the message under which the button stands is for one person's eyes. */
    | { readonly kind: "click"; readonly customId: string; readonly hidden: boolean }
    /** Sent with what was filled in, by the names of fields; `hidden` as of the button that opened it. */
    | { readonly kind: "form"; readonly customId: string; readonly fields: Fields; readonly hidden: boolean };
};

export const isPing = (data: unknown): boolean => z.object({ type: z.literal(PING) }).safeParse(data).success;

export function readInteraction(data: unknown): Interaction | undefined {
  const parsed = body.safeParse(data);
  if (!parsed.success) return undefined;
  const { member, channel_id: channel, context, guild_id: guild } = parsed.data;
  const user = member?.user ?? parsed.data.user;
  const what = whatOf(parsed.data);
  // Programs press nothing and command nothing.
  if (!user || user.bot === true || !what || channel === undefined) return undefined;
  return {
    id: parsed.data.id,
    application: parsed.data.application_id,
    token: parsed.data.token,
    channel,
    user: user.id,
    userName: member?.nick ?? nameOf(user),
    isDirect: context === BOT_DM && guild === undefined,
    visitor: !(GUILD_INSTALL in parsed.data.authorizing_integration_owners),
    what,
  };
}

function whatOf({ type, data, message }: z.infer<typeof body>): Interaction["what"] | undefined {
  const hidden = ((message?.flags ?? 0) & EPHEMERAL) !== 0;
  if (type === FORM) {
    const parsed = form.safeParse(data);
    if (!parsed.success) return undefined;
    const fields = Object.fromEntries(parsed.data.components.map(({ custom_id: name, value }) => [name, value]));
    return { kind: "form", customId: parsed.data.custom_id, fields, hidden };
  }
  if (type === COMPONENT) {
    const parsed = component.safeParse(data);
    return parsed.success ? { kind: "click", customId: parsed.data.custom_id, hidden } : undefined;
  }
  if (type !== COMMAND && type !== AUTOCOMPLETE) return undefined;
  const parsed = command.safeParse(data);
  if (!parsed.success) return undefined;
  const { name, options } = parsed.data;
  if (type === COMMAND)
    return { kind: "command", name, options: new Map(options.map((each) => [each.name, each.value])) };
  const focused = options.find((option) => option.focused);
  if (!focused) return undefined;
  return {
    kind: "autocomplete",
    name,
    option: focused.name,
    typed: typeof focused.value === "string" ? focused.value : "",
  };
}

/** Where it happened. `hidden` is a conversation of the user's own in a place that others read. */
export const placeOf = ({ application, channel, user, isDirect }: Interaction, hidden: boolean): Address => ({
  platform: PLATFORM,
  scope: application,
  container: channel,
  root: hidden && !isDirect ? rootFor(user) : null,
  visibility: hidden || isDirect ? "private" : "shared",
});
