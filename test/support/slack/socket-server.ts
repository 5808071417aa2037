/** Socket Mode's other end: several connections share the traffic, each envelope waits for its ack. Used by peer.ts. */
import { randomUUID } from "node:crypto";
import type { Server } from "node:http";
import { WebSocketServer, type RawData, type WebSocket } from "ws";
import type { Envelope } from "./envelope.ts";
import { BOT, type Json } from "./workspace.ts";

export type Ack = {
  /** HTTP only; 200 for an envelope that was acknowledged. */
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  /** What came back with it. */
  readonly body: Json;
  /** From the delivery to the ack. */
  readonly ms: number;
};
export type Retry = { readonly attempt: number; readonly reason: string };

type Waiting = {
  readonly envelope: Envelope;
  readonly retry: Retry | undefined;
  readonly resolve: (ack: Ack) => void;
  readonly sentAt: number;
  readonly socket: WebSocket;
};

const PING_MS = 1_000;

export function openSocketServer(server: Server) {
  // Pongs are this end's own to give, so that it can fall silent.
  const hub = new WebSocketServer({ noServer: true, autoPong: false });
  const tickets = new Set<string>();
  const live = new Set<WebSocket>();
  const waiting = new Map<string, Waiting>();
  const backlog: Omit<Waiting, "socket" | "sentAt">[] = [];
  let turn = 0;
  let muted = false;
  let silentHello = false;

  server.on("upgrade", (request, socket, head) => {
    const ticket = new URL(request.url ?? "/", "http://slack").searchParams.get("ticket") ?? "";
    // A ticket is good once.
    if (!tickets.delete(ticket)) return void socket.end("HTTP/1.1 401 Unauthorized\r\n\r\n");
    hub.handleUpgrade(request, socket, head, join);
  });

  function join(socket: WebSocket): void {
    const ping = setInterval(() => muted || socket.ping(), PING_MS);
    socket.on("ping", (data) => muted || socket.pong(data));
    socket.on("message", (data) => hear(textOf(data)));
    socket.on("error", () => socket.terminate());
    socket.on("close", () => {
      clearInterval(ping);
      live.delete(socket);
      // What this connection was given and did not acknowledge, another one gets.
      for (const [id, { socket: owner, ...one }] of waiting) {
        if (owner !== socket) continue;
        waiting.delete(id);
        backlog.push({ ...one, retry: { attempt: (one.retry?.attempt ?? 0) + 1, reason: "timeout" } });
      }
      flush();
    });
    if (silentHello) return;
    socket.send(
      JSON.stringify({
        type: "hello",
        num_connections: live.size + 1,
        connection_info: { app_id: BOT.app },
        debug_info: { host: "applink-1", build_number: 1, approximate_connection_time: 18_060 },
      }),
    );
    live.add(socket);
    flush();
  }

  function hear(text: string): void {
    const { envelope_id: id, payload = {} } = JSON.parse(text) as Json;
    const found = waiting.get(id);
    waiting.delete(id);
    found?.resolve({ status: 200, headers: {}, body: payload, ms: performance.now() - found.sentAt });
  }

  function flush(): void {
    const sockets = [...live].filter((socket) => socket.readyState === socket.OPEN);
    while (!muted && backlog.length > 0 && sockets.length > 0) {
      const next = backlog.shift();
      const socket = sockets[turn++ % sockets.length];
      if (!next || !socket) return;
      const id = randomUUID();
      waiting.set(id, { ...next, socket, sentAt: performance.now() });
      socket.send(
        JSON.stringify({
          envelope_id: id,
          type: next.envelope.type,
          payload: next.envelope.payload,
          accepts_response_payload: next.envelope.type !== "events_api",
          ...(next.envelope.type === "events_api"
            ? { retry_attempt: next.retry?.attempt ?? 0, retry_reason: next.retry?.reason ?? "" }
            : {}),
        }),
      );
    }
  }

  return {
    ticket(): string {
      const ticket = randomUUID();
      tickets.add(ticket);
      return ticket;
    },
    connections: (): number => live.size,
    /** Envelopes out there that nobody has acknowledged. */
    unacked: (): readonly Envelope[] => [...waiting.values()].map(({ envelope }) => envelope),
    deliver: (envelope: Envelope, retry?: Retry): Promise<Ack> =>
      new Promise((resolve) => {
        backlog.push({ envelope, retry, resolve });
        flush();
      }),
    /** Text that is no envelope, for all connections. */
    raw(text: string): void {
      for (const socket of live) socket.send(text);
    },
    disconnect(reason: "warning" | "refresh_requested" | "link_disabled"): void {
      for (const socket of live) {
        live.delete(socket);
        socket.send(JSON.stringify({ type: "disconnect", reason, debug_info: { host: "applink-1" } }));
      }
    },
    /** Cuts all connections without a word. */
    cut(): void {
      for (const socket of hub.clients) socket.terminate();
    },
    /** Open, and dead: no ping, no pong, no envelope, nothing read. */
    mute(): void {
      muted = true;
      for (const socket of live) socket.pause();
    },
    unmute(): void {
      muted = false;
      for (const socket of hub.clients) socket.resume();
      flush();
    },
    /** Connections to come are let in and then told nothing. */
    withholdHello(isWithheld: boolean): void {
      silentHello = isWithheld;
    },
    close(): void {
      muted = true;
      for (const socket of hub.clients) socket.terminate();
      hub.close();
    },
  };
}
const textOf = (data: RawData): string =>
  (data instanceof ArrayBuffer ? Buffer.from(data) : Array.isArray(data) ? Buffer.concat(data) : data).toString();
