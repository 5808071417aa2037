/** What people said about whom their words are for: the port RouteLabels of the core. */
import { createHash } from "node:crypto";
import {
  agentId,
  clip,
  labelId,
  serviceOf,
  turnId,
  wholeOf,
  words as wordsIn,
  type Clock,
  type LabelId,
  type MessageId,
  type NewLabel,
  type Person,
  type RouteLabel,
  type RouteLabels,
  type Taught,
  type TurnId,
} from "#core";
import { isRowId } from "./conversation-rows.ts";
import type { Database, Tx } from "./engine/database.ts";
import { storable } from "./engine/storable.ts";

/** Characters; what is pasted behind a request says no more about whom it is for. */
const LONGEST = 500;

export function createLabels(database: Database, { clock }: { readonly clock: Clock }): RouteLabels {
  return {
    async note(turn, person, label) {
      const digest = digestOf(label.words);
      if (digest === undefined || !isRowId(turn)) return;
      await database.within(wholeOf(person), (tx) =>
        upsert(tx, { turn, person, digest }, { ...label, at: clock.now() }),
      );
    },

    async find(person, where, words) {
      const digest = digestOf(words);
      if (digest === undefined) return undefined;
      return database.within({ ...wholeOf(person), ...where }, (tx) => findNewest(tx, person, digest));
    },

    list: (person, most) => database.within(wholeOf(person), (tx) => newestOf(tx, person, most)),

    async remove(person, label) {
      return isRowId(label) && database.within(wholeOf(person), (tx) => deleteOne(tx, person, label));
    },

    taught: (tenant, most) => database.within(serviceOf(tenant), (tx) => findTaught(tx, most)),
  };
}

/** Of the words alone, in order: what differs in capitals, marks and blanks is the same. Undefined when there is no word. */
function digestOf(text: string): string | undefined {
  const said = wordsIn(text);
  return said.length === 0 ? undefined : createHash("sha256").update(said.join(" ")).digest("hex");
}

type Said = { readonly turn: TurnId; readonly person: Person; readonly digest: string };

/** Only of the person's own turn. */
async function upsert(tx: Tx, { turn, person, digest }: Said, label: NewLabel & { readonly at: Date }): Promise<void> {
  const { words, wanted, given, source, at } = label;
  await tx.query(
    `insert into route_label (tenant_id, person_id, turn_id, words, digest, wanted, given, source, at)
     select tenant_id, person_id, id, $3, $4, $5, $6, $7, $8 from turn where id = $1 and person_id = $2
     on conflict (turn_id) do update
       set words = excluded.words, digest = excluded.digest, wanted = excluded.wanted, given = excluded.given,
         source = excluded.source, at = excluded.at`,
    [turn, person.id, storable(clip(words.trim(), LONGEST)), digest, wanted, given, source, at],
  );
}

async function findNewest(tx: Tx, person: Person, digest: string) {
  const { rows } = await tx.query<{ wanted: string; at: Date }>(
    "select wanted, at from route_label where person_id = $1 and digest = $2 order by at desc, id desc limit 1",
    [person.id, digest],
  );
  return rows.map(({ wanted, at }) => ({ agent: agentId(wanted), at }))[0];
}

type Row = {
  readonly id: string;
  readonly turn_id: string;
  readonly words: string;
  readonly wanted: string;
  readonly given: string | null;
  readonly source: RouteLabel["source"];
  readonly at: Date;
};

async function newestOf(tx: Tx, person: Person, most: number): Promise<readonly RouteLabel[]> {
  const { rows } = await tx.query<Row>(
    `select id, turn_id, words, wanted, given, source, at from route_label
     where person_id = $1 order by at desc, id desc limit $2`,
    [person.id, most],
  );
  return rows.map(({ id, turn_id, wanted, given, ...row }) => ({
    ...row,
    id: labelId(id),
    turn: turnId(turn_id),
    wanted: agentId(wanted),
    given: given === null ? null : agentId(given),
  }));
}

async function deleteOne(tx: Tx, person: Person, label: LabelId): Promise<boolean> {
  const { rowCount } = await tx.query("delete from route_label where id = $1 and person_id = $2", [label, person.id]);
  return rowCount === 1;
}

/** Of the same words of a person, what was said last. */
async function findTaught(tx: Tx, most: number): Promise<readonly Taught[]> {
  const { rows } = await tx.query<{ wanted: string; words: string }>(
    `select wanted, words from (
       select distinct on (label.person_id, label.digest) label.id, label.wanted, label.words, label.at
       from route_label label join person on person.id = label.person_id
       where person.role in ('owner', 'member')
       order by label.person_id, label.digest, label.at desc, label.id desc) latest
     order by at desc, id desc limit $1`,
    [most],
  );
  return rows.map(({ wanted, words }) => ({ agent: agentId(wanted), text: words }));
}

/**
 * What was said of the words of this message, while they still stand in it: they go with them, also where a later turn
 * asked the same again. `message`: an author's own.
 */
export async function deleteLabelsOf(tx: Tx, message: MessageId): Promise<void> {
  await tx.query(
    `delete from route_label label using message
     where message.id = $1 and label.person_id = message.author_id
       and (label.turn_id = message.turn_id
         or (length(trim(message.text)) > 3 and position(left(trim(message.text), 200) in label.words) > 0))`,
    [message],
  );
}
