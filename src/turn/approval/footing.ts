/**
 * What an effect stands on: where its change lands, and how much its agent may do there of that verb. Asked when it is
 * weighed, when a person approves it, and right before it is done. Used by weigh.ts and decide.ts.
 */
import {
  effectiveTrust,
  grantedTrust,
  type AgentSpec,
  type Effect,
  type EffectDefinition,
  type Extent,
  type Landing,
  type Project,
  type Trust,
} from "#core";
import type { Crew } from "../crew.ts";

export type FootingCrew = Pick<Crew, "policy" | "projects" | "storedTrust">;

export type Footing = {
  readonly scope: Extent;
  /** T0 for an agent that does not hold the verb. */
  readonly trust: Trust;
};

type About = {
  readonly effect: Effect;
  readonly definition: Pick<EffectDefinition, "lands">;
  readonly agent: AgentSpec;
};

/** `isNamed`: whether the person named a place by this name. Throws only when the database is away. */
export async function footingOf(
  { effect, definition, agent }: About,
  isNamed: (name: string) => boolean,
  crew: FootingCrew,
): Promise<Footing> {
  const lands = landingOf(effect, definition);
  const run = ownPlace(effect);
  if (!lands) return { scope: "beyond", trust: await trustThere(agent, effect, [run], crew) };
  const open = isElsewhere(run, lands) ? await crew.projects.all(effect.tenant) : [];
  const there: Project | undefined = open.find(({ id }) => id === lands.project);
  const scope = crew.policy.scopeOf({
    run,
    lands,
    open: open.map(({ id }) => id),
    reads: agent.reads,
    named: there !== undefined && isNamed(there.name),
  });
  return { scope, trust: await trustThere(agent, effect, [run, lands], crew) };
}

/** What this agent may do of the effect's verb, wherever in its way it stands; T0 where it does not hold it. */
export async function trustThere(
  agent: AgentSpec,
  { verb, tenant }: Pick<Effect, "verb" | "tenant">,
  places: readonly Pick<Landing, "project">[],
  { storedTrust }: Pick<FootingCrew, "storedTrust">,
): Promise<Trust> {
  const granted = grantedTrust(agent, verb);
  if (!granted) return "T0";
  const settings = await storedTrust.of(agent.id, verb, tenant);
  return effectiveTrust(
    granted,
    settings,
    places.map(({ project }) => project),
  );
}

const ownPlace = ({ tenant, person, project, branch }: Effect): Landing => ({ tenant, person, project, branch });
const isElsewhere = (run: Landing, lands: Landing): boolean => lands.project !== null && lands.project !== run.project;

/** Undefined when the verb's own code fails over what is stored: then it lands nowhere that anybody could vouch for. */
export function landingOf(effect: Effect, definition: Pick<EffectDefinition, "lands">): Landing | undefined {
  try {
    return { ...ownPlace(effect), ...definition.lands?.(effect.args) };
  } catch {
    return undefined;
  }
}
