/**
 * What happens to proposals without anybody asking: the port ProposalWatch of the core. Who was told of one is read from what
 * was said under its key, so that somebody who can be reached only later is told then.
 */
import {
  conversationId,
  messageId,
  proposalId,
  serviceOf,
  type Action,
  type Clock,
  type ConversationId,
  type Person,
  type Proposal,
  type ProposalId,
  type ProposalWatch,
  type Reach,
  type Untold,
} from "#core";
import { findAddressee } from "../people/addressee.ts";
import { inConversation, inEveryTenant } from "../conversation-rows.ts";
import type { Database, Tx } from "../engine/database.ts";
import { endProposal } from "./proposal-ends.ts";
import { personFrom, type PersonRow } from "../people/person-rows.ts";
import { storable } from "../engine/storable.ts";
import { findProposal, findProposals, lockProposal } from "./proposal-rows.ts";

export type ProposalWatchDeps = { readonly clock: Clock; readonly reaches: readonly Reach[] };

export function createProposalWatch(database: Database, { clock, reaches }: ProposalWatchDeps): ProposalWatch {
  return {
    expire: (conversation) =>
      inConversation(database, conversation, async (tx) => {
        const at = clock.now();
        for (const id of await findOver(tx, conversation, at)) {
          await lockProposal(tx, id);
          const found = await findProposal(tx, id);
          // Decided meanwhile.
          if (found?.state !== "pending") continue;
          await endProposal(tx, id, { verdict: "expired", by: null, via: "expiry" }, at);
        }
      }),

    untold: (conversation) =>
      inConversation(database, conversation, async (tx) => {
        const at = clock.now();
        const missed = await findMissed(tx, { conversation, reaches });
        const found = await findProposals(
          tx,
          `proposal.conversation_id = $1 and (proposal.told < proposal.changes
             or proposal.state = 'pending' and proposal.remind_at <= $2 or proposal.id = any($3::bigint[]))
           order by proposal.id`,
          [conversation, at, missed.map(({ proposal }) => proposal)],
        );
        const reminders = new Set(await findReminders(tx, conversation, at));
        const untold: Untold[] = [];
        for (const { changes, isTold: _, ...proposal } of found) {
          untold.push({
            proposal,
            why: reminders.has(proposal.id) ? "reminder" : "news",
            change: changes,
            cards: await findCards(tx, proposal),
            elsewhere: await findElsewhere(tx, proposal),
          });
        }
        return untold;
      }),

    told: ({ proposal, why, change }) =>
      database.within(serviceOf(proposal.person.tenant), async (tx) => {
        await tx.query(
          why === "reminder"
            ? "update proposal set remind_at = null where id = $1 and $2::integer is not null"
            : "update proposal set told = greatest(told, $2) where id = $1",
          [proposal.id, change],
        );
      }),

    drawn: (message, card, { tenant }) =>
      database.within(serviceOf(tenant), async (tx) => {
        await tx.query("update message set card = $2 where id = $1", [message, storable(card)]);
      }),

    dueIn: (conversation) =>
      inConversation(database, conversation, async (tx) => {
        const { rows } = await tx.query<{ ms: number | null }>(DUE_IN, [conversation, clock.now()]);
        if ((await findMissed(tx, { conversation, reaches })).length > 0) return 0;
        const ms = rows[0]?.ms ?? null;
        return ms === null ? undefined : Math.max(0, Math.ceil(ms));
      }),

    due: () => inEveryTenant(database, (tx) => findDue(tx, clock.now(), reaches)),
  };
}

async function findOver(tx: Tx, conversation: ConversationId, at: Date) {
  const { rows } = await tx.query<{ id: string }>(
    "select id from proposal where conversation_id = $1 and state = 'pending' and expires_at <= $2 order by id",
    [conversation, at],
  );
  return rows.map((row) => proposalId(row.id));
}

/** Of those that have something to be told, the ones of which there is nothing new. */
async function findReminders(tx: Tx, conversation: ConversationId, at: Date) {
  const { rows } = await tx.query<{ id: string }>(
    `select id from proposal
     where conversation_id = $1 and state = 'pending' and told >= changes and remind_at <= $2`,
    [conversation, at],
  );
  return rows.map((row) => proposalId(row.id));
}

async function findCards(tx: Tx, { shownIn }: Proposal): Promise<Untold["cards"]> {
  const beside = await findProposals(tx, "proposal.shown_in && $1::bigint[] order by proposal.id", [shownIn]);
  const { rows } = await tx.query<{ id: string; text: string; actions: readonly Action[] | null; card: string | null }>(
    "select id, text, actions, card from message where id = any($1::bigint[]) order by id",
    [shownIn],
  );
  return rows.map(({ id, actions, ...words }) => ({
    ...words,
    message: messageId(id),
    actions: actions ?? [],
    proposals: beside.filter((each) => each.shownIn.includes(messageId(id))),
  }));
}

/** Guests decide on nothing, also where they are named since before. */
const DECIDES = "(person.role = 'owner' or person.role = 'member' and person.id = any(proposal.approvers))";

async function findElsewhere(tx: Tx, { id }: Proposal): Promise<readonly Person[]> {
  const { rows } = await tx.query<PersonRow>(
    `select person.id, person.tenant_id, person.name, person.role
     from proposal join person on ${DECIDES} and person.id <> proposal.person_id
     where proposal.id = $1 order by person.id`,
    [id],
  );
  return rows.map(personFrom);
}

type Missed = { readonly proposal: ProposalId; readonly conversation: ConversationId };
type MissedRow = PersonRow & { readonly proposal_id: string; readonly conversation_id: string };

/** What waits for somebody who was not told of it, and who can be told by now. Of all conversations when none is named. */
async function findMissed(
  tx: Tx,
  {
    conversation = null,
    reaches,
  }: { readonly conversation?: ConversationId | null; readonly reaches: readonly Reach[] },
): Promise<readonly Missed[]> {
  const { rows } = await tx.query<MissedRow>(
    `select person.id, person.tenant_id, person.name, person.role, proposal.id as proposal_id, proposal.conversation_id
     from proposal join person on ${DECIDES} and person.id <> proposal.person_id
     where proposal.state = 'pending' and ($1::bigint is null or proposal.conversation_id = $1)
       and not exists (select from turn
         where turn.tenant_id = proposal.tenant_id and turn.said_key in (${toldKey("news")}, ${toldKey("reminder")}))
     order by proposal.id`,
    [conversation],
  );
  const missed: Missed[] = [];
  for (const { proposal_id: id, conversation_id: where, ...row } of rows) {
    // The very look that finds where it is said, so that nothing is due that cannot be told.
    if (!(await findAddressee(tx, personFrom(row), null, reaches))) continue;
    missed.push({ proposal: proposalId(id), conversation: conversationId(where) });
  }
  return missed;
}

/** As turn/approval/tell-proposal.ts says it, of the rows at hand. */
const toldKey = (why: Untold["why"]): string => `'proposal:' || proposal.id || ':${why}:' || person.id`;

const until = (column: string): string => `extract(epoch from ${column} - $2::timestamptz) * 1000`;

/** While a claim is held, all the others of the conversation wait for it. */
const DUE_IN = `
  select least(
    (select min(case when told < changes then 0
       else least(${until("expires_at")}, ${until("remind_at")}) end)
     from proposal where conversation_id = $1 and (told < changes or state = 'pending')),
    (select case when bool_or(state = 'claimed')
       then max(extract(epoch from held_until - clock_timestamp()) * 1000)
       else min(${until("coalesce(not_before, $2)")}) end
     from effect where conversation_id = $1 and state in ('waiting', 'claimed')))::float8 as ms`;

async function findDue(tx: Tx, at: Date, reaches: readonly Reach[]): Promise<readonly ConversationId[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select conversation_id as id from proposal
       where told < changes or state = 'pending' and (expires_at <= $1 or remind_at <= $1)
     union
     select conversation_id from effect
       where state = 'claimed' or state = 'waiting' and (not_before is null or not_before <= $1)
     order by id`,
    [at],
  );
  const missed = await findMissed(tx, { reaches });
  return [
    ...new Set([...rows.map((row) => conversationId(row.id)), ...missed.map(({ conversation }) => conversation)]),
  ];
}
