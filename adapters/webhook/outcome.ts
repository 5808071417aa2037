/**
 * What came of a message, as programs read it: the same for a call and for whoever asks later. Pure; used by call.ts and
 * messages.ts.
 */
import type { z } from "zod";
import { readQuestion, type LeftOut, type MessageState, type ShownProposal } from "#core";
import { isDraft, leftOutWords } from "./left-out.ts";
import { outputOf } from "./output.ts";

export type OutcomeKind =
  /** No reply yet, or what it tells of is just being done. */
  | "working"
  | "answered"
  /** It takes an answer: the question, and the options that it names. */
  | "asks"
  /** A person has to decide before anything is done. */
  | "waits"
  /** All that was asked for is done. */
  | "done"
  /** The agent may only draft what was asked for: nothing was done, and nobody decides on it. */
  | "draft"
  /** At least one thing that was asked for did not come about. */
  | "not_done"
  | "failed";

type Failure = { readonly code: string; readonly message: string; readonly advice: string };

export type Outcome = {
  readonly kind: OutcomeKind;
  readonly asked: { readonly question: string; readonly options: readonly string[] } | null;
  /** Of an answer to a call, as its agent's file promises it; absent else. */
  readonly output?: unknown;
  readonly proposals: readonly ProposalWords[];
  /** What was asked for and became no proposal. */
  readonly leftOut: readonly LeftOut[];
  readonly error: Failure | null;
  /** The reply; null while there is none, and where whoever asks is not to read it. */
  readonly text: string | null;
};

/** An effect as a program reads it. */
type ProposalWords = {
  /** As `nova approvals` names it. */
  readonly number: string;
  /** Null for an endpoint whose posts are not its person's own words: a person may have changed what it is about. */
  readonly title: string | null;
  readonly state: "waits" | "being_done" | "done" | "denied" | "expired" | "withdrawn" | "failed" | "unknown";
  /** What was told of how it ended; null when there is nothing to tell, and where the title is not told. */
  readonly told: string | null;
  /** Until when it waits; null when nobody has to decide any more. */
  readonly waitsUntil: string | null;
  /** Where a person decides; null when nobody has to any more. */
  readonly decide: string | null;
};

/** As both addresses write it into their JSON. */
export const outcomeWords = ({ kind, asked, output, proposals, leftOut, error }: Outcome) => ({
  outcome: kind,
  ...asked,
  ...(output === undefined ? {} : { output }),
  proposals,
  leftOut,
  ...(error ? { error } : {}),
});

const NOTHING = { asked: null, proposals: [], leftOut: [], error: null } as const;

export type Looking = {
  readonly now: Date;
  /** Whoever asks may be a stranger: of proposals their numbers and states are told, and nothing that a person wrote. */
  readonly outside: boolean;
  /** The output that the called agent's file promises; undefined where no agent was called, or it is not on call any more. */
  readonly contract: z.ZodType | undefined;
};

/** `shown`: what the reply proposed, as it stands now. */
export function outcomeOf(state: MessageState, shown: readonly ShownProposal[], looking: Looking): Outcome {
  const { reply, turn, failure, leftOut = [] } = state;
  if (!reply) return { ...NOTHING, kind: "working", text: null };
  const kind = reply.reply?.kind ?? "answer";
  const proposals = shown.map((one) => wordsOf(one, looking));
  // The cards in it are drawn anew whenever a person changes what they show.
  const text = looking.outside && shown.length > 0 ? null : reply.text;
  const base = { ...NOTHING, proposals, text };
  switch (kind) {
    case "clarify":
      return { ...base, kind: "asks", asked: readQuestion(reply.text) };
    case "stopped":
      return { ...base, kind: "failed", error: failed("stopped", text, turn) };
    case "fail":
      return { ...base, kind: "failed", leftOut, error: failed(failure ?? "failed", text, turn) };
    case "answer":
    case "notice": {
      const ending = ended(proposals, leftOut);
      const { contract } = looking;
      if (ending.kind !== "answered" || !contract) return { ...base, ...ending, leftOut };
      const output = outputOf(reply.text, contract);
      if (output === undefined) return { ...base, kind: "failed", error: misfitted(turn, reply.reply?.model ?? null) };
      return { ...base, ...ending, output };
    }
  }
}

const failed = (code: string, text: string | null, turn: MessageState["turn"]): Failure => ({
  code,
  message: text ?? "It was not done.",
  advice: `\`nova trace t${turn}\` shows how it came to that.`,
});

const misfitted = (turn: MessageState["turn"], model: string | null): Failure => ({
  code: "invalid_reply",
  message: "The agent's answer does not fit the output that its file promises.",
  advice: `\`GET /api/messages\` with the id has the answer as text${model === null ? "" : `, and another model may keep to the form`}; \`nova trace t${turn}\` shows how it came to that.`,
});

function ended(proposals: readonly ProposalWords[], leftOut: readonly LeftOut[]): Pick<Outcome, "kind" | "error"> {
  const some = (state: ProposalWords["state"]): boolean => proposals.some((each) => each.state === state);
  if (proposals.length === 0 && leftOut.length === 0) return { kind: "answered", error: null };
  if (some("waits")) return { kind: "waits", error: null };
  if (some("being_done")) return { kind: "working", error: null };
  if (proposals.length === 0 && leftOut.every(isDraft)) return { kind: "draft", error: null };
  const undone = proposals.flatMap((each) => (isUndone(each.state) ? [{ ...each, state: each.state }] : []));
  const [first] = undone;
  if (first) return { kind: "not_done", error: undoneWords(first, undone.length - 1 + leftOut.length) };
  if (leftOut.length === 0) return { kind: "done", error: null };
  return { kind: "not_done", error: { code: "left_out", ...leftOutWords(leftOut) } };
}

function undoneWords(
  { state, number, title, told }: Pick<ProposalWords, "number" | "title" | "told"> & { readonly state: Undone },
  others: number,
): Failure {
  const { says, advice } = UNDONE[state];
  const what = title ?? `number ${number}`;
  const rest = others === 0 ? "" : ` ${others} more did not come about; see \`proposals\` and \`leftOut\`.`;
  return { code: state, message: `${says}: ${what}.${told === null ? "" : ` ${told}`}${rest}`, advice };
}

const AGAIN = "Call again with a new idempotency-key if it still matters.";
const UNDONE = {
  denied: {
    says: "A person said no, so this was not done",
    advice: "Nova does not ask for exactly the same again within a day.",
  },
  expired: { says: "Nobody decided in time, so this was not done", advice: AGAIN },
  withdrawn: { says: "What asked for it was taken back, so this was not done", advice: AGAIN },
  failed: { says: "This was agreed to and could not be done", advice: AGAIN },
  unknown: {
    says: "This was begun, and nobody can tell whether it was done",
    advice: "Look where it was to happen before you call again; Nova does not try it again.",
  },
} as const;
type Undone = keyof typeof UNDONE;

const isUndone = (state: ProposalWords["state"]): state is Undone => state in UNDONE;

function wordsOf(
  { id, title, expiresAt, fate, ...rest }: ShownProposal,
  { now, outside }: Pick<Looking, "now" | "outside">,
): ProposalWords {
  const state = stateOf({ ...rest, fate, expiresAt }, now);
  const open = state === "waits";
  return {
    number: id,
    title: outside ? null : title,
    state,
    told: outside ? null : (fate?.told ?? null),
    waitsUntil: open ? expiresAt.toISOString() : null,
    decide: open ? `nova approvals show ${id}` : null,
  };
}

function stateOf(
  { state, fate, expiresAt }: Pick<ShownProposal, "state" | "fate" | "expiresAt">,
  now: Date,
): ProposalWords["state"] {
  // Nobody has swept it up yet, and nobody can decide on it any more.
  if (state === "pending") return expiresAt <= now ? "expired" : "waits";
  if (state !== "approved") return state;
  switch (fate?.state) {
    case undefined:
    case "waiting":
    case "claimed":
      return "being_done";
    case "done":
    case "failed":
    case "unknown":
      return fate.state;
  }
}
