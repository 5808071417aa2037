/** A part or a card as a message of Slack's: blocks, and the words that notifications and screen readers use. Pure. */
import type { ActionsBlock, ContextBlock, KnownBlock, SectionBlock } from "@slack/types";
import type { Action, AdapterHost, OutPart } from "#core";
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
