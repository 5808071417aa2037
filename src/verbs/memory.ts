/** `nova memory`: add, search, show, list and forget what Nova keeps of a person. */
import { z } from "zod";
import { MEMORY_KINDS, NovaError, type Person, type Place, itemId } from "#core";
import { type MemoryOutput, drawMemory, kept, output } from "./memory-words.ts";
import { defineVerb, type VerbParts } from "./verb.ts";
import { AS_OPTION, who } from "./who.ts";

const item = z
  .string()
  .regex(/^m?\d{1,18}$/i, "an item's id looks like m12")
  .transform((id) => itemId(id.replace(/^m/i, "")));
const kinds = z.enum(MEMORY_KINDS, `the kind must be one of ${MEMORY_KINDS.join(", ")}`);
const as = z.string().optional();
const project = z.string().trim().min(1, "the project is empty").max(80, "the project is too long a name").optional();

const PROJECT_OPTION = [
  "--project <name>",
  "only what is of this project or of none (default: of every project)",
] as const;

const input = z.discriminatedUnion("do", [
  z.object({
    do: z.literal("add"),
    text: z.string().trim().min(1, "the text is empty").max(20_000, "the text is longer than 20,000 characters"),
    kind: kinds.default("note"),
    project,
    as,
  }),
  z.object({
    do: z.literal("search"),
    query: z.string(),
    limit: z.coerce.number("the limit must be a number").int().min(1).max(50).default(8),
    explain: z.boolean().default(false),
    project,
    as,
  }),
  z.object({
    do: z.literal("list"),
    limit: z.coerce.number("the limit must be a number").int().min(1).max(500).default(20),
    project,
    as,
  }),
  z.object({ do: z.literal("show"), item, as }),
  z.object({ do: z.literal("forget"), item, as }),
]);

export const memory = defineVerb({
  name: "memory",
  summary: "Add, search, show, list or forget what Nova keeps",
  forms: [
    {
      path: "memory add",
      summary: "Keep a note",
      arguments: [["<text...>", "what to keep; - reads it from standard input"]],
      options: [
        ["--kind <kind>", `one of ${MEMORY_KINDS.join(", ")} (default: note)`],
        ["--project <name>", "the project that it belongs to; made when it is new (default: none)"],
        [...AS_OPTION],
      ],
      examples: [
        'nova memory add "The router password is in the blue folder"',
        "nova memory add - < notes.md",
        'nova memory add "We ship on Fridays" --kind decision --project Atlas',
      ],
      input: ([text], options) => ({ do: "add", text, ...options }),
    },
    {
      path: "memory search",
      summary: "Search as an agent would: ranked, within a budget, or nothing relevant",
      arguments: [["<words...>", "what to look for"]],
      options: [
        ["--explain", "show why each item was found"],
        ["--limit <n>", "most items (default: 8)"],
        [...PROJECT_OPTION],
        [...AS_OPTION],
      ],
      examples: ['nova memory search "router password" --explain'],
      input: ([query], options) => ({ do: "search", query, ...options }),
    },
    {
      path: "memory list",
      summary: "List the newest items",
      isDefault: true,
      options: [["--limit <n>", "most items (default: 20)"], [...PROJECT_OPTION], [...AS_OPTION]],
      examples: ["nova memory", "nova memory list --limit 100 --json"],
      input: (_, options) => ({ do: "list", ...options }),
    },
    {
      path: "memory show",
      summary: "Show one item in full",
      arguments: [["<id>", "an item's id, for instance m12"]],
      options: [[...AS_OPTION]],
      examples: ["nova memory show m12"],
      input: ([id], options) => ({ do: "show", item: id, ...options }),
    },
    {
      path: "memory forget",
      summary: "Delete one item for good, with everything made from it",
      arguments: [["<id>", "an item's id, for instance m12"]],
      options: [[...AS_OPTION]],
      examples: ["nova memory forget m12"],
      input: ([id], options) => ({ do: "forget", item: id, ...options }),
    },
  ],
  input,
  output,
  async run(asked, parts): Promise<MemoryOutput> {
    const person = await who(parts, asked.as);
    switch (asked.do) {
      case "add":
        return { did: "add", ...(await add(asked, person, parts)) };
      case "search": {
        const { query, limit, explain } = asked;
        const found = await parts.memory
          .as(person, await within(asked.project, person, parts))
          .recall({ query, limit, now: parts.clock.now() });
        return { did: "search", explain, ...kept.parse(found) };
      }
      case "list": {
        const recall = parts.memory.as(person, await within(asked.project, person, parts));
        return { did: "list", items: [...(await recall.newest(asked.limit))] };
      }
      case "show":
        return { did: "show", item: (await parts.memory.as(person).get(asked.item)) ?? missing(asked.item, person) };
      case "forget":
        if (!(await parts.memory.forget(person, asked.item))) missing(asked.item, person);
        return { did: "forget", id: asked.item };
    }
  },
  words: drawMemory,
});

type Adding = Extract<z.output<typeof input>, { do: "add" }>;

async function add(
  { text, kind, project: name }: Adding,
  person: Person,
  { memory: store, projects, clock }: VerbParts,
) {
  const now = clock.now();
  const item = {
    kind,
    text,
    author: person.name,
    trust: person.role === "owner" ? "owner" : "member",
    happenedAt: now,
    // A note of its own: it lends no words to the notes before and after it.
    stream: `note:${now.toISOString()}`,
    message: null,
  } as const;
  if (name === undefined) return store.add(person, item);
  const { id } = await projects.ensure(person.tenant, name);
  return store.add(person, item, { project: id, branch: null });
}

/** What a project's work sees: its own items and those of none. */
async function within(name: string | undefined, person: Person, { projects }: VerbParts): Promise<Place | undefined> {
  if (name === undefined) return undefined;
  const found = await projects.named(person.tenant, name);
  if (found) return { project: found.id, branch: "every" };
  const known = (await projects.all(person.tenant)).map((each) => each.name);
  const others = known.length > 0 ? `; there are ${known.join(", ")}` : "";
  throw new NovaError("not_found", `There is no project called "${name}"${others}.`, {
    advice: `\`nova memory add "…" --project "${name}"\` makes it.`,
  });
}

function missing(id: string, person: Person): never {
  throw new NovaError("not_found", `There is no item m${id} in the memory of ${person.name}.`, {
    advice: "`nova memory list` shows the newest ones.",
  });
}
