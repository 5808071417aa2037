/** What of a turn becomes memory: what a step staged, and what the person stated to an agent that reads memory. Nothing
 * of words from outside does, nor of what a schedule asks in words that are not the person's: they are nobody's statement here, and whatever they made a step stage is dropped. */
import {
  isOwnWords,
  isStatement,
  type ItemId,
  type MemoryTrust,
  type NewMemory,
  type Person,
  type StepOutcome,
  type TakenTurn,
} from "#core";

export type Kept = {
  readonly keep: readonly NewMemory[];
  readonly forget: readonly ItemId[];
  /** How many staged changes were not made, and why. Undefined when there were none. */
  readonly dropped?: { readonly keep: number; readonly forget: number; readonly why: "outside" };
};

/** `readsMemory`: one of the agents that worked on it does. */
export function kept(turn: TakenTurn, outcome: Pick<StepOutcome, "reply" | "changes">, readsMemory: boolean): Kept {
  // What a failed step staged was promised by nobody; what the person stated stays true.
  const changes = outcome.reply.kind === "fail" ? [] : outcome.changes;
  const forget = changes.flatMap((change) => (change.kind === "forget" ? [change.item] : []));
  const staged = changes.flatMap((change) => (change.kind === "keep" ? [change.item] : []));
  if (turn.origin === "outside" || !turn.messages.every(isOwnWords)) {
    const some = staged.length + forget.length > 0;
    const dropped = { keep: staged.length, forget: forget.length, why: "outside" } as const;
    return { keep: [], forget: [], ...(some ? { dropped } : {}) };
  }
  const last = turn.messages.at(-1);
  if (staged.length > 0 || forget.length > 0) {
    const keep = staged.map(({ kind, text }) => ({
      ...memory(turn, { kind, text, at: last?.at, message: last?.id ?? null }),
      asked: true,
    }));
    return { keep, forget };
  }
  return { keep: readsMemory ? statements(turn) : [], forget };
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
