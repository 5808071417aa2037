/** What of a turn becomes memory: what a step staged, and what the person stated to an agent that reads memory. */
import {
  isQuestion,
  type AgentSpec,
  type ItemId,
  type MemoryTrust,
  type NewMemory,
  type Person,
  type StepOutcome,
  type TakenTurn,
} from "#core";

export function kept(
  turn: TakenTurn,
  spec: AgentSpec,
  outcome: StepOutcome,
): { readonly keep: readonly NewMemory[]; readonly forget: readonly ItemId[] } {
  const forget = outcome.changes.flatMap((change) => (change.kind === "forget" ? [change.item] : []));
  const staged = outcome.changes.flatMap((change) => (change.kind === "keep" ? [change.item] : []));
  const last = turn.messages.at(-1);
  if (staged.length > 0 || forget.length > 0) {
    const keep = staged.map(({ kind, text }) => memory(turn, { kind, text, at: last?.at, message: last?.id ?? null }));
    return { keep, forget };
  }
  return { keep: spec.reads.includes("memory") ? statements(turn) : [], forget };
}

/**
 * A question put to Nova is no knowledge: kept, it would be the best match of the same question asked again. Commands
 * and mentions are orders, not statements, and long pastes are material.
 */
const LONGEST_STATEMENT = 2_000;
const FEWEST_WORDS = 4;

function statements(turn: TakenTurn): NewMemory[] {
  return turn.messages
    .filter(({ text }) => !isQuestion(text) && !ORDER.test(text) && text.length <= LONGEST_STATEMENT)
    .filter(({ text }) => text.trim().split(/\s+/).length >= FEWEST_WORDS)
    .map((message) => memory(turn, { kind: "turn", text: message.text, at: message.at, message: message.id }));
}

/** Openings of requests and questions; what follows them is wanted, not stated. */
const ORDER =
  /^\s*(?:[/@]|(?:hi|hello|hey|thanks|thank you|please|can|could|would|will|do|does|did|is|are|was|were|who|what|when|where|why|which|how|tell|show|give|find|search|list|explain|write|make|help|forget|recall)\b)/i;

function memory(
  turn: TakenTurn,
  source: { kind: NewMemory["kind"]; text: string; at: Date | undefined; message: NewMemory["message"] },
): NewMemory {
  return {
    kind: source.kind,
    text: source.text,
    author: turn.person.name,
    trust: trustOf(turn.person),
    happenedAt: source.at ?? new Date(0),
    stream: `conversation:${turn.conversation}`,
    message: source.message,
  };
}

const trustOf = (person: Person): MemoryTrust => (person.role === "owner" ? "owner" : "member");
