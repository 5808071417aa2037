/** Nova's tools as LangChain tools: principal and scope are closed over, so a model can only fill in arguments. */
import { raceWithSignal } from "@langchain/core/runnables";
import { tool, type StructuredToolInterface } from "@langchain/core/tools";
import { convertToOpenAITool } from "@langchain/core/utils/function_calling";
import type { Agenda, MemoryItem, Recall, ToolDefinition } from "#core";
import type { ToolDescription } from "../call/request.ts";
import type { Run } from "./run.ts";

/** The tool did not return within its own time limit. */
export class ToolTimeout extends Error {
  override readonly name = "ToolTimeout";
}

export function bindTools(run: Run): StructuredToolInterface[] {
  return run.step.tools.map((definition) =>
    tool((input: Record<string, unknown>) => runTool(run, definition, input), {
      name: definition.name,
      description: definition.description,
      schema: definition.input,
    }),
  );
}

const descriptions = new WeakMap<ToolDefinition, ToolDescription>();

/** Worked out once for each tool. */
export function describeTool(definition: ToolDefinition): ToolDescription {
  const known = descriptions.get(definition);
  if (known) return known;
  const { name, description, input: schema } = definition;
  const told = convertToOpenAITool({ name, description, schema });
  descriptions.set(definition, told);
  return told;
}

/** A tool that ignores its signal is left behind: its late result is dropped. */
async function runTool(run: Run, definition: ToolDefinition, input: Record<string, unknown>): Promise<string> {
  const expiry = new AbortController();
  const timer = setTimeout(() => expiry.abort(new ToolTimeout(definition.name)), definition.timeoutMs);
  const signal = AbortSignal.any([run.signal, expiry.signal]);
  try {
    const { recall } = run.step.context;
    const context = {
      ...run.step.context,
      recall: watched(recall, run),
      agenda: watchedAgenda(run),
      stage: stageInto(run, signal),
      signal,
    };
    return await raceWithSignal(definition.run(input, context), signal);
  } catch (error) {
    if (expiry.signal.aborted && !run.signal.aborted) throw new ToolTimeout(definition.name, { cause: error });
    throw error;
  } finally {
    clearTimeout(timer);
  }
}

/** Memory may hold what was found somewhere, and what nobody vouches for. */
function watched(recall: Recall, run: Run): Recall {
  const see = <Item extends Pick<MemoryItem, "id" | "trust">>(items: readonly Item[]): readonly Item[] => {
    for (const { id, trust } of items) {
      if (trust === "web" || trust === "tool") run.taint({ by: "recall", name: `m${id}` });
    }
    return items;
  };
  return {
    async recall(ask) {
      const recalled = await recall.recall(ask);
      return { ...recalled, items: see(recalled.items) };
    },
    newest: async (limit, kinds) => see(await recall.newest(limit, kinds)),
    async get(item) {
      const found = await recall.get(item);
      return found && see([found])[0];
    },
  };
}

/** What was set after reading something may hold words of it. For tools, and for the agent's own code. */
export function watchedAgenda(run: Run): Agenda {
  const { agenda } = run.step.context;
  return {
    ...agenda,
    async list() {
      const all = await agenda.list();
      if (all.some(({ wording }) => wording === "outside")) run.taint({ by: "tool", name: "list_schedules" });
      return all;
    },
  };
}

/** A tool that was left behind can no longer stage anything. */
function stageInto(run: Run, signal: AbortSignal): Parameters<ToolDefinition["run"]>[1]["stage"] {
  return (change) => {
    if (!signal.aborted) run.changes.push(change);
  };
}
