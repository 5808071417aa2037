/** A listening socket for a fetch function: starts, and stops within a second. Used by server.ts and control.ts. */
import { createServer } from "node:http";
import { getRequestListener, type HttpBindings, type Http2Bindings } from "@hono/node-server";
import { NovaError } from "#core";

export interface Listener {
  /** Binds and returns the port. One that is taken is a `port_in_use` NovaError, one out of reach a `bad_config`. */
  start(): Promise<number>;
  /** Cuts event streams at once and everything else after a moment. May be called twice, and before `start`. */
  stop(): Promise<void>;
}

export type ListenerOptions = {
  readonly host: string;
  /** 0 takes a free one. */
  readonly port: number;
  /** Most time for a request to arrive in full; a slower one is answered 408. */
  readonly requestTimeoutMs: number;
  /** Never throws. `peer` is the network address at the other end. */
  readonly fetch: (request: Request, peer: string) => Promise<Response>;
};

const GRACE_MS = 700;

export function createListener({ host, port, requestTimeoutMs, fetch }: ListenerOptions): Listener {
  /** Event streams end only when somebody leaves. */
  const endless = new Set<(HttpBindings | Http2Bindings)["outgoing"]>();
  const serve = getRequestListener(
    async (request, { incoming, outgoing }) => {
      const response = await fetch(request, incoming.socket.remoteAddress ?? "unknown");
      const isStream = response.headers.get("content-type")?.startsWith("text/event-stream");
      if (isStream && !outgoing.destroyed) endless.add(outgoing);
      return response;
    },
    { overrideGlobalObjects: false, hostname: host },
  );
  const server = createServer(
    {
      requestTimeout: requestTimeoutMs,
      headersTimeout: requestTimeoutMs,
      connectionsCheckingInterval: Math.min(1_000, requestTimeoutMs),
    },
    (incoming, outgoing) => {
      outgoing.once("close", () => endless.delete(outgoing));
      void serve(incoming, outgoing);
    },
  );

  return {
    async start() {
      const { promise, resolve, reject } = Promise.withResolvers<void>();
      server.once("error", (error) => reject(listenError(error, host, port)));
      server.listen(port, host, resolve);
      await promise;
      const address = server.address();
      return typeof address === "object" && address !== null ? address.port : port;
    },
    async stop() {
      if (!server.listening) return;
      const closed = Promise.withResolvers<void>();
      server.close(() => closed.resolve());
      for (const outgoing of endless) outgoing.destroy();
      const cut = setTimeout(() => server.closeAllConnections(), GRACE_MS);
      await closed.promise;
      clearTimeout(cut);
    },
  };
}

function listenError(error: Error & { code?: string }, host: string, port: number): Error {
  if (error.code === "EADDRINUSE") {
    return new NovaError("port_in_use", `Port ${port} on ${host} is already in use.`, {
      advice: "Stop what listens there, or choose another port with NOVA_PORT.",
      cause: error,
    });
  }
  if (error.code === "EACCES" || error.code === "EADDRNOTAVAIL" || error.code === "ENOTFOUND") {
    return new NovaError("bad_config", `Nova cannot listen on ${host}, port ${port} (${error.code}).`, {
      advice: "Check NOVA_HOST and NOVA_PORT.",
      cause: error,
    });
  }
  return error;
}
