/** Answers wake-up calls for effects: ends what nobody decided, tells people, and has done what is approved. Called by worker.ts. */
import { isAway, type ConversationId, type Untold } from "#core";
import type { Crew } from "../crew.ts";
import { tellProposal, type TellCrew } from "./tell-proposal.ts";

export type EffectsCrew = TellCrew & Pick<Crew, "watch" | "executor" | "queue" | "log">;

/** What is to come later than this, the sweep finds in time. */
const SOON_MS = 60_000;

/** Ends when nothing is left that is due: the queue then calls again in time. */
export async function serveEffects(
  conversation: ConversationId,
  crew: EffectsCrew,
  signal: AbortSignal,
): Promise<void> {
  for (;;) {
    signal.throwIfAborted();
    await crew.watch.expire(conversation);
    const untold = await tellAll(await crew.watch.untold(conversation), crew);
    // Whatever keeps people from being told, what they approved is done.
    await crew.executor.carryOut(conversation, signal);
    if (untold) throw untold.error;
    const due = await crew.watch.dueIn(conversation);
    if (due === undefined || due > SOON_MS) return;
    if (due > 0) return crew.queue.wake("effect", conversation, due);
  }
}

/** The first failure, when all has been tried. */
async function tellAll(all: readonly Untold[], crew: EffectsCrew): Promise<{ readonly error: unknown } | undefined> {
  let failure: { readonly error: unknown } | undefined;
  for (const untold of all) {
    try {
      await tellProposal(untold, crew);
      await crew.watch.told(untold);
    } catch (error) {
      if (isAway(error)) throw error;
      crew.log.error("proposal.not_told", error, { proposal: untold.proposal.id });
      failure ??= { error };
    }
  }
  return failure;
}
