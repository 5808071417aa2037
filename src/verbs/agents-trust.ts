/** What an agent may propose, and how much of each it may do as things stand. Used by agents.ts for `nova agents show`. */
import { z } from "zod";
import { effectiveTrust, grantedTrust, HOME, TRUSTS, type AgentSpec } from "#core";
import type { VerbParts } from "./verb.ts";

const level = z.enum(TRUSTS);

export const shownEffect = z.object({
  verb: z.string(),
  /** What counts wherever nothing is set for the project. */
  trust: level,
  /** As its file begins with it, and what the operator may raise it to. */
  start: level,
  ceiling: level,
  /** Projects where something else counts. */
  projects: z.array(z.object({ project: z.string(), trust: level })),
  stakes: z.string(),
  what: z.string(),
});
export type ShownEffect = z.infer<typeof shownEffect>;

export async function effectsOf(agent: AgentSpec, parts: VerbParts): Promise<readonly ShownEffect[]> {
  if (agent.effects.length === 0) return [];
  const [all, projects] = await Promise.all([parts.storedTrust.all(HOME), parts.projects.all(HOME)]);
  return agent.effects.flatMap(({ verb }) => {
    const granted = grantedTrust(agent, verb);
    if (!granted) return [];
    const set = all.filter((each) => each.agent === agent.id && each.verb === verb);
    const trust = effectiveTrust(granted, set, [null]);
    const there = projects.map(({ id, name }) => ({ project: name, trust: effectiveTrust(granted, set, [id]) }));
    const { stakes = "unknown", description = "" } = parts.effects.find((each) => each.verb === verb) ?? {};
    const others = there.filter((each) => each.trust !== trust);
    return [{ verb, trust, ...granted, projects: others, stakes, what: description }];
  });
}
