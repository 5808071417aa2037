/** The last turns, or the slowest or failed ones among them. Granted to ops-watch. */
import { z } from "zod";
import { defineTool, type TurnSummary } from "#core";

/** How many turns are looked through for the slowest and the failed ones. */
const LOOKED_THROUGH = 200;

export default defineTool({
  name: "recent_turns",
  description:
    "Lists single turns with their ids, agents, states and durations: the newest, the slowest or the failed ones. Use it when runs are asked for one by one.",
  examples: [
    "show the last runs",
    "which turns were slow",
    "list the failed turns",
    "what did you work on most recently",
    "what is running right now",
  ],
  input: z.object({
    show: z
      .enum(["newest", "slowest", "failed", "running"])
      .optional()
      .describe("Which turns to list; the newest when left out."),
    limit: z.number().int().min(1).max(50).optional().describe("Most turns to list; 10 when left out."),
  }),
  timeoutMs: 10_000,
  async run({ show = "newest", limit = 10 }, { operations }) {
    const turns = await operations.recent(LOOKED_THROUGH);
    const chosen = choose(turns, show).slice(0, limit);
    if (chosen.length === 0)
      return show === "newest" ? "There are no turns yet." : `No ${show} turns among the last ${turns.length}.`;
    return ["| turn | started | agent | state | took |", "| --- | --- | --- | --- | --- |", ...chosen.map(line)].join(
      "\n",
    );
  },
});

function choose(
  turns: readonly TurnSummary[],
  show: "newest" | "slowest" | "failed" | "running",
): readonly TurnSummary[] {
  switch (show) {
    case "newest":
      return turns;
    case "slowest":
      return turns.filter((turn) => turn.endedAt !== null).toSorted((a, b) => tookMs(b) - tookMs(a));
    case "failed":
      return turns.filter((turn) => turn.state === "failed");
    case "running":
      return turns.filter((turn) => turn.endedAt === null);
  }
}

function line(turn: TurnSummary): string {
  const started = turn.startedAt.toISOString().slice(0, 16).replace("T", " ");
  const took = turn.endedAt === null ? "not ended" : `${(tookMs(turn) / 1_000).toFixed(1)} s`;
  return `| t${turn.turn} | ${started} UTC | ${turn.agent ?? "none"} | ${turn.state} | ${took} |`;
}

const tookMs = (turn: TurnSummary): number => (turn.endedAt?.getTime() ?? 0) - turn.startedAt.getTime();
