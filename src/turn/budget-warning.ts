/** Tells the owner once a day when four fifths of a cap are used, everybody's or an agent's own. Called by turn.ts. */
import {
  capWords,
  inUnitOf,
  leftOf,
  serviceOf,
  WARNED_AT,
  type AgentId,
  type Announcements,
  type Cap,
  type DaySpent,
  type TakenTurn,
  type Today,
} from "#core";
import { agentName, type Crew } from "./crew.ts";

type WarningCrew = Pick<Crew, "spending" | "roster" | "people" | "log"> & {
  readonly announcements: Pick<Announcements, "say">;
};

/** `agents`: whoever has called a model in the turn. Never throws: it has ended, and a warning is worth nobody's answer. */
export async function warnOfBudget(turn: TakenTurn, agents: ReadonlySet<AgentId>, crew: WarningCrew): Promise<void> {
  const capped = Array.from(agents).filter((agent) => crew.roster.get(agent)?.budget.daily);
  if (agents.size === 0 || (!crew.spending.cap && capped.length === 0)) return;
  try {
    const today = await crew.spending.today(turn.person.tenant);
    const { cap } = crew.spending;
    if (cap && isNear(cap, today)) await tell(turn, { cap, today, agent: null }, crew);
    if (capped.length === 0) return;
    const [day] = await crew.spending.days(serviceOf(turn.person.tenant), 1);
    for (const agent of capped) await warnOf(turn, agent, { today, day, crew });
  } catch (error) {
    crew.log.error("budget.not_warned", error, { turn: turn.id });
  }
}

type Near = { readonly cap: Cap; readonly today: Today; readonly agent: AgentId | null };

async function warnOf(
  turn: TakenTurn,
  agent: AgentId,
  { today, day, crew }: { readonly today: Today; readonly day: DaySpent | undefined; readonly crew: WarningCrew },
): Promise<void> {
  const cap = crew.roster.get(agent)?.budget.daily;
  const used = day?.byAgent.find((line) => line.agent === agent);
  if (!cap || !used) return;
  const ended = { tokens: used.tokens.input + used.tokens.output, micros: used.micros };
  const own: Today = { day: today.day, ended, reserved: { tokens: 0, micros: 0 } };
  if (isNear(cap, own)) await tell(turn, { cap, today: own, agent }, crew);
}

function isNear(cap: Cap, today: Today): boolean {
  const most = cap.kind === "money" ? cap.micros : cap.tokens;
  return leftOf(cap, today) <= (1 - WARNED_AT) * most;
}

async function tell({ person }: TakenTurn, { cap, today, agent }: Near, crew: WarningCrew): Promise<void> {
  const owner = (await crew.people.all(person.tenant)).find(({ role }) => role === "owner");
  if (!owner) return;
  const whose = agent === null ? "today's budget for models" : `what ${agentName(crew.roster, agent)} may spend today`;
  const then = agent === null ? "the offline model answers everything" : "the offline model answers in its place";
  const text = `Four fifths of ${whose} are used: **${inUnitOf(cap, leftOf(cap, today))}** of ${capWords(cap)} is left. When it is gone, ${then} until midnight UTC. \`/budget\` shows what it went to.`;
  const day = today.day.toISOString().slice(0, 10);
  await crew.announcements.say({
    key: ["budget", day, ...(agent === null ? [] : [agent])].join(":"),
    to: owner,
    address: null,
    text,
    agent: null,
  });
}
