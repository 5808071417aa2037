/** What the token of a command or a click opens for a while: its one reply, and what follows it. Used by whatever answers one. */
import type { CommandHandle } from "./handle.ts";
import type { MessageBody } from "./message.ts";
import type { Call } from "./rest.ts";

/** What it was deferred with, or shows by now, is written over: as often as we like. */
export const editOriginal = (
  application: string,
  { token }: Pick<CommandHandle, "token">,
  body: MessageBody,
): Call => ({
  method: "PATCH",
  route: `/webhooks/${application}/${token}/messages/@original`,
  body,
  auth: false,
});

/** Answered with the message, so that a refusal is heard. */
export const followUp = (application: string, { token }: Pick<CommandHandle, "token">, body: MessageBody): Call => ({
  method: "POST",
  route: `/webhooks/${application}/${token}`,
  query: { wait: "true" },
  body,
  auth: false,
});
