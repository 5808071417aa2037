/** Ends a turn in one transaction; one that another worker took over is left to it, and nothing of this answer stays. */
import type { Settlement, TakenTurn } from "#core";
import type { Crew } from "./crew.ts";
import { stopped } from "./endings.ts";
import { TurnAborted } from "./hold.ts";

export async function settle(
  turn: TakenTurn,
  settlement: Settlement,
  crew: Pick<Crew, "turns" | "log" | "surfaces" | "roster">,
): Promise<void> {
  const settled = await crew.turns.settle(turn, settlement);
  if (settled.kind === "stopped") return settle(turn, stopped(turn, crew), crew);
  if (settled.kind === "lost") throw new TurnAborted("lost");
  crew.log.info("turn.settled", {
    turn: turn.id,
    state: settlement.state,
    agent: settlement.reply.agent,
    model: settlement.reply.note.model,
    kept: settlement.keep.length,
  });
}
