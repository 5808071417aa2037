/** Statements on proposals, within an open transaction. Used by proposals.ts, proposal-watch.ts and turns/settlement.ts. */
import {
  agentId,
  conversationId,
  messageId,
  personId,
  proposalId,
  turnId,
  type Action,
  type Address,
  type ConversationId,
  type EffectState,
  type MessageId,
  type NewProposal,
  type Proposal,
  type ProposalId,
  type Role,
  type TakenTurn,
} from "#core";
import type { Tx } from "../engine/database.ts";
import { personFrom } from "../people/person-rows.ts";
import { storable, storableJson } from "../engine/storable.ts";
import { appendTrace } from "../turns/trace-rows.ts";

export type ProposalRow = {
  readonly id: string;
  readonly tenant_id: string;
  readonly person_id: string;
  readonly person_name: string;
  readonly person_role: Role;
  readonly turn_id: string;
  readonly conversation_id: string;
  readonly address: Address;
  readonly agent: string;
  readonly handed_by: readonly string[];
  readonly said: string;
  readonly input: NewProposal["input"];
  readonly effect: NewProposal["effect"];
  readonly digest: string;
  readonly stakes: NewProposal["stakes"];
  readonly trust: NewProposal["trust"];
  readonly taints: NewProposal["taints"];
  readonly because: NewProposal["because"];
  readonly approvers: readonly string[];
  readonly expires_at: Date;
  readonly created_at: Date;
  readonly version: number;
  readonly state: Proposal["state"];
  readonly decided_by: string | null;
  readonly decider_name: string | null;
  readonly decider_role: Role | null;
  readonly decided_at: Date | null;
  readonly decided_via: string | null;
  readonly shown_in: readonly string[];
  readonly changes: number;
  readonly told: number;
  readonly changed_by: string | null;
  readonly others_words: boolean;
  readonly fate_state: EffectState | null;
  readonly fate_told: string | null;
  readonly fate_at: Date | null;
};

/** The columns of a ProposalRow; conditions are written on `proposal`. */
const SELECT = `
  select proposal.id, proposal.tenant_id, proposal.person_id, asker.name as person_name, asker.role as person_role,
    proposal.turn_id, proposal.conversation_id, turn.address, proposal.agent, proposal.handed_by, proposal.said,
    proposal.input, proposal.effect, proposal.digest, proposal.stakes, proposal.trust, proposal.taints, proposal.because,
    proposal.approvers::text[] as approvers, proposal.expires_at, proposal.created_at, proposal.version, proposal.state,
    proposal.decided_by, decider.name as decider_name, decider.role as decider_role, proposal.decided_at,
    proposal.decided_via, proposal.shown_in::text[] as shown_in, proposal.changes, proposal.told,
    (select case when edit.by_id <> proposal.person_id then changer.name end
     from decision edit join person changer on changer.id = edit.by_id
     where edit.proposal_id = proposal.id and edit.verdict = 'edited'
     order by edit.seq desc limit 1) as changed_by,
    exists (select from decision edit where edit.proposal_id = proposal.id and edit.verdict = 'edited'
      and edit.by_id is distinct from proposal.person_id) as others_words,
    effect.state as fate_state, effect.outcome as fate_told, effect.at as fate_at
  from proposal
    join turn on turn.id = proposal.turn_id
    join person asker on asker.id = proposal.person_id
    left join person decider on decider.id = proposal.decided_by
    left join effect on effect.proposal_id = proposal.id`;

/** Whose it is, who is named as an approver, and the owner; `viewer` is a parameter. */
export const seenBy = (viewer: string): string =>
  `(proposal.person_id = ${viewer}::bigint or ${viewer}::bigint = any(proposal.approvers)
    or exists (select from person seeing where seeing.id = ${viewer}::bigint and seeing.role = 'owner'))`;

export async function findProposals(
  tx: Tx,
  where: string,
  values: unknown[],
): Promise<readonly (Proposal & { readonly changes: number; readonly isTold: boolean })[]> {
  const { rows } = await tx.query<ProposalRow>(`${SELECT} where ${where}`, values);
  return rows.map((row) => ({ ...proposalFrom(row), changes: row.changes, isTold: row.told >= row.changes }));
}

export async function findProposal(tx: Tx, id: ProposalId): Promise<Proposal | undefined> {
  const { rows } = await tx.query<ProposalRow>(`${SELECT} where proposal.id = $1`, [id]);
  return rows.map(proposalFrom)[0];
}

function proposalFrom(row: ProposalRow): Proposal {
  const { decided_at: at, decided_via: via, decided_by: by } = row;
  return {
    id: proposalId(row.id),
    turn: turnId(row.turn_id),
    person: personFrom({ id: row.person_id, tenant_id: row.tenant_id, name: row.person_name, role: row.person_role }),
    address: row.address,
    agent: agentId(row.agent),
    handedBy: row.handed_by.map(agentId),
    said: row.said,
    input: row.input,
    effect: row.effect,
    digest: row.digest,
    stakes: row.stakes,
    trust: row.trust,
    taints: row.taints,
    because: row.because,
    approvers: row.approvers.map(personId),
    expiresAt: row.expires_at,
    createdAt: row.created_at,
    version: row.version,
    ...(row.changed_by === null ? {} : { changedBy: row.changed_by }),
    ...(row.others_words ? { othersWords: true } : {}),
    state: row.state,
    decision:
      at === null || via === null
        ? null
        : {
            by:
              by === null || row.decider_name === null || row.decider_role === null
                ? null
                : personFrom({ id: by, tenant_id: row.tenant_id, name: row.decider_name, role: row.decider_role }),
            at,
            via,
          },
    fate:
      row.fate_state === null || row.fate_at === null
        ? null
        : { state: row.fate_state, told: row.fate_told, at: row.fate_at },
    shownIn: row.shown_in.map(messageId),
  };
}

const HOUR_MS = 60 * 60_000;
const LATEST_REMINDER_MS = 4 * HOUR_MS;

/** Half-way, but not earlier than four hours before the end. */
const remindAt = (from: Date, to: Date): Date =>
  new Date(Math.max((from.getTime() + to.getTime()) / 2, to.getTime() - LATEST_REMINDER_MS));

type Put = {
  readonly reply: MessageId;
  readonly at: Date;
  /** Whoever asked took their words back meanwhile: nothing comes of it. */
  readonly withdrawn: boolean;
  /** Those that were approved as others in this very moment. */
  readonly late: ReadonlySet<ProposalId>;
};

/** Shown in the reply. Those that the trust rule decided are approved from the beginning, and in the ledger. */
export async function putProposals(
  tx: Tx,
  turn: TakenTurn,
  proposals: readonly NewProposal[],
  put: Put,
): Promise<void> {
  for (const proposal of proposals) {
    const end = endOf(proposal, put);
    await insertProposal(tx, turn, proposal, { ...put, end });
    if (end === null) continue;
    await insertDecision(tx, { proposal: proposal.id, by: null, at: put.at, ...end });
    if (end.verdict === "approved") await insertEffect(tx, proposal.id, put.at);
    const event = { kind: "decided", proposal: proposal.id, ...end } as const;
    await appendTrace(tx, turn.id, [{ at: put.at, event }]);
  }
}

type End = Pick<NewDecision, "verdict" | "via"> | null;

const endOf = ({ id, decided }: NewProposal, { withdrawn, late }: Put): End => {
  if (withdrawn) return { verdict: "withdrawn", via: "deleted" };
  if (late.has(id)) return { verdict: "withdrawn", via: "twice" };
  return decided ? { verdict: "approved", via: "rule" } : null;
};

async function insertProposal(
  tx: Tx,
  turn: TakenTurn,
  proposal: NewProposal,
  { reply, at, end }: Put & { readonly end: End },
): Promise<void> {
  await tx.query(
    `insert into proposal (id, tenant_id, person_id, turn_id, conversation_id, agent, said, input, effect, digest, stakes,
       trust, taints, because, approvers, expires_at, remind_at, created_at, state, decided_at, decided_via, shown_in,
       handed_by)
     values ($1, $2, $3, $4, $5, $6, $7, $8, $9, $10, $11, $12, $13, $14, $15, $16, $17, $18, $19, $20, $21, $22, $23)`,
    [
      proposal.id,
      turn.person.tenant,
      turn.person.id,
      turn.id,
      turn.conversation,
      proposal.agent,
      storable(proposal.said),
      storableJson(proposal.input),
      storableJson(proposal.effect),
      proposal.digest,
      proposal.stakes,
      proposal.trust,
      storableJson(proposal.taints),
      storableJson(proposal.because),
      proposal.approvers,
      proposal.expiresAt,
      end === null ? remindAt(at, proposal.expiresAt) : null,
      at,
      end?.verdict ?? "pending",
      end && at,
      end && end.via,
      [reply],
      proposal.handedBy,
    ],
  );
}

/** A reply may show the card of one that waits since an earlier turn; its buttons name it. */
export async function noteShown(tx: Tx, reply: MessageId, actions: readonly Action[]): Promise<void> {
  const ids = actions.flatMap(({ id }) => /^(?:approve|deny|edit):(\d{1,18}):/.exec(id)?.[1] ?? []);
  if (ids.length === 0) return;
  await tx.query(
    `update proposal set shown_in = shown_in || $2::bigint
     where id = any($1::bigint[]) and not $2::bigint = any(shown_in)`,
    [ids, reply],
  );
}

export type NewDecision = {
  readonly proposal: ProposalId;
  readonly verdict: "approved" | "denied" | "expired" | "withdrawn" | "edited";
  readonly by: string | null;
  readonly via: string;
  readonly at: Date;
};

/** The caller has the proposal's row locked, so that no two count from the same number. */
export async function insertDecision(tx: Tx, { proposal, verdict, by, via, at }: NewDecision): Promise<void> {
  await tx.query(
    `insert into decision (tenant_id, person_id, proposal_id, seq, verdict, by_id, via, digest, at)
     select tenant_id, person_id, id, coalesce((select max(seq) from decision where proposal_id = $1), 0) + 1,
       $2, $3, $4, digest, $5
     from proposal where id = $1`,
    [proposal, verdict, by, via, at],
  );
}

/** What an approval leads to: one row in the ledger, whose key says what was approved. */
export async function insertEffect(tx: Tx, proposal: ProposalId, at: Date): Promise<void> {
  await tx.query(
    `insert into effect (key, tenant_id, person_id, proposal_id, conversation_id, digest, verb, approved_at, at)
     select encode(sha256(convert_to(digest || ':' || id, 'UTF8')), 'hex'), tenant_id, person_id, id, conversation_id,
       digest, effect ->> 'verb', $2, $2
     from proposal where id = $1`,
    [proposal, at],
  );
}

/** Of a proposal, locked in the order in which everybody locks them: first the turn, then the row itself. */
export async function lockProposal(
  tx: Tx,
  id: ProposalId,
): Promise<{ readonly turn: Proposal["turn"]; readonly conversation: ConversationId } | undefined> {
  const { rows } = await tx.query<{ turn_id: string; conversation_id: string }>(
    `select turn_id, conversation_id from proposal where id = $1`,
    [id],
  );
  const [row] = rows;
  if (!row) return undefined;
  await tx.query("select id from turn where id = $1 for update", [row.turn_id]);
  await tx.query("select id from proposal where id = $1 for update", [id]);
  return { turn: turnId(row.turn_id), conversation: conversationId(row.conversation_id) };
}
