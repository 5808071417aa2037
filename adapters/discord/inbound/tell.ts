/** Short private words to somebody whose message opens no turn: a hint how to link, a refusal, "please repeat". Used by take-post.ts and take-interaction.ts. */
import { splitMarkdown } from "#core";
import { codeOf } from "../answer.ts";
import { dialect } from "../dialect.ts";
import type { CommandHandle } from "../handle.ts";
import { bodyOf, EPHEMERAL, newMessage, nonceOf } from "../message.ts";
import { editOriginal, followUp } from "../reply.ts";
import type { Rest } from "../rest.ts";
import type { Directs } from "../sending/direct.ts";

export type Listener =
  /** Whoever gave this command. */
  | { readonly kind: "command"; readonly handle: Pick<CommandHandle, "token" | "hidden"> }
  /** Whoever wrote this message, in the direct channel with them. */
  | {
      readonly kind: "writer";
      readonly user: string;
      readonly message: string;
      /** Where the message stands; null for what is no message, as a command. */
      readonly channel: string | null;
    };

export type TellDeps = { readonly rest: Rest; readonly directs: Directs; readonly application: string };

/** "ok", or in a word why they were not told. */
export async function tell(
  listener: Listener,
  markdown: string,
  { rest, directs, application }: TellDeps,
): Promise<string> {
  const [text = "Done."] = splitMarkdown(markdown, dialect);
  const body = bodyOf(text);
  if (listener.kind === "command") {
    const { handle } = listener;
    const first = handle.hidden ? body : bodyOf("Answered privately.");
    const answer = await rest.call(editOriginal(application, handle, first));
    if (handle.hidden || answer.kind !== "done") return codeOf(answer);
    return codeOf(await rest.call(followUp(application, handle, { ...body, flags: body.flags | EPHEMERAL })));
  }
  const channel = await directs.with(listener.user);
  if (typeof channel !== "string") return codeOf(channel);
  // Discord takes a reference only to a message of the same channel.
  const replyTo = listener.channel === channel ? listener.message : null;
  const message = newMessage(body, nonceOf("tell", listener.message), replyTo);
  return codeOf(await rest.call({ method: "POST", route: `/channels/${channel}/messages`, body: message }));
}
