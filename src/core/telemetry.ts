/** Who is told what happens, for metrics and spans. Rooms tell it and know nobody who listens; src/telemetry does. */
import type { TurnId } from "./ids.ts";
import type { Receipt } from "./intake.ts";
import type { OutPart } from "./outbox.ts";
import type { TraceEvent } from "./trace.ts";
import type { TakenTurn } from "./turn.ts";

/** A message that a channel offered, and how that ended; `failed` was not stored, so the channel offers it again. */
export type Offer = {
  readonly platform: string;
  readonly outcome: Receipt["kind"] | "duplicate" | "failed";
  readonly ms: number;
};

/** A request to the public port. The route is its pattern, `none` where there is none: paths can carry codes. */
export type AnsweredRequest = {
  readonly method: string;
  readonly route: string;
  readonly status: number;
  readonly ms: number;
};

/** The fate of a part, as its turn's trace has it, and from when to when it was being sent. */
export type Sending = {
  readonly event: Extract<TraceEvent, { kind: "delivered" }>;
  readonly startedAt: Date;
  readonly endedAt: Date;
};

/** What became of a proposal or an effect of a turn that has ended; what is still under way is left out. */
export type Recorded =
  | Pick<Extract<TraceEvent, { kind: "decided" }>, "kind" | "verdict" | "via">
  | Pick<Extract<TraceEvent, { kind: "effect" }>, "kind" | "verb" | "state">;

/** Nothing here throws, waits, or costs more than microseconds: whoever tells must not suffer from being watched. */
export interface Telemetry {
  /** What a turn's trace notes, in the moment of it. */
  traced(turn: TakenTurn, event: TraceEvent, at: Date): void;
  delivered(part: OutPart, sending: Sending): void;
  recorded(event: Recorded): void;
  accepted(offer: Offer): void;
  answered(request: AnsweredRequest): void;
  /** The id by which a collector knows this turn: 32 hexadecimal digits; undefined when no spans are sent. */
  traceOf(turn: TurnId): string | undefined;
}

/** How much waits and runs, as the rows of every tenant tell it. */
export type Load = {
  readonly waitingMessages: number;
  readonly runningTurns: number;
  /** Reply parts that are still to be sent. */
  readonly undeliveredParts: number;
  /** Wake-up calls that wait for their time or a free worker, and those under way. */
  readonly calls: readonly { readonly kind: string; readonly waiting: number; readonly active: number }[];
};
