/** What one part of a turn leaves behind: words, memory, effects to be decided on. Called by respond.ts. */
import {
  itemId,
  type Action,
  type ItemId,
  type NewProposal,
  type Recalled,
  type Reply,
  type Signal,
  type TakenTurn,
  type Taint,
} from "#core";
import { useActions } from "../actions.ts";
import type { TurnCrew } from "./turn-crew.ts";
import { honest } from "../check/honest.ts";
import { kept, type Kept } from "./keep.ts";
import type { Arrival } from "./part.ts";
import { propose, type PartCard } from "../approval/propose.ts";
import type { Shown } from "../approval/cards.ts";
import { mayTakeOver } from "./stranded.ts";
import type { Said } from "./voice.ts";
import { signalsOf } from "../check/signals.ts";

export type PartEnd = {
  readonly said: Said;
  readonly kept: Kept;
  readonly cited: readonly ItemId[];
  readonly actions: readonly Action[];
  readonly proposals: readonly NewProposal[];
  /** Where it shows any: stands in the words. */
  readonly card?: PartCard;
  readonly signals: readonly Signal[];
  /** What it rests on that nobody vouches for. */
  readonly taints: readonly Taint[];
};

type Proposed = Pick<PartEnd, "actions" | "proposals" | "card" | "signals" | "taints"> & {
  readonly reply: Said["reply"];
};

/**
 * `left` was asked beside the words, and is nobody's part; `taken` was taken for a part of their text. `shown` is what the
 * parts before it show of proposals.
 */
type Asked = {
  readonly words: string;
  readonly left: readonly string[];
  readonly taken: string | undefined;
  readonly shown: readonly Shown[];
};

/** Stores nothing. */
export async function endOf(
  turn: TakenTurn,
  arrival: Arrival,
  { words, shown, ...beside }: Asked,
  crew: TurnCrew,
): Promise<PartEnd> {
  const { step, legs } = arrival;
  const { reply, actions, proposals, signals, taints, ...cards } = await proposed(turn, arrival, shown, crew);
  // What agents staged before they handed over belongs to it.
  const outcome = { ...arrival.outcome, reply, changes: legs.flatMap((leg) => leg.outcome.changes) };
  const readsMemory = legs.some((leg) => crew.roster.get(leg.outcome.agent)?.reads.includes("memory"));
  const memory = kept(turn, outcome, readsMemory);
  if (memory.dropped) crew.tracer.add({ kind: "dropped", ...memory.dropped });
  const others = legs.some((leg) => leg.outcome.agent !== outcome.agent);
  const told = honest(outcome, { turn, step, dropped: memory.dropped !== undefined, others, ...beside });
  return {
    said: { words, agent: outcome.agent, model: outcome.model, reply: told.reply },
    kept: memory,
    cited: cited(outcome.reply, step.recalled),
    actions: [...actions, ...(arrival.isStranded ? choices(turn, arrival, crew) : [])],
    proposals,
    ...cards,
    signals: [...arrival.signals, ...signals, ...legs.flatMap(({ outcome: each }) => signalsOf(each))],
    taints: [...legs.flatMap((leg) => leg.outcome.taints), ...taints],
  };
}

/** An agent's wish for effects becomes cards, a question, or a plain no. */
async function proposed(
  turn: TakenTurn,
  { outcome, step }: Arrival,
  beside: readonly Shown[],
  crew: TurnCrew,
): Promise<Proposed> {
  const none = { actions: [], proposals: [], signals: [], taints: [] };
  if (outcome.reply.kind !== "propose") return { ...none, reply: outcome.reply };
  const end = await propose(turn, step, { ...outcome, beside }, crew);
  const { signals } = end;
  switch (end.kind) {
    case "proposed":
      return {
        reply: { kind: "answer", text: end.text },
        actions: end.actions,
        proposals: end.proposals,
        card: end.card,
        signals,
        taints: end.taints,
      };
    case "asks":
      return { ...none, signals, reply: { kind: "clarify", question: end.question, options: end.options } };
    case "refused":
      return { ...none, signals, reply: { kind: "fail", code: end.code, reason: end.reason } };
  }
}

/** Where control could go nowhere, the person may choose among those whom the agent's file names. */
function choices(turn: TakenTurn, { step, outcome }: Arrival, { roster }: TurnCrew): readonly Action[] {
  if (outcome.reply.kind !== "clarify" || turn.origin === "outside") return [];
  const open = mayTakeOver(turn, step.agent, roster).map(({ id }) => id);
  return useActions(turn.id, open, roster);
}

/** Which of the recalled items the answer names as [m12]. */
function cited(reply: Reply, recalled: Recalled | undefined): readonly ItemId[] {
  if (reply.kind !== "answer" || !recalled) return [];
  const named = new Set(Array.from(reply.text.matchAll(/\[m(\d+)\]/g), (match) => match[1]));
  return recalled.items.filter((item) => named.has(item.id)).map((item) => itemId(item.id));
}
