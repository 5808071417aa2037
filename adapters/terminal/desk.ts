/** Who waits at a terminal right now, and the news that reach them: progress of turns and replies that went out. */
import type { OutPart, PersonId, Progress, ProgressBus } from "#core";
import { PLATFORM } from "./parse.ts";

export type News =
  | { readonly kind: "progress"; readonly progress: Progress }
  | { readonly kind: "sent"; readonly part: OutPart }
  /** Time has passed: reason enough to look into the transcript. */
  | { readonly kind: "tick" }
  | { readonly kind: "closing" };

/** The news of one person, in order, from the moment of joining. Iterate once. */
export interface Seat extends AsyncIterable<News> {
  leave(): void;
}

export interface Desk {
  join(person: PersonId): Seat;
  sent(part: OutPart): void;
  count(): number;
  /** Tells everyone, and takes nobody in any more. */
  close(): void;
}

/** Another process may settle and deliver the turn; then this is how late its reply is seen. */
const TICK_MS = 2_000;

export function createDesk(progress: ProgressBus): Desk {
  const seats = new Map<ReturnType<typeof createSeat>, PersonId>();
  let closing = false;
  const tell = (news: News, person?: string): void => {
    for (const [seat, sitter] of seats) if (person === undefined || sitter === person) seat.push(news);
  };
  const unlisten = progress.listen((address, each) => {
    if (address.platform === PLATFORM) tell({ kind: "progress", progress: each }, address.container);
  });
  return {
    join(person) {
      const seat = createSeat(() => seats.delete(seat));
      seats.set(seat, person);
      if (closing) seat.push({ kind: "closing" });
      return seat;
    },
    sent: (part) => tell({ kind: "sent", part }, part.address.container),
    count: () => seats.size,
    close() {
      closing = true;
      unlisten();
      tell({ kind: "closing" });
    },
  };
}

function createSeat(onLeave: () => void): Seat & { push(news: News): void } {
  const waiting: News[] = [];
  let ring = Promise.withResolvers<void>();
  let left = false;
  const push = (news: News): void => {
    waiting.push(news);
    ring.resolve();
  };
  const clock = setInterval(() => push({ kind: "tick" }), TICK_MS);
  return {
    push,
    leave() {
      left = true;
      clearInterval(clock);
      onLeave();
      ring.resolve();
    },
    async *[Symbol.asyncIterator]() {
      while (!left) {
        const news = waiting.shift();
        if (news) yield news;
        else {
          await ring.promise;
          ring = Promise.withResolvers();
        }
      }
    },
  };
}
