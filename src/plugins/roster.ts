/** The agents on call, replaced as a whole by a reload. Opened by the roof; the rooms see it as a Roster. */
import { NovaError, type AgentCode, type AgentSpec, type FullRoster } from "#core";
import type { LoadedAgents } from "./agents.ts";

export type Reloaded =
  | { readonly kind: "swapped"; readonly agents: number }
  /** The files are at fault: the agents from before stay on call. */
  | { readonly kind: "kept"; readonly agents: number; readonly why: NovaError };

export interface LiveRoster extends FullRoster {
  /** By the spec itself: a turn that began before a reload goes on with the code that belongs to its specs. */
  code(agent: AgentSpec): AgentCode | undefined;
  /**
   * Reads all files anew, judges them, and swaps the set at once. Code beside an agent is read once a process; a change
   * of it needs a restart. One waits for another, so that whoever reads later wins. Never throws for what the files hold.
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
  const codes = new WeakMap<AgentSpec, AgentCode>();
  const onCall = ({ roster, contract, code }: LoadedAgents): FullRoster => {
    for (const spec of roster.all()) {
      const own = code(spec.id);
      if (own) codes.set(spec, own);
    }
    const still: FullRoster = { all: () => roster.all(), get: (id) => roster.get(id), contract, now: () => still };
    return still;
  };
  let current = onCall(await read());
  const swap = async (): Promise<Reloaded> => {
    try {
      current = onCall(await read());
      return { kind: "swapped", agents: current.all().length };
    } catch (error) {
      // A fault in the files is what this waits for; anything else is a fault of ours.
      if (!(error instanceof NovaError)) throw error;
      return { kind: "kept", agents: current.all().length, why: error };
    }
  };
  let before: Promise<unknown> = Promise.resolve();
  return {
    all: () => current.all(),
    get: (id) => current.get(id),
    contract: (agent, side) => current.contract(agent, side),
    now: () => current,
    code: (agent) => codes.get(agent),
    reload() {
      const swapped = before.then(swap);
      before = swapped.catch(() => undefined);
      return swapped;
    },
  };
}
