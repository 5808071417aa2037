/** Whether what was approved may still be done, looked at right before it is: the port Standing of the core. Opened by workshop.ts. */
import type { Standing } from "#core";
import type { Crew } from "../crew.ts";
import { whyNoMore } from "./decide.ts";
import type { FootingCrew } from "./footing.ts";

export type StandingCrew = Pick<Crew, "directory" | "proposals" | "effects" | "roster"> & FootingCrew;

/**
 * Who asked is looked up as they are now: a guest, or who is blocked, has nothing done, whoever approved it. The agent is held
 * to what it may do now: one that was lowered meanwhile does not do what it proposed before.
 */
export function createStanding(crew: StandingCrew): Standing {
  return async ({ tenant, person: id, proposal: number }) => {
    const known = (await crew.directory.known(tenant)).find(({ person }) => person.id === id);
    if (!known) return { code: "not_found", told: "Nobody knows who asked for it." };
    const { person, blocked } = known;
    if (blocked) return { code: "blocked", told: `${person.name} asked for it and is blocked now.` };
    if (person.role === "guest")
      return { code: "guest", told: `${person.name} asked for it and is a guest now, for whom nothing is done.` };
    const proposal = await crew.proposals.get(number, person);
    if (!proposal) return { code: "not_found", told: "What it was about is not there any more." };
    const gone = await whyNoMore(proposal, crew);
    return gone === undefined ? undefined : { code: "not_allowed", told: `${gone}, so nothing was done.` };
  };
}
