/** How Nova itself is doing, as rows tell it. Read by the ops-watch agent and the operator's verbs. */
import type { TurnId } from "./ids.ts";
import type { Scope } from "./scope.ts";
import type { SpentOn } from "./spending.ts";
import type { Traced, TurnSummary } from "./trace.ts";

export type OperationsReport = {
  readonly since: Date;
  readonly turns: {
    readonly done: number;
    readonly failed: number;
    readonly cancelled: number;
    readonly running: number;
  };
  readonly waitingMessages: number;
  /** Reply parts that are still to be sent, however old. */
  readonly undeliveredParts: number;
  /** Of the period: may have arrived or not, and the person was told so. */
  readonly unknownParts: number;
  /** Of the period: given up, not arrived. */
  readonly failedParts: number;
  /** Milliseconds from acceptance to settlement over the period; null without turns. */
  readonly latency: { readonly p50: number; readonly p95: number } | null;
  readonly byAgent: readonly {
    readonly agent: string;
    readonly turns: number;
    readonly failed: number;
    readonly tokens: number;
  }[];
  /** What models were asked over the period, and cost; calls under way are left out. */
  readonly spent: SpentOn;
  readonly failures: readonly { readonly code: string; readonly count: number }[];
};

/** Bound to a person: the owner sees the tenant, everyone else only their own turns. */
export interface Operations {
  report(since: Date): Promise<OperationsReport>;
  turn(id: TurnId): Promise<{ readonly summary: TurnSummary; readonly events: readonly Traced[] } | undefined>;
  recent(limit: number): Promise<readonly TurnSummary[]>;
}

export interface OperationsStore {
  as(scope: Scope): Operations;
}
