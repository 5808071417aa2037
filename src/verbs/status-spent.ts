/** The part of `nova status` that tells what models cost: today by agent and model, the last days, and the cap. */
import { z } from "zod";
import { capWords, costWords, HOME, inUnitOf, leftOf, serviceOf, tokensInOut, type Spending } from "#core";
import { columns, counted, indent } from "./layout.ts";
import type { Ink } from "./verb.ts";

const DAYS = 7;

const on = {
  calls: z.int(),
  tokens: z.object({ input: z.int(), output: z.int() }),
  micros: z.int(),
  unpriced: z.int(),
};
const used = z.object({ tokens: z.int(), micros: z.int() });
export const spentOutput = z.object({
  cap: z
    .discriminatedUnion("kind", [
      z.object({ kind: z.literal("money"), micros: z.int() }),
      z.object({ kind: z.literal("tokens"), tokens: z.int() }),
    ])
    .nullable(),
  today: z.object({ day: z.coerce.date(), ended: used, reserved: used }),
  /** The newest first; days without calls are left out. */
  days: z.array(
    z.object({
      day: z.coerce.date(),
      total: z.object(on),
      byAgent: z.array(z.object({ ...on, agent: z.string() })),
      byModel: z.array(z.object({ ...on, model: z.string() })),
    }),
  ),
});
type Spent = z.infer<typeof spentOutput>;

/** Of the whole installation: the status is the operator's. */
export async function readSpent(spending: Spending): Promise<Spent> {
  const today = await spending.today(HOME);
  const days = await spending.days(serviceOf(HOME), DAYS);
  return {
    cap: spending.cap,
    today,
    days: days.map(({ byAgent, byModel, ...day }) => ({ ...day, byAgent: [...byAgent], byModel: [...byModel] })),
  };
}

export function drawSpent(spent: Spent, ink: Ink): string {
  const now = spent.days.find(({ day }) => day.getTime() === spent.today.day.getTime());
  const before = spent.days.filter((day) => day !== now);
  const lines = [
    ["today", now ? words(now.total) : "nothing"],
    ["cap", capLine(spent)],
    ...before.map(({ day, total }) => [day.toISOString().slice(0, 10), words(total)]),
  ];
  const by = [
    ...(now?.byAgent ?? []).map((line) => [line.agent, words(line)]),
    ...(now?.byModel ?? []).map((line) => [line.model, words(line)]),
  ];
  return [
    `${ink.bold("Spent on models")}, by days in UTC`,
    indent(columns(lines).join("\n")),
    ...(by.length > 0 ? ["", ink.bold("Today by agent and model"), indent(columns(by).join("\n"))] : []),
  ].join("\n");
}

const words = (line: Spent["days"][number]["total"]): string =>
  `${costWords(line)}, ${counted(line.calls, "call")} with ${tokensInOut(line.tokens)}`;

function capLine({ cap, today }: Spent): string {
  if (!cap) return "none; NOVA_BUDGET_DAILY sets one";
  const reserved = cap.kind === "money" ? today.reserved.micros : today.reserved.tokens;
  const held = reserved > 0 ? `, ${inUnitOf(cap, reserved)} set aside for calls under way` : "";
  return `${capWords(cap)} a day, ${inUnitOf(cap, leftOf(cap, today))} left${held}`;
}
