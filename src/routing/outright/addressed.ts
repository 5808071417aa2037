/** Whom words from outside are for: the agent that their endpoint names. The one rule of the exact stage for them. */
import type { Roster } from "#core";
import { toAgent, toRefusal, type Rule } from "../routes.ts";

/** Never a default in the place of the agent that was named: others are not made for what comes in there. */
export function addressed(live: Roster): Rule {
  return ({ pinned, words, roster = live }, agents) => {
    if (pinned === null) return undefined;
    const agent = agents.find(({ id }) => id === pinned);
    if (agent) return toAgent(agent, words, `This endpoint is for the ${agent.name}.`);
    const known = roster.get(pinned);
    if (!known) return toRefusal(`This endpoint is for “${pinned}”, which is not on call. ${REMEDY}`, words);
    const why = known.acceptsTainted ? "its owner may not meet" : "takes no words from outside";
    return toRefusal(`This endpoint is for the ${known.name}, which ${why}. ${REMEDY}`, words);
  };
}

const REMEDY = "Whoever runs this Nova can set the endpoint up anew, with another agent (`nova hooks --help`).";
