/** What `nova people` returns, and how that reads. Used by people.ts. */
import { z } from "zod";
import { columns, counted, minute, oneLine } from "./layout.ts";
import type { Ink } from "./verb.ts";

const role = z.enum(["owner", "member", "guest"]);

const asking = z.object({
  account: z.string(),
  name: z.string().nullable(),
  code: z.string(),
  askedAt: z.coerce.date(),
});

const known = z.object({
  id: z.string(),
  name: z.string(),
  role,
  blocked: z.boolean(),
  accounts: z.array(z.object({ account: z.string(), state: z.enum(["linked", "blocked"]), linkedAt: z.coerce.date() })),
});

export const output = z.discriminatedUnion("did", [
  z.object({
    did: z.literal("list"),
    people: z.array(known),
    /** Accounts of nobody from which nothing is taken. */
    blockedStrangers: z.array(z.string()),
    asking: z.array(asking),
  }),
  z.object({ did: z.literal("asking"), asking: z.array(asking) }),
  z.object({ did: z.literal("pair"), account: z.string(), name: z.string(), role, added: z.boolean() }),
  z.object({ did: z.literal("reject"), account: z.string() }),
  z.object({ did: z.literal("role"), name: z.string(), role }),
  z.object({ did: z.literal("block"), whom: z.string() }),
  z.object({ did: z.literal("unblock"), whom: z.string(), wasBlocked: z.boolean() }),
  z.object({ did: z.literal("unlink"), account: z.string(), person: z.string() }),
]);
export type PeopleOutput = z.infer<typeof output>;

export function drawPeople(result: PeopleOutput, ink: Ink): string {
  switch (result.did) {
    case "list":
      return drawList(result, ink);
    case "asking":
      return result.asking.length === 0 ? "Nobody asks to be let in." : drawAsking(result.asking, ink);
    case "pair":
      return `${result.account} is ${ink.bold(result.name)}, ${result.added ? `new, ${result.role}` : `${result.role}, known before`}.`;
    case "reject":
      return `${result.account} was turned away and hears nothing for a week. \`nova people block ${result.account}\` is for good.`;
    case "role":
      return `${ink.bold(result.name)} is a ${result.role} from the next message on.`;
    case "block":
      return `Nothing is taken from ${ink.bold(result.whom)} any more, and nothing that waits is answered.`;
    case "unblock":
      return result.wasBlocked ? `${ink.bold(result.whom)} may write again.` : `${result.whom} was not blocked.`;
    case "unlink":
      return `${result.account} is not ${ink.bold(result.person)}'s any more. What was remembered stays with the person.`;
  }
}

function drawList(list: Extract<PeopleOutput, { did: "list" }>, ink: Ink): string {
  const rows = columns(
    list.people.map((person) => [
      person.name,
      person.blocked ? `${person.role}, blocked` : person.role,
      person.accounts.map(({ account, state }) => (state === "blocked" ? `${account} (blocked)` : account)).join("  "),
    ]),
  );
  const lines = [ink.bold(counted(list.people.length, "person", "people")), ...rows.map((row) => `  ${row}`)];
  if (list.blockedStrangers.length > 0) lines.push("", `Blocked, of nobody: ${list.blockedStrangers.join("  ")}`);
  if (list.asking.length > 0) lines.push("", drawAsking(list.asking, ink));
  return lines.join("\n");
}

/** What somebody goes by is a stranger's own word, so it stands last and in quotation marks. */
function drawAsking(waiting: readonly z.infer<typeof asking>[], ink: Ink): string {
  const rows = columns(
    waiting.map(({ code, account, name, askedAt }) => [
      code,
      account,
      minute(askedAt),
      name === null ? "" : `“${oneLine(name, 60)}”`,
    ]),
  );
  return [
    ink.bold("Asking to be let in"),
    ...rows.map((row) => `  ${row}`),
    ink.dim(
      "`nova people pair <code> --as <name>` lets in somebody new, `--to <name>` adds the account to somebody known,",
    ),
    ink.dim("`nova people reject <code>` turns one away."),
  ].join("\n");
}
