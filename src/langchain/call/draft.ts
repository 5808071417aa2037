/** What a person sees of an answer that is still being written. Made by speak.ts, anew for each try. */
import { wellFormed } from "#core";
import type { Calling } from "./calling.ts";
import { createVisible } from "./visible.ts";

/** A draft is shown anew when it has grown by this share: each is sent whole, so a long answer stays linear. */
const GROWTH = 1 / 50;

export interface Draft {
  add(piece: string): void;
}

export function createDraft(run: Pick<Calling, "show">): Draft {
  const visible = createVisible();
  let shown = 0;
  return {
    add(piece) {
      const text = visible.add(piece);
      if (!visible.ended && text.length <= shown * (1 + GROWTH)) return;
      shown = text.length;
      run.show(wellFormed(text));
    },
  };
}
