/**
 * What a settling turn does to memory, inside its own transaction. Implemented in writer.ts, called by
 * turns/settlement.ts and turns/revisions.ts.
 */
import type { ItemId, MessageId, NewMemory, Scope, TurnId } from "#core";
import type { Tx } from "../engine/database.ts";

/** The transaction is already within `scope`. A throw undoes the whole settlement. Empty lists are never passed. */
export interface TurnMemory {
  keep(tx: Tx, scope: Scope, items: readonly NewMemory[]): Promise<void>;
  drop(tx: Tx, scope: Scope, items: readonly ItemId[]): Promise<void>;
  /** Forgets what was kept of this message and of nothing else. */
  unsay(tx: Tx, scope: Scope, message: MessageId): Promise<void>;
  /** Notes that the turn's answer cites these items. */
  cite(tx: Tx, scope: Scope, turn: TurnId, items: readonly ItemId[]): Promise<void>;
}
