/** What Nova said, drawn; below a card stands what is typed to decide it, for a terminal has no buttons. */
import { decidedByTyping, type Message } from "#core";
import { draw, type Look } from "./render.ts";

export const drawReply = ({ text, actions = [] }: Pick<Message, "text" | "actions">, look: Look): string =>
  draw([text, ...hints(actions)].join("\n\n"), look);

const hints = (actions: NonNullable<Message["actions"]>): readonly string[] =>
  [...decidedByTyping(actions)].map(([number, deeds]) => {
    const decide = deeds.has("approve")
      ? `\`/approve ${number}\` or \`/deny ${number}\``
      : `\`/deny ${number}\` turns it down`;
    return deeds.has("edit") ? `${decide}; \`nova approvals edit ${number}\` changes it.` : `${decide}.`;
  });
