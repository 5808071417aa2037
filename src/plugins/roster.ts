/** The agents on call, replaced as a whole by a reload. Opened by main; the rooms see it as a Roster. */
import { NovaError, type AgentCode, type AgentId, type Roster } from "#core";
import type { LoadedAgents } from "./agents.ts";

export type Reloaded =
  | { readonly kind: "swapped"; readonly agents: number }
  /** The files are at fault: the agents from before stay on call. */
  | { readonly kind: "kept"; readonly agents: number; readonly why: NovaError };

export interface LiveRoster extends Roster {
  code(id: AgentId): AgentCode | undefined;
  /**
   * Reads all files anew, judges them, and swaps the set at once. Code beside an agent is read once a process; a change
   * of it needs a restart. Never throws for what the files hold.
   */
  reload(): Promise<Reloaded>;
}

/**
 * Opens with a first load, which may throw. `judge` throws a NovaError to refuse a set that is well-formed and still
 * wrong, for instance because a golden route fails.
 */
export async function openRoster(
  load: () => Promise<LoadedAgents>,
  judge: (loaded: LoadedAgents) => Promise<void> = async () => {},
): Promise<LiveRoster> {
  const read = async (): Promise<LoadedAgents> => {
    const loaded = await load();
    await judge(loaded);
    return loaded;
  };
  let current = await read();
  return {
    all: () => current.roster.all(),
    get: (id) => current.roster.get(id),
    code: (id) => current.code(id),
    async reload() {
      try {
        current = await read();
        return { kind: "swapped", agents: current.roster.all().length };
      } catch (error) {
        // A fault in the files is what this waits for; anything else is a fault of ours.
        if (!(error instanceof NovaError)) throw error;
        return { kind: "kept", agents: current.roster.all().length, why: error };
      }
    },
  };
}
