/** What Nova says unasked, each a turn of its own without anybody's message: the port AnnouncementStore of the core. */
import {
  messageId,
  serviceOf,
  turnId,
  wholeOf,
  type Announced,
  type Announcement,
  type AnnouncementStore,
  type Clock,
  type ConversationId,
  type MessageId,
  type Reach,
  type RenderedPart,
  type TurnId,
} from "#core";
import { findAddressee, type Addressee } from "../people/addressee.ts";
import { amend } from "./amendment.ts";
import type { Calls } from "../queue/calls.ts";
import { isRowId, lockAt } from "../conversation-rows.ts";
import { enter, type Database, type Tx } from "../engine/database.ts";
import { allTenants } from "../people/person-rows.ts";
import { storable, storableJson } from "../engine/storable.ts";
import { appendTrace } from "./trace-rows.ts";

export type AnnouncementDeps = { readonly calls: Calls; readonly clock: Clock; readonly reaches: readonly Reach[] };

export function createAnnouncementStore(database: Database, deps: AnnouncementDeps): AnnouncementStore {
  const { calls, clock, reaches } = deps;
  return {
    say: (announcement, render) =>
      database.within(serviceOf(announcement.to.tenant), async (tx): Promise<Announced> => {
        const seen = await findSaid(tx, announcement.key);
        if (seen) return { kind: "seen", ...seen };
        const known = reaches.some(({ platform }) => platform === announcement.address?.platform);
        const wanted = known ? announcement.address : null;
        const addressee = await findAddressee(tx, announcement.to, wanted, reaches);
        if (!addressee) return { kind: "unreachable" };

        const conversation = await lockAt(tx, addressee.address, announcement.to, null);
        const at = clock.now();
        const turn = await insertTurn(tx, announcement, { addressee, conversation, at });
        if (!turn) return { kind: "seen", ...(await mustFindSaid(tx, announcement.key)) };
        const message = await insertMessage(tx, announcement, { turn, at });
        const parts = render(addressee.address);
        await insertParts(tx, { turn, message, parts });
        await appendTrace(tx, turn, [{ at, event: { kind: "settled", state: "done", parts: parts.length } }]);
        await calls.send(tx, "deliver", conversation, message);
        return { kind: "said", turn, message };
      }),

    said: (key, to) => database.within(wholeOf(to), async (tx) => (await findSaid(tx, key))?.message),

    whereTo: (person) =>
      database.within(
        serviceOf(person.tenant),
        async (tx) => (await findAddressee(tx, person, null, reaches))?.address,
      ),

    async amend(message, to, render) {
      if (!isRowId(message)) return;
      await database.system(async (tx) => {
        for (const tenant of await allTenants(tx)) {
          await enter(tx, serviceOf(tenant));
          if (await amend(tx, message, { ...to, render, calls, at: clock.now() })) return;
        }
      });
    },
  };
}

type Said = { readonly turn: TurnId; readonly message: MessageId };

async function findSaid(tx: Tx, key: string): Promise<Said | undefined> {
  const { rows } = await tx.query<{ turn_id: string; id: string }>(
    `select message.id, message.turn_id
     from turn join message on message.turn_id = turn.id and message.direction = 'out'
     where turn.said_key = $1`,
    [key],
  );
  return rows.map((row) => ({ turn: turnId(row.turn_id), message: messageId(row.id) }))[0];
}

async function mustFindSaid(tx: Tx, key: string): Promise<Said> {
  const said = await findSaid(tx, key);
  if (!said) throw new Error("an announcement vanished while it was being made");
  return said;
}

type Place = { readonly addressee: Addressee; readonly conversation: ConversationId; readonly at: Date };

/** Undefined when it was said by another process in this very moment. */
async function insertTurn(
  tx: Tx,
  { key, to, agent }: Announcement,
  { addressee, conversation, at }: Place,
): Promise<TurnId | undefined> {
  const { address, account } = addressee;
  const { rows } = await tx.query<{ id: string }>(
    `insert into turn (tenant_id, conversation_id, person_id, project_id, branch_id, address, state, agent, started_at,
       ended_at, said_key, said_scope, said_id)
     select tenant_id, id, $2, project_id, branch_id, $3, 'done', $4, $5, $5, $6, $7, $8 from conversation where id = $1
     on conflict (tenant_id, said_key) where said_key is not null do nothing
     returning id`,
    [conversation, to.id, JSON.stringify(address), agent, at, key, account?.scope ?? null, account?.id ?? null],
  );
  return rows.map((row) => turnId(row.id))[0];
}

async function insertMessage(
  tx: Tx,
  { text, agent, actions = [], origin, tainted = false, aside = false }: Announcement,
  { turn, at }: { readonly turn: TurnId; readonly at: Date },
): Promise<MessageId> {
  const { rows } = await tx.query<{ id: string }>(
    `insert into message (tenant_id, conversation_id, person_id, direction, agent, text, at, stored_at, turn_id, note_kind,
       actions, origin, aside, tainted)
     select turn.tenant_id, conversation.id, conversation.person_id, 'out', $2, $3, $4, $4, turn.id, 'notice', $5, $6, $7, $8
     from turn join conversation on conversation.id = turn.conversation_id where turn.id = $1
     returning id`,
    [
      turn,
      agent,
      storable(text),
      at,
      actions.length > 0 ? storableJson(actions) : null,
      origin ?? null,
      aside,
      tainted,
    ],
  );
  const [row] = rows;
  if (!row) throw new Error("the announcement was not stored");
  return messageId(row.id);
}

type Parts = { readonly turn: TurnId; readonly message: MessageId; readonly parts: readonly RenderedPart[] };

async function insertParts(tx: Tx, { turn, message, parts }: Parts): Promise<void> {
  await tx.query(
    `insert into outbox_part (tenant_id, person_id, conversation_id, turn_id, message_id, ordinal, body, stored_at)
     select turn.tenant_id, turn.person_id, turn.conversation_id, turn.id, $2, part.ordinality - 1, part.body, turn.ended_at
     from turn, unnest($3::text[]) with ordinality part (body, ordinality)
     where turn.id = $1`,
    [turn, message, parts.map(({ body }) => storable(body))],
  );
}
