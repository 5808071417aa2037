/** REST: how an interaction is answered, by its token and in its time. */
import {
  ANSWERED,
  DEAD_TOKEN,
  faultIn,
  isRecord,
  jsonList,
  NO_MORE,
  NOTHING,
  ok,
  UNKNOWN_INTERACTION,
  UNKNOWN_MESSAGE,
  UNKNOWN_WEBHOOK,
  type Answer,
  type Asked,
  type Route,
} from "./answer.ts";
import { messageJson } from "./payload.ts";
import { post, remove } from "./posting.ts";
import { edit } from "./routes-messages.ts";
import { EPHEMERAL, findMessage, LOADING, type Interaction, type Json, type Posted } from "./world.ts";

const FIRST_MS = 3_000;
const TOKEN_MS = 15 * 60_000;
/** Follow-ups of an app that is no member of the place. */
const GUEST_FOLLOW_UPS = 5;

const HOOK = "/webhooks/{webhook_id}/{webhook_token}";

export const INTERACTION_ROUTES: readonly Route[] = [
  { method: "POST", path: "/interactions/{interaction_id}/{interaction_token}/callback", open: true, answer: respond },
  { method: "POST", path: HOOK, open: true, answer: (asked) => within(asked, (one) => followUp(asked, one)) },
  ...(["@original", "{message_id}"] as const).flatMap((which): readonly Route[] => [
    {
      method: "GET",
      path: `${HOOK}/messages/${which}`,
      open: true,
      answer: (asked) => withMessage(asked, (message) => ok(messageJson(asked.world, message))),
    },
    {
      method: "PATCH",
      path: `${HOOK}/messages/${which}`,
      open: true,
      answer: (asked) => withMessage(asked, (message) => edit(asked, message)),
    },
    {
      method: "DELETE",
      path: `${HOOK}/messages/${which}`,
      open: true,
      answer: (asked) =>
        withMessage(asked, (message) => {
          remove(asked.world, asked.gateway, message);
          return NOTHING;
        }),
    },
  ]),
];

/** The first answer; also when it came in the body of an HTTP reply. */
export function respond({ world, gateway, params, query, body }: Omit<Asked, "list">): Answer {
  const one = world.interactions.get(params["interaction_id"] ?? "");
  const now = world.clock.now();
  if (!one || one.token !== params["interaction_token"]) return UNKNOWN_INTERACTION;
  if (one.callback) return ANSWERED;
  if (now.getTime() - one.at.getTime() > FIRST_MS) return UNKNOWN_INTERACTION;
  const data: Json = isRecord(body["data"]) ? body["data"] : {};
  const type = Number(body["type"]);
  if (type === 4) {
    const fault = faultIn(data);
    if (fault) return fault;
  }
  one.callback = { type, data, at: now };
  if (type === 4 || type === 5) {
    const flags = Number(data["flags"] ?? 0) | (type === 5 ? LOADING : 0);
    one.original = write({ world, gateway }, one, data, flags);
  }
  if (query.get("with_response") !== "true") return NOTHING;
  const message = one.original ? { message: messageJson(world, one.original) } : {};
  return ok({
    interaction: { id: one.id, type: one.type, ...(one.original ? { response_message_id: one.original.id } : {}) },
    resource: { type, ...message },
  });
}

function followUp({ world, gateway, body }: Asked, one: Interaction): Answer {
  const fault = faultIn(body);
  if (fault) return fault;
  // Discord keeps old apps going: the first follow-up takes the place of "is thinking".
  if (one.original && one.original.flags & LOADING) return edit({ world, gateway, body }, one.original);
  if (one.guest && one.followUps.length >= GUEST_FOLLOW_UPS) return NO_MORE;
  const message = write({ world, gateway }, one, body, Number(body["flags"] ?? 0));
  one.followUps.push(message);
  return ok(messageJson(world, message));
}

function write(
  { world, gateway }: Pick<Asked, "world" | "gateway">,
  one: Interaction,
  data: Json,
  flags: number,
): Posted {
  return post(world, gateway, {
    channel: one.channel.id,
    author: world.bot,
    content: typeof data["content"] === "string" ? data["content"] : "",
    flags: flags & (EPHEMERAL | LOADING),
    embeds: jsonList(data["embeds"]),
    components: jsonList(data["components"]),
    webhook: world.application.id,
    allowed: data["allowed_mentions"],
  });
}

/** What is asked for by a token that still lives, of an interaction that was answered. */
function within({ world, params }: Asked, act: (one: Interaction) => Answer): Answer {
  if (params["webhook_id"] !== world.application.id) return UNKNOWN_WEBHOOK;
  const one = [...world.interactions.values()].find(({ token }) => token === params["webhook_token"]);
  if (!one) return DEAD_TOKEN;
  if (world.clock.now().getTime() - one.at.getTime() > TOKEN_MS) return DEAD_TOKEN;
  return one.callback ? act(one) : UNKNOWN_WEBHOOK;
}

function withMessage(asked: Asked, act: (message: Posted) => Answer): Answer {
  return within(asked, (one) => {
    const id = asked.params["message_id"];
    const message = id === undefined ? one.original : findMessage(asked.world, one.channel.id, id);
    return message && !message.deleted ? act(message) : UNKNOWN_MESSAGE;
  });
}
