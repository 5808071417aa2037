/** How `nova agents show` reads. Pure; called by agents.ts. */
import { capWords, type AgentSpec } from "#core";
import type { ShownEffect } from "./agents-trust.ts";
import { fieldsOf } from "./agent-contract.ts";
import { columns, counted, indent, oneLine } from "./layout.ts";
import type { Ink } from "./verb.ts";

/** An agent's file, with what a caller needs besides. */
export type ShownAgent = Omit<AgentSpec, "id" | "effects"> & {
  readonly id: string;
  readonly effects: readonly ShownEffect[];
  readonly contract: { readonly input: unknown; readonly output: unknown };
  readonly call: string;
};

export function drawAgent(agent: ShownAgent, ink: Ink): string {
  const { contract, budget } = agent;
  const facts = [
    ["use when", agent.useWhen],
    ["not for", agent.notFor],
    ["reads", agent.reads.join(", ") || "nothing"],
    ["tools", agent.tools.join(", ") || "none"],
    ["hands off to", agent.mayHandOffTo.join(", ") || "nobody"],
    ["may call", agent.mayDelegateTo.join(", ") || "nobody"],
    ["trust", `${TRUST[agent.trust]} (${agent.trust}); met by ${agent.visibility}s and above`],
    ["from outside", agent.acceptsTainted ? "works on words from outside" : "takes no words from outside"],
    ["model", `${agent.model} tier, ${agent.timeoutMs / 1_000} s at most`],
    [
      "budget",
      `${counted(budget.modelCalls, "model call")}, ${counted(budget.toolCalls, "tool call")}, ${counted(budget.tokens, "token")} a turn${budget.daily ? `, and ${capWords(budget.daily)} a day` : ""}`,
    ],
  ];
  const effects = agent.effects.map((effect) => [effect.verb, `${effect.trust} ${effect.stakes}`, trustWords(effect)]);
  const part = (title: string, lines: readonly string[]) => ["", ink.bold(title), ...lines.map((line) => indent(line))];
  return [
    `${ink.bold(agent.name)} ${ink.dim(`@${agent.id}, ${agent.domain}`)}`,
    agent.purpose,
    "",
    ...columns(facts),
    ...part("Takes", drawFields(contract.input)),
    ...part("Gives", drawFields(contract.output)),
    ...part("May propose (trust, stakes)", effects.length === 0 ? ["nothing"] : columns(effects)),
    ...part(
      "Skills",
      agent.skills.flatMap((skill) => [
        `${ink.cyan(skill.name)}: ${skill.description}`,
        ...skill.examples.slice(0, 3).map((example) => ink.dim(`  "${oneLine(example, 90)}"`)),
      ]),
    ),
    ...part(
      "When it fails",
      agent.failureModes.map(({ what, fallback }) => `${what} → ${fallback}`),
    ),
    ...part("Called from a program", [
      agent.call,
      ink.dim(`The token: nova hooks add my-program --origin person --agent ${agent.id}`),
    ]),
  ].join("\n");
}

/** What it is, what becomes of it now, and where that is otherwise. */
function trustWords({ trust, start, ceiling, projects, stakes, what }: ShownEffect): string {
  const most = start === ceiling ? "and allows no more" : `and allows ${ceiling} at most`;
  const bounds = start === ceiling && start === trust ? "" : `Its file begins at ${start} ${most}.`;
  const there = projects.map(({ project, trust: other }) => `${other} in ${project}`).join(", ");
  const own = TRUST_WITH[stakes]?.[trust] ?? READS[trust] ?? "";
  return [what, own, bounds, there && `Otherwise in projects: ${there}.`].filter((each) => each !== "").join(" ");
}

function drawFields(schema: unknown): readonly string[] {
  const fields = fieldsOf(schema);
  if (fields.length === 0) return ["one JSON object"];
  return columns(fields.map(({ name, type, required, what }) => [name, required ? type : `${type}, optional`, what]));
}

const TRUST: Readonly<Record<AgentSpec["trust"], string>> = {
  T0: "watches only",
  T1: "reads only",
  T2: "drafts only",
  T3: "acts when a person agrees",
  T4: "does by itself what is small and can be undone",
};

/** What becomes of its effects as a rule; what it has read and who asks may ask for more care. */
const ASKED = "A person decides.";
const TYPED = "A person decides, on the terminal.";
const DRAFT = "It only drafts it.";
const READS: Readonly<Record<string, string>> = { T0: "It proposes nothing now.", T1: "It proposes nothing now." };
const TRUST_WITH: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  S1: { T2: DRAFT, T3: ASKED, T4: "Done at once and told, where the person asked for it in their own words." },
  S2: { T2: DRAFT, T3: ASKED, T4: ASKED },
  S3: { T2: DRAFT, T3: TYPED, T4: TYPED },
};
