/** Proposals as cards, with the names and times that a reader knows. Used by propose.ts and whoever keeps cards true. */
import type { Card, Person } from "#core";
import { drawCard, type Look, type Shown } from "./cards.ts";
import { agentName, type Crew } from "../crew.ts";

export type ShowCrew = Pick<Crew, "effects" | "policy" | "people" | "roster" | "projects" | "zoneOf">;

/** One card over all of these; times are the reader's, who is the one it is for when left out. `isCounted`: it says how many there are. */
export async function showProposals(
  proposals: readonly Shown[],
  crew: ShowCrew,
  reader?: Pick<Person, "id">,
  isCounted = true,
): Promise<Card> {
  return drawCard(
    await Promise.all(proposals.map(async (one) => [one, await lookOf(one, crew, reader ?? one.person)] as const)),
    isCounted,
  );
}

async function lookOf(shown: Shown, crew: ShowCrew, reader: Pick<Person, "id">): Promise<Look> {
  const { effect, agent, approvers } = shown;
  const projects = effect.project === null ? [] : await crew.projects.all(effect.tenant);
  const people = approvers.length === 0 ? [] : await crew.people.all(effect.tenant);
  return {
    policy: crew.policy,
    definition: crew.effects.get(effect.verb),
    agent: agentName(crew.roster, agent),
    project: projects.find(({ id }) => id === effect.project)?.name ?? effect.project,
    approvers: people.filter(({ id }) => approvers.includes(id)).map(({ name }) => name),
    zone: await crew.zoneOf(reader.id),
  };
}
