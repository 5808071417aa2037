/** The agents on call: read, judged by their golden routes, routed to, and replaced by a reload. Opened by main.ts. */
import { join } from "node:path";
import { NovaError, type Roster, type Router, type ToolDefinition } from "#core";
import { createRouter } from "./langchain/router.ts";
import { loadAgents, loadTools, openRoster, type LiveRoster, type LoadedAgents } from "./plugins/index.ts";
import { createRouteSteps } from "./routing/steps.ts";
import { tryGoldenRoutes } from "./verbs/golden.ts";

export type OnCall = {
  readonly tools: readonly ToolDefinition[];
  readonly roster: LiveRoster;
  readonly router: Router;
};

/** Most time for all golden routes together; they take some milliseconds. */
const GOLDEN_MS = 30_000;

/** Throws `bad_plugin` for files that do not hold together or whose golden routes fail. */
export async function openOnCall(folder: string): Promise<OnCall> {
  const tools = await readTools(folder);
  const roster = await openRoster(() => loadAgents(folder, { tools }), refuseMisses);
  return { tools, roster, router: routerOver(roster) };
}

/** The files as they are now, beside the agents on call. */
export async function readAgents(folder: string): Promise<{ readonly roster: Roster; readonly router: Router }> {
  const { roster } = await loadAgents(folder, { tools: await readTools(folder) });
  return { roster, router: routerOver(roster) };
}

const readTools = (folder: string) => loadTools(join(folder, "tools"));
const routerOver = (roster: Roster) => createRouter(createRouteSteps({ roster }));

async function refuseMisses({ roster }: LoadedAgents): Promise<void> {
  const { failed } = await tryGoldenRoutes(roster, routerOver(roster), AbortSignal.timeout(GOLDEN_MS));
  if (failed.length === 0) return;
  const misses = failed.map(
    ({ agent, input, expected, got }) => `${agent}: "${input}" went to ${got}, not ${expected}`,
  );
  throw new NovaError("bad_plugin", `Golden routes of the agents do not hold: ${misses.join("; ")}.`, {
    advice: "Change the examples or negatives of the agents that are named, or the golden case.",
  });
}
