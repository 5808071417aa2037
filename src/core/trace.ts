/** What happened in a turn, append-only. Ids, counts and codes; of a person's words only those few that a route's reason names. */
import type { AgentId, TurnId } from "./ids.ts";

export type TraceEvent =
  | { readonly kind: "taken"; readonly messages: readonly string[]; readonly epoch: number }
  | {
      readonly kind: "routed";
      readonly to: string;
      readonly stage: string;
      readonly confidence: number;
      readonly reason: string;
      /** Best first. */
      readonly candidates: readonly { readonly agent: AgentId; readonly score: number }[];
    }
  | {
      readonly kind: "recalled";
      readonly verdict: string;
      readonly confidence: number;
      readonly items: readonly string[];
      readonly tokens: number;
      /** Absent in older traces. */
      readonly ms?: number;
    }
  | { readonly kind: "step_started"; readonly agent: string; readonly model: string }
  | {
      readonly kind: "model_called";
      readonly model: string;
      readonly tokens: number;
      /** What was sent and what came back; older traces have their sum only. */
      readonly input?: number;
      readonly output?: number;
      /** Millionths of a US dollar; null when nobody told what the model costs. */
      readonly micros?: number | null;
      readonly ms: number;
      readonly outcome: "text" | "tools" | "failed";
      readonly error?: string;
    }
  /** The same model is asked once more, after a pause. */
  | { readonly kind: "retried"; readonly model: string; readonly why: string; readonly afterMs: number }
  /** A model of the chain that was not asked at all. */
  | { readonly kind: "skipped"; readonly model: string; readonly why: "circuit_open" | "budget" }
  | {
      readonly kind: "tool_called";
      readonly tool: string;
      readonly ms: number;
      readonly outcome: "ok" | "refused" | "denied" | "loop" | "timeout" | "failed";
      readonly characters: number;
    }
  | { readonly kind: "repaired"; readonly issues: readonly string[] }
  | {
      readonly kind: "step_ended";
      readonly agent: string;
      readonly reply: string;
      readonly code?: string;
      readonly tokens: number;
    }
  /** Changes of memory that a step had staged and that were not made: words from outside change nothing. */
  | { readonly kind: "dropped"; readonly keep: number; readonly forget: number; readonly why: "outside" }
  | { readonly kind: "fallback"; readonly why: string; readonly to: string }
  | { readonly kind: "handed_off"; readonly from: string; readonly to: string; readonly hops: number }
  /** The orchestrator's check let control go nowhere. */
  | { readonly kind: "handoff_refused"; readonly from: string; readonly to: string; readonly why: string }
  | { readonly kind: "delegated"; readonly from: string; readonly to: readonly string[] }
  /** A step that an earlier take of the turn had finished; it is not run again. */
  | { readonly kind: "resumed"; readonly agent: string; readonly reply: string }
  | { readonly kind: "planned"; readonly steps: readonly string[]; readonly together: boolean }
  | {
      readonly kind: "weighed";
      readonly verb: string;
      readonly proposal: string | null;
      readonly verdict: string;
      readonly trust: string;
      readonly stakes: string;
      readonly taints: readonly string[];
    }
  /** The answer check found something: how often, and how it ended. */
  | {
      readonly kind: "checked";
      readonly breaches: readonly string[];
      readonly outcome: "mended" | "weakened" | "failed";
    }
  /** A person, the trust rule or time decided. Of a turn that has ended. */
  | { readonly kind: "decided"; readonly proposal: string; readonly verdict: string; readonly via: string }
  | {
      readonly kind: "effect";
      readonly proposal: string;
      readonly verb: string;
      readonly state: string;
      readonly code?: string;
    }
  /** The process stopped before the turn was settled; another one goes on with it. */
  | { readonly kind: "released"; readonly why: "shutdown" }
  /** `code`: why no agent could. */
  | { readonly kind: "settled"; readonly state: string; readonly parts: number; readonly code?: string }
  | { readonly kind: "delivered"; readonly part: number; readonly outcome: string; readonly code?: string }
  | { readonly kind: "learned"; readonly what: string }
  | { readonly kind: "failed"; readonly where: string; readonly error: string };

/** An event with the moment in which it happened; it may be written later. */
export type Noted = { readonly at: Date; readonly event: TraceEvent };

export type Traced = { readonly seq: number; readonly at: Date; readonly epoch: number; readonly event: TraceEvent };

export type TurnSummary = {
  readonly turn: TurnId;
  readonly state: string;
  readonly startedAt: Date;
  readonly endedAt: Date | null;
  readonly agent: string | null;
  readonly model: string | null;
  readonly conversation: string;
  readonly platform: string;
  readonly person: string;
};
