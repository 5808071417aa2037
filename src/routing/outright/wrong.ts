/** `/wrong <agent>`: the last answer should have come from another, who is asked the same now. A rule of the exact stage. */
import type { AgentSpec, Route, RouteAsk } from "#core";
import { leadingName, nearNames } from "../names.ts";
import { either, saidBeside, toAgent, toRefusal } from "../routes.ts";

const NOTHING =
  "There is no answer of the last half hour here that another agent could give. Say it again, with `@` and the agent's name in front.";

/** What `words` say behind the command. */
export function wrong(ask: RouteAsk, rest: string, agents: readonly AgentSpec[]): Route {
  const isHere = hasAnswer(ask.last);
  const last = isHere ? ask.last : ask.beside?.last;
  if (!hasAnswer(last)) return toRefusal(NOTHING, ask.words);
  const others = agents.filter(({ id }) => id !== last.agent);
  const answered = agents.find(({ id }) => id === last.agent)?.name ?? last.agent;
  const name = rest.replace(/^[\s@]+|[\s.!]+$/g, "");
  if (name === "") {
    if (others.length === 0) return toRefusal("No other agent is on call that you may talk to.", ask.words);
    const all = others.map(({ id }) => `\`/wrong ${id}\``);
    return toRefusal(`Say who should have answered: ${either(all)}.`, ask.words);
  }
  const named = leadingName(name, agents);
  if (!named || named.rest.trim() !== "") {
    const near = nearNames(name, others);
    const hint = near.length > 0 ? ` Did you mean ${either(near.map((id) => `\`/wrong ${id}\``))}?` : "";
    return toRefusal(`I know no agent called “${name.slice(0, 40)}”.${hint}`, ask.words);
  }
  if (named.agent.id === last.agent) return toRefusal(`It was the ${answered} that answered.`, ask.words);
  const reason = `You said that the ${named.agent.name} should have answered, not the ${answered}.`;
  const route: Route = { ...toAgent(named.agent, last.words, reason), says: "command" };
  return isHere ? route : saidBeside(route, ask);
}

/** One that another agent could give. */
const hasAnswer = (last: RouteAsk["last"] | undefined): last is NonNullable<RouteAsk["last"]> =>
  Boolean(last && last.clarifying.length === 0 && last.words.trim() !== "");
