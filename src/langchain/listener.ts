/** Hears every piece that a model sends: keeps the wait going and shows the readable part as a draft. */
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { AIMessageChunk } from "@langchain/core/messages";
import { visibleSoFar } from "./reply-text.ts";
import type { Listening, Run } from "./run.ts";

/** A draft is read anew when the text has grown by this share, so that a long answer stays linear. */
const GROWTH = 1 / 50;

type Fields = Parameters<NonNullable<BaseCallbackHandler["handleLLMNewToken"]>>[5];

export function createListener(run: Run): BaseCallbackHandler {
  let listening: Listening | undefined;
  let text = "";
  let readAt = 0;

  const handler = BaseCallbackHandler.fromMethods({
    handleChatModelStart() {
      listening = run.listening;
      text = "";
      readAt = 0;
    },
    handleLLMNewToken(piece, ...[, , , , fields]) {
      // A try that was given up may still be talking.
      if (!listening || listening !== run.listening) return;
      listening.heard(piece.length + argumentsIn(fields));
      text += piece;
      if (text.length <= readAt * (1 + GROWTH)) return;
      readAt = text.length;
      const visible = visibleSoFar(text);
      if (visible !== "") run.show(visible);
    },
  });
  // `lc_prefer_streaming` makes LangChain stream under an ordinary call; awaiting keeps the pieces in order.
  return Object.assign(handler, { lc_prefer_streaming: true, awaitHandlers: true });
}

/** Characters of tool calls, which are no text. */
function argumentsIn(fields: Fields): number {
  const message = fields?.chunk && "message" in fields.chunk ? fields.chunk.message : undefined;
  if (!AIMessageChunk.isInstance(message)) return 0;
  return (message.tool_call_chunks ?? []).reduce((sum, { name, args }) => sum + (name ?? args ?? "").length, 0);
}
