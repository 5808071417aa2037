/** Answers a click: the card replaces what the click was deferred with, for the eyes of whoever clicked. Called by take-press.ts. */
import { splitMarkdown, type Pressed } from "#core";
import { codeOf } from "../answer.ts";
import { dialect } from "../dialect.ts";
import type { CommandHandle } from "../handle.ts";
import { bodyOf, EPHEMERAL } from "../message.ts";
import { editOriginal, followUp } from "../reply.ts";
import type { Rest } from "../rest.ts";

export type PressDeps = { readonly rest: Rest; readonly application: string };
/** What of a click's interaction its answer needs. */
export type ClickHandle = Pick<CommandHandle, "token">;

/** "ok", or in a word why the card is not shown. */
export async function answerPress(
  click: ClickHandle,
  { card }: Pick<Pressed, "card">,
  { rest, application }: PressDeps,
): Promise<string> {
  const parts = splitMarkdown(card.text, dialect);
  const [first = "Done.", ...others] = parts;
  const actionsAt = (index: number) => (index === others.length ? card.actions : []);
  const shown = editOriginal(application, click, bodyOf(first, actionsAt(0)));
  let answer = await rest.call(shown);
  // Written over once more it stands there once.
  if (answer.kind === "unknown" || answer.kind === "unsent") answer = await rest.call(shown);
  for (const [index, text] of others.entries()) {
    if (answer.kind !== "done") break;
    const body = bodyOf(text, actionsAt(index + 1));
    answer = await rest.call(followUp(application, click, { ...body, flags: body.flags | EPHEMERAL }));
  }
  return codeOf(answer);
}
