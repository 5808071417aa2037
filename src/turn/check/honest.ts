/** What an answer must not leave out, whether or not the agent thought of it. Pure; called by part-end.ts. */
import { clip, sentenceOf, type AgentStep, type StepOutcome, type TakenTurn } from "#core";
import { escaped } from "../approval/card-text.ts";
import type { Said } from "../parts/voice.ts";

type Spoken = Pick<StepOutcome, "changes" | "model"> & { readonly reply: Said["reply"] };

type About = {
  readonly turn: TakenTurn;
  readonly step: AgentStep;
  /** Changes of memory that it tells of were not made. */
  readonly dropped: boolean;
  /** What was asked beside and is not this agent's to do, in the person's words. */
  readonly left: readonly string[];
  /** An order that was taken for a part of a pasted text. */
  readonly taken?: string | undefined;
  /** Colleagues had a hand in it, and one of them may have done what is not this agent's. */
  readonly others: boolean;
};

export function honest<T extends Spoken>(outcome: T, { turn, step, dropped, ...beside }: About): T {
  return leaving(withheld(unread(dropped ? unkept(outcome) : outcome, turn), turn, step), beside);
}

/** A model reads all of the words, and says itself what it makes of them; rules answer what they are for. */
function leaving<T extends Spoken>(outcome: T, beside: Pick<About, "left" | "taken" | "others">): T {
  const { reply, model } = outcome;
  const notes = notesOn(sentenceOf(reply), beside);
  if (notes.length === 0 || (model !== null && model !== OFFLINE)) return outcome;
  const note = notes.join(" ");
  switch (reply.kind) {
    case "answer":
      return under(outcome, `*${note}*`);
    case "clarify":
      // What follows a question is what it offers.
      return { ...outcome, reply: { ...reply, question: `${note}\n\n${reply.question}` } };
    case "fail":
      // That no model is at hand is said of all of the words.
      if (reply.code === "needs_model") return outcome;
      return { ...outcome, reply: { ...reply, reason: `${reply.reason}\n\n${note}` } };
  }
}

function notesOn(said: string, { left, taken, others }: Pick<About, "left" | "taken" | "others">): readonly string[] {
  const untold = left.map((words) => words.replace(/[\s.?!]+$/, "")).filter((words) => !said.includes(words));
  const what = new Intl.ListFormat("en").format(untold.map(quoted));
  const undone = others
    ? `I may not have done this: ${what}. If it is missing, please ask for it by itself.`
    : `I did not do this: ${what}. Please ask for it by itself.`;
  const text = `I took ${quoted(taken ?? "")} as a part of the text; say it by itself if it was meant for me.`;
  return [...(untold.length > 0 ? [undone] : []), ...(taken === undefined ? [] : [text])];
}

const quoted = (words: string): string => `“${escaped(clip(words.replace(/[\s.?!]+$/, ""), LONGEST))}”`;

const OFFLINE = "offline";
const LONGEST = 120;

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
