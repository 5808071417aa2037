/** How a REST route of Discord answers; errors as Discord words them. Used by the route files and rest.ts. */
import { RESTJSONErrorCodes as Code } from "discord-api-types/v10";
import type { Json, World } from "./world.ts";
import type { Gateway } from "./gateway.ts";

export type Answer = { readonly status: number; readonly body?: unknown };

export type Asked = {
  readonly world: World;
  readonly gateway: Gateway;
  readonly params: Readonly<Record<string, string>>;
  readonly query: URLSearchParams;
  readonly body: Json;
  /** The body where it is a list. */
  readonly list: readonly Json[];
};

export type Route = {
  readonly method: string;
  /** As Discord's description names it. */
  readonly path: string;
  /** The token of an interaction stands in its path; all else needs the bot's. */
  readonly open?: true;
  readonly answer: (asked: Asked) => Answer;
};

export const ok = (body: unknown, status = 200): Answer => ({ status, body });
export const NOTHING: Answer = { status: 204 };
export const fail = (status: number, code: number, message: string): Answer => ({ status, body: { code, message } });

export const UNKNOWN_CHANNEL = fail(404, Code.UnknownChannel, "Unknown Channel");
export const UNKNOWN_MESSAGE = fail(404, Code.UnknownMessage, "Unknown Message");
export const UNKNOWN_WEBHOOK = fail(404, Code.UnknownWebhook, "Unknown Webhook");
export const UNKNOWN_INTERACTION = fail(404, Code.UnknownInteraction, "Unknown interaction");
export const ANSWERED = fail(
  400,
  Code.InteractionHasAlreadyBeenAcknowledged,
  "Interaction has already been acknowledged.",
);
export const DEAD_TOKEN = fail(401, Code.InvalidWebhookToken, "Invalid Webhook Token");
export const NO_MORE = fail(400, 40094, "This interaction has reached its maximum number of follow up messages");
export const NOT_YOURS = fail(
  403,
  Code.CannotEditMessageAuthoredByAnotherUser,
  "Cannot edit a message authored by another user",
);

/** Why Discord does not take this as a message; undefined when it does. */
export function faultIn(body: Json, isEdit = false): Answer | undefined {
  const { content, components, embeds } = body;
  if (typeof content === "string" && content.length > 2_000)
    return fail(400, Code.InvalidFormBodyOrContentType, "Invalid Form Body: content: Must be 2000 or fewer in length.");
  const empty = (value: unknown): boolean =>
    value === undefined || value === null || value === "" || (Array.isArray(value) && value.length === 0);
  const isEmpty = (typeof content === "string" ? content.trim() === "" : true) && empty(components) && empty(embeds);
  if (isEmpty && !isEdit) return fail(400, Code.CannotSendAnEmptyMessage, "Cannot send an empty message");
  return undefined;
}

export const isRecord = (value: unknown): value is Json =>
  typeof value === "object" && value !== null && !Array.isArray(value);

export const jsonList = (value: unknown): readonly Json[] => (Array.isArray(value) ? value.filter(isRecord) : []);
