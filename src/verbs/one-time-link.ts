/** A one-time code and the address that spends it in a browser. Used by `link` and `console`. */
import { z } from "zod";
import type { Person } from "#core";
import { minute } from "./layout.ts";
import type { Ink, VerbParts } from "./verb.ts";

const GOOD_FOR_MINUTES = 15;

export const oneTimeLink = z.object({
  person: z.object({ id: z.string(), name: z.string(), role: z.enum(["owner", "member", "guest"]) }),
  code: z.string(),
  url: z.string(),
  expiresAt: z.coerce.date(),
  /** False when no service runs that could open the address now. */
  served: z.boolean(),
});
export type OneTimeLink = z.infer<typeof oneTimeLink>;

export async function issueLink(person: Person, parts: VerbParts): Promise<OneTimeLink> {
  const expiresAt = new Date(parts.clock.now().getTime() + GOOD_FOR_MINUTES * 60_000);
  const code = await parts.people.issueCode(person.id, expiresAt);
  const { id, name, role } = person;
  const url = `${parts.publicUrl()}/login?code=${encodeURIComponent(code)}`;
  return { person: { id, name, role }, code, url, expiresAt, served: parts.facts().service };
}

export function drawAddress({ url, expiresAt, served }: OneTimeLink, ink: Ink): string[] {
  return [
    `  ${ink.cyan(url)}`,
    `  ${ink.dim(`works once, until ${minute(expiresAt)} UTC`)}`,
    ...(served ? [] : [ink.yellow("  Nova is not running for this folder: start it first (npm start).")]),
  ];
}
