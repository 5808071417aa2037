/** Looks at each frame of a socket before the SDK does, so that an odd one ends no process. Used by socket.ts. */
import type { SocketModeClient } from "@slack/socket-mode";
import { subscribe, unsubscribe } from "node:diagnostics_channel";
import { z } from "zod";
import type { Log } from "#core";

const frame = z.looseObject({ type: z.string(), reason: z.string().nullish() });

export type FrameDeps = {
  /** Told of every sign that the other end is alive. */
  readonly onAlive: () => void;
  /** Slack hangs up, and says why. */
  readonly onGoodbye: (reason: string) => void;
  readonly log: Log;
};

export function watchFrames(client: SocketModeClient, { onAlive, onGoodbye, log }: FrameDeps): { stop(): void } {
  const [read] = client.listeners("ws_message");
  client.removeAllListeners("ws_message");
  client.on("ws_message", (data: unknown, isBinary: unknown) => {
    onAlive();
    const { type, reason } = frameOf(data);
    if (type === "disconnect") {
      // The SDK would hang up at once; what is being stored is still acknowledged here while the next one opens.
      onGoodbye(reason ?? "");
      return;
    }
    // An async function of the SDK's, of which nobody else would see the failure.
    void (async () => read?.call(client, readable(data), isBinary))().catch(() =>
      log.warn("slack.frame_not_understood"),
    );
  });

  // Of all sockets in this process, as the SDK keeps its own to itself.
  const onSign = (message: unknown): void => {
    if (typeof message !== "object" || message === null || !("websocket" in message)) return;
    if (isOf(message.websocket, client)) onAlive();
  };
  subscribe("undici:websocket:pong", onSign);
  subscribe("undici:websocket:ping", onSign);
  return {
    stop() {
      unsubscribe("undici:websocket:pong", onSign);
      unsubscribe("undici:websocket:ping", onSign);
    },
  };
}

function isOf(socket: unknown, client: SocketModeClient): boolean {
  const held: unknown = client.websocket;
  return typeof held === "object" && held !== null && "websocket" in held && held.websocket === socket;
}

function frameOf(data: unknown): Partial<z.infer<typeof frame>> {
  try {
    return frame.parse(JSON.parse(typeof data === "string" ? data : ""));
  } catch {
    return {};
  }
}

/** The SDK takes every event for one with an inner event; the word of too many has none. */
function readable(data: unknown): unknown {
  const parsed = limitedFrame.safeParse(frameOf(data));
  if (!parsed.success) return data;
  const { payload } = parsed.data;
  return JSON.stringify({ ...parsed.data, payload: { ...payload, event: { type: payload.type } } });
}

const limitedFrame = z.looseObject({ payload: z.looseObject({ type: z.literal("app_rate_limited") }) });
