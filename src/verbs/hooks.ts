/** `nova hooks`: the addresses where signed posts come in. Adds, lists, shows, reads, tries, renews and closes them. */
import { z } from "zod";
import { HOME, NovaError, PRESETS, type Endpoint } from "#core";
import { addEndpoint } from "./hooks-add.ts";
import { output, type HooksOutput, type Shown } from "./hooks-output.ts";
import { readPosts } from "./hooks-posts.ts";
import { tryEndpoint } from "./hooks-trial.ts";
import { drawHooks } from "./hooks-words.ts";
import { grace, graceEnd } from "./grace.ts";
import { defineVerb, type VerbParts } from "./verb.ts";

const name = z
  .string("a name is needed")
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    "the name becomes a part of the address, so it may hold only lower-case letters, digits and hyphens, with no hyphen in front, and at most 63 of them",
  );

const input = z.discriminatedUnion("do", [
  z.object({ do: z.literal("list") }),
  z.object({
    do: z.literal("add"),
    name,
    preset: z.enum(PRESETS).default("standard"),
    as: z.string().optional(),
    agent: z.string().trim().min(1, "the agent is empty").optional(),
    project: z.string().trim().min(1, "the project is empty").max(80, "the project is too long a name").optional(),
    origin: z.enum(["person", "outside"], "the origin must be person or outside").default("outside"),
    secret: z.string().trim().optional(),
  }),
  z.object({ do: z.literal("show"), name }),
  z.object({
    do: z.literal("posts"),
    name,
    limit: z.coerce
      .number("the limit must be a number")
      .int("the limit must be a whole number")
      .min(1, "the limit must be at least 1")
      .max(500, "the limit is at most 500")
      .default(10),
  }),
  z.object({ do: z.literal("rotate"), name, grace }),
  z.object({ do: z.literal("remove"), name }),
  z.object({ do: z.literal("test"), name }),
]);

const NAME = ["<name>", "the endpoint's name, the last part of its address"] as const;

export const hooks = defineVerb({
  name: "hooks",
  summary: "Add, list, try and close addresses for webhooks",
  forms: [
    {
      path: "hooks list",
      summary: "List the addresses where signed posts come in",
      isDefault: true,
      examples: ["nova hooks", "nova hooks list --json"],
      input: () => ({ do: "list" }),
    },
    {
      path: "hooks add",
      summary: "Open an address, and print its secret and its token, once",
      arguments: [["<name>", "the last part of the address: lower-case letters, digits and hyphens"]],
      options: [
        ["--github", "signed as GitHub does; otherwise by Standard Webhooks"],
        ["--as <person>", "whose it is: posts come into this person's conversations (default: the owner)"],
        ["--agent <id>", "who answers (default: one that is made for words from outside)"],
        ["--project <name>", "the project that its posts belong to; made when it is new"],
        [
          "--origin <origin>",
          "whose words the posts hold: outside, strangers' data and never commands, or person, that person's own (default: outside)",
        ],
        ["--secret-stdin", "take the secret from standard input instead of making one"],
      ],
      standardInput: "secretStdin",
      examples: [
        "nova hooks add alerts",
        "nova hooks add nova-repo --github --project Nova",
        "nova hooks add phone --origin person --as Ada",
        "nova hooks add billing --secret-stdin < secret.txt",
      ],
      input: ([given], { github, secretStdin, ...options }) => ({
        do: "add",
        name: given,
        ...(github === true ? { preset: "github" } : {}),
        ...(secretStdin === undefined ? {} : { secret: secretStdin }),
        ...options,
      }),
    },
    {
      path: "hooks show",
      summary: "Show one address; its secret and token are never shown again",
      arguments: [[...NAME]],
      examples: ["nova hooks show alerts"],
      input: ([given]) => ({ do: "show", name: given }),
    },
    {
      path: "hooks posts",
      summary: "Show the latest posts that came in, with their replies, newest last",
      arguments: [[...NAME]],
      options: [["--limit <n>", "most posts (default: 10)"]],
      examples: ["nova hooks posts alerts", "nova hooks posts alerts --limit 50 --json"],
      input: ([given], options) => ({ do: "posts", name: given, ...options }),
    },
    {
      path: "hooks test",
      summary: "Send a signed post to the running service, twice, and wait for its reply",
      arguments: [[...NAME]],
      examples: ["nova hooks test alerts"],
      input: ([given]) => ({ do: "test", name: given }),
    },
    {
      path: "hooks rotate",
      summary: "Print a fresh secret; the one before stays good for a while",
      arguments: [[...NAME]],
      options: [["--grace <hours>", "how long the secrets before stay good; 0 ends them at once (default: 24)"]],
      examples: ["nova hooks rotate alerts", "nova hooks rotate alerts --grace 0"],
      input: ([given], options) => ({ do: "rotate", name: given, ...options }),
    },
    {
      path: "hooks remove",
      summary: "Close an address; what came in by it stays",
      arguments: [[...NAME]],
      examples: ["nova hooks remove alerts"],
      input: ([given]) => ({ do: "remove", name: given }),
    },
  ],
  input,
  output,
  async run(asked, parts, _emit, signal): Promise<HooksOutput> {
    switch (asked.do) {
      case "list":
        return (await parts.endpoints.all(HOME)).map((endpoint) => shownOf(endpoint, parts));
      case "add":
        return addEndpoint(asked, parts);
      case "show":
        return show(asked.name, parts);
      case "posts":
        return readPosts(await existing(asked.name, parts), asked.limit, parts);
      case "test":
        return tryEndpoint(await keyed(asked.name, parts), parts, signal);
      case "rotate":
        return rotate(asked.name, asked.grace, parts);
      case "remove":
        if (!(await parts.endpoints.remove(asked.name))) throw missing(asked.name);
        return { name: asked.name, removed: true };
    }
  },
  words: drawHooks,
  failed: (result) => "steps" in result && result.steps.some(({ ok }) => !ok),
});

async function existing(asked: string, { endpoints }: VerbParts): Promise<Endpoint> {
  const found = await endpoints.named(asked);
  if (!found) throw missing(asked);
  return found;
}

async function keyed(asked: string, { endpoints, clock }: VerbParts) {
  const found = await endpoints.keys(asked, clock.now());
  if (!found) throw missing(asked);
  return found;
}

async function show(asked: string, parts: VerbParts): Promise<HooksOutput> {
  const { endpoint, secrets } = await keyed(asked, parts);
  return { ...shownOf(endpoint, parts), goodSecrets: secrets.length };
}

async function rotate(asked: string, hours: number, parts: VerbParts): Promise<HooksOutput> {
  const until = graceEnd(hours, parts.clock.now());
  const { name: known } = await existing(asked, parts);
  const { endpoint, secret } = await parts.endpoints.rotate(known, until);
  const { url, preset } = shownOf(endpoint, parts);
  return { name: endpoint.name, url, preset, secret, formerGoodUntil: hours === 0 ? null : until };
}

function shownOf(endpoint: Endpoint, { publicUrl }: VerbParts): Shown {
  const { name, preset, person, agent, project, origin, createdAt, lastPostAt } = endpoint;
  return {
    name,
    url: `${publicUrl()}/hooks/${name}`,
    preset,
    person: person.name,
    agent,
    project: project?.name ?? null,
    origin,
    createdAt,
    lastPostAt,
  };
}

function missing(asked: string): NovaError {
  return new NovaError("bad_input", `There is no endpoint called ${asked}.`, {
    advice: "`nova hooks list` shows what there is.",
  });
}
