/** Approved effects and how far they are: the port Ledger of the core. A claim is written before anything is done. */
import {
  conversationId,
  personId,
  proposalId,
  serviceOf,
  tenantId,
  turnId,
  type Claim,
  type ClaimEnd,
  type Clock,
  type ConversationId,
  type Ledger,
  type ProposalId,
  type TraceEvent,
  type TurnId,
} from "#core";
import { inConversation, inEveryTenant } from "../conversation-rows.ts";
import { enter, type Database, type Tx } from "../engine/database.ts";
import { allTenants } from "../people/person-rows.ts";
import { appendTrace, lockTurn } from "../turns/trace-rows.ts";
import { storable } from "../engine/storable.ts";

/** Longer than a process may stand still and go on as if nothing were; renewed long before. By the database's own clock. */
const HELD = "clock_timestamp() + interval '10 seconds'";

export function createLedger(database: Database, { clock }: { readonly clock: Clock }): Ledger {
  return {
    claim: (conversation) =>
      inConversation(database, conversation, async (tx) => {
        const at = clock.now();
        const row = await claimFirst(tx, conversation, at);
        if (!row) return undefined;
        const claim = claimFrom(row);
        await lockTurn(tx, claim.turn);
        await traceEffect(tx, claim.turn, { ...claim, state: claim.resumed ? "taken up" : "claimed" }, at);
        return claim;
      }),

    hold: (claim) =>
      database.within(serviceOf(claim.tenant), async (tx) => {
        const { rowCount } = await tx.query(
          `update effect set held_until = ${HELD} where key = $1 and epoch = $2 and state = 'claimed'`,
          [claim.key, claim.epoch],
        );
        return rowCount === 1;
      }),

    record: (claim, end) =>
      database.within(serviceOf(claim.tenant), async (tx) => {
        const at = clock.now();
        await lockTurn(tx, claim.turn);
        if (!(await finish(tx, claim, end, at))) return "lost";
        if (end.state !== "waiting") await tellOf(tx, claim.proposal);
        const code = end.state === "done" ? {} : { code: end.code };
        await traceEffect(tx, claim.turn, { ...claim, state: end.state, ...code }, at);
        return "recorded";
      }),

    giveUp: (conversation, code) =>
      inConversation(database, conversation, async (tx) => {
        const at = clock.now();
        const row = await endFirst(tx, conversation, code, at);
        if (!row) return;
        await lockTurn(tx, row.turn);
        await tellOf(tx, row.proposal);
        await traceEffect(tx, row.turn, { ...row, code }, at);
      }),
  };
}

/**
 * The embedded engine serves one process, so whatever is claimed at start was claimed by one that is gone: nobody has to
 * wait for its time to run out.
 */
export async function releaseClaims(database: Database): Promise<void> {
  if (database.engine !== "embedded") return;
  await inEveryTenant(database, async (tx) => {
    await tx.query("update effect set held_until = clock_timestamp() where state = 'claimed'");
    return [];
  });
}

/**
 * What was approved and not carried out when a backup was saved may have been carried out since, by the Nova that went on:
 * it is told as unknown, and never done blindly. As the schema's owner, in a transaction that is rebuilding.
 */
export async function doubtUndone(tx: Tx): Promise<void> {
  for (const tenant of await allTenants(tx)) {
    await enter(tx, serviceOf(tenant));
    for (const { proposal, turn, verb, at } of await loseSight(tx)) {
      await tellOf(tx, proposal);
      await traceEffect(tx, turn, { proposal, verb, state: "unknown", code: "restored" }, at);
    }
  }
}

const RESTORED = "Nova was restored from a backup that was saved before this was done.";

async function loseSight(tx: Tx): Promise<readonly (Omit<Ended, "state"> & { readonly at: Date })[]> {
  const { rows } = await tx.query<{ proposal_id: string; turn_id: string; verb: string; at: Date }>(
    `update effect set state = 'unknown', code = 'restored', outcome = $1, held_until = null, not_before = null,
       at = statement_timestamp()
     from proposal
     where proposal.id = effect.proposal_id and effect.state in ('waiting', 'claimed')
     returning effect.proposal_id, proposal.turn_id, effect.verb, effect.at`,
    [RESTORED],
  );
  return rows.map(({ verb, at, ...row }) => ({
    proposal: proposalId(row.proposal_id),
    turn: turnId(row.turn_id),
    verb,
    at,
  }));
}

type ClaimRow = {
  readonly key: string;
  readonly tenant_id: string;
  readonly proposal_id: string;
  readonly turn_id: string;
  readonly conversation_id: string;
  readonly asker_id: string;
  readonly approved_at: Date;
  readonly effect: Claim["effect"];
  readonly taints: Claim["grounds"]["taints"];
  readonly shared: boolean;
  readonly digest: string;
  readonly epoch: number;
  readonly resumed: boolean;
};

async function claimFirst(tx: Tx, conversation: ConversationId, at: Date): Promise<ClaimRow | undefined> {
  const { rows } = await tx.query<ClaimRow>(
    `with first as (
       select key, state from effect
       where conversation_id = $1
         and (state = 'waiting' and (not_before is null or not_before <= $2)
           or state = 'claimed' and held_until <= clock_timestamp())
         and not exists (select from effect held
           where held.conversation_id = $1 and held.state = 'claimed' and held.held_until > clock_timestamp())
       order by approved_at, proposal_id limit 1
       for update)
     update effect set state = 'claimed', epoch = effect.epoch + 1, held_until = ${HELD}, not_before = null, at = $2
     from first, proposal
     where effect.key = first.key and proposal.id = effect.proposal_id
     returning effect.key, effect.tenant_id, effect.proposal_id, proposal.turn_id, effect.conversation_id,
       proposal.person_id as asker_id, effect.approved_at, proposal.effect, proposal.taints, effect.digest, effect.epoch,
       first.state = 'claimed' as resumed,
       (select visibility = 'shared' from conversation where conversation.id = effect.conversation_id)
         or coalesce(proposal.decided_by <> proposal.person_id, false)
         or exists (select from message join turn on turn.id = message.turn_id
           where message.id = any(proposal.shown_in) and turn.person_id <> proposal.person_id) as shared`,
    [conversation, at],
  );
  return rows[0];
}

const claimFrom = (row: ClaimRow): Claim => ({
  key: row.key,
  proposal: proposalId(row.proposal_id),
  tenant: tenantId(row.tenant_id),
  turn: turnId(row.turn_id),
  conversation: conversationId(row.conversation_id),
  person: personId(row.asker_id),
  approvedAt: row.approved_at,
  effect: row.effect,
  grounds: { taints: row.taints, shared: row.shared },
  digest: row.digest,
  epoch: row.epoch,
  attempts: row.epoch - 1,
  resumed: row.resumed,
});

async function finish(tx: Tx, claim: Claim, end: ClaimEnd, at: Date): Promise<boolean> {
  const { rowCount } = await tx.query(
    `update effect set state = $3, code = $4, outcome = $5, not_before = $6, held_until = null, at = $7
     where key = $1 and epoch = $2 and state = 'claimed'`,
    [
      claim.key,
      claim.epoch,
      end.state,
      end.state === "done" ? null : end.code,
      "told" in end ? storable(end.told) : null,
      end.state === "waiting" ? new Date(at.getTime() + end.afterMs) : null,
      at,
    ],
  );
  return rowCount === 1;
}

type Ended = { readonly proposal: ProposalId; readonly turn: TurnId; readonly verb: string; readonly state: string };

/** What is claimed may have happened. What waits for its next try is none of what failed now. */
async function endFirst(tx: Tx, conversation: ConversationId, code: string, at: Date): Promise<Ended | undefined> {
  const { rows } = await tx.query<{ proposal_id: string; turn_id: string; verb: string; state: string }>(
    `update effect set state = case effect.state when 'claimed' then 'unknown' else 'failed' end, code = $2,
       held_until = null, not_before = null, at = $3
     from proposal
     where proposal.id = effect.proposal_id and effect.key = (
       select key from effect first
       where first.conversation_id = $1
         and (first.state = 'waiting' and (first.not_before is null or first.not_before <= $3)
           or first.state = 'claimed' and first.held_until <= clock_timestamp())
       order by first.approved_at, first.proposal_id limit 1)
     returning effect.proposal_id, proposal.turn_id, effect.verb, effect.state`,
    [conversation, code, at],
  );
  return rows.map((row) => ({
    proposal: proposalId(row.proposal_id),
    turn: turnId(row.turn_id),
    verb: row.verb,
    state: row.state,
  }))[0];
}

async function tellOf(tx: Tx, proposal: ProposalId): Promise<void> {
  await tx.query("update proposal set changes = changes + 1 where id = $1", [proposal]);
}

type Step = Pick<Extract<TraceEvent, { kind: "effect" }>, "state" | "code"> & { readonly proposal: ProposalId } & (
    | Pick<Claim, "effect">
    | { readonly verb: string }
  );

/** The caller has locked the turn. */
async function traceEffect(tx: Tx, turn: TurnId, step: Step, at: Date): Promise<void> {
  const { proposal, state, code } = step;
  const verb = "effect" in step ? step.effect.verb : step.verb;
  await appendTrace(tx, turn, [
    { at, event: { kind: "effect", proposal, verb, state, ...(code === undefined ? {} : { code }) } },
  ]);
}
