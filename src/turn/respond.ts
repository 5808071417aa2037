/** What a turn was asked, carried out by agents, and what that leaves to settle. Called by turn.ts. */
import { mayRead, type FinishedStep, type Route, type Settlement, type TakenTurn } from "#core";
import type { TurnCrew } from "./parts/turn-crew.ts";
import type { Chosen } from "./choose.ts";
import { answered, refusedRoute } from "./endings.ts";
import { onOneCard } from "./parts/one-card.ts";
import { endOf, type PartEnd } from "./parts/part-end.ts";
import { unbegun } from "./parts/unbegun.ts";
import { carryOut, MOST_PARTS, type Planned } from "./parts/plan.ts";

type Asked = Pick<Chosen, "route" | "about"> & { readonly to: Extract<Route["to"], { kind: "agent" | "plan" }> };

export async function respond(turn: TakenTurn, { route, about, to }: Asked, crew: TurnCrew): Promise<Settlement> {
  const parts: Planned[] = [];
  for (const { agent, words } of to.kind === "agent" ? [{ agent: to.agent, words: route.words }] : to.steps) {
    const spec = crew.roster.get(agent);
    if (!spec) return refusedRoute(turn, route, `The agent ${agent} is not on call any more.`, crew);
    if (!mayRead(turn.origin, spec)) {
      return refusedRoute(turn, route, `The ${spec.name} takes no words from outside.`, crew);
    }
    if (parts.length < MOST_PARTS) parts.push({ agent: spec, words });
  }
  const together = to.kind === "plan" && to.together;
  const arrivals = await carryOut(turn, { parts, about, together }, crew);
  const ends: PartEnd[] = [];
  for (const [i, each] of arrivals.entries()) {
    const left = (to.kind === "agent" ? route.left : to.steps[i]?.left) ?? [];
    const asked = {
      words: parts[i]?.words ?? "",
      left,
      taken: route.taken,
      shown: ends.flatMap(({ card }) => card?.shown ?? []),
    };
    ends.push("why" in each ? unbegun(each, asked.words) : await endOf(turn, each, asked, crew));
  }
  const last = parts.at(-1)?.agent;
  if (to.kind === "plan" && last) {
    ends.push(...(route.left ?? []).map((words) => unbegun({ agent: last, why: "many" }, words)));
  }
  const unnoted = arrivals
    .flatMap((each) => ("why" in each ? [] : each.legs))
    .filter(({ place }) => !crew.noted.has(place));
  return answered(turn, crew, { route, ends: await onOneCard(ends, crew), steps: unnoted.map(record) });
}

function record({ outcome, startedAt, endedAt }: FinishedStep): Settlement["steps"][number] {
  const { agent, reply, model, usage, calls, tools } = outcome;
  const code = reply.kind === "fail" ? reply.code : null;
  return { agent, reply: reply.kind, code, model, usage, calls, tools, startedAt, endedAt };
}
