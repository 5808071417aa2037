/** Finds the tools: every .ts file of agents/tools, one tool a file. Called at start, before the agents are read. */
import { basename } from "node:path";
import type { ToolDefinition } from "#core";
import { faultsOf } from "./fields.ts";
import { isRecord, list, open, shown } from "./file.ts";
import { refuse, type Problem } from "./problem.ts";

/** Whose data a call may touch is bound by the run; a field so named would let a model choose it. */
const IDENTITY: ReadonlySet<string> = new Set(["person", "tenant", "project", "branch", "user", "owner", "principal"]);

/** Reads all tools in `dir`, or throws one `bad_plugin`. */
export async function loadTools(dir: string): Promise<readonly ToolDefinition[]> {
  const tools: ToolDefinition[] = [];
  const problems: Problem[] = [];
  for (const entry of await list(dir)) {
    if (entry.folder || !entry.name.endsWith(".ts")) continue;
    const file = shown(entry.path, `${dir}/..`);
    const tool = (await open(entry.path, file))["default"];
    if (!isTool(tool)) {
      const advice = "Write `export default defineTool({ … })`; files that tools share belong in a folder below.";
      problems.push({ file, key: "default", what: "is not a tool", advice });
      continue;
    }
    problems.push(...checkTool(tool, basename(entry.name, ".ts")).map((fault) => ({ file, ...fault })));
    tools.push(tool);
  }
  refuse(problems);
  return tools;
}

function isTool(value: unknown): value is ToolDefinition {
  return isRecord(value) && value["kind"] === "tool" && typeof value["run"] === "function";
}

function checkTool(tool: ToolDefinition, stem: string): readonly Omit<Problem, "file">[] {
  const faults: Omit<Problem, "file">[] = [];
  const name = stem.replaceAll("-", "_");
  if (tool.name !== name) {
    faults.push({ key: "name", what: `is \`${tool.name}\``, advice: `Call it \`${name}\`, as the file says.` });
  }
  if (!tool.description?.trim()) {
    faults.push({ key: "description", what: "is empty", advice: "Say what it returns and when to use it." });
  }
  if (!(tool.examples?.length > 0)) {
    faults.push({ key: "examples", what: "is empty", advice: "Give utterances that call for this tool." });
  }
  if (!(tool.timeoutMs >= 1 && tool.timeoutMs <= 600_000)) {
    faults.push({ key: "timeoutMs", what: "is not between 1 and 600,000", advice: "Give a time in milliseconds." });
  }
  return [...faults, ...checkInput(tool)];
}

function checkInput(tool: ToolDefinition): readonly Omit<Problem, "file">[] {
  return faultsOf(tool.input, IDENTITY, "Remove it; read `context.ask.person` instead.");
}
