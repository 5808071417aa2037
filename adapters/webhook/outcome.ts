/**
 * What came of a message, as programs read it: the same for a call and for whoever asks later. Pure; used by call.ts and
 * messages.ts.
 */
import { readQuestion, type MessageState, type ShownProposal } from "#core";

export type OutcomeKind =
  /** No reply yet, or what it tells of is just being done. */
  | "working"
  | "answered"
  /** It takes an answer: the question, and the options that it names. */
  | "asks"
  /** A person has to decide before anything is done. */
  | "waits"
  /** All that was proposed is done. */
  | "done"
  /** At least one thing that was proposed did not come about. */
  | "not_done"
  | "failed";

export type Outcome = {
  readonly kind: OutcomeKind;
  readonly asked: { readonly question: string; readonly options: readonly string[] } | null;
  readonly proposals: readonly ProposalWords[];
  readonly error: { readonly code: string; readonly message: string; readonly advice: string } | null;
};

/** An effect as a program reads it. */
type ProposalWords = {
  /** As `nova approvals` names it. */
  readonly number: string;
  readonly title: string;
  readonly state: "waits" | "being_done" | "done" | "denied" | "expired" | "withdrawn" | "failed" | "unknown";
  /** What was told of how it ended; null when there is nothing to tell. */
  readonly told: string | null;
  /** Until when it waits; null when nobody has to decide any more. */
  readonly waitsUntil: string | null;
  /** Where a person decides; null when nobody has to any more. */
  readonly decide: string | null;
};

/** As both addresses write it into their JSON. */
export const outcomeWords = ({ kind, asked, proposals, error }: Outcome) => ({
  outcome: kind,
  ...asked,
  proposals,
  ...(error ? { error } : {}),
});

const WORKING: Outcome = { kind: "working", asked: null, proposals: [], error: null };

/** `shown`: what the reply proposed, as it stands now. */
export function outcomeOf({ reply, turn, failure }: MessageState, shown: readonly ShownProposal[], now: Date): Outcome {
  if (!reply) return WORKING;
  const kind = reply.reply?.kind ?? "answer";
  const proposals = shown.map((one) => wordsOf(one, now));
  const base = { asked: null, proposals, error: null };
  switch (kind) {
    case "clarify":
      return { ...base, kind: "asks", asked: readQuestion(reply.text) };
    case "fail":
    case "stopped":
      return {
        ...base,
        kind: "failed",
        error: {
          code: kind === "stopped" ? "stopped" : (failure ?? "failed"),
          message: reply.text,
          advice: `\`nova trace t${turn}\` shows how it came to that.`,
        },
      };
    case "answer":
    case "notice":
      return { ...base, ...ended(proposals) };
  }
}

function ended(proposals: readonly ProposalWords[]): Pick<Outcome, "kind" | "error"> {
  const some = (state: ProposalWords["state"]): boolean => proposals.some((each) => each.state === state);
  if (proposals.length === 0) return { kind: "answered", error: null };
  if (some("waits")) return { kind: "waits", error: null };
  if (some("being_done")) return { kind: "working", error: null };
  const undone = proposals.flatMap((each) => (isUndone(each.state) ? [{ ...each, state: each.state }] : []));
  const [first] = undone;
  if (!first) return { kind: "done", error: null };
  const { state, title, told } = first;
  const { says, advice } = UNDONE[state];
  const rest = undone.length === 1 ? "" : ` ${undone.length - 1} more did not come about; see \`proposals\`.`;
  return {
    kind: "not_done",
    error: { code: state, message: `${says}: ${title}.${told === null ? "" : ` ${told}`}${rest}`, advice },
  };
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

function wordsOf({ id, title, expiresAt, fate, ...rest }: ShownProposal, now: Date): ProposalWords {
  const state = stateOf({ ...rest, fate, expiresAt }, now);
  const open = state === "waits";
  return {
    number: id,
    title,
    state,
    told: fate?.told ?? null,
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
