/** `nova route`: which agent would answer these words, and why, and what was corrected. Nothing is stored, and no agent or model runs. */
import { z } from "zod";
import { NovaError, wholeOf, type Route } from "#core";
import { bar, columns, indent, oneLine, percent } from "./layout.ts";
import { drawnLabels, labelled, labelsOf } from "./route-labels.ts";
import { defineVerb, type Ink } from "./verb.ts";
import { AS_OPTION, who } from "./who.ts";

const chosen = z.object({
  /** Null when Nova would ask which agent is meant, or answers a command itself. */
  agent: z.string().nullable(),
  plan: z.array(z.object({ agent: z.string(), words: z.string() })).optional(),
  /** Of a plan: whether its steps need not wait for each other. */
  together: z.boolean().optional(),
  clarify: z.object({ question: z.string(), options: z.array(z.string()) }).optional(),
  command: z.string().optional(),
  confidence: z.number(),
  stage: z.string(),
  candidates: z.array(z.object({ agent: z.string(), score: z.number() })),
  reason: z.string(),
});
type Output = z.infer<typeof chosen>;

const input = z.discriminatedUnion("do", [
  z.object({
    do: z.literal("words").optional(),
    words: z.string().trim().min(1, "the words are empty"),
    as: z.string().optional(),
  }),
  z.object({
    do: z.literal("labels"),
    remove: z
      .string()
      .regex(/^\d{1,18}$/, "remove must be the number of a correction")
      .optional(),
    as: z.string().optional(),
  }),
]);

export const route = defineVerb({
  name: "route",
  summary: "Show which agent would answer, and why",
  forms: [
    {
      path: "route words",
      summary: "Show which agent would answer, and why; nothing is sent or stored, and no model is asked",
      isDefault: true,
      arguments: [["<words...>", "the message, as you would write it"]],
      options: [[...AS_OPTION]],
      examples: ['nova route "what did I decide about the printer?"', 'nova route "sum up: …" --json'],
      input: ([words], { as }) => ({ words, as }),
    },
    {
      path: "route labels",
      summary: "List what was corrected, newest first, or take a correction back",
      options: [["--remove <number>", "take this correction back"], [...AS_OPTION]],
      examples: ["nova route labels", "nova route labels --remove 12"],
      input: (_args, { as, remove }) => ({ do: "labels", remove, as }),
    },
  ],
  input,
  output: z.union([chosen, labelled]),
  async run(asked, parts, _emit, signal) {
    const person = await who(parts, asked.as);
    if (asked.do === "labels") return labelsOf(parts.labels, person, asked.remove);
    const { words } = asked;
    const corrected = (await parts.labels.find(person, wholeOf(person), words)) ?? null;
    const found = await parts.router.route(
      { words, person, origin: person.role, pinned: null, last: null, history: [], corrected },
      signal,
    );
    return told(found);
  },
  words: (found, ink) => ("labels" in found ? drawnLabels(found, ink) : drawn(found, ink)),
});

function told(found: Route): Output {
  const { confidence, stage, reason } = found;
  const rest = { confidence, stage, candidates: [...found.candidates], reason };
  switch (found.to.kind) {
    case "agent":
      return { agent: found.to.agent, ...rest };
    case "plan":
      return {
        agent: null,
        plan: found.to.steps.map(({ agent, words }) => ({ agent, words })),
        together: found.to.together,
        ...rest,
      };
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
    ...(found.plan ? ["", ...planned(found.plan)] : []),
    ...(found.clarify ? ["", found.clarify.question] : []),
    ...(scores.length > 0 ? ["", ink.dim("Candidates"), indent(columns(scores).join("\n"))] : []),
  ].join("\n");
}

function planned(steps: NonNullable<Output["plan"]>): string[] {
  return columns(steps.map(({ agent, words }, i) => [`${i + 1}.`, agent, `“${oneLine(words, SHOWN_WORDS)}”`]));
}

const SHOWN_WORDS = 90;

function headline({ agent, command, clarify, plan, together }: Output): string {
  if (plan) return `a plan: ${plan.map((step) => step.agent).join(together ? " and " : ", then ")}`;
  if (agent !== null) return agent;
  if (command !== undefined) return `/${command}, answered by Nova itself`;
  return `a question: ${clarify?.options.join(" or ") ?? "which agent?"}`;
}
