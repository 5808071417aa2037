/** An agent: one Markdown file of data and prompt, plus code only where it needs some. Loaded by src/plugins. */
import { z } from "zod";
import type { AgentId } from "./ids.ts";
import type { Origin } from "./message.ts";
import { ROLE_RANK, type Role } from "./person.ts";
import { readCap, type Cap } from "./spending.ts";
import { TRUSTS } from "./trust.ts";

export const DOMAINS = ["general", "pipeline", "erp", "language", "operations"] as const;
export type Domain = (typeof DOMAINS)[number];

const word = z.string().regex(/^[a-z][a-z0-9-]*$/, "lower-case letters, digits and hyphens");
const sentence = z.string().trim().min(1);

/** The front matter of `agents/<domain>/<id>.md`. Unknown keys are errors. */
export const agentFrontMatter = z.strictObject({
  name: sentence.describe("How people see it, for instance `Librarian`."),
  purpose: sentence.max(200).describe("Its reason to exist, in one sentence."),
  useWhen: sentence.max(300),
  notFor: sentence.max(300),
  skills: z
    .array(z.strictObject({ name: word, description: sentence, examples: z.array(sentence).min(5) }))
    .min(1)
    .describe("At least 15 example utterances over all skills."),
  openings: z
    .array(z.string().regex(/^[a-z][a-z' ]*:?$/, "lower-case words, with or without a colon at the end"))
    .default([])
    .describe("Words that, at the beginning of a message which asks nothing, always mean this agent."),
  negatives: z.array(sentence).default([]).describe("Utterances that look like this agent's and are not."),
  tools: z.array(z.string()).default([]),
  effects: z
    .array(z.strictObject({ verb: z.string(), trust: z.enum(TRUSTS).optional(), ceiling: z.enum(TRUSTS).optional() }))
    .default([])
    .describe(
      "Verbs that it may propose. `trust`: how much it may do of this one at the start, where that is not the agent's own. `ceiling`: the most that the operator may raise that to by `nova trust`; left out, it is not raised, only lowered.",
    ),
  approval: z
    .strictObject({ hours: z.number().min(0.1).max(720).default(24) })
    .prefault({})
    .describe("How long its proposals wait for a decision."),
  mayHandOffTo: z.array(word).default([]),
  mayDelegateTo: z.array(word).default([]),
  input: z.string().default("Words").describe("Name of a contract in the domain's contracts.ts."),
  output: z.string().default("Text").describe("Name of a contract in the domain's contracts.ts."),
  reads: z.array(z.enum(["conversation", "memory", "operations"])).default(["conversation"]),
  trust: z.enum(TRUSTS),
  grounding: z
    .enum(["strict", "told", "none"])
    .default("told")
    .describe(
      "An answer's figure that stands nowhere: `strict` fails it, `told` says so under it, `none` lets it stand.",
    ),
  stages: z
    .boolean()
    .default(false)
    .describe("Whether its code keeps or forgets things by itself: then it runs beside nobody."),
  acceptsTainted: z.boolean().default(false).describe("Whether it may work on words from outside."),
  visibility: z.enum(["owner", "member", "guest"]).describe("The least role that may meet this agent."),
  model: z.enum(["fast", "main", "deep"]).default("main"),
  timeoutMs: z.int().min(1_000).max(600_000).default(60_000),
  idleMs: z
    .int()
    .min(500)
    .max(120_000)
    .default(20_000)
    .describe("The longest silence between two pieces of an answer; the first one may take most of `timeoutMs`."),
  budget: z
    .strictObject({
      modelCalls: z.int().min(1).max(50).default(8),
      toolCalls: z.int().min(0).max(100).default(12),
      tokens: z.int().min(500).max(1_000_000).default(30_000),
      daily: z
        .string()
        .transform((text, context): Cap => {
          const cap = readCap(text);
          if (!cap) context.addIssue("must be an amount such as `$1.50` or `200000 tokens`");
          return cap ?? z.NEVER;
        })
        .optional()
        .describe("Most that this agent may cost the whole tenant on one day."),
    })
    .prefault({}),
  failureModes: z
    .array(
      z.strictObject({
        what: sentence.describe("What goes wrong."),
        detect: sentence.describe("How code notices."),
        fallback: sentence.describe("What the person gets instead."),
      }),
    )
    .min(1),
  onFailure: z.enum(["clarify", "fallback", "say"]).default("say"),
  golden: z
    .array(z.strictObject({ input: sentence, route: word, tool: z.string().optional(), says: z.string().optional() }))
    .min(1),
});
export type AgentFrontMatter = z.infer<typeof agentFrontMatter>;

/** Hands tools and effects nothing that the file does not grant. */
export type AgentSpec = AgentFrontMatter & {
  /** The file's name without `.md`. */
  readonly id: AgentId;
  /** The folder's name. */
  readonly domain: Domain;
  /** The body of the file. */
  readonly prompt: string;
};

/** Whether its file says that an agent may change something; what its tools stage, they say themselves. */
export const mayChange = ({ effects, stages }: Pick<AgentSpec, "effects" | "stages">): boolean =>
  effects.length > 0 || stages;

/** The agents on call. */
export interface Roster {
  all(): readonly AgentSpec[];
  get(id: string): AgentSpec | undefined;
}

/** The agents on call with what they take and give. */
export interface FullRoster extends Roster {
  /** The schema that the agent's file names for it; undefined when it is not on call. */
  contract(agent: string, side: "input" | "output"): z.ZodType | undefined;
  /** The same as it stands at this moment, whatever is reloaded meanwhile. */
  now(): FullRoster;
}

/** Whether a person of this role may meet an agent. */
export const mayMeet = (role: Role, agent: Pick<AgentSpec, "visibility">): boolean =>
  ROLE_RANK[role] >= ROLE_RANK[agent.visibility];

/** Whether an agent may work on words of this origin: strangers' words only reach those that are made for them. */
export const mayRead = (origin: Origin, agent: Pick<AgentSpec, "acceptsTainted">): boolean =>
  origin !== "outside" || agent.acceptsTainted;
