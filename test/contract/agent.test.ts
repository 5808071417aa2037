/** Every agent found keeps the contract, and a new one needs a file and nothing else. */
import { afterAll, describe, expect, test } from "vitest";
import { loadAgents, loadTools } from "../../src/plugins/index.ts";
import { judgeAgents } from "./agents-in.ts";
import { judgeRoutes } from "./routes-in.ts";
import { judgeRuns } from "./runs-in.ts";
import { AGENTS, TOOLS, openTrial } from "./trial-folder.ts";

const tools = await loadTools(TOOLS);
const project = await loadAgents(AGENTS, { tools });
judgeAgents("the project", { agents: project, tools });
judgeRoutes("the project", project.roster);
judgeRuns("the project", { agents: project, tools });

const SUBJECTS = "rain snow wind cats dogs trains bread tea spring night moons rivers stones clocks sleep".split(" ");
const POET = `---
name: Poet
purpose: Writes a short poem about anything.
useWhen: A poem, verse or rhyme is wanted.
notFor: Prose and corrections.
skills:
  - name: verse
    description: Writes verses
    examples:
${SUBJECTS.map((subject) => `      - write a poem about ${subject}\n`).join("")}tools: [calculate]
mayHandOffTo: [editor]
trust: T1
visibility: guest
failureModes:
  - what: A verse has too many feet.
    detect: The syllables of each line are counted.
    fallback: A plain line without a rhyme.
golden:
  - input: write a short poem about lighthouses
    route: poet
---

${"You write short poems that scan and that mean something. ".repeat(5)}
`;

const trial = await openTrial();
afterAll(() => trial.close());
await trial.write("agents/general/poet.md", POET);
const trialTools = await loadTools(trial.tools);
const trialAgents = await loadAgents(trial.agents, { tools: trialTools });
judgeAgents("a copy with one new file", { agents: trialAgents, tools: trialTools });
judgeRoutes("a copy with one new file", trialAgents.roster);

describe("a newcomer's agent", () => {
  test("is one new file and on call at once", () => {
    expect(trialAgents.roster.get("poet")).toMatchObject({ id: "poet", domain: "general", model: "main" });
    const ids = project.roster.all().map((agent) => agent.id);
    expect(
      trialAgents.roster
        .all()
        .map((agent) => agent.id)
        .toSorted(),
    ).toEqual([...ids, "poet"].toSorted());
  });
});
