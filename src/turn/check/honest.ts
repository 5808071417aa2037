/** What an answer must not leave out, whether or not the agent thought of it. Pure; called by respond.ts. */
import type { AgentStep, StepOutcome, TakenTurn } from "#core";
import type { Said } from "../parts/voice.ts";

type Spoken = Pick<StepOutcome, "changes"> & { readonly reply: Said["reply"] };

/** `dropped`: changes of memory that it tells of were not made. */
export function honest<T extends Spoken>(outcome: T, about: { turn: TakenTurn; step: AgentStep; dropped: boolean }): T {
  const { turn, step, dropped } = about;
  return withheld(unread(dropped ? unkept(outcome) : outcome, turn), turn, step);
}

/** An answer may say that something was kept or forgotten; when nothing was, the reader is told. */
function unkept<T extends Spoken>(outcome: T): T {
  return under(outcome, "*Nothing was kept or forgotten: these words came from outside.*");
}

/** An answer over files that were not read, or not whole, says so. */
function unread<T extends Spoken>(outcome: T, { messages }: TakenTurn): T {
  if (outcome.reply.kind !== "answer") return outcome;
  const { text } = outcome.reply;
  const untold = messages.flatMap(({ files = [] }) => files.filter(({ name, fault }) => fault && !text.includes(name)));
  return under(outcome, ...untold.map(({ fault }) => `*${fault}*`));
}

/** Whoever looks things up where others read finds less than there is: "nothing" alone would not be true. */
function withheld<T extends Spoken>(outcome: T, { address }: TakenTurn, { agent, recalled }: AgentStep): T {
  const { reply } = outcome;
  const looked = agent.tools.includes("list_notes") && outcome.changes.length === 0;
  if (address.visibility === "private" || !looked || recalled?.verdict !== "none") return outcome;
  if (reply.kind === "fail") return { ...outcome, reply: { ...reply, reason: `${reply.reason}\n\n${ALONE}` } };
  return under(outcome, ALONE);
}

const ALONE = "*Others read here, so I looked only at what everybody may see. Ask me in private for the rest.*";

function under<T extends Spoken>(outcome: T, ...notes: readonly string[]): T {
  if (outcome.reply.kind !== "answer" || notes.length === 0) return outcome;
  return { ...outcome, reply: { ...outcome.reply, text: [outcome.reply.text, ...notes].join("\n\n") } };
}
