/** Every effect found keeps the contract, a new one needs a file and nothing else, and a broken one stops the start by name. */
import { afterAll, describe, expect, test } from "vitest";
import { loadAgents, loadEffects, loadTools } from "../../src/plugins/index.ts";
import { judgeEffects } from "./effects-in.ts";
import { AGENTS, openTrial } from "./trial-folder.ts";

const effects = await loadEffects(`${AGENTS}/effects`);
judgeEffects("the project", effects);

const PAY = `/** Pays somebody, on trial. */
import { z } from "zod";
import { defineEffect } from "#core";

export default defineEffect({
  verb: "pay_someone",
  description: "Pays an amount to a person, from the only account there is.",
  examples: ["pay Ben 20 euros", "send Ben the money", "settle my debt with Ben"],
  input: z.object({
    to: z.string().max(100).describe("Who is paid, by name."),
    amount: z.number().positive().describe("In euros."),
  }),
  stakes: "S3",
  undo: null,
  typed: ({ amount }) => String(amount),
  async bind({ to, amount }, { destinations }) {
    const [found] = await destinations.find(to);
    if (found?.kind !== "person") return { kind: "unclear", question: "Who is paid?", options: await destinations.names() };
    const { id, name } = found.person;
    return { kind: "bound", args: { payeeId: id, payee: name, amount }, destinations: [name] };
  },
  title: ({ payee }) => \`Pay \${payee}\`,
  card: ({ payee, amount }) => [
    { label: "To", value: String(payee), field: "to" },
    { label: "Amount", value: \`\${amount} EUR\`, field: "amount" },
  ],
});
`;

const trial = await openTrial();
afterAll(() => trial.close());
await trial.write("agents/effects/pay-someone.ts", PAY);
const more = await loadEffects(`${trial.agents}/effects`);
judgeEffects("a copy with one new file", more);

describe("a newcomer's effect", () => {
  test("is one new file and found at once", () => {
    expect(more.map(({ verb }) => verb)).toEqual([...effects.map(({ verb }) => verb), "pay_someone"].toSorted());
  });

  const broken = async (name: string, change: (text: string) => string): Promise<string> => {
    await trial.write(`agents/effects/${name}.ts`, change(PAY).replaceAll("pay_someone", name.replaceAll("-", "_")));
    const refusal = await loadEffects(`${trial.agents}/effects`).then(() => "loaded", String);
    await trial.remove(`agents/effects/${name}.ts`);
    return refusal;
  };

  test.each([
    ["verb", (text: string) => text.replace("pay_someone", "pay_nobody"), /verb: is `pay_nobody`/],
    ["description", (text: string) => text.replace(/description: ".*"/, 'description: " "'), /description: is empty/],
    ["examples", (text: string) => text.replace(/examples: \[.*\]/, 'examples: ["pay"]'), /examples: has fewer/],
    ["stakes", (text: string) => text.replace('"S3"', '"S0"'), /stakes: is not one of/],
    ["undo", (text: string) => text.replace('"S3"', '"S1"'), /stakes: is S1, and yet nothing undoes it/],
    ["typed", (text: string) => text.replace(/ {2}typed: .*\n/, ""), /typed: is missing/],
    ["identity", (text: string) => text.replace("to: z.", "tenant: z."), /input\.tenant: names whose data is meant/],
    ["id", (text: string) => text.replace("to: z.", "personId: z."), /input\.personId: names whose data/],
    ["undescribed", (text: string) => text.replace('.describe("In euros.")', ""), /input\.amount: has no description/],
    ["no-effect", () => "export default { kind: 'effect' };", /no-effect\.ts: default: is not an effect/],
  ])("that is broken in its %s is refused by name", async (what, change, why) => {
    const refusal = await broken(`trial-${what}`, change);
    expect(refusal).toMatch(why);
    expect(refusal).toContain(`agents/effects/trial-${what}.ts`);
  });
});

describe("what an agent's file grants", () => {
  const granting = async (granted: string, domain = "general"): Promise<string> => {
    const analyst = await trial.read("agents/general/analyst.md");
    const text = analyst
      .replace(/^name: .*$/m, "name: Payer")
      .replace(/^(\s*- )(.*)$/gm, (line, dash: string, rest: string) =>
        line.startsWith("      - ") ? `${dash}payer ${rest.replaceAll('"', "")}` : line,
      );
    await trial.write(`agents/${domain}/payer.md`, text.replace(/^trust:/m, `effects:\n${granted}trust:`));
    const tools = await loadTools(trial.tools);
    const refusal = await loadAgents(trial.agents, { tools, effects: more }).then(() => "loaded", String);
    await trial.remove(`agents/${domain}/payer.md`);
    return refusal;
  };

  test.each([
    ["there is no such effect", "  - verb: pay_somone\n", /effects\[0\]\.verb: there is no effect `pay_somone`/],
    ["it stands twice", "  - verb: pay_someone\n    trust: T3\n  - verb: pay_someone\n    trust: T3\n", /stands twice/],
    ["it could never be proposed", "  - verb: pay_someone\n    trust: T1\n", /T1, with which `pay_someone` can never/],
    [
      "it begins above its ceiling",
      "  - verb: pay_someone\n    trust: T3\n    ceiling: T2\n",
      /ceiling: is T2, below the T3/,
    ],
    ["a trust that is none", "  - verb: pay_someone\n    trust: T9\n", /effects\[0\]\.trust/],
  ])("is refused by name when %s", async (_, granted, why) => {
    expect(await granting(granted)).toMatch(why);
  });

  test("is refused to an agent that turns text into text", async () => {
    expect(await granting("  - verb: pay_someone\n    trust: T3\n", "language")).toMatch(/effects: a language agent/);
  });

  test("is taken when all holds", async () => {
    expect(await granting("  - verb: pay_someone\n    trust: T2\n    ceiling: T4\n")).toBe("loaded");
    expect(await granting("  - verb: pay_someone\n    trust: T3\n")).toBe("loaded");
  });
});
