/** One tab's line: what was said since its cursor, then everything as it happens. Nothing is lost, nothing doubled. */
import { messageId, type AdapterHost, type MessageId } from "#core";
import { encodeEvent, transcriptEvent, type FeedEvent } from "./event.ts";
import type { Feed, Tab } from "./feed.ts";
import { addressOf } from "./parse.ts";
import type { Verified } from "./verify.ts";
import type { Working } from "./working.ts";

export type StreamDeps = {
  readonly host: Pick<AdapterHost, "transcript" | "people" | "agentName" | "clock" | "log">;
  readonly feed: Feed;
  readonly working: Pick<Working, "of">;
};

const PAGE = 100;
/** A tab that leaves this many bytes unread is cut; it comes back with its cursor. */
const MAX_UNREAD_BYTES = 32 * 1024 * 1024;
const KEEPALIVE = ": still here\n\n";

export function openStream({ person, token }: Verified, after: MessageId | null, deps: StreamDeps): Response {
  const { host, feed, working } = deps;
  const encoder = new TextEncoder();
  const address = addressOf(person.id);
  const shown = new Set<MessageId>();
  let newest = after;
  /** What happens while the past is being read waits here. */
  let held: FeedEvent[] | undefined = [];
  let leave = (): void => {};

  const body = new ReadableStream<Uint8Array>(
    {
      async start(controller) {
        const write = (text: string): void => {
          controller.enqueue(encoder.encode(text));
          if ((controller.desiredSize ?? 0) <= 0) tab.close();
        };
        let closed = false;
        const tab: Tab = {
          person: person.id,
          token,
          show(event) {
            if (closed) return;
            if (held) held.push(event);
            else send(event);
          },
          async beat() {
            if (held || closed) return;
            write(KEEPALIVE);
            // Another process of this Nova may have answered; and a session may have ended.
            await catchUp();
            if (!(await host.people.session(token, host.clock.now()))) {
              tab.show({ event: "signed-out", data: null });
              tab.close();
            }
          },
          close() {
            if (closed) return;
            closed = true;
            leave();
            controller.close();
          },
        };

        const send = (event: FeedEvent): void => {
          if (closed) return;
          if (event.event === "message") {
            if (shown.has(event.id)) return;
            shown.add(event.id);
            if (newest === null || isLater(event.id, newest)) newest = event.id;
          }
          write(encodeEvent(event));
        };
        const catchUp = async (): Promise<void> => {
          for (;;) {
            const page = await host.transcript.at(address, person, newest, PAGE);
            for (const message of page) send(transcriptEvent(message, host));
            if (newest === null || page.length < PAGE || closed) return;
          }
        };

        const leaveFeed = feed.join(tab);
        leave = () => {
          closed = true;
          leaveFeed();
        };
        write("retry: 1000\n\n");
        try {
          await catchUp();
          send({ event: "ready", data: { person: person.name, running: working.of(person.id) } });
          const waiting = held;
          held = undefined;
          for (const event of waiting ?? []) if (event.event !== "progress") send(event);
        } catch (error) {
          host.log.error("web_replay_failed", error, { person: person.id });
          tab.close();
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

/** The page's cursor: the header that browsers send on their own, or the query it sends itself. */
export function cursorOf(request: Request): MessageId | null {
  const cursor = request.headers.get("last-event-id") ?? new URL(request.url).searchParams.get("after") ?? "";
  return /^\d{1,18}$/.test(cursor) ? messageId(cursor) : null;
}

/** Ids are decimal numbers of any length. */
const isLater = (a: MessageId, b: MessageId): boolean => (a.length === b.length ? a > b : a.length > b.length);
