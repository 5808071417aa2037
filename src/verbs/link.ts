/** `nova link`: lets a person in, by a one-time code for a browser or another account of theirs. */
import { z } from "zod";
import { HOME, type Person } from "#core";
import { columns } from "./layout.ts";
import { drawAddress, issueLink, oneTimeLink } from "./one-time-link.ts";
import { defineVerb, type Ink, type VerbParts } from "./verb.ts";
import { AS_OPTION, who } from "./who.ts";

const roles = z.enum(["member", "guest"], "the role must be member or guest");
const listed = z.object({ people: z.array(oneTimeLink.shape.person) });
const name = z.string().trim().min(1, "a name is needed").max(80, "the name is longer than 80 characters");

const input = z.discriminatedUnion("do", [
  z.object({ do: z.literal("list") }),
  z.object({ do: z.literal("new"), name, role: roles.default("member") }),
  z.object({ do: z.literal("code"), as: name.optional() }),
]);

export const link = defineVerb({
  name: "link",
  summary: "Let a person in: a one-time code for a browser or a chat account",
  forms: [
    {
      path: "link",
      summary: "Print a one-time code and link: for you, for a known person, or for a new one",
      options: [
        [...AS_OPTION],
        ["--new <name>", "add a person and print their code"],
        ["--role <role>", "with --new: member or guest (default: member)"],
        ["--list", "list who is known"],
      ],
      examples: ["nova link", 'nova link --new "Ada" --role member', "nova link --as Ada", "nova link --list"],
      input: (_, options) => {
        if (options["list"]) return { do: "list" };
        if (options["new"] !== undefined) return { do: "new", name: options["new"], role: options["role"] };
        return { do: "code", as: options["as"] };
      },
    },
  ],
  input,
  output: z.union([oneTimeLink, listed]),
  async run(asked, parts) {
    if (asked.do === "list") return list(parts);
    const person: Person =
      asked.do === "new" ? await parts.people.add(HOME, asked.name, asked.role) : await who(parts, asked.as);
    return issueLink(person, parts);
  },
  words: (output, ink) => ("people" in output ? drawPeople(output, ink) : drawCode(output, ink)),
});

async function list({ people }: VerbParts): Promise<z.infer<typeof listed>> {
  const all = await people.all(HOME);
  return { people: all.map((person) => ({ id: person.id, name: person.name, role: person.role })) };
}

function drawCode(issued: z.infer<typeof oneTimeLink>, ink: Ink): string {
  return [
    `A code for ${ink.bold(issued.person.name)} (${issued.person.role}): ${ink.bold(issued.code)}`,
    "",
    "Open in a browser:",
    ...drawAddress(issued, ink),
    "",
    `On another channel, send Nova directly:  ${ink.cyan(`link ${issued.code}`)}`,
  ].join("\n");
}

function drawPeople({ people }: z.infer<typeof listed>, ink: Ink): string {
  const rows = columns(people.map((person) => [person.name, person.role]));
  return [ink.bold("Known people"), ...rows.map((row) => `  ${row}`)].join("\n");
}
