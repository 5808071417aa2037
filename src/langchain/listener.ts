/** Hears every piece that a model sends: keeps the idle timer going and shows the readable part as a draft. */
import { BaseCallbackHandler } from "@langchain/core/callbacks/base";
import { visibleSoFar } from "./reply-text.ts";
import type { Run } from "./run.ts";

/** A draft is read anew when the text has grown by this share, so that a long answer stays linear. */
const GROWTH = 1 / 50;

export function createListener(run: Run): BaseCallbackHandler {
  let text = "";
  let readAt = 0;

  const handler = BaseCallbackHandler.fromMethods({
    handleChatModelStart() {
      text = "";
      readAt = 0;
    },
    handleLLMNewToken(piece) {
      run.heard();
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
