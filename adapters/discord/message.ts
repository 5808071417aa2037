/** Words, or a part, as a message of Discord's. Pure; used by whatever sends or edits one. */
import { createHash } from "node:crypto";
import type { Action, AdapterHost, OutPart } from "#core";
import { rowsOf, type Row } from "./components.ts";
import { dialect } from "./dialect.ts";

export type MessageBody = {
  readonly content: string;
  readonly flags: number;
  readonly allowed_mentions: { readonly parse: readonly [] };
  readonly components?: readonly Row[];
};

/** Nothing that an answer links to is fetched for a preview: an address may carry words of the person. */
const SUPPRESS_EMBEDS = 4;
/** For the eyes of whoever gave the command. */
export const EPHEMERAL = 64;

/** What Discord takes. */
const MOST = 2_000;
const NAME_LENGTH = 40;

/** Mentions nobody, whatever the words are. */
export const bodyOf = (content: string, actions: readonly Action[] = []): MessageBody => ({
  content,
  flags: SUPPRESS_EMBEDS,
  allowed_mentions: { parse: [] },
  ...(actions.length > 0 ? { components: rowsOf(actions) } : {}),
});

/** What stands under it before goes, also where nothing follows. */
export const whole = (body: MessageBody): MessageBody => ({ components: [], ...body });

/** A message of its own: one of two with the same nonce, in answer to `replyTo` where there is such a message. */
export const newMessage = (body: MessageBody, nonce: string, replyTo: string | null = null) => ({
  ...body,
  allowed_mentions: { parse: [], replied_user: false },
  nonce,
  enforce_nonce: true,
  ...(replyTo === null ? {} : { message_reference: { type: 0, message_id: replyTo, fail_if_not_exists: false } }),
});

export function partBody(part: OutPart, names: Pick<AdapterHost, "agentName">): MessageBody {
  const byline = part.ordinal === part.of - 1 ? bylineOf(part, names) : "";
  // Names that are all signs grow beyond every measure, and the words matter more.
  const fits = part.body.length + byline.length <= MOST;
  return bodyOf(fits ? `${part.body}${byline}` : part.body, part.actions);
}

/** Small print under an answer: who gave it, by which model. */
function bylineOf({ agent, note }: OutPart, names: Pick<AdapterHost, "agentName">): string {
  if (agent === null || note.kind !== "answer") return "";
  const words = [names.agentName(agent), note.model ?? ""].filter((word) => word !== "");
  return `\n-# ${words.map((word) => dialect.text(word.slice(0, NAME_LENGTH).toWellFormed(), false)).join(" · ")}`;
}

/** The same for every try, and for nothing else: Discord answers a second message with it with the first one. */
export const nonceOf = (...what: readonly string[]): string =>
  createHash("sha256").update(what.join("\n")).digest("base64url").slice(0, 25);

/** How long a second message with the same nonce is certain to be the first one; Discord says "a few minutes". */
export const NONCE_MS = 2 * 60_000;

/** A part of a fresh database may have the id of an old one's. */
export const partNonce = ({ id, at }: OutPart): string => nonceOf("part", id, at.toISOString());
