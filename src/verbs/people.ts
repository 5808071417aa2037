/** `nova people`: who is known by which accounts, who asks to be let in, and from whom nothing is taken. */
import { z } from "zod";
import {
  accountText,
  HOME,
  NovaError,
  readAccount,
  type PairingAs,
  type Approved,
  type ExternalId,
  type Person,
  type Whom,
} from "#core";
import { drawPeople, output, type PeopleOutput } from "./people-words.ts";
import { defineVerb, type VerbParts } from "./verb.ts";
import { who } from "./who.ts";

const name = z.string().trim().min(1, "a name is needed").max(80, "the name is longer than 80 characters");
const roles = z.enum(["member", "guest"], "the role must be member or guest");
const code = z.string().trim().min(1, "a code is needed").max(40, "that is no code");
const account = z.string().transform((text, context) => {
  const read = readAccount(text);
  if (read) return read;
  context.addIssue("an account is written as slack:T024BE7LD/U023BECGF or discord:80351110224678912");
  return z.NEVER;
});
const whom = z.string().trim().min(1, "a name or an account is needed").max(500, "the name is too long");

const input = z.discriminatedUnion("do", [
  z.object({ do: z.literal("list") }),
  z.object({
    do: z.literal("pair"),
    code: code.optional(),
    as: name.optional(),
    to: name.optional(),
    role: roles.optional(),
  }),
  z.object({ do: z.literal("reject"), code }),
  z.object({ do: z.literal("role"), name, role: roles }),
  z.object({ do: z.literal("block"), whom }),
  z.object({ do: z.literal("unblock"), whom }),
  z.object({ do: z.literal("unlink"), account }),
]);

const WHOM = ["<whom>", "a name, or an account such as slack:T024BE7LD/U023BECGF"] as const;

export const people = defineVerb({
  name: "people",
  summary: "Let people in, change their roles, take away accounts, block",
  forms: [
    {
      path: "people list",
      summary: "List people with their roles and accounts, and who asks to be let in",
      isDefault: true,
      examples: ["nova people", "nova people list --json"],
      input: () => ({ do: "list" }),
    },
    {
      path: "people pair",
      summary: "List who asks to be let in, or let one in: as somebody new, or as another account of somebody known",
      arguments: [["[code]", "the pairing code that Nova gave to the stranger"]],
      options: [
        ["--as <name>", "somebody new, of this name"],
        ["--to <name>", "somebody known, who then has one memory on all their accounts"],
        ["--role <role>", "of somebody new: member or guest (default: member)"],
      ],
      examples: [
        "nova people pair",
        "nova people pair K7QX2M --as Ada",
        "nova people pair K7QX2M --as Ada --role guest",
        "nova people pair K7QX2M --to Ada",
      ],
      input: ([given], options) => ({ do: "pair", code: given, ...options }),
    },
    {
      path: "people reject",
      summary: "Turn away who asks: the account hears nothing for a week",
      arguments: [["<code>", "the pairing code"]],
      examples: ["nova people reject K7QX2M"],
      input: ([given]) => ({ do: "reject", code: given }),
    },
    {
      path: "people role",
      summary: "Change what somebody may do, from their next message on",
      arguments: [
        ["<name>", "a known person, not the owner"],
        ["<role>", "member or guest"],
      ],
      examples: ["nova people role Ada guest"],
      input: ([given, role]) => ({ do: "role", name: given, role }),
    },
    {
      path: "people block",
      summary: "Take nothing more from somebody or from an account, and answer nothing that waits",
      arguments: [[...WHOM]],
      examples: ["nova people block Ada", "nova people block discord:80351110224678912"],
      input: ([given]) => ({ do: "block", whom: given }),
    },
    {
      path: "people unblock",
      summary: "Take messages from them again",
      arguments: [[...WHOM]],
      examples: ["nova people unblock Ada"],
      input: ([given]) => ({ do: "unblock", whom: given }),
    },
    {
      path: "people unlink",
      summary: "Take an account away from its person; what was remembered stays with the person",
      arguments: [["<account>", "such as slack:T024BE7LD/U023BECGF"]],
      examples: ["nova people unlink slack:T024BE7LD/U023BECGF"],
      input: ([given]) => ({ do: "unlink", account: given }),
    },
  ],
  input,
  output,
  async run(asked, parts): Promise<PeopleOutput> {
    switch (asked.do) {
      case "list":
        return list(parts);
      case "pair":
        return pair(asked, parts);
      case "reject": {
        const rejected = await parts.pairings.reject(asked.code, (await who(parts, undefined)).id);
        if (!rejected) throw none(asked.code);
        return { did: "reject", account: accountText(rejected.account) };
      }
      case "role": {
        const { name: called, role } = await parts.directory.changeRole((await who(parts, asked.name)).id, asked.role);
        return { did: "role", name: called, role };
      }
      case "block": {
        const [one, called] = await meant(asked.whom, parts);
        await parts.directory.block(one);
        return { did: "block", whom: called };
      }
      case "unblock": {
        const [one, called] = await meant(asked.whom, parts);
        return { did: "unblock", whom: called, wasBlocked: await parts.directory.unblock(one) };
      }
      case "unlink":
        return { did: "unlink", account: accountText(asked.account), person: await unlink(asked.account, parts) };
    }
  },
  words: drawPeople,
});

async function list({ directory, pairings }: VerbParts): Promise<PeopleOutput> {
  const [known, shutOut, waiting] = await Promise.all([directory.known(HOME), directory.shutOut(), pairings.waiting()]);
  return {
    did: "list",
    people: known.map(({ person, blocked, accounts }) => ({
      id: person.id,
      name: person.name,
      role: person.role,
      blocked,
      accounts: accounts.map((each) => ({ account: accountText(each), state: each.state, linkedAt: each.linkedAt })),
    })),
    blockedStrangers: shutOut.map(accountText),
    asking: waiting.map((each) => ({ ...each, account: accountText(each.account) })),
  };
}

type Pair = Readonly<Partial<Record<"code" | "as" | "to", string | undefined>>> & {
  readonly role?: "member" | "guest" | undefined;
};

async function pair({ code: given, ...said }: Pair, parts: VerbParts): Promise<PeopleOutput> {
  if (given === undefined) {
    const waiting = await parts.pairings.waiting();
    return { did: "asking", asking: waiting.map((each) => ({ ...each, account: accountText(each.account) })) };
  }
  const admission = admissionFrom(given, said);
  const approved = await parts.pairings.approve(given, admission, (await who(parts, undefined)).id);
  if (approved.kind !== "approved") throw refusal(approved, given, admission);
  const { person, account: linked, added } = approved;
  return { did: "pair", account: accountText(linked), name: person.name, role: person.role, added };
}

function admissionFrom(given: string, { as, to, role }: Omit<Pair, "code">): PairingAs {
  if (as !== undefined && to === undefined) return { kind: "new", name: as, role: role ?? "member" };
  if (to !== undefined && as === undefined && role === undefined) return { kind: "known", name: to };
  const how = `\`nova people pair ${given} --as <name>\` for somebody new, \`--to <name>\` for somebody known.`;
  if (as === undefined && to === undefined) throw new NovaError("bad_input", "Say who it is.", { advice: how });
  const both = as === undefined ? "Somebody known keeps the role." : "Say either who is new, or who is known.";
  throw new NovaError("bad_input", both, { advice: how });
}

function refusal(why: Exclude<Approved, { kind: "approved" }>, given: string, { name: called }: PairingAs): NovaError {
  switch (why.kind) {
    case "none":
      return none(given);
    case "owners":
      return new NovaError("bad_input", `${called} is the owner, and nobody is let in as the owner.`, {
        advice: "Is the account yours? `nova link` makes a code that you send from there.",
      });
    case "taken":
      return new NovaError("bad_input", `${why.person.name} is known already, a ${why.person.role}.`, {
        advice: `\`nova people pair ${given} --to ${JSON.stringify(why.person.name)}\` if it is the same person, else another name.`,
      });
    case "nobody":
      return new NovaError("not_found", `There is nobody called ${JSON.stringify(called)}.`, {
        advice: "`nova people` lists who is known, and `--as <name>` adds somebody new.",
      });
  }
}

async function meant(text: string, parts: VerbParts): Promise<readonly [Whom, string]> {
  const one = readAccount(text);
  if (one) return [one, accountText(one)];
  const person: Person = await who(parts, text);
  return [person.id, person.name];
}

async function unlink(one: ExternalId, { directory }: VerbParts): Promise<string> {
  const whose = await directory.unlink(one);
  if (whose) return whose.name;
  throw new NovaError("not_found", `${accountText(one)} is nobody's account.`, { advice: "`nova people` lists them." });
}

function none(given: string): NovaError {
  return new NovaError("not_found", `Nobody asks under the code ${given}: it may be decided, or older than a week.`, {
    advice: "`nova people pair` lists who does.",
  });
}
