/** What no agent's file can show alone: that all it names exists, and that the walls between domains stand. */
import { z } from "zod";
import { COMMANDS, type AgentSpec, type Domain, type EffectDefinition, type ToolDefinition } from "#core";
import { checkGrants } from "./grants.ts";
import { suggest, type Problem } from "./problem.ts";

/** Per domain, the contracts that it exports. */
export type Contracts = Map<Domain, Readonly<Record<string, unknown>>>;

export type Surroundings = {
  readonly tools: readonly ToolDefinition[];
  readonly effects: readonly EffectDefinition[];
  readonly contracts: Contracts;
  readonly fileOf: (spec: AgentSpec) => string;
};

type Fault = Omit<Problem, "file">;

const LEAST_EXAMPLES = 15;
/** Words that mean something in the chat already. */
const TAKEN: readonly string[] = [...COMMANDS, "ask", "remember", "forget", "recall", "approve"];

export function checkEdges(specs: readonly AgentSpec[], around: Surroundings): readonly Problem[] {
  const owners = new Map<string, string>();
  return specs.flatMap((spec) => {
    const faults = [
      ...checkName(spec, specs),
      ...checkGrants(spec, around),
      ...checkAgentsNamed(spec, specs),
      ...checkContracts(spec, around.contracts),
      ...checkExamples(spec, owners),
      ...checkOpenings(spec, specs),
      ...checkWalls(spec),
    ];
    return faults.map((fault) => ({ file: around.fileOf(spec), ...fault }));
  });
}

function checkName(spec: AgentSpec, specs: readonly AgentSpec[]): Fault[] {
  if (TAKEN.includes(spec.id)) {
    return [{ key: "", what: `\`${spec.id}\` is a word of the chat`, advice: "Give the agent's file another name." }];
  }
  const before = specs.slice(0, specs.indexOf(spec));
  const same = (other: AgentSpec) => other.id === spec.id || fold(other.name) === fold(spec.name);
  const twin = before.find(same);
  if (!twin) return [];
  return [
    { key: "name", what: `the agent ${twin.id} (${twin.domain}) has it too`, advice: "Give one of them another." },
  ];
}

/** One opening would hide the other, and which one would be left to chance. */
function checkOpenings(spec: AgentSpec, specs: readonly AgentSpec[]): Fault[] {
  const before = specs.slice(0, specs.indexOf(spec));
  return spec.openings.flatMap((words, i): Fault[] => {
    const other = before.find((earlier) =>
      earlier.openings.some((own) => own.startsWith(words) || words.startsWith(own)),
    );
    if (!other) return [];
    const what = `the agent ${other.id} has claimed \`${words}\` too, or a part of it`;
    return [{ key: `openings[${i}]`, what, advice: "Leave it to one of them." }];
  });
}

function checkAgentsNamed(spec: AgentSpec, specs: readonly AgentSpec[]): Fault[] {
  const known = specs.map((other) => other.id);
  const named = [
    ...spec.mayHandOffTo.map((id, i) => ({ key: `mayHandOffTo[${i}]`, id, itself: false })),
    ...spec.mayDelegateTo.map((id, i) => ({ key: `mayDelegateTo[${i}]`, id, itself: false })),
    ...spec.golden.map((golden, i) => ({ key: `golden[${i}].route`, id: golden.route, itself: true })),
  ];
  const faults = named.flatMap(({ key, id, itself }, i): Fault[] => {
    if (!known.some((other) => other === id)) {
      return [{ key, what: `there is no agent \`${id}\``, advice: suggest(id, known) }];
    }
    if (id === spec.id && !itself) return [{ key, what: "is the agent itself", advice: "Remove it." }];
    const field = key.split("[", 1)[0];
    const twice = !itself && named.slice(0, i).some((other) => other.id === id && other.key.startsWith(`${field}[`));
    return twice ? [{ key, what: `\`${id}\` stands twice`, advice: "Name it once." }] : [];
  });
  return [...faults, ...checkGoldenTools(spec, specs)];
}

function checkGoldenTools(spec: AgentSpec, specs: readonly AgentSpec[]): Fault[] {
  return spec.golden.flatMap(({ route, tool }, i): Fault[] => {
    const held = specs.find((other) => other.id === route)?.tools;
    if (tool === undefined || held === undefined || held.includes(tool)) return [];
    return [{ key: `golden[${i}].tool`, what: `${route} has no tool \`${tool}\``, advice: suggest(tool, held) }];
  });
}

function checkContracts(spec: AgentSpec, contracts: Contracts): Fault[] {
  const exports = contracts.get(spec.domain) ?? {};
  const known = Object.keys(exports).filter((name) => exports[name] instanceof z.ZodType);
  return (["input", "output"] as const).flatMap((key): Fault[] => {
    const name = spec[key];
    if (known.includes(name)) return [];
    const what = `the domain's contracts.ts exports no zod schema \`${name}\``;
    return [{ key, what, advice: suggest(name, known) }];
  });
}

/** `owners` remembers, over all agents, whose an utterance is. */
function checkExamples(spec: AgentSpec, owners: Map<string, string>): Fault[] {
  const examples = spec.skills.flatMap((skill, i) =>
    skill.examples.map((text, j) => ({ key: `skills[${i}].examples[${j}]`, text })),
  );
  const faults: Fault[] = [];
  for (const { key, text } of examples) {
    const owner = owners.get(fold(text));
    if (owner === undefined) owners.set(fold(text), spec.id);
    else faults.push({ key, what: `${owner} has this example already`, advice: "Leave it with one agent." });
  }
  if (examples.length < LEAST_EXAMPLES) {
    const what = `has ${examples.length} examples, and ${LEAST_EXAMPLES} are the least`;
    faults.push({ key: "skills", what, advice: "Add utterances as people would really write them." });
  }
  return faults;
}

function checkWalls(spec: AgentSpec): Fault[] {
  if (spec.domain !== "language") return [];
  const faults: Fault[] = [];
  if (spec.tools.length > 0) {
    const advice = "Remove the tools, or move the agent to another domain.";
    faults.push({ key: "tools", what: "a language agent turns text into text and holds no tools", advice });
  }
  if (spec.effects.length > 0) {
    const advice = "Remove the effects, or move the agent to another domain.";
    faults.push({ key: "effects", what: "a language agent turns text into text and changes nothing", advice });
  }
  if (spec.mayDelegateTo.length > 0) {
    const advice = "Let it hand over instead, or move the agent to another domain.";
    faults.push({ key: "mayDelegateTo", what: "a language agent works on its text alone and calls nobody", advice });
  }
  const read = spec.reads.find((scope) => scope !== "conversation");
  if (read !== undefined) {
    const advice = "Let it read `conversation` or nothing.";
    faults.push({ key: "reads", what: `a language agent does not read ${read}`, advice });
  }
  return faults;
}

function fold(text: string): string {
  return text.normalize("NFKC").toLowerCase().replace(/\s+/g, " ").trim();
}
