/** REST: the bot's own messages in channels. */
import {
  fail,
  faultIn,
  jsonList,
  NOTHING,
  NOT_YOURS,
  ok,
  UNKNOWN_CHANNEL,
  UNKNOWN_MESSAGE,
  type Answer,
  type Asked,
  type Route,
} from "./answer.ts";
import { messageJson } from "./payload.ts";
import { change, post, remove } from "./posting.ts";
import { findMessage, messagesOf, type Posted } from "./world.ts";

/** How long a nonce is remembered: "a few minutes". */
const NONCE_MS = 5 * 60_000;
const ONE = "/channels/{channel_id}/messages/{message_id}";
const ALL = "/channels/{channel_id}/messages";

export const MESSAGE_ROUTES: readonly Route[] = [
  { method: "POST", path: ALL, answer: (asked) => create(asked) },
  {
    method: "GET",
    path: ALL,
    answer: ({ world, params, query }) => {
      const channel = params["channel_id"] ?? "";
      if (!world.channels.has(channel)) return UNKNOWN_CHANNEL;
      const limit = Number(query.get("limit") ?? 50);
      const after = BigInt(query.get("after") ?? 0);
      const shown = messagesOf(world, channel).filter(
        (each) => !each.deleted && !(each.flags & 64) && BigInt(each.id) > after,
      );
      // With `after` the ones that follow it, else the newest; always the newest first.
      const page = after > 0n ? shown.slice(0, limit) : shown.slice(-limit);
      return ok(page.toReversed().map((each) => messageJson(world, each)));
    },
  },
  {
    method: "GET",
    path: ONE,
    answer: ({ world, params }) => {
      const message = found({ world, params });
      return message ? ok(messageJson(world, message)) : UNKNOWN_MESSAGE;
    },
  },
  {
    method: "PATCH",
    path: ONE,
    answer: ({ world, gateway, params, body }) => {
      const message = found({ world, params });
      if (!message) return UNKNOWN_MESSAGE;
      if (message.author.id !== world.bot.id) return NOT_YOURS;
      return edit({ world, gateway, body }, message);
    },
  },
  {
    method: "DELETE",
    path: ONE,
    answer: ({ world, gateway, params }) => {
      const message = found({ world, params });
      if (!message) return UNKNOWN_MESSAGE;
      remove(world, gateway, message);
      return NOTHING;
    },
  },
];

const found = ({ world, params }: Pick<Asked, "world" | "params">) =>
  findMessage(world, params["channel_id"] ?? "", params["message_id"] ?? "");

/** Writes over one of the bot's own; also for what an interaction's token opens. */
export function edit({ world, gateway, body }: Pick<Asked, "world" | "gateway" | "body">, message: Posted): Answer {
  const fault = faultIn(body, true);
  if (fault) return fault;
  const { content, components } = body;
  change(world, gateway, message, {
    ...(typeof content === "string" ? { content } : {}),
    ...(Array.isArray(components) ? { components: jsonList(components) } : {}),
  });
  return ok(messageJson(world, message));
}

function create({ world, gateway, params, body }: Asked) {
  const channel = world.channels.get(params["channel_id"] ?? "");
  if (!channel) return UNKNOWN_CHANNEL;
  if (channel.type === 3) return fail(403, 50001, "Missing Access");
  const { nonce, enforce_nonce: isEnforced, content, message_reference: reference } = body;
  const fault = faultIn(body);
  if (fault) return fault;
  if ((typeof nonce === "string" || typeof nonce === "number") && String(nonce).length > 25)
    return fail(400, 50035, "Invalid Form Body: nonce: Must be 25 or fewer in length.");
  if (isEnforced === true && nonce !== undefined) {
    const since = world.clock.now().getTime() - NONCE_MS;
    const twin = messagesOf(world, channel.id).find(
      (each) => each.author.id === world.bot.id && each.nonce === nonce && each.at.getTime() >= since,
    );
    if (twin) return ok(messageJson(world, twin));
  }
  if (
    isReference(reference) &&
    reference.fail_if_not_exists !== false &&
    !findMessage(world, channel.id, String(reference.message_id))
  )
    return fail(400, 50035, "Invalid Form Body: message_reference: Unknown message");
  const message = post(world, gateway, {
    channel: channel.id,
    author: world.bot,
    content: typeof content === "string" ? content : "",
    flags: typeof body["flags"] === "number" ? body["flags"] : 0,
    embeds: jsonList(body["embeds"]),
    components: jsonList(body["components"]),
    ...(typeof nonce === "string" || typeof nonce === "number" ? { nonce } : {}),
    ...(isReference(reference) ? { reference: { ...reference } } : {}),
    allowed: body["allowed_mentions"],
  });
  return ok(messageJson(world, message));
}

const isReference = (value: unknown): value is { message_id: unknown; fail_if_not_exists?: unknown } =>
  typeof value === "object" && value !== null && "message_id" in value;
