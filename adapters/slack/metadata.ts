/** What Nova's messages carry beside their words, by which they are found and told apart again: ids, and no words. Pure. */
import type { MessageMetadata } from "@slack/types";
import { z } from "zod";
import type { OutPart, TurnId } from "#core";

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
