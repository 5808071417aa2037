/** How a row of the transcript becomes a Message. Used wherever such rows are read. */
import {
  agentId,
  conversationId,
  messageId,
  personId,
  turnId,
  type Action,
  type Author,
  type Message,
  type MessageFile,
  type ReplyNote,
  type Wording,
} from "#core";

export type MessageRow = {
  readonly id: string;
  readonly conversation_id: string;
  readonly author_id: string | null;
  readonly author_name: string | null;
  readonly agent: string | null;
  readonly text: string;
  readonly origin: "outside" | null;
  readonly scheduled: Wording | null;
  readonly tainted: boolean;
  readonly retold: boolean;
  readonly at: Date;
  readonly turn_id: string | null;
  readonly note_kind: ReplyNote["kind"] | null;
  readonly note_model: string | null;
  readonly files: readonly MessageFile[] | null;
  readonly actions: readonly Action[] | null;
  readonly deleted_at: Date | null;
  /** Only where an agent reads it again. */
  readonly asker_id?: string | null;
  /** Only where a turn takes it. */
  readonly schedule?: string | null;
};

const COLUMNS = `message.id, message.conversation_id, message.author_id, author.name as author_name,
  message.agent, message.text, message.origin, message.scheduled, message.tainted, message.retold, message.at, message.turn_id, message.note_kind,
  message.note_model, message.actions, message.deleted_at`;

/** The columns of a MessageRow; needs `message left join person author on author.id = message.author_id`. */
export const READ_COLUMNS = `${COLUMNS}, message.files`;

/**
 * The same of a message that has a `place`, with whom it answers: of files of one further back only the beginning, for
 * nobody reads them whole.
 */
export const PAST_COLUMNS = `${COLUMNS}, case when message.direction = 'out' then coalesce(
    (select asked.author_id from message asked
     where asked.turn_id = message.turn_id and asked.direction = 'in' order by asked.id limit 1),
    (select turn.person_id from turn where turn.id = message.turn_id)) end as asker_id, case when message.files is null or message.place <= 8 then message.files else
    (select jsonb_agg(case when length(file.value ->> 'text') > 20000
       then file.value || jsonb_build_object('text', left(file.value ->> 'text', 20000)) else file.value end
       order by file.ordinality)
     from jsonb_array_elements(message.files) with ordinality file) end as files`;

/** The same without what was read of the files: nobody is shown it. */
export const MESSAGE_COLUMNS = `${COLUMNS}, case when message.files is not null then
    (select jsonb_agg(file.value - 'text' order by file.ordinality)
     from jsonb_array_elements(message.files) with ordinality file) end as files`;

export const messageFrom = (row: MessageRow): Message => ({
  id: messageId(row.id),
  conversation: conversationId(row.conversation_id),
  author: authorFrom(row),
  text: row.text,
  ...(row.origin === null ? {} : { origin: row.origin }),
  ...(row.scheduled === null ? {} : { scheduled: row.scheduled }),
  ...(row.tainted || row.scheduled === "outside" ? { tainted: true } : {}),
  ...(row.retold ? { retold: true } : {}),
  ...(row.asker_id ? { asker: personId(row.asker_id) } : {}),
  at: row.at,
  turn: row.turn_id === null ? null : turnId(row.turn_id),
  reply: row.note_kind === null ? null : { kind: row.note_kind, model: row.note_model },
  ...(row.files === null ? {} : { files: row.files }),
  ...(row.actions === null ? {} : { actions: row.actions }),
  ...(row.schedule ? { schedule: row.schedule } : {}),
  ...(row.deleted_at === null ? {} : { deletedAt: row.deleted_at }),
});

function authorFrom(row: MessageRow): Author {
  if (row.author_id === null) return { kind: "agent", agent: row.agent === null ? null : agentId(row.agent) };
  return { kind: "person", person: personId(row.author_id), name: row.author_name ?? "" };
}
