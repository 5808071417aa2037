/** The address that answers a command, as the inbound carries it. Used by receive.ts. */
import { z } from "zod";
import type { Seal } from "#core";
import { closeUrl } from "../response-url.ts";
import type { Envelope } from "./envelope.ts";

const answerable = z.looseObject({ response_url: z.url({ protocol: /^https?$/ }) });

/** Null for a command that came without one. */
export function handleOf(body: unknown, seal: Seal, now: Date): Envelope["handle"] {
  const parsed = answerable.safeParse(body);
  if (!parsed.success) return null;
  const { sealed, expiresAt } = closeUrl(parsed.data.response_url, seal, now);
  return { sealed, expiresAt: expiresAt.getTime() };
}
