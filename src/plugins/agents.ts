/** Finds the agents: every .md file of a domain's folder, with its code and its domain's contracts. Called at start. */
import { readFile } from "node:fs/promises";
import { basename, join } from "node:path";
import { z } from "zod";
import {
  DOMAINS,
  agentId,
  type AgentCode,
  type AgentId,
  type AgentSpec,
  type Domain,
  type EffectDefinition,
  type FullRoster,
  type Roster,
  type ToolDefinition,
} from "#core";
import { checkEdges, type Contracts } from "./edges.ts";
import { loadEffects } from "./effects.ts";
import { isRecord, list, open, shown, type Entry } from "./file.ts";
import { readAgent } from "./front-matter.ts";
import { refuse, suggest, type Problem } from "./problem.ts";

export type LoadedAgents = {
  readonly roster: Roster;
  readonly code: (id: AgentId) => AgentCode | undefined;
  readonly contract: FullRoster["contract"];
};

/** A domain's folder, read but not yet compared with the others. */
type Read = {
  readonly specs: AgentSpec[];
  readonly code: Map<string, AgentCode>;
  readonly contracts: Contracts;
  readonly problems: Problem[];
};

/** Folders of agents/ that hold no agents. */
const NOT_DOMAINS: readonly string[] = ["tools", "effects"];

/** What agents may be granted. */
type Grantable = {
  readonly tools: readonly ToolDefinition[];
  /** Left out: those of the folder. */
  readonly effects?: readonly EffectDefinition[];
};

/**
 * Reads all agents below `dir`, or throws one `bad_plugin` that names every fault found. Nothing is loaded in part.
 */
export async function loadAgents(dir: string, grantable: Grantable): Promise<LoadedAgents> {
  const { tools, effects = await loadEffects(join(dir, "effects")) } = grantable;
  const read: Read = { specs: [], code: new Map(), contracts: new Map(), problems: [] };
  for (const entry of await list(dir)) {
    if (!entry.folder || NOT_DOMAINS.includes(entry.name)) continue;
    const domain = DOMAINS.find((known) => known === entry.name);
    if (domain) await readDomain(entry.path, domain, { dir, read });
    else read.problems.push(notADomain(entry, dir));
  }
  refuse(read.problems);
  refuse(checkEdges(read.specs, { tools, effects, contracts: read.contracts, fileOf: (spec) => fileOf(spec, dir) }));
  const roster = createRoster(read.specs);
  return {
    roster,
    code: (id) => read.code.get(id),
    contract(agent, side) {
      const spec = roster.get(agent);
      const schema = spec && read.contracts.get(spec.domain)?.[spec[side]];
      return schema instanceof z.ZodType ? schema : undefined;
    },
  };
}

function createRoster(specs: readonly AgentSpec[]): Roster {
  const byId = new Map<string, AgentSpec>(specs.map((spec) => [spec.id, spec]));
  return { all: () => specs, get: (id) => byId.get(id) };
}

async function readDomain(
  folder: string,
  domain: Domain,
  { dir, read }: { readonly dir: string; readonly read: Read },
): Promise<void> {
  const files = (await list(folder)).filter((entry) => !entry.folder);
  const ids = files.filter((file) => file.name.endsWith(".md")).map((file) => basename(file.name, ".md"));
  for (const { name, path } of files) {
    const file = shown(path, dir);
    if (name.endsWith(".md")) await readSpec(path, { file, domain, read });
    else if (name === "contracts.ts") read.contracts.set(domain, await open(path, file));
    else if (name.endsWith(".ts")) await readCode(path, { file, ids, read });
  }
}

async function readSpec(
  path: string,
  { file, domain, read }: { readonly file: string; readonly domain: Domain; readonly read: Read },
): Promise<void> {
  const id = basename(path, ".md");
  if (!/^[a-z][a-z0-9-]*$/.test(id)) {
    const advice = "Name it in lower-case letters, digits and hyphens, or move it out of the domain's folder.";
    read.problems.push({ file, key: "", what: "the file's name cannot be an agent's id", advice });
    return;
  }
  const agent = readAgent(await readFile(path, "utf8"), file);
  if (agent.kind === "refused") read.problems.push(...agent.problems);
  else read.specs.push({ ...agent.front, id: agentId(id), domain, prompt: agent.prompt });
}

async function readCode(
  path: string,
  { file, ids, read }: { readonly file: string; readonly ids: readonly string[]; readonly read: Read },
): Promise<void> {
  const id = basename(path, ".ts");
  if (!ids.includes(id)) {
    const advice = `${suggest(id, ids)} Code stands beside the agent that it belongs to, under the same name.`;
    read.problems.push({ file, key: "", what: `there is no ${id}.md beside it`, advice });
    return;
  }
  const code = (await open(path, file))["default"];
  if (isAgentCode(code)) read.code.set(id, code);
  else {
    const advice = "Write `export default defineAgentCode({ … })`.";
    read.problems.push({ file, key: "default", what: "is not the code of an agent", advice });
  }
}

function isAgentCode(value: unknown): value is AgentCode {
  return isRecord(value) && value["kind"] === "agent-code";
}

function notADomain(entry: Entry, dir: string): Problem {
  return { file: `${shown(entry.path, dir)}/`, key: "", what: "is not a domain", advice: suggest(entry.name, DOMAINS) };
}

function fileOf(spec: AgentSpec, dir: string): string {
  return `${basename(dir)}/${spec.domain}/${spec.id}.md`;
}
