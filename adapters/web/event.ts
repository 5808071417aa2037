/** What the page is told: messages of the transcript, which it keeps, and progress, which it forgets. */
import type { Action, AdapterHost, AgentId, Message, MessageId, OutPart, PersonId, ReplyNote, TurnId } from "#core";
import { toHtml } from "./render.ts";

/** A line of the conversation. The page shows each id once and in the order of ids. */
type MessageEvent = {
  readonly id: MessageId;
  readonly turn: TurnId | null;
  /** ISO 8601. */
  readonly at: string;
} & (
  | {
      readonly from: "person";
      readonly text: string;
      /** The page's own id of the message, when it was sent just now. */
      readonly client: string | null;
    }
  | {
      readonly from: "nova";
      /** The agent as people read it; `Nova` when it speaks itself. */
      readonly name: string;
      readonly agent: AgentId | null;
      readonly model: string | null;
      readonly kind: ReplyNote["kind"];
      /** Already safe. */
      readonly html: string;
      readonly actions: readonly Action[];
    }
);

/** The turn that is at work, as far as it has come. */
export type Running = {
  readonly turn: TurnId;
  readonly name: string | null;
  readonly line: string | null;
  /** The draft so far, already safe. */
  readonly html: string;
};

export type FeedEvent =
  /** Whose conversation this is; always the first. A page that was someone else's starts anew. */
  | { readonly event: "person"; readonly data: { readonly id: PersonId; readonly name: string } }
  | { readonly event: "message"; readonly id: MessageId; readonly data: MessageEvent }
  /** A reply that reads otherwise by now, words and buttons. A page that does not show it lets it pass. */
  | { readonly event: "amended"; readonly id: MessageId; readonly data: MessageEvent }
  | { readonly event: "progress"; readonly data: Running | { readonly turn: TurnId; readonly ended: true } }
  /** Everything stored so far has been sent. */
  | { readonly event: "ready"; readonly data: { readonly person: string; readonly running: Running | null } }
  | { readonly event: "signed-out"; readonly data: null }
  /** The line ends because Nova stops; the page comes back when Nova does. */
  | { readonly event: "restarting"; readonly data: null };

/** Says how people read an agent's id. */
export type Names = Pick<AdapterHost, "agentName">;

export function transcriptEvent(message: Message, names: Names): FeedEvent {
  const { id, turn, text, author, reply, actions = [] } = message;
  const at = message.at.toISOString();
  if (author.kind === "person") return saidEvent({ id, turn, at: message.at, text, client: null });
  const kind = reply?.kind ?? "answer";
  const name = nameOf(author.agent, names);
  const data = { id, turn, at, name, agent: author.agent, model: reply?.model ?? null, kind };
  return { event: "message", id, data: { ...data, from: "nova", html: toHtml(text), actions } };
}

export function saidEvent(said: {
  readonly id: MessageId;
  readonly turn: TurnId | null;
  readonly at: Date;
  readonly text: string;
  readonly client: string | null;
}): FeedEvent {
  return { event: "message", id: said.id, data: { ...said, from: "person", at: said.at.toISOString() } };
}

export const amendedEvent = (message: Message, names: Names): FeedEvent => {
  const event = transcriptEvent(message, names);
  return event.event === "message" ? { ...event, event: "amended" } : event;
};

export function partEvent(part: OutPart, names: Names): FeedEvent {
  const { message: id, turn, at, agent, note, body, actions, amends } = part;
  const name = nameOf(agent, names);
  const data = { id, turn, at: at.toISOString(), name, agent, model: note.model, kind: note.kind };
  const event = amends === null ? "message" : "amended";
  return { event, id, data: { ...data, from: "nova", html: body, actions } };
}

/** Without an agent Nova itself speaks. */
export const nameOf = (agent: AgentId | null, names: Names): string =>
  agent === null ? "Nova" : names.agentName(agent);

/**
 * Server-sent events: only messages carry an id, so that Last-Event-ID is always a cursor into the transcript. One that
 * was not read there in its order is no cursor.
 */
export function encodeEvent(event: FeedEvent, isCursor = false): string {
  const id = event.event === "message" && isCursor ? `id: ${event.id}\n` : "";
  return `event: ${event.event}\n${id}data: ${JSON.stringify(event.data)}\n\n`;
}
