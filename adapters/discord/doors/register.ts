/** Tells Discord which commands there are, and only when it does not know it already. Called by listen.ts, and by setup/setup.ts. */
import { isDeepStrictEqual } from "node:util";
import { z } from "zod";
import { codeOf, type Answer } from "../answer.ts";
import { COMMANDS } from "../inbound/commands.ts";
import type { Rest } from "../rest.ts";

const CHAT_INPUT = 1;
/** In guilds, in the direct channel with us, and among people where a user brought the app along. */
const CONTEXTS = [0, 1, 2];
/** By guilds and by users. */
const INSTALLED_BY = [0, 1];

const DEFINITIONS = COMMANDS.map(({ name, description, options }) => ({
  type: CHAT_INPUT,
  name,
  description,
  options,
  contexts: CONTEXTS,
  integration_types: INSTALLED_BY,
}));

export type Registered =
  | { readonly kind: "unchanged" }
  | { readonly kind: "written" }
  /** Not written, as it was asked for. */
  | { readonly kind: "differs" }
  | { readonly kind: "failed"; readonly code: string; readonly answer: Exclude<Answer, { kind: "done" }> };

export type RegisterDeps = {
  readonly rest: Rest;
  readonly application: string;
  /** False: only looks. */
  readonly mayWrite?: boolean;
};

export async function register(
  { rest, application, mayWrite = true }: RegisterDeps,
  signal?: AbortSignal,
): Promise<Registered> {
  const route = `/applications/${application}/commands` as const;
  const known = await rest.call({ method: "GET", route }, signal);
  const isNone = known.kind === "refused" && known.status === 404;
  if (known.kind !== "done" && !isNone) return { kind: "failed", code: codeOf(known), answer: known };
  if (known.kind === "done" && isDeepStrictEqual(canonical(known.body), canonical(DEFINITIONS)))
    return { kind: "unchanged" };
  if (!mayWrite) return { kind: "differs" };
  const written = await rest.call({ method: "PUT", route, body: DEFINITIONS }, signal);
  return written.kind === "done" ? { kind: "written" } : { kind: "failed", code: codeOf(written), answer: written };
}

const numbers = z
  .array(z.number())
  .nullish()
  .transform((list) => (list ?? []).toSorted((a, b) => a - b));

const command = z.object({
  type: z.number().default(CHAT_INPUT),
  name: z.string(),
  description: z.string().default(""),
  contexts: numbers,
  integration_types: numbers,
  options: z
    .array(
      z
        .looseObject({
          type: z.number(),
          name: z.string(),
          description: z.string(),
          required: z.boolean().default(false),
          autocomplete: z.boolean().default(false),
        })
        // What Nova never sets counts as well: somebody else did. Discord writes some of what is not set as null.
        .transform((option) => Object.fromEntries(Object.entries(option).filter(([, value]) => value !== null))),
    )
    .default([]),
});

/** What counts of a set: in any order, and without what Discord adds. Undefined for what is no set. */
const canonical = (set: unknown): unknown =>
  z
    .array(command)
    .safeParse(set)
    .data?.toSorted((a, b) => (a.name < b.name ? -1 : 1));
