/** What `/budget` says: what models cost today and lately, and what is left of the day's cap. Called by commands.ts. */
import {
  capWords,
  costWords,
  inUnitOf,
  leftOf,
  thousands,
  tokensInOut,
  watchOf,
  type DaySpent,
  type SpentOn,
  type TakenTurn,
  type Today,
} from "#core";
import { agentName, type Crew } from "../crew.ts";

const DAYS = 7;

type BudgetCrew = Pick<Crew, "spending" | "roster">;

/** The owner reads of the whole installation, everyone else of what they spent themselves. */
export async function budget({ person }: Pick<TakenTurn, "person">, crew: BudgetCrew): Promise<string> {
  const days = await crew.spending.days(watchOf(person), DAYS);
  const today = await crew.spending.today(person.tenant);
  const now = days.find(({ day }) => day.getTime() === today.day.getTime());
  const who = person.role === "owner" ? "this installation" : "you";
  const blocks = [
    now ? `**Today** ${who} used ${spent(now.total)}.` : NONE[days.length === 0 ? "lately" : "today"],
    ...(now ? [agents(now, crew)] : []),
    limit(today, crew),
    ...ownLimits(crew),
    ...(days.length > 0 ? [`**The last ${DAYS} days**`, table(days)] : []),
    "Days begin at midnight UTC.",
  ];
  return blocks.join("\n\n");
}

const NONE = {
  lately: `Nothing was spent in the last ${DAYS} days: no model was asked but the offline one, which costs nothing.`,
  today: "**Today** nothing was spent.",
} as const;

function spent(on: SpentOn): string {
  const asked = `${calls(on)} with ${tokensInOut(on.tokens)}`;
  return on.unpriced === on.calls ? `${asked}; their price is unknown` : `${costWords(on)}, for ${asked}`;
}

function limit(today: Today, { spending: { cap } }: BudgetCrew): string {
  if (!cap) return "No daily cap is set; `NOVA_BUDGET_DAILY` sets one.";
  const reserved = cap.kind === "money" ? today.reserved.micros : today.reserved.tokens;
  const held = reserved > 0 ? `, with ${inUnitOf(cap, reserved)} set aside for calls under way` : "";
  return `The cap is **${capWords(cap)} a day** for everybody together; **${inUnitOf(cap, leftOf(cap, today))}** is left of it today${held}.`;
}

/** Of agents whose file sets one. */
function ownLimits({ roster }: BudgetCrew): string[] {
  const capped = roster.all().flatMap(({ name, budget: { daily } }) => (daily ? `${name} ${capWords(daily)}` : []));
  return capped.length > 0 ? [`Of their own, a day: ${capped.join(", ")}.`] : [];
}

function agents({ byAgent }: DaySpent, { roster }: BudgetCrew): string {
  return rows(
    ["agent", "calls", "tokens", "cost"],
    byAgent.map((on) => [agentName(roster, on.agent), thousands(on.calls), tokens(on), costWords(on)]),
  );
}

function table(days: readonly DaySpent[]): string {
  return rows(
    ["day", "calls", "tokens", "cost"],
    days.map(({ day, total }) => [
      day.toISOString().slice(0, 10),
      thousands(total.calls),
      tokens(total),
      costWords(total),
    ]),
  );
}

const calls = (on: SpentOn): string => `${thousands(on.calls)} ${on.calls === 1 ? "call" : "calls"}`;
const tokens = ({ tokens: { input, output } }: SpentOn): string => thousands(input + output);

function rows(head: readonly string[], body: readonly (readonly string[])[]): string {
  return [head, head.map(() => "---"), ...body].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
}
