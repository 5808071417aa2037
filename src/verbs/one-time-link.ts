/** A one-time code and the address that spends it in a browser. Used by `link` and `console`. */
import { z } from "zod";
import type { Person } from "#core";
import { minute } from "./layout.ts";
import type { Ink, VerbParts } from "./verb.ts";

const GOOD_FOR_MINUTES = 15;

export const oneTimeLink = z.object({
  person: z.object({ id: z.string(), name: z.string(), role: z.enum(["owner", "member", "guest"]) }),
  code: z.string(),
  /** Null when Nova takes a port of its own at its start, and does not run. */
  url: z.string().nullable(),
  expiresAt: z.coerce.date(),
  /** False when no service runs that could open the address now. */
  served: z.boolean(),
});
export type OneTimeLink = z.infer<typeof oneTimeLink>;

export async function issueLink(person: Person, parts: VerbParts): Promise<OneTimeLink> {
  const expiresAt = new Date(parts.clock.now().getTime() + GOOD_FOR_MINUTES * 60_000);
  const code = await parts.people.issueCode(person.id, expiresAt);
  const { id, name, role } = person;
  const nova = parts.publicUrl();
  const url = hasPort(nova) ? `${nova}/login?code=${encodeURIComponent(code)}` : null;
  return { person: { id, name, role }, code, url, expiresAt, served: parts.facts().service };
}

const hasPort = (url: string): boolean => new URL(url).port !== "0";

export function drawAddress({ url, expiresAt, served }: OneTimeLink, ink: Ink): string[] {
  if (url === null) {
    return [
      ink.yellow("  There is no address yet: Nova is not running, and NOVA_PORT=0 has it take any free port."),
      ink.yellow("  Start it (npm start), and run this again; or set NOVA_PORT to a port."),
    ];
  }
  return [
    `  ${ink.cyan(url)}`,
    `  ${ink.dim(`works once, until ${minute(expiresAt)} UTC`)}`,
    ...(served ? [] : [ink.yellow("  Nova is not running for this folder: start it first (npm start).")]),
  ];
}
