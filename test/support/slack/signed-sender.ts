/** Slack's requests over HTTP: signed as it signs them, or badly on purpose. Used by peer.ts and by tests of the door. */
import { createHmac } from "node:crypto";
import type { Envelope } from "./envelope.ts";
import type { Ack, Retry } from "./socket-server.ts";
import { TOKENS, type Json } from "./workspace.ts";

export type Forgery = {
  readonly secret?: string;
  /** Seconds added to the time that is signed. */
  readonly skew?: number;
  /** Sent in place of the true one; null leaves the header away. */
  readonly signature?: string | null;
  readonly stamp?: string | null;
};

/** The body as the platform sends it: JSON for events, a form for the rest. */
function bodyOfEnvelope({ type, payload }: Envelope): { readonly body: string; readonly contentType: string } {
  if (type === "events_api") return { body: JSON.stringify(payload), contentType: "application/json" };
  const form = type === "interactive" ? { payload: JSON.stringify(payload) } : payload;
  return { body: new URLSearchParams(form).toString(), contentType: "application/x-www-form-urlencoded" };
}

export function signedHeaders(body: string | Uint8Array, now: Date, forgery: Forgery = {}): Record<string, string> {
  const { secret = TOKENS.signing, skew = 0, signature, stamp } = forgery;
  const time = stamp ?? String(Math.floor(now.getTime() / 1_000) + skew);
  const hash = createHmac("sha256", secret).update(`v0:${time}:`).update(body).digest("hex");
  return {
    ...(stamp === null ? {} : { "x-slack-request-timestamp": time }),
    ...(signature === null ? {} : { "x-slack-signature": signature ?? `v0=${hash}` }),
  };
}

export async function post(url: string, body: string | Uint8Array, headers: Record<string, string>): Promise<Ack> {
  const sentAt = performance.now();
  const response = await fetch(url, { method: "POST", body: Buffer.from(body), headers, redirect: "manual" });
  const text = await response.text();
  return {
    status: response.status,
    headers: Object.fromEntries(response.headers),
    body: readBody(text),
    ms: performance.now() - sentAt,
  };
}

function readBody(text: string): Json {
  try {
    const parsed: unknown = JSON.parse(text);
    return typeof parsed === "object" && parsed !== null ? parsed : { text };
  } catch {
    return text === "" ? {} : { text };
  }
}

export async function sendSigned(
  url: string,
  envelope: Envelope,
  { now, retry, forgery = {} }: { now: Date; retry?: Retry | undefined; forgery?: Forgery },
): Promise<Ack> {
  const { body, contentType } = bodyOfEnvelope(envelope);
  return post(url, body, {
    "content-type": contentType,
    ...signedHeaders(body, now, forgery),
    ...(retry ? { "x-slack-retry-num": String(retry.attempt), "x-slack-retry-reason": retry.reason } : {}),
  });
}
