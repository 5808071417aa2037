/** `nova people`: who is known by which accounts, who asks to be let in, and from whom nothing is taken. */
import { z } from "zod";
import { accountText, HOME, NovaError, readAccount, type ExternalId, type Person, type Whom } from "#core";
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
  z.object({ do: z.literal("pair"), code: code.optional(), as: name.optional(), role: roles.default("member") }),
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
      summary: "List who asks to be let in, or link one who asks to a person, who is added when new",
      arguments: [["[code]", "the pairing code that Nova gave to the stranger"]],
      options: [
        ["--as <name>", "who it is: somebody known, or a new name"],
        ["--role <role>", "of somebody new: member or guest (default: member)"],
      ],
      examples: [
        "nova people pair",
        "nova people pair K7QX2M --as Ada",
        "nova people pair K7QX2M --as Ada --role guest",
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

type Pair = { readonly code?: string | undefined; readonly as?: string | undefined; readonly role: "member" | "guest" };

async function pair({ code: given, as, role }: Pair, parts: VerbParts): Promise<PeopleOutput> {
  if (given === undefined) {
    const waiting = await parts.pairings.waiting();
    return { did: "asking", asking: waiting.map((each) => ({ ...each, account: accountText(each.account) })) };
  }
  if (as === undefined) {
    throw new NovaError("bad_input", "Say who it is.", { advice: `\`nova people pair ${given} --as <name>\`.` });
  }
  const approved = await parts.pairings.approve(given, { name: as, role }, (await who(parts, undefined)).id);
  if (approved.kind === "none") throw none(given);
  const { person, account: linked, added } = approved;
  return { did: "pair", account: accountText(linked), name: person.name, role: person.role, added };
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
