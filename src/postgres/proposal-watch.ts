/** What happens to proposals without anybody asking: the port ProposalWatch of the core. */
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
  type ProposalWatch,
  type Untold,
} from "#core";
import { inConversation, inEveryTenant } from "./conversation-rows.ts";
import type { Database, Tx } from "./database.ts";
import { endProposal } from "./proposal-ends.ts";
import { personFrom, type PersonRow } from "./person-rows.ts";
import { storable } from "./storable.ts";
import { findProposal, findProposals, lockProposal } from "./proposal-rows.ts";

export function createProposalWatch(database: Database, { clock }: { readonly clock: Clock }): ProposalWatch {
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
        const found = await findProposals(
          tx,
          `proposal.conversation_id = $1 and (proposal.told < proposal.changes
             or proposal.state = 'pending' and proposal.remind_at <= $2)
           order by proposal.id`,
          [conversation, clock.now()],
        );
        const reminders = new Set(await findReminders(tx, conversation));
        const untold: Untold[] = [];
        for (const { changes, ...proposal } of found) {
          untold.push({
            proposal,
            why: reminders.has(proposal.id) ? "reminder" : "news",
            change: changes,
            cards: await findCards(tx, proposal),
            elsewhere: await findElsewhere(tx, proposal, conversation),
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
        const ms = rows[0]?.ms ?? null;
        return ms === null ? undefined : Math.max(0, Math.ceil(ms));
      }),

    due: () => inEveryTenant(database, (tx) => findDue(tx, clock.now())),
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
async function findReminders(tx: Tx, conversation: ConversationId) {
  const { rows } = await tx.query<{ id: string }>(
    "select id from proposal where conversation_id = $1 and state = 'pending' and told >= changes",
    [conversation],
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

/** Where nobody is named, the owner decides. */
async function findElsewhere(
  tx: Tx,
  { person, approvers }: Proposal,
  conversation: ConversationId,
): Promise<readonly Person[]> {
  const { rows } = await tx.query<PersonRow>(
    `select id, tenant_id, name, role from person
     where (id = any($1::bigint[]) or role = 'owner') and id <> $2
       and not exists (select from message where conversation_id = $3 and author_id = person.id)
     order by id`,
    [approvers, person.id, conversation],
  );
  return rows.map(personFrom);
}

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

async function findDue(tx: Tx, at: Date): Promise<readonly ConversationId[]> {
  const { rows } = await tx.query<{ id: string }>(
    `select conversation_id as id from proposal
       where told < changes or state = 'pending' and (expires_at <= $1 or remind_at <= $1)
     union
     select conversation_id from effect
       where state = 'claimed' or state = 'waiting' and (not_before is null or not_before <= $1)
     order by id`,
    [at],
  );
  return rows.map((row) => conversationId(row.id));
}
