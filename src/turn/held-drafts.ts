/** Lets channels note drafts of the turns that this process holds, and of no others. Made by worker.ts, handed to adapters. */
import type { DraftNotes, Drafts, TakenTurn, TurnId } from "#core";

export type HeldDrafts = Drafts & {
  /** From now on its drafts can be noted. Returns the way to let go. */
  hold(turn: TakenTurn): () => void;
};

export function createHeldDrafts(notes: DraftNotes): HeldDrafts {
  const held = new Map<TurnId, TakenTurn>();
  return {
    hold(turn) {
      held.set(turn.id, turn);
      return () => {
        if (held.get(turn.id) === turn) held.delete(turn.id);
      };
    },
    of: (turn) => notes.of(turn),
    async note(turn, draft) {
      const taken = held.get(turn);
      // By the epoch of that take: whoever stood still and has lost the turn must not write over the note of the next.
      return taken !== undefined && notes.note(taken, draft);
    },
  };
}
