/** Whom a verb acts for: the owner, or a known person by name. Used by the verbs. */
import { HOME, NovaError, watchOf, type Operations, type Person } from "#core";
import type { VerbParts } from "./verb.ts";

/** The option that goes with it. */
export const AS_OPTION = ["--as <person>", "act for this person (default: the owner)"] as const;

export async function who(parts: Pick<VerbParts, "people">, name: string | undefined): Promise<Person> {
  if (name === undefined) return owner(parts);
  const person = await parts.people.named(HOME, name);
  if (person) return person;
  throw new NovaError("not_found", `Nova knows nobody called "${name}".`, {
    advice: `\`nova link --list\` shows who is known; \`nova link --new "${name}"\` adds a person.`,
  });
}

async function owner(parts: Pick<VerbParts, "people">): Promise<Person> {
  const found = (await parts.people.all(HOME)).find(({ role }) => role === "owner");
  if (found) return found;
  throw new NovaError("not_found", "This installation has no owner yet.", {
    advice: "`nova start` makes one at its first start.",
  });
}

/** The owner sees the whole tenant's turns, everyone else their own. */
export function operationsOf(parts: Pick<VerbParts, "operations">, person: Person): Operations {
  return parts.operations.as(watchOf(person));
}
