/** Puts a part one of its ways, by one write. Used by send.ts until a way takes it. */
import type { OutPart } from "#core";
import type { Answer } from "../answer.ts";
import { EPHEMERAL, newMessage, partNonce, type MessageBody } from "../message.ts";
import { editOriginal, followUp } from "../reply.ts";
import type { Call, Rest } from "../rest.ts";
import type { Directs } from "./direct.ts";
import type { Way } from "./ways.ts";

export type PutDeps = { readonly rest: Rest; readonly directs: Directs; readonly application: string };

export type Put = {
  readonly answer: Answer;
  /** Where it can be looked for. */
  readonly channel: string | null;
  readonly isSafe: boolean;
};

export async function put(
  way: Way,
  { part, body }: { part: OutPart; body: MessageBody },
  deps: PutDeps,
  signal: AbortSignal,
): Promise<Put> {
  const { rest, application } = deps;
  const made = async (call: Call, channel: string | null, isSafe: boolean): Promise<Put> => ({
    answer: await rest.call(call, signal),
    channel,
    isSafe,
  });
  switch (way.kind) {
    case "original":
      return made(editOriginal(application, way.handle, body), null, true);
    case "follow_up": {
      const flags = body.flags | (way.handle.hidden ? EPHEMERAL : 0);
      const call = followUp(application, way.handle, { ...body, flags });
      const isSeen = !way.handle.hidden && !way.handle.visitor;
      return made(call, isSeen ? part.address.container : null, false);
    }
    case "draft": {
      const route = `/channels/${way.channel}/messages/${way.message}` as const;
      return made({ method: "PATCH", route, body }, null, true);
    }
    case "channel": {
      const first = await made(posted(way.channel, part, body, way.replyTo), way.channel, true);
      const isBadReply = way.replyTo !== null && first.answer.kind === "refused" && first.answer.status === 400;
      // What it refers to may be hidden from us; the words are not to be lost for that.
      return isBadReply ? made(posted(way.channel, part, body, null), way.channel, true) : first;
    }
    case "direct": {
      const channel = await deps.directs.with(way.user, signal);
      if (typeof channel === "string") return made(posted(channel, part, body, null), channel, true);
      // Nothing of the part has left.
      const answer = channel.kind === "unknown" ? ({ kind: "unsent", code: channel.code } as const) : channel;
      return { answer, channel: null, isSafe: true };
    }
  }
}

const posted = (channel: string, part: OutPart, body: MessageBody, replyTo: string | null): Call => ({
  method: "POST",
  route: `/channels/${channel}/messages`,
  body: newMessage(body, partNonce(part), replyTo),
});
