/** What of a turn becomes memory: what a step staged, and what the person stated to an agent that reads memory. */
import {
  isStatement,
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
  // What a failed step staged was promised by nobody; what the person stated stays true.
  const changes = outcome.reply.kind === "fail" ? [] : outcome.changes;
  const forget = changes.flatMap((change) => (change.kind === "forget" ? [change.item] : []));
  const staged = changes.flatMap((change) => (change.kind === "keep" ? [change.item] : []));
  const last = turn.messages.at(-1);
  if (staged.length > 0 || forget.length > 0) {
    const keep = staged.map(({ kind, text }) => ({
      ...memory(turn, { kind, text, at: last?.at, message: last?.id ?? null }),
      asked: true,
    }));
    return { keep, forget };
  }
  return { keep: spec.reads.includes("memory") ? statements(turn) : [], forget };
}

function statements(turn: TakenTurn): NewMemory[] {
  return turn.messages
    .filter((message) => isStatement(message.text))
    .map((message) => memory(turn, { kind: "turn", text: message.text, at: message.at, message: message.id }));
}

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
