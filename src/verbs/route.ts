/** `nova route`: which agent would answer these words, and why. Nothing is stored and no agent runs. */
import { z } from "zod";
import { NovaError, type Route } from "#core";
import { bar, columns, indent, percent } from "./layout.ts";
import { defineVerb, type Ink } from "./verb.ts";
import { AS_OPTION, who } from "./who.ts";

const output = z.object({
  /** Null when Nova would ask which agent is meant, or answers a command itself. */
  agent: z.string().nullable(),
  plan: z.array(z.object({ agent: z.string(), words: z.string() })).optional(),
  clarify: z.object({ question: z.string(), options: z.array(z.string()) }).optional(),
  command: z.string().optional(),
  confidence: z.number(),
  stage: z.string(),
  candidates: z.array(z.object({ agent: z.string(), score: z.number() })),
  reason: z.string(),
});
type Output = z.infer<typeof output>;

export const route = defineVerb({
  name: "route",
  summary: "Show which agent would answer, and why",
  forms: [
    {
      path: "route",
      summary: "Show which agent would answer, and why; nothing is sent or stored",
      arguments: [["<words...>", "the message, as you would write it"]],
      options: [[...AS_OPTION]],
      examples: ['nova route "what did I decide about the printer?"', 'nova route "sum up: …" --json'],
      input: ([words], { as }) => ({ words, as }),
    },
  ],
  input: z.object({ words: z.string().trim().min(1, "the words are empty"), as: z.string().optional() }),
  output,
  async run({ words, as }, parts, _emit, signal) {
    const person = await who(parts, as);
    const found = await parts.router.route(
      { words, person, origin: person.role, pinned: null, last: null, history: [] },
      signal,
    );
    return told(found);
  },
  words: drawn,
});

function told(found: Route): Output {
  const { confidence, stage, reason } = found;
  const rest = { confidence, stage, candidates: [...found.candidates], reason };
  switch (found.to.kind) {
    case "agent":
      return { agent: found.to.agent, ...rest };
    case "plan":
      return { agent: null, plan: found.to.steps.map(({ agent, words }) => ({ agent, words })), ...rest };
    case "command":
      return { agent: null, command: found.to.name, ...rest };
    case "clarify":
      return { agent: null, clarify: { question: found.to.question, options: [...found.to.options] }, ...rest };
    case "refuse":
      throw new NovaError("not_found", found.to.reason, { advice: "`nova agents` lists who is on call." });
  }
}

/** Candidates that people are shown; `--json` has them all. */
const SHOWN = 4;

function drawn(found: Output, ink: Ink): string {
  const scores = found.candidates.slice(0, SHOWN).map(({ agent, score }) => [agent, bar(score), score.toFixed(2)]);
  return [
    `${ink.bold(headline(found))}  ${ink.cyan(bar(found.confidence))} ${percent(found.confidence)}, ${found.stage} stage`,
    found.reason,
    ...(found.clarify ? ["", found.clarify.question] : []),
    ...(scores.length > 0 ? ["", ink.dim("Candidates"), indent(columns(scores).join("\n"))] : []),
  ].join("\n");
}

function headline({ agent, command, clarify, plan }: Output): string {
  if (plan) return `a plan: ${plan.map((step) => step.agent).join(", ")}`;
  if (agent !== null) return agent;
  if (command !== undefined) return `/${command}, answered by Nova itself`;
  return `a question: ${clarify?.options.join(" or ") ?? "which agent?"}`;
}
