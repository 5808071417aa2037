/** "Nova is typing" in a channel, for as long as something is heard of the turn. Used by preview.ts. */
import type { Rest } from "../rest.ts";

export interface Typing {
  /** Goes on: the turn gave a sign of life. */
  on(): void;
  stop(): void;
}

/** It is seen for ten seconds. */
const AGAIN_MS = 8_000;
/** A turn of which nothing is heard this long is at work elsewhere, or not at all. */
const QUIET_MS = 5 * 60_000;

export function createTyping(channel: string, rest: Rest): Typing {
  let heardAt = performance.now();
  const timer = setInterval(() => void once(), AGAIN_MS).unref();
  const stop = (): void => clearInterval(timer);

  async function once(): Promise<void> {
    if (performance.now() - heardAt > QUIET_MS) return stop();
    const answer = await rest.call({ method: "POST", route: `/channels/${channel}/typing` });
    // Where it may not type it may not write either, and asking again does not change that.
    if (answer.kind === "refused") stop();
  }

  void once();
  return { on: () => void (heardAt = performance.now()), stop };
}
