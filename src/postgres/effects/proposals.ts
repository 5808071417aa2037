/**
 * Effects that wait for a person, and who decided: the port Proposals of the core. What a viewer may see is read as the
 * service and guarded in the statement: their own, those that name them as an approver, and all for the owner.
 */
import {
  proposalId,
  serviceOf,
  wholeOf,
  type Clock,
  type Decided,
  type Decision,
  type Proposal,
  type ProposalId,
  type Proposals,
} from "#core";
import type { Calls } from "../queue/calls.ts";
import { isRowId } from "../conversation-rows.ts";
import type { Database, OpenTx } from "../engine/database.ts";
import { endProposal, putEdit, type Ending } from "./proposal-ends.ts";
import { findProposal, findProposals, lockProposal, seenBy } from "./proposal-rows.ts";

export type ProposalsDeps = { readonly calls: Calls; readonly clock: Clock };

/** Most that are shown of those that wait; a person with more has lost the thread anyway. */
const MOST_LISTED = 200;

export function createProposals(database: Database, { calls, clock }: ProposalsDeps): Proposals {
  /** What `decide` finds when it may write: undefined when there is no such proposal. */
  const settling = (
    id: ProposalId,
    { tenant, digest }: { readonly tenant: Proposal["person"]["tenant"]; readonly digest: string },
    settle: (tx: OpenTx, at: Date) => Promise<void>,
  ): Promise<Decided> =>
    database.within(serviceOf(tenant), async (tx) => {
      const at = clock.now();
      const locked = isRowId(id) ? await lockProposal(tx, id) : undefined;
      const found = locked && (await findProposal(tx, id));
      if (!locked || !found) return { kind: "not_found" };
      if (found.state !== "pending") return { kind: "late", proposal: found };
      const isOver = found.expiresAt <= at;
      if (!isOver && found.digest !== digest) return { kind: "changed", proposal: found };
      if (isOver) await endProposal(tx, id, EXPIRED, at);
      else await settle(tx, at);
      const proposal = await findProposal(tx, id);
      await calls.send(tx, "effect", locked.conversation, null);
      if (!proposal) throw new Error("a proposal vanished while it was decided");
      return { kind: isOver ? "late" : "decided", proposal };
    });

  return {
    reserve: (count) =>
      database.system(async (tx) => {
        const { rows } = await tx.query<{ id: string }>(
          "select nextval('proposal_id_seq') as id from generate_series(1, $1::integer)",
          [count],
        );
        return rows.map((row) => proposalId(row.id));
      }),

    get: (id, viewer) =>
      database.within(serviceOf(viewer.tenant), async (tx) => {
        if (!isRowId(id)) return undefined;
        return (await findProposals(tx, `proposal.id = $1 and ${seenBy("$2")}`, [id, viewer.id]))[0];
      }),

    list: (viewer, { all = false, limit = MOST_LISTED } = {}) =>
      database.within(serviceOf(viewer.tenant), (tx) =>
        all
          ? findProposals(tx, `${seenBy("$1")} order by proposal.id desc limit $2`, [viewer.id, limit])
          : findProposals(
              tx,
              `proposal.state = 'pending' and proposal.expires_at > $3 and ${seenBy("$1")} order by proposal.id limit $2`,
              [viewer.id, limit, clock.now()],
            ),
      ),

    shownIn: (message, viewer) =>
      database.within(serviceOf(viewer.tenant), (tx) =>
        findProposals(tx, `proposal.shown_in @> array[$1::bigint] and ${seenBy("$2")} order by proposal.id`, [
          message,
          viewer.id,
        ]),
      ),

    alike: (digests, person, since) =>
      database.within(wholeOf(person), (tx) =>
        findProposals(
          tx,
          `proposal.id in (
             select max(alike.id) from proposal alike
             where alike.person_id = $1 and alike.digest = any($2)
               and (alike.state = 'pending' and alike.expires_at > $4 or alike.state = 'denied' and alike.decided_at >= $3)
             group by alike.digest)
           order by proposal.id`,
          [person.id, digests, since, clock.now()],
        ),
      ),

    decide: (decision) =>
      settling(decision.proposal, { tenant: decision.by.tenant, digest: decision.digest }, (tx, at) =>
        endProposal(tx, decision.proposal, endingOf(decision), at),
      ),

    edit: (id, digest, edited, by) =>
      settling(id, { tenant: by.tenant, digest }, (tx, at) => putEdit(tx, id, edited, { by, at })),

    shown: ({ id, person }, message) =>
      database.within(serviceOf(person.tenant), async (tx) => {
        await tx.query(
          "update proposal set shown_in = shown_in || $2::bigint where id = $1 and not $2::bigint = any(shown_in)",
          [id, message],
        );
      }),
  };
}

const EXPIRED: Ending = { verdict: "expired", by: null, via: "expiry" };

const endingOf = ({ verdict, by, via }: Decision): Ending => ({
  verdict: verdict === "approve" ? "approved" : "denied",
  by: by.id,
  via,
});
