/** Who speaks, as people read it. Used wherever a reply or its agent is named. */
import type { AdapterHost, AgentId } from "#core";

export type Names = Pick<AdapterHost, "agentName">;

/** Without an agent Nova itself speaks. */
export const nameOf = (agent: AgentId | null, names: Names): string =>
  agent === null ? "Nova" : names.agentName(agent);
