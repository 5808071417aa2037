/** One tab's line: what was said since its cursor, then everything as it happens. Nothing is lost, nothing doubled. */
import { messageId, type AdapterHost, type MessageId } from "#core";
import { amendedEvent, encodeEvent, transcriptEvent, type FeedEvent } from "./event.ts";
import type { Feed, Tab } from "./feed.ts";
import { createHeard } from "./heard.ts";
import { addressOf } from "./parse.ts";
import type { Verified } from "./verify.ts";
import type { Working } from "./working.ts";

export type StreamDeps = {
  readonly host: Pick<AdapterHost, "transcript" | "people" | "agentName" | "clock" | "log">;
  readonly feed: Feed;
  readonly working: Pick<Working, "of" | "over">;
};

const PAGE = 100;
/** So many of the newest lines are looked through for replies that read otherwise by now. */
const RECENT = 30;
/** A tab that leaves this many bytes unread is cut; it comes back with its cursor. */
const MAX_UNREAD_BYTES = 32 * 1024 * 1024;
const KEEPALIVE = ": still here\n\n";

export function openStream({ person, token }: Verified, after: MessageId | null, deps: StreamDeps): Response {
  const { host, feed, working } = deps;
  const encoder = new TextEncoder();
  const address = addressOf(person.id);
  /** Only what was read from the transcript, in its order, moves the cursor. */
  let newest = after;
  const shown = new Set<MessageId>();
  /** What was pushed is a reason to read, and knows more about a message than the transcript does. */
  const pushed = new Map<MessageId, FeedEvent>();
  const heard = createHeard();
  let isToRecall = after !== null;
  let ready = false;
  let closed = false;
  let leave = (): void => {};

  const body = new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        const write = (text: string): void => {
          if (closed) return;
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) <= 0) tab.close();
        };
        const say = (id: MessageId, event: FeedEvent, isCursor: boolean): void => {
          if (!shown.has(id)) write(encodeEvent(event, isCursor));
          shown.add(id);
          pushed.delete(id);
        };
        const readOn = async (): Promise<void> => {
          const waiting = [...pushed];
          for (let isMore = true; isMore && !closed;) {
            const page = await host.transcript.at(address, person, newest, PAGE);
            isMore = newest !== null && page.length === PAGE;
            for (const message of page) {
              newest = message.id;
              if (message.reply && message.turn) working.over(person.id, message.turn);
              say(message.id, pushed.get(message.id) ?? transcriptEvent(message, host), true);
              heard.note(message);
            }
          }
          if (isToRecall) await recall();
          // Stored out of order, or not to be read yet: shown all the same.
          for (const [id, event] of waiting) say(id, event, false);
        };
        /** Replies may have been amended behind the cursor: while the tab was away, or by another process. */
        const recall = async (): Promise<void> => {
          isToRecall = false;
          const recent = await host.transcript.at(address, person, null, RECENT);
          for (const message of heard.changed(recent.filter(({ id }) => !isLater(id, newest)))) {
            write(encodeEvent(amendedEvent(message, host)));
            heard.note(message);
          }
        };
        const catchUp = inTurn(readOn);

        const tab: Tab = {
          person: person.id,
          token,
          show(event) {
            if (closed) return;
            if (event.event === "message") {
              pushed.set(event.id, event);
              catchUp().catch(lost);
            } else if (event.event === "amended") {
              // Behind what is being read: that may be older.
              catchUp()
                .then(() => write(encodeEvent(event)))
                .catch(lost);
            } else if (ready || event.event !== "progress") write(encodeEvent(event));
          },
          look() {
            isToRecall = true;
            if (!closed) catchUp().catch(lost);
          },
          async beat() {
            if (!ready || closed) return;
            write(KEEPALIVE);
            isToRecall ||= heard.waits();
            // Another process of this Nova may have answered; and a session may have ended.
            await catchUp();
            if (!(await host.people.session(token, host.clock.now()))) {
              tab.show({ event: "signed-out", data: null });
              tab.close();
            }
          },
          close() {
            if (closed) return;
            leave();
            controller.close();
          },
        };
        /** The tab comes back with its cursor. */
        const lost = (error: unknown): void => {
          if (!closed) host.log.error("web.replay_failed", error, { person: person.id });
          tab.close();
        };

        const leaveFeed = feed.join(tab);
        leave = () => {
          closed = true;
          leaveFeed();
        };
        write("retry: 1000\n\n");
        write(encodeEvent({ event: "person", data: { id: person.id, name: person.name } }));
        try {
          await catchUp();
          write(encodeEvent({ event: "ready", data: { person: person.name, running: working.of(person.id) } }));
          ready = true;
        } catch (error) {
          lost(error);
        }
      },
      cancel: () => leave(),
    },
    new ByteLengthQueuingStrategy({ highWaterMark: MAX_UNREAD_BYTES }),
  );
  return new Response(body, {
    headers: { "content-type": "text/event-stream", "cache-control": "no-store", "x-accel-buffering": "no" },
  });
}

/** Not told yet: it comes as a message of its own. */
const isLater = (id: MessageId, newest: MessageId | null): boolean => newest === null || BigInt(id) > BigInt(newest);

/** One run at a time; whoever calls while one runs shares the next. */
function inTurn(run: () => Promise<void>): () => Promise<void> {
  let last: Promise<void> = Promise.resolve();
  let next: Promise<void> | undefined;
  return () => {
    next ??= last.then(() => {
      next = undefined;
      return run();
    });
    last = next;
    return next;
  };
}

/** The page's cursor: the header that browsers send on their own, or the query it sends itself. */
export function cursorOf(request: Request): MessageId | null {
  const cursor = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after") ?? "";
  return /^\d{1,18}$/.test(cursor) ? messageId(cursor) : null;
}
