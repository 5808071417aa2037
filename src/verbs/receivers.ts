/** `nova receivers`: where signed webhooks may be posted to. Adds, lists, tries, renews and removes them, and what went there. */
import { z } from "zod";
import { HOME, NovaError, type Receiver } from "#core";
import { drawReceivers } from "./receivers-words.ts";
import { output, type ReceiversOutput } from "./receivers-output.ts";
import { tryReceiver } from "./receivers-trial.ts";
import { grace, graceEnd } from "./grace.ts";
import { defineVerb, type VerbParts } from "./verb.ts";
import { who } from "./who.ts";

const name = z
  .string("a name is needed")
  .regex(
    /^[a-z0-9][a-z0-9-]{0,62}$/,
    "the name may hold only lower-case letters, digits and hyphens, with no hyphen in front, and at most 63 of them",
  );

const input = z.discriminatedUnion("do", [
  z.object({ do: z.literal("list") }),
  z.object({ do: z.literal("add"), name, url: z.string("an address is needed").trim().max(2_000) }),
  z.object({ do: z.literal("remove"), name }),
  z.object({ do: z.literal("test"), name }),
  z.object({ do: z.literal("rotate"), name, grace }),
  z.object({
    do: z.literal("deliveries"),
    name: name.optional(),
    limit: z.coerce.number("the limit must be a number").int().min(1).max(500).default(20),
  }),
  z.object({ do: z.literal("replay"), id: z.string().regex(/^\d{1,18}$/, "the delivery is named by its number") }),
]);

const NAME = ["<name>", "the receiver's name"] as const;

export const receivers = defineVerb({
  name: "receivers",
  summary: "Add, list, try and remove receivers of signed webhooks",
  forms: [
    {
      path: "receivers list",
      summary: "List where signed webhooks may be posted to",
      isDefault: true,
      examples: ["nova receivers", "nova receivers list --json"],
      input: () => ({ do: "list" }),
    },
    {
      path: "receivers add",
      summary: "Let webhooks be posted to an address, and print the secret that they are signed with, once",
      arguments: [
        ["<name>", "how people name it: lower-case letters, digits and hyphens"],
        ["<url>", "its address; one on a private network must be let in by NOVA_EGRESS_ALLOW"],
      ],
      examples: ["nova receivers add billing https://billing.example.com/hooks/nova"],
      input: ([given, url]) => ({ do: "add", name: given, url }),
    },
    {
      path: "receivers test",
      summary: "Post a signed event of the type nova.test, once, and say what came back",
      arguments: [[...NAME]],
      examples: ["nova receivers test billing"],
      input: ([given]) => ({ do: "test", name: given }),
    },
    {
      path: "receivers rotate",
      summary: "Print a fresh secret; until the grace is over posts are signed with both. Opens a disabled one again",
      arguments: [[...NAME]],
      options: [["--grace <hours>", "how long the secret before signs, too (default: 24)"]],
      examples: ["nova receivers rotate billing", "nova receivers rotate billing --grace 0"],
      input: ([given], options) => ({ do: "rotate", name: given, ...options }),
    },
    {
      path: "receivers remove",
      summary: "Post nothing more there; what waits is given up, and its people are told",
      arguments: [[...NAME]],
      examples: ["nova receivers remove billing"],
      input: ([given]) => ({ do: "remove", name: given }),
    },
    {
      path: "receivers deliveries",
      summary: "List the latest posts and how each fared, newest first",
      arguments: [["[name]", "of this receiver only"]],
      options: [["--limit <n>", "most posts (default: 20)"]],
      examples: ["nova receivers deliveries", "nova receivers deliveries billing --limit 100 --json"],
      input: ([given], options) => ({ do: "deliveries", ...(given === undefined ? {} : { name: given }), ...options }),
    },
    {
      path: "receivers replay",
      summary: "Send a post again that has ended, under the same id",
      arguments: [["<delivery>", "its number, as `nova receivers deliveries` shows it"]],
      examples: ["nova receivers replay 12"],
      input: ([given]) => ({ do: "replay", id: given }),
    },
  ],
  input,
  output,
  async run(asked, parts, _emit, signal): Promise<ReceiversOutput> {
    switch (asked.do) {
      case "list":
        return { receivers: [...(await parts.receivers.all(HOME))] };
      case "add":
        return add(asked.name, asked.url, parts, signal);
      case "remove":
        if (!(await parts.receivers.remove(HOME, asked.name))) throw missing(asked.name);
        return { removed: asked.name };
      case "test":
        return { tried: await tryReceiver(await existing(asked.name, parts), parts, signal) };
      case "rotate":
        return rotate(asked.name, asked.grace, parts);
      case "deliveries":
        if (asked.name !== undefined) await existing(asked.name, parts);
        return {
          deliveries: [
            ...(await parts.webhookPosts.list(HOME, {
              limit: asked.limit,
              ...(asked.name === undefined ? {} : { receiver: asked.name }),
            })),
          ],
        };
      case "replay":
        return { replayed: await replay(asked.id, parts) };
    }
  },
  words: drawReceivers,
  failed: (result) => "tried" in result && !result.tried.ok,
});

async function add(given: string, url: string, parts: VerbParts, signal: AbortSignal): Promise<ReceiversOutput> {
  const why = await parts.egress.lookedUp(url, signal);
  if (why !== undefined) throw new NovaError("bad_input", `Nova cannot post to ${url}: ${why}`);
  const { receiver, secret } = await parts.receivers.add(await who(parts, undefined), given, url);
  const notes = url.startsWith("http:") ? ["Posts go there unencrypted: anybody on the way can read them."] : [];
  return { receiver, secret, formerGoodUntil: null, notes };
}

async function rotate(given: string, hours: number, parts: VerbParts): Promise<ReceiversOutput> {
  const until = graceEnd(hours, parts.clock.now());
  const rotated = await parts.receivers.rotate(HOME, given, until);
  if (!rotated) throw missing(given);
  return { ...rotated, formerGoodUntil: hours === 0 ? null : until, notes: [] };
}

async function replay(id: string, { webhookPosts, clock }: VerbParts) {
  const replayed = await webhookPosts.replay(id, HOME, clock.now());
  if (replayed) return replayed;
  throw new NovaError("bad_input", `There is no post ${id} that could be sent again.`, {
    advice:
      "One that still waits is tried by itself, and to a disabled receiver nothing goes; `nova receivers deliveries` shows all.",
  });
}

async function existing(given: string, { receivers: known }: VerbParts): Promise<Receiver> {
  const found = await known.named(HOME, given);
  if (!found) throw missing(given);
  return found;
}

function missing(given: string): NovaError {
  return new NovaError("bad_input", `There is no receiver called ${given}.`, {
    advice: "`nova receivers` shows what there is.",
  });
}
