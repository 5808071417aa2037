/** What a person sees of an answer that is still being written. Made by speak.ts, anew for each try. */
import { visibleSoFar } from "./reply-text.ts";
import type { Run } from "./run.ts";

/** A draft is read anew when the text has grown by this share, so that a long answer stays linear. */
const GROWTH = 1 / 50;

export interface Draft {
  add(piece: string): void;
}

export function createDraft(run: Run): Draft {
  let text = "";
  let readAt = 0;
  return {
    add(piece) {
      text += piece;
      if (text.length <= readAt * (1 + GROWTH)) return;
      readAt = text.length;
      const visible = visibleSoFar(text);
      if (visible !== "") run.show(visible);
    },
  };
}
