/** What became of the messages of a burst: each is to be in one turn, and each turn to have one reply at the peer. Used by burst. */
import { HOME, serviceOf } from "#core";
import type { Database } from "../../src/postgres/engine/database.ts";
import type { Reply } from "./burst-crowd.ts";

export type Count = {
  /** Turns that took the messages. */
  readonly turns: number;
  /** Messages without an answer, or a question back, that stands at the peer. */
  readonly lost: number;
  /** What became of those. */
  readonly instead: readonly string[];
  /** Messages that were stored, and so worked on, more than once, and replies at the peer that no turn has. */
  readonly doubled: number;
};

type Row = {
  readonly text: string;
  readonly turn: string | null;
  readonly kind: string | null;
  readonly replies: readonly string[] | null;
};

/** `texts` are all that was said, no two alike. */
export async function count(database: Database, texts: readonly string[], replies: readonly Reply[]): Promise<Count> {
  const rows = await database.within(serviceOf(HOME), async (tx) => {
    const found = await tx.query<Row>(
      `select said.text, said.turn_id::text as turn, reply.note_kind as kind,
         (select array_agg(place.container || ' ' || part.external_id)
          from outbox_part part where part.message_id = reply.id and part.state = 'sent') as replies
       from message said join conversation place on place.id = said.conversation_id
         left join message reply on reply.turn_id = said.turn_id and reply.direction = 'out'
       where said.direction = 'in'`,
    );
    return found.rows;
  });
  const there = new Set(replies.map(nameOf));
  const answered = rows.filter(
    (row) =>
      (row.kind === "answer" || row.kind === "clarify") && row.replies?.length === 1 && there.has(row.replies[0] ?? ""),
  );
  const texted = new Set(answered.map(({ text }) => text));
  const known = new Set(rows.flatMap((row) => row.replies ?? []));
  const lost = texts.filter((text) => !texted.has(text));
  return {
    turns: new Set(rows.flatMap(({ turn }) => turn ?? [])).size,
    lost: lost.length,
    instead: lost.map((text) => {
      const row = rows.find((each) => each.text === text);
      return `${text}: ${row ? `turn ${row.turn}, ${row.kind}, ${row.replies?.join(" and ")}` : "not stored"}`;
    }),
    doubled:
      rows.length -
      new Set(rows.map(({ text }) => text)).size +
      replies.filter((reply) => !known.has(nameOf(reply))).length,
  };
}

/** Slack's ids are good within their channel only. */
const nameOf = ({ channel, id }: Reply): string => `${channel} ${id}`;
