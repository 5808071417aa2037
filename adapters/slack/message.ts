/** A part or a card as a message of Slack's: blocks, and the words that notifications and screen readers use. Pure. */
import type { ActionsBlock, ContextBlock, KnownBlock, MessageMetadata, SectionBlock } from "@slack/types";
import { z } from "zod";
import type { Action, AdapterHost, OutPart, TurnId } from "#core";
import { escaped, plainWords } from "./mrkdwn.ts";

export type SlackMessage = { readonly text: string; readonly blocks: KnownBlock[] };

const MOST_BUTTONS = 25;
const LABEL = 75;
const NAME_LENGTH = 60;

export function partMessage(part: OutPart, names: Pick<AdapterHost, "agentName">): SlackMessage {
  const byline = part.ordinal === part.of - 1 ? bylineOf(part, names) : [];
  return { text: plainWords(part.body), blocks: [section(part.body), ...byline, ...buttons(part.actions)] };
}

/** Several bodies in one message, with buttons under them. */
export const cardMessage = (bodies: readonly string[], actions: readonly Action[]): SlackMessage => ({
  text: plainWords(bodies.join("\n\n")),
  blocks: [...bodies.map(section), ...buttons(actions)],
});

/** Without it a name or an address in the words would become a mention or a preview. */
const section = (text: string): SectionBlock => ({
  type: "section",
  text: { type: "mrkdwn", text: text === "" ? " " : text, verbatim: true },
});

/** Small print under an answer: who gave it, by which model. */
function bylineOf({ agent, note }: OutPart, names: Pick<AdapterHost, "agentName">): readonly ContextBlock[] {
  if (agent === null || note.kind !== "answer") return [];
  const words = [names.agentName(agent), note.model ?? ""].filter((word) => word !== "");
  const text = words.map((word) => escaped(word.slice(0, NAME_LENGTH).toWellFormed())).join(" · ");
  return [{ type: "context", elements: [{ type: "mrkdwn", text, verbatim: true }] }];
}

export function buttons(actions: readonly Action[]): readonly ActionsBlock[] {
  if (actions.length === 0) return [];
  const elements = actions.slice(0, MOST_BUTTONS).map(({ id, label, style }, index) => ({
    type: "button" as const,
    // Unique in the message, whatever the ids are; the value says what is meant.
    action_id: `nova:${index}`,
    value: id,
    ...(style ? { style } : {}),
    text: { type: "plain_text" as const, text: label.slice(0, LABEL).toWellFormed(), emoji: false },
  }));
  return [{ type: "actions", elements }];
}

const PART_EVENT = "nova_part";

/** By this a part is found again. Everyone in the workspace may read it: ids, and no words. */
export const partMetadata = ({ id, at, turn, ordinal, of }: OutPart): MessageMetadata => ({
  event_type: PART_EVENT,
  event_payload: { part: id, at: at.toISOString(), turn, last: ordinal === of - 1 },
});

/** By this what is said beside the replies is told from an unfinished one. */
export const NOTE_METADATA: MessageMetadata = { event_type: "nova_note", event_payload: {} };

const named = z.looseObject({ event_type: z.string().min(1) });

/** All that we write has metadata, but for what is being streamed. */
export const isNamed = (metadata: unknown): boolean => named.safeParse(metadata).success;

const DRAFT_EVENT = "nova_draft";

/** By this a message is found again that shows an unfinished reply. */
export const draftMetadata = (turn: TurnId): MessageMetadata => ({
  event_type: DRAFT_EVENT,
  event_payload: { turn },
});

const metadataOfDraft = z.looseObject({
  event_type: z.literal(DRAFT_EVENT),
  event_payload: z.looseObject({ turn: z.string() }),
});

export const isDraft = (turn: TurnId, metadata: unknown): boolean =>
  metadataOfDraft.safeParse(metadata).data?.event_payload.turn === turn;

const metadataOfPart = z.looseObject({
  event_type: z.literal(PART_EVENT),
  event_payload: z.looseObject({ part: z.string(), at: z.string() }),
});

export function isPart({ id, at }: OutPart, metadata: unknown): boolean {
  const found = metadataOfPart.safeParse(metadata).data?.event_payload;
  return found?.part === id && found.at === at.toISOString();
}

const metadataOfReply = z.looseObject({
  event_type: z.literal(PART_EVENT),
  event_payload: z.looseObject({ turn: z.string(), last: z.boolean() }),
});

export const isReply = (metadata: unknown): boolean => metadataOfReply.safeParse(metadata).success;

/** True for the end of the turn's reply: nothing more of it is written. */
export function isLastPart(turn: TurnId, metadata: unknown): boolean {
  const found = metadataOfReply.safeParse(metadata).data?.event_payload;
  return found?.turn === turn && found.last;
}
