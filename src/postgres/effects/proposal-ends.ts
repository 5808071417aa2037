/** How a proposal comes to an end, or to another effect, within an open transaction that has locked it. Used by proposals.ts, proposal-watch.ts, settlement.ts and revisions.ts. */
import {
  proposalId,
  type ConversationId,
  type Effect,
  type JsonObject,
  type MessageId,
  type NewProposal,
  type Person,
  type ProposalId,
  type Stakes,
} from "#core";
import type { Tx } from "../engine/database.ts";
import { findProposal, insertDecision, insertEffect, lockProposal, type NewDecision } from "./proposal-rows.ts";
import { storableJson } from "../engine/storable.ts";
import { appendTrace } from "../turns/trace-rows.ts";

export type Ending = {
  readonly verdict: Exclude<NewDecision["verdict"], "edited">;
  /** Null: nobody did. */
  readonly by: Person["id"] | null;
  readonly via: string;
};

/** Says it in the turn's trace too; with an approval the effect is in the ledger. */
export async function endProposal(tx: Tx, id: ProposalId, { verdict, by, via }: Ending, at: Date): Promise<void> {
  const { rowCount } = await tx.query(
    `update proposal set state = $2, decided_by = $3, decided_at = $4, decided_via = $5, remind_at = null,
       changes = changes + 1
     where id = $1 and state = 'pending'`,
    [id, verdict, by, at, via],
  );
  if (rowCount !== 1) throw new Error("a proposal was decided twice");
  await insertDecision(tx, { proposal: id, verdict, by, via, at });
  if (verdict === "approved") await insertEffect(tx, id, at);
  await trace(tx, id, { verdict, via }, at);
}

/** Whoever deletes the message that asked for something wants it no more. How many waited. */
export async function withdrawProposalsOf(tx: Tx, message: MessageId, at: Date): Promise<number> {
  const { rows } = await tx.query<{ id: string }>(
    `select id from proposal
     where state = 'pending' and turn_id = (select turn_id from message where id = $1) order by id`,
    [message],
  );
  let withdrawn = 0;
  for (const row of rows) {
    const id = proposalId(row.id);
    await lockProposal(tx, id);
    // Decided meanwhile.
    if ((await findProposal(tx, id))?.state !== "pending") continue;
    await endProposal(tx, id, { verdict: "withdrawn", by: null, via: "deleted" }, at);
    withdrawn += 1;
  }
  return withdrawn;
}

type Replaced = {
  /** Where what was withdrawn waited: its cards are to say so. */
  readonly conversations: readonly ConversationId[];
  /** Those of the new ones whose like was approved meanwhile: done besides, it would be done twice. */
  readonly late: ReadonlySet<ProposalId>;
};

/** What waits for a person is withdrawn where the very same is done without one; what was changed meanwhile is another. */
export async function withdrawReplaced(tx: Tx, proposals: readonly NewProposal[], at: Date): Promise<Replaced> {
  const conversations = new Set<ConversationId>();
  const late = new Set<ProposalId>();
  const replacing = proposals.flatMap(({ id, digest, replaces }) => (replaces ? { id, digest, replaces } : []));
  // In the order in which everybody locks them.
  for (const { id, digest, replaces } of replacing.toSorted((a, b) => Number(a.replaces) - Number(b.replaces))) {
    const locked = await lockProposal(tx, replaces);
    const found = locked && (await findProposal(tx, replaces));
    if (!locked || found?.digest !== digest) continue;
    if (found.state === "approved") late.add(id);
    if (found.state !== "pending") continue;
    await endProposal(tx, replaces, { verdict: "withdrawn", by: null, via: "again" }, at);
    conversations.add(locked.conversation);
  }
  return { conversations: [...conversations], late };
}

export type Edited = {
  readonly input: JsonObject;
  readonly effect: Effect;
  readonly digest: string;
  readonly stakes: Stakes;
};

/** The card that showed the effect before decides nothing any more. */
export async function putEdit(
  tx: Tx,
  id: ProposalId,
  { input, effect, digest, stakes }: Edited,
  { by, at }: { readonly by: Person; readonly at: Date },
): Promise<void> {
  await tx.query(
    `update proposal set input = $2, effect = $3, digest = $4, stakes = $5, version = version + 1, changes = changes + 1
     where id = $1 and state = 'pending'`,
    [id, storableJson(input), storableJson(effect), digest, stakes],
  );
  await insertDecision(tx, { proposal: id, verdict: "edited", by: by.id, via: "edit", at });
  await trace(tx, id, { verdict: "edited", via: "edit" }, at);
}

async function trace(
  tx: Tx,
  id: ProposalId,
  { verdict, via }: { readonly verdict: string; readonly via: string },
  at: Date,
): Promise<void> {
  const found = await findProposal(tx, id);
  if (found) await appendTrace(tx, found.turn, [{ at, event: { kind: "decided", proposal: id, verdict, via } }]);
}
