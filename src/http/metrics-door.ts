/** Who may read `GET /metrics`: the public port is open to whoever reaches it, and the numbers tell how Nova is used. */
import { createHash, timingSafeEqual } from "node:crypto";
import type { Problem } from "./problem.ts";

export type MetricsSource = {
  /** Whoever bears it may read, and nobody else; null: programs of this machine. */
  readonly token: string | null;
  readonly text: () => Promise<{ readonly type: string; readonly body: string }>;
};

/** Says why somebody may not read, or nothing. */
export type MetricsDoor = (peer: string, headers: Headers) => Problem | undefined;

/**
 * Without a token, programs of this machine may read while nobody else is let in at all. A proxy or a container's network
 * makes everybody look near, so every sign of one leaves only the token: another address to listen on, a `publicUrl` that
 * names another place, headers that proxies add.
 */
export function createMetricsDoor(token: string | null, listening: string, publicUrl: string | undefined): MetricsDoor {
  if (token !== null) {
    const expected = digest(`Bearer ${token}`);
    return (_peer, headers) => {
      const given = headers.get("authorization");
      return given !== null && timingSafeEqual(digest(given), expected) ? undefined : WANTED;
    };
  }
  const reached = publicUrl === undefined ? [] : [new URL(publicUrl).hostname];
  const isPrivate = [listening, ...reached].every((name) => LOOPBACK_NAMES.has(name));
  return (peer, headers) => {
    const isForwarded = FORWARDED.some((name) => headers.has(name));
    return isPrivate && !isForwarded && LOOPBACK_PEERS.test(peer) ? undefined : FAR;
  };
}

/** Digests are compared, so that neither content nor length of the token shows in the time taken. */
const digest = (text: string): Buffer => createHash("sha256").update(text).digest();

const LOOPBACK_NAMES: ReadonlySet<string> = new Set(["localhost", "127.0.0.1", "::1", "[::1]"]);
const LOOPBACK_PEERS = /^(?:::ffff:)?127\.|^::1$/;
const FORWARDED = [
  "forwarded",
  "x-forwarded-for",
  "x-forwarded-host",
  "x-forwarded-proto",
  "x-real-ip",
  "cf-connecting-ip",
  "true-client-ip",
  "via",
] as const;

const FAR: Problem = {
  status: 403,
  code: "forbidden",
  message: "The metrics are for programs of this machine.",
  advice: "Set NOVA_METRICS_TOKEN and send it as a bearer token.",
};

const WANTED: Problem = {
  status: 401,
  code: "forbidden",
  message: "The metrics need the token that NOVA_METRICS_TOKEN holds.",
  advice: "Send it as a bearer token.",
};
