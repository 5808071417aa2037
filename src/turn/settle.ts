/** Ends a turn in one transaction; a turn that another worker took over leaves no trace of this one's answer. */
import type { Settlement, TakenTurn } from "#core";
import type { Crew } from "./crew.ts";

export async function settle(
  turn: TakenTurn,
  settlement: Settlement,
  crew: Pick<Crew, "turns" | "log">,
): Promise<void> {
  const settled = await crew.turns.settle(turn, settlement);
  if (settled.kind === "lost") {
    crew.log.warn("turn.lost", { turn: turn.id, epoch: turn.epoch });
    return;
  }
  crew.log.info("turn.settled", {
    turn: turn.id,
    state: settlement.state,
    agent: settlement.reply.agent,
    model: settlement.reply.note.model,
    kept: settlement.keep.length,
  });
}
