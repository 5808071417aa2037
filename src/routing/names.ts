/** Which agent a person means by a name: ids and display names, without regard to case. Used by every stage. */
import { closest, distance } from "fastest-levenshtein";
import { mayMeet, mayRead, type AgentSpec, type Roster, type RouteAsk } from "#core";

/** The agent for everything that no specialist is for, where there is one. */
export const GENERAL = "concierge";

/** The agents that this person may meet and that may read these words. To everybody else the others do not exist. */
export function onCall(
  live: Roster,
  { person, origin, roster = live }: Pick<RouteAsk, "person" | "origin" | "roster">,
): readonly AgentSpec[] {
  return roster.all().filter((agent) => mayMeet(person.role, agent) && mayRead(origin, agent));
}

/** The agent whose id or name opens the text, and what follows it; the longest name wins. */
export function leadingName(
  text: string,
  agents: readonly AgentSpec[],
): { readonly agent: AgentSpec; readonly rest: string } | undefined {
  const folded = text.toLowerCase();
  const hits = agents.flatMap((agent) =>
    namesOf(agent)
      .filter((name) => folded.startsWith(name) && !/^[\p{L}\p{N}_-]/u.test(text.slice(name.length)))
      .map((name) => ({ agent, name })),
  );
  const [longest] = hits.sort((a, b) => b.name.length - a.name.length);
  return longest && { agent: longest.agent, rest: text.slice(longest.name.length) };
}

/** The agent that the whole text names. */
export function namedAgent(text: string, agents: readonly AgentSpec[]): AgentSpec | undefined {
  return agents.find((agent) => namesOf(agent).includes(text.trim().toLowerCase()));
}

/** The ids nearest to a name that is not known, nearest first; at most two. */
export function nearNames(name: string, agents: readonly AgentSpec[]): readonly string[] {
  const folded = name.toLowerCase();
  return agents
    .map((agent) => {
      const near = closest(folded, namesOf(agent));
      const begins = folded.length > 2 && near.startsWith(folded);
      return { id: agent.id, apart: begins ? 0 : distance(folded, near), bound: Math.max(2, near.length / 3) };
    })
    .filter(({ apart, bound }) => apart <= bound)
    .sort((a, b) => a.apart - b.apart)
    .map(({ id }) => id)
    .slice(0, 2);
}

function namesOf(agent: AgentSpec): string[] {
  return [agent.id.toLowerCase(), agent.name.toLowerCase()];
}
