/** What is shown of a reply while it is made: who is at work, and the end of what is written so far. Pure. Used by preview.ts. */
import { splitMarkdown } from "#core";
import { dialect } from "../dialect.ts";

/** Two of these and the line under them fit into a message. */
const PIECE = { ...dialect, limit: 900 };

export type Sight = { readonly name: string; readonly line: string | null; readonly draft: string };

/** At most 2,000 characters. */
export function sightOf({ name, line, draft }: Sight): string {
  const who = dialect.text(name.slice(0, 40).toWellFormed(), false);
  if (draft.trim() === "") return `-# ${who} ${line === null ? "is at work" : `· ${clipped(line)}`}…`;
  const end = endOf(draft);
  const pieces = splitMarkdown(end, PIECE);
  const shown = pieces.slice(-2).join("\n\n");
  return `${pieces.length > 2 || end !== draft ? "…\n\n" : ""}${shown}\n-# ${who} is writing…`;
}

/** Only this much is read of a long draft each time: more than is shown of it. */
const END = 6_000;
/** It begins at the same place for as long as the draft grows by less, so that what is shown stands still. */
const STRIDE = 2_000;

/** From the beginning of a line on; inside a block of code that goes on. */
function endOf(draft: string): string {
  if (draft.length <= END + STRIDE) return draft;
  const from = Math.floor((draft.length - END) / STRIDE) * STRIDE;
  const line = draft.indexOf("\n", from) + 1;
  const start = line > 0 && line <= from + STRIDE ? line : from;
  let fence = "";
  for (const [, mark = ""] of draft.slice(0, start).matchAll(/^ {0,3}(`{3,}|~{3,})/gm))
    if (fence === "") fence = mark;
    else if (mark.startsWith(fence)) fence = "";
  return (fence === "" ? "" : `${fence}\n`) + draft.slice(start).toWellFormed();
}

const clipped = (line: string): string => dialect.text(line.replace(/\s+/g, " ").slice(0, 40).toWellFormed(), false);
