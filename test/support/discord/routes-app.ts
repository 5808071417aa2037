/** REST: who the bot is, where the gateway is, and which commands there are. */
import { fail, jsonList, ok, UNKNOWN_CHANNEL, type Answer, type Route } from "./answer.ts";
import { channelJson } from "./payload.ts";
import { directOf, type Json } from "./world.ts";

const NAME = /^[-_'\p{L}\p{N}]{1,32}$/u;

export const APP_ROUTES: readonly Route[] = [
  {
    method: "GET",
    path: "/gateway/bot",
    answer: ({ world }) =>
      ok({
        url: world.origin.replace("http", "ws"),
        shards: 1,
        session_start_limit: { total: 1000, remaining: 999, reset_after: 0, max_concurrency: 1 },
      }),
  },
  { method: "GET", path: "/users/@me", answer: ({ world }) => ok(world.bot) },
  { method: "GET", path: "/applications/@me", answer: ({ world }) => ok(applicationOf(world.application, world.bot)) },
  {
    method: "GET",
    path: "/applications/{application_id}/commands",
    answer: ({ world, params }) => (params["application_id"] === world.application.id ? ok(world.commands) : FOREIGN),
  },
  {
    method: "PUT",
    path: "/applications/{application_id}/commands",
    answer: ({ world, params, list: wanted }) => {
      if (params["application_id"] !== world.application.id) return FOREIGN;
      const odd = wanted.find(({ name }) => !isName(name));
      if (odd) return fail(400, 50035, `Invalid Form Body: name: ${String(odd["name"])}`);
      world.commands = wanted.map((command) => stored(command, world.application.id, world.id));
      return ok(world.commands);
    },
  },
  {
    method: "POST",
    path: "/users/@me/channels",
    answer: ({ world, body }) => {
      const user = [...world.users.values()].find(({ id }) => id === body["recipient_id"]);
      return user ? ok(channelJson(directOf(world, user))) : fail(400, 50033, "Invalid Recipient(s)");
    },
  },
  {
    method: "GET",
    path: "/channels/{channel_id}",
    answer: ({ world, params }) => {
      const channel = world.channels.get(params["channel_id"] ?? "");
      return channel ? ok(channelJson(channel)) : UNKNOWN_CHANNEL;
    },
  },
  {
    method: "POST",
    path: "/channels/{channel_id}/typing",
    answer: ({ world, params }): Answer =>
      world.channels.has(params["channel_id"] ?? "") ? { status: 204 } : UNKNOWN_CHANNEL,
  },
];

const FOREIGN = fail(403, 20012, "You are not authorized to perform this action on this application");

const isName = (name: unknown): boolean => typeof name === "string" && NAME.test(name) && name === name.toLowerCase();

const applicationOf = (application: { readonly id: string; readonly publicKey: string }, bot: unknown): Json => ({
  id: application.id,
  name: "Nova",
  icon: null,
  description: "",
  bot_public: true,
  bot_require_code_grant: false,
  verify_key: application.publicKey,
  flags: 0,
  bot,
  install_params: null,
  integration_types_config: { "0": {}, "1": {} },
  interactions_endpoint_url: null,
});

/** As Discord gives commands back: with all it filled in, and without what is as it is anyway. */
function stored(command: Json, application: string, id: () => string): Json {
  return {
    id: id(),
    application_id: application,
    version: id(),
    default_member_permissions: null,
    type: 1,
    nsfw: false,
    dm_permission: true,
    contexts: null,
    integration_types: [0],
    name_localizations: null,
    description_localizations: null,
    ...command,
    ...(Array.isArray(command["options"]) ? { options: jsonList(command["options"]).map(bare) } : {}),
  };
}

function bare(option: Json): Json {
  const { required, autocomplete, options, ...rest } = option;
  return {
    ...rest,
    ...(required === true ? { required } : {}),
    ...(autocomplete === true ? { autocomplete } : {}),
    ...(Array.isArray(options) && options.length > 0 ? { options: jsonList(options).map(bare) } : {}),
  };
}
