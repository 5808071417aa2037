/** Leads in an answer with the schedule that asked for it: it comes when nobody has asked anything just before. Called by turn.ts. */
import type { Settlement, TakenTurn } from "#core";
import type { Crew } from "../crew.ts";
import { withLeadIn } from "../endings.ts";

export function sayWhichSchedule(
  turn: TakenTurn,
  settlement: Settlement,
  crew: Pick<Crew, "surfaces" | "roster">,
): Settlement {
  const names = turn.messages.flatMap(({ schedule }) => schedule ?? []);
  // With words of their own among them the answer is to those as well.
  if (names.length < turn.messages.length) return settlement;
  const named = [...new Set(names)].map((name) => `“${name}”`).join(" and ");
  return withLeadIn(`From your schedule ${named}:`, turn, settlement, crew);
}
