/** How Nova has been doing over the last hours, in figures. Granted to ops-watch. */
import { z } from "zod";
import { costWords, defineTool, tokensInOut, type OperationsReport } from "#core";

export default defineTool({
  name: "system_report",
  description:
    "Reports how Nova is doing over the last hours: turns done, failed and running, waiting messages, undelivered replies, response times, what calls of models cost, failures by code and work by agent. Use it for questions about health, load, errors, speed or spending as a whole.",
  examples: [
    "how is Nova doing",
    "is everything working",
    "how many failures were there today",
    "how fast are the answers",
    "which agent failed most this week",
    "is anything stuck in the outbox",
  ],
  input: z.object({
    hours: z.number().int().min(1).max(720).optional().describe("How far back to look, in hours; 24 when left out."),
  }),
  timeoutMs: 10_000,
  async run({ hours = 24 }, { operations, clock }) {
    const report = await operations.report(new Date(clock.now().getTime() - hours * 3_600_000));
    return [`Over the last ${hours} hours:`, "", ...overall(report), ...failures(report), ...byAgent(report)].join(
      "\n",
    );
  },
});

function overall(report: OperationsReport): string[] {
  const { turns, latency, waitingMessages, ...parts } = report;
  const speed = latency
    ? `half of the turns within ${seconds(latency.p50)}, 95 % within ${seconds(latency.p95)}`
    : "no turns to measure";
  return [
    `- Turns: ${turns.done} done, ${turns.failed} failed, ${turns.cancelled} cancelled, ${turns.running} running`,
    `- Messages waiting: ${waitingMessages}`,
    `- Reply parts not delivered: ${parts.undeliveredParts} still to be sent, ${parts.unknownParts} in doubt, ${parts.failedParts} given up`,
    `- Response time: ${speed}`,
    `- Spent on models: ${spending(report)}`,
  ];
}

function spending({ spent }: OperationsReport): string {
  if (spent.calls === 0) return "nothing, for none was asked";
  return `${costWords(spent)}, for ${spent.calls} calls with ${tokensInOut(spent.tokens)}`;
}

function failures(report: OperationsReport): string[] {
  if (report.failures.length === 0) return ["- Not answered: none"];
  return [`- Not answered: ${report.failures.map(({ code, count }) => `${count} × ${code}`).join(", ")}`];
}

function byAgent(report: OperationsReport): string[] {
  if (report.byAgent.length === 0) return [];
  const rows = report.byAgent.map(
    ({ agent, turns, failed, tokens }) => `| ${agent} | ${turns} | ${failed} | ${tokens} |`,
  );
  return ["", "| agent | turns | not answered | tokens |", "| --- | --- | --- | --- |", ...rows];
}

const seconds = (ms: number): string => `${(ms / 1_000).toFixed(1)} s`;
