/**
 * Other words and buttons for a message that Nova has said, within an open transaction. Used by announcements.ts.
 *
 * What was not sent yet is put right where it lies. For each sent part that reads otherwise from now on, another part goes
 * out behind all that is under way and takes its place on the platform; the buttons are those of the last one.
 */
import {
  agentId,
  conversationId,
  turnId,
  type Action,
  type Address,
  type Amendment,
  type MessageId,
  type RenderedPart,
  type TurnId,
  type ConversationId,
  type Writer,
} from "#core";
import type { Calls } from "../queue/calls.ts";
import { lockConversation } from "../conversation-rows.ts";
import type { OpenTx, Tx } from "../engine/database.ts";
import { storable, storableJson } from "../engine/storable.ts";
import { lockTurn } from "./trace-rows.ts";

export type Amending = Amendment & {
  render(address: Address, shown: number | null, by: Writer): readonly RenderedPart[];
  readonly calls: Calls;
  readonly at: Date;
};

/** False when there is no such message within the scope. */
export async function amend(tx: OpenTx, message: MessageId, to: Amending): Promise<boolean> {
  const place = await conversationOf(tx, message);
  if (!place) return false;
  await Promise.all([lockConversation(tx, place.conversation), lockTurn(tx, place.turn)]);
  const said = await findWords(tx, message);
  if (!said) return false;
  const text = storable(to.text);
  const newButtons = !sameActions(said.actions ?? [], to.actions);
  await updateWords(tx, message, { ...to, text });
  if (said.text === text && !newButtons) return true;

  const parts = await partsOf(tx, message);
  const shown = parts.filter(({ amends_id }) => amends_id === null);
  if (shown.every(({ state }) => state === "ready")) {
    await replaceUnsent(tx, message, to.render(place.address, null, said.by));
    return true;
  }
  const bodies = spread(to.render(place.address, shown.length, said.by), shown.length);
  for (const [i, part] of shown.entries()) {
    const later = parts.filter(({ amends_id }) => amends_id === part.id);
    const body = bodies[i] ?? part.body;
    const isLast = i === shown.length - 1;
    if (body === (later.at(-1) ?? part).body && !(isLast && newButtons)) continue;
    // What is not sent yet is claimed with the words of that moment.
    const unsent = [part, ...later].findLast(({ state }) => state === "ready");
    if (unsent) await updateBody(tx, unsent.id, body);
    else {
      await insertAmending(tx, part.id, body, to.at);
      await to.calls.send(tx, "deliver", place.conversation, null);
    }
  }
  return true;
}

/** To as many as there are: the last keeps the last words and the buttons, and between them nothing old stays. */
function spread(bodies: readonly RenderedPart[], count: number): readonly string[] {
  const words = bodies.map(({ body }) => storable(body));
  const missing = Math.max(0, count - words.length);
  return [...words.slice(0, -1), ...Array.from({ length: missing }, () => "…"), ...words.slice(-1)];
}

const sameActions = (before: readonly Action[], after: readonly Action[]): boolean =>
  before.length === after.length &&
  before.every(({ id, label, style }, i) => {
    const other = after[i];
    return id === other?.id && label === other.label && style === other.style;
  });

type PlaceRow = { readonly conversation_id: string; readonly turn_id: string; readonly address: Address };
type Place = { readonly conversation: ConversationId; readonly turn: TurnId; readonly address: Address };

async function conversationOf(tx: Tx, message: MessageId): Promise<Place | undefined> {
  const { rows } = await tx.query<PlaceRow>(
    `select message.conversation_id, turn.id as turn_id, turn.address
     from message join turn on turn.id = message.turn_id where message.id = $1 and message.direction = 'out'`,
    [message],
  );
  return rows.map((row) => ({
    conversation: conversationId(row.conversation_id),
    turn: turnId(row.turn_id),
    address: row.address,
  }))[0];
}

type Words = { readonly text: string; readonly actions: readonly Action[] | null; readonly by: Writer };

type WordsRow = Pick<Words, "text" | "actions"> & {
  readonly agent: string | null;
  readonly note_model: string | null;
  readonly origin: "outside" | null;
};

async function findWords(tx: Tx, message: MessageId): Promise<Words | undefined> {
  const { rows } = await tx.query<WordsRow>(
    "select text, actions, agent, note_model, origin from message where id = $1 for update",
    [message],
  );
  return rows.map(({ text, actions, agent, note_model: model, origin }) => ({
    text,
    actions,
    by: { agent: agent === null ? null : agentId(agent), model, ...(origin === null ? {} : { origin }) },
  }))[0];
}

async function updateWords(tx: Tx, message: MessageId, { text, actions, tainted }: Amendment): Promise<void> {
  await tx.query("update message set text = $2, actions = $3, tainted = tainted or $4 where id = $1", [
    message,
    text,
    actions.length > 0 ? storableJson(actions) : null,
    tainted === true,
  ]);
}

type PartRow = {
  readonly id: string;
  readonly body: string;
  readonly state: "ready" | "sending" | "sent" | "unknown" | "failed";
  readonly amends_id: string | null;
};

async function partsOf(tx: Tx, message: MessageId): Promise<readonly PartRow[]> {
  const { rows } = await tx.query<PartRow>(
    `select id, body, state, amends_id from outbox_part
     where message_id = $1 and not notice order by ordinal for update`,
    [message],
  );
  return rows;
}

/** None of them was sent: there may be more of them now, or fewer. */
async function replaceUnsent(tx: Tx, message: MessageId, parts: readonly RenderedPart[]): Promise<void> {
  await tx.query(
    `with left_over as (delete from outbox_part where message_id = $1 and not notice and ordinal >= cardinality($2::text[])),
       part as (select body, ordinality - 1 as ordinal from unnest($2::text[]) with ordinality part (body, ordinality)),
       changed as (
         update outbox_part set body = part.body from part
         where message_id = $1 and not notice and outbox_part.ordinal = part.ordinal
         returning outbox_part.ordinal)
     insert into outbox_part (tenant_id, person_id, conversation_id, turn_id, message_id, ordinal, body, stored_at)
     select first.tenant_id, first.person_id, first.conversation_id, first.turn_id, $1, part.ordinal, part.body, first.stored_at
     from part, outbox_part first
     where first.message_id = $1 and first.ordinal = 0 and part.ordinal not in (select ordinal from changed)`,
    [message, parts.map(({ body }) => storable(body))],
  );
}

async function updateBody(tx: Tx, part: string, body: string): Promise<void> {
  await tx.query("update outbox_part set body = $2 where id = $1", [part, body]);
}

/** Behind all parts of its turn. */
async function insertAmending(tx: Tx, amended: string, body: string, at: Date): Promise<void> {
  await tx.query(
    `insert into outbox_part
       (tenant_id, person_id, conversation_id, turn_id, message_id, ordinal, body, stored_at, amends_id)
     select tenant_id, person_id, conversation_id, turn_id, message_id,
       (select max(ordinal) + 1 from outbox_part where turn_id = amended.turn_id), $2, $3, id
     from outbox_part amended where amended.id = $1`,
    [amended, body, at],
  );
}
