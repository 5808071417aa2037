/**
 * What an effect stands on: where its change lands, and how much those through whose hands it went may do there of that verb.
 * Asked when it is weighed, when a person approves it, and right before it is done. By weigh-proposal.ts and decide.ts.
 */
import {
  effectiveTrust,
  grantedTrust,
  landingOf,
  leastTrust,
  type AgentId,
  type AgentSpec,
  type Effect,
  type EffectDefinition,
  type Extent,
  type Landing,
  type Project,
  type Trust,
} from "#core";
import type { Crew } from "../crew.ts";

export type FootingCrew = Pick<Crew, "policy" | "projects" | "storedTrust" | "roster">;

export type Footing = {
  readonly scope: Extent;
  /** The lowest of all through whose hands it went; T0 for an agent that does not hold the verb. */
  readonly trust: Trust;
  /** Whose trust that is. */
  readonly holder: AgentId;
};

type About = {
  readonly effect: Effect;
  readonly definition: Pick<EffectDefinition, "lands" | "existing">;
  readonly agent: AgentSpec;
  /** Those that handed the wish on before it came to the agent. */
  readonly handedBy: readonly AgentId[];
};

/** `isNamed`: whether the person named a place by this name. Throws only when the database is away. */
export async function footingOf(about: About, isNamed: (name: string) => boolean, crew: FootingCrew): Promise<Footing> {
  const { effect, definition, agent } = about;
  const { tenant, person, project, branch } = effect;
  const run: Landing = { tenant, person, project, branch };
  const lands = landingOf(effect, definition);
  if (!lands) return { scope: "beyond", ...(await least(about, [run], crew)) };
  const open = isElsewhere(run, lands) ? await crew.projects.all(tenant) : [];
  const there: Project | undefined = open.find(({ id }) => id === lands.project);
  const scope = crew.policy.scopeOf({
    run,
    lands,
    open: open.map(({ id }) => id),
    reads: agent.reads,
    existing: definition.existing ?? false,
    named: there !== undefined && isNamed(there.name),
  });
  return { scope, ...(await least(about, [run, lands], crew)) };
}

const isElsewhere = (run: Landing, lands: Landing): boolean => lands.project !== null && lands.project !== run.project;

/** What was handed on is the wish of everybody who did: none of them reaches further through another than by itself. */
async function least(
  { effect, agent, handedBy }: About,
  places: readonly Pick<Landing, "project">[],
  crew: FootingCrew,
): Promise<Pick<Footing, "trust" | "holder">> {
  let lowest = { trust: await trustThere(agent, effect, places, crew), holder: agent.id };
  for (const id of handedBy) {
    const trust = await trustOfHand(id, effect, places, crew);
    if (leastTrust(trust, lowest.trust) !== lowest.trust) lowest = { trust, holder: id };
  }
  return lowest;
}

/**
 * One that does not hold the verb has no trust in it that could be compared: to hand on is how it gets to those that do. But
 * on the word of one that may not act alone, nobody does.
 */
async function trustOfHand(
  id: AgentId,
  effect: Effect,
  places: readonly Pick<Landing, "project">[],
  crew: FootingCrew,
): Promise<Trust> {
  const spec = crew.roster.get(id);
  if (spec?.effects.some(({ verb }) => verb === effect.verb)) return trustThere(spec, effect, places, crew);
  return spec?.trust === "T4" ? "T4" : "T3";
}

async function trustThere(
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
