/** What the command line may ask for, and for whom. Used by every route of the terminal. */
import { z } from "zod";
import { HOME, NovaError, type AdapterHost, type Person } from "#core";
import type { Look } from "./render.ts";

const flag = z.union([z.boolean(), z.stringbool()]);

export const lookSchema = z.object({
  as: z.string().trim().min(1).optional(),
  color: flag.default(false),
  /** Columns; absent: lines are left as they are. */
  width: z.coerce.number().int().min(20).max(1_000).optional(),
});

export const lookOf = ({ color, width }: z.infer<typeof lookSchema>): Look => ({ color, width: width ?? Infinity });

/** The person of this name, or the owner: who may read the folder may speak as anyone in it. */
export async function speaker(host: Pick<AdapterHost, "people">, name: string | undefined): Promise<Person> {
  if (name === undefined) {
    const owner = (await host.people.all(HOME)).find(({ role }) => role === "owner");
    if (owner) return owner;
    throw new NovaError("not_found", "This installation has no owner yet.", { advice: "`nova start` makes one." });
  }
  const person = await host.people.named(HOME, name);
  if (person) return person;
  throw new NovaError("not_found", `Nova knows nobody called "${name}".`, {
    advice: `\`nova link --list\` shows who is known; \`nova link --new "${name}"\` adds a person.`,
  });
}

export function checked<Schema extends z.ZodType>(schema: Schema, value: unknown): z.infer<Schema> {
  const parsed = schema.safeParse(value);
  if (parsed.success) return parsed.data;
  const issues = parsed.error.issues.map(({ path, message }) => `${path.join(".")}: ${message}`);
  throw new NovaError("bad_input", `That cannot be worked with: ${issues.join("; ")}.`);
}
