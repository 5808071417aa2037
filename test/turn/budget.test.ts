/** What /budget says of what was spent, and of what is left. */
import { expect, test } from "vitest";
import {
  agentId,
  HOME,
  personId,
  type Cap,
  type DaySpent,
  type FullRoster,
  type Role,
  type Scope,
  type Spending,
} from "#core";
import { DEFAULT_MODEL } from "../../src/langchain/models/chat-models.ts";
import { createPrices } from "../../src/langchain/models/prices.ts";
import { budget } from "../../src/turn/commands/budget.ts";
import { startNova } from "../support/nova.ts";

const TODAY = new Date("2026-03-02T00:00:00Z");

const on = (calls: number, micros: number, unpriced = 0) => ({
  calls,
  tokens: { input: 1_000 * calls, output: 200 * calls },
  micros,
  unpriced,
});

const day = (date: string, ...[calls, micros, unpriced]: Parameters<typeof on>): DaySpent => {
  const total = on(calls, micros, unpriced);
  return {
    day: new Date(`${date}T00:00:00Z`),
    total,
    byAgent: [{ ...total, agent: agentId("analyst") }],
    byModel: [{ ...total, model: "gpt-5-mini" }],
  };
};

type Given = { readonly cap?: Cap; readonly days?: readonly DaySpent[]; readonly role?: Role };

async function told({ cap, days = [], role = "owner" }: Given) {
  const asked: Scope[] = [];
  const unused = async () => {
    throw new Error("nothing is spent by asking");
  };
  const spending: Spending = {
    cap: cap ?? null,
    reserve: unused,
    settle: unused,
    today: async () => ({
      day: TODAY,
      ended: { tokens: 36_000, micros: 750_000 },
      reserved: { tokens: 9, micros: 250_000 },
    }),
    days: async (scope) => (asked.push(scope), days),
  };
  const person = { id: personId("7"), tenant: HOME, name: "Ana", role };
  const roster: FullRoster = { all: () => [], get: () => undefined, contract: () => undefined, now: () => roster };
  return { words: await budget({ person }, { spending, roster }), asked };
}

test("the owner reads of today by agent, of the cap, and of the days before", async () => {
  const days = [day("2026-03-02", 30, 750_000, 2), day("2026-02-27", 1, 4_200)];
  const { words, asked } = await told({ cap: { kind: "money", micros: 5_000_000 }, days });
  expect(words)
    .toBe(`**Today** this installation used $0.75, and 2 of unknown price, for 30 calls with 30,000 tokens in, 6,000 out.

| agent | calls | tokens | cost |
| --- | --- | --- | --- |
| analyst | 30 | 36,000 | $0.75, and 2 of unknown price |

The cap is **$5.00 a day** for everybody together; **$4.00** is left of it today, with $0.25 set aside for calls under way.

**The last 7 days**

| day | calls | tokens | cost |
| --- | --- | --- | --- |
| 2026-03-02 | 30 | 36,000 | $0.75, and 2 of unknown price |
| 2026-02-27 | 1 | 1,200 | $0.0042 |

Days begin at midnight UTC.`);
  expect(asked).toMatchObject([{ person: "service" }]);
});

test("everybody else reads of what they spent themselves, and of what is left for all", async () => {
  const days = [day("2026-03-02", 1, 0, 1)];
  const { words, asked } = await told({ cap: { kind: "tokens", tokens: 36_000 }, days, role: "member" });
  expect(words).toContain("**Today** you used 1 call with 1,000 tokens in, 200 out; their price is unknown.");
  expect(words).toContain("The cap is **36,000 tokens a day** for everybody together; **0 tokens** is left");
  expect(asked).toMatchObject([{ person: "7" }]);
});

test("a day without calls is told as such", async () => {
  const { words } = await told({ days: [day("2026-02-27", 1, 50)] });
  expect(words).toContain("**Today** nothing was spent.");
  expect(words).toContain("| 2026-02-27 | 1 | 1,200 | under $0.0001 |");
  expect(words).toContain("`NOVA_BUDGET_DAILY` sets one");
});

test("in a conversation /budget is answered, and without a model it says that nothing costs", async () => {
  await using nova = await startNova();
  expect(await nova.ask("/budget")).toContain("the offline one, which costs nothing");
  expect(await nova.ask("/help")).toContain("`/budget` tells");
});

test("the model that a key alone stands for has a price, so that a cap in money can hold", () => {
  expect(createPrices({}).costOf(DEFAULT_MODEL, { input: 1, output: 1 })).not.toBeNull();
});
