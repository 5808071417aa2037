/** Ids of traces and spans. A turn's come from the turn, so that every process that works on it names them alike. */
import { hash } from "node:crypto";
import type { TurnId } from "#core";

export interface SpanIds {
  trace(turn: TurnId): string;
  /** The turn's own span, around all others. */
  root(turn: TurnId): string;
  /** Any other span. */
  next(): string;
}

/** `installation` tells this database's turns from another's. `random` gives so many bytes. */
export function createSpanIds(installation: string, random: (bytes: number) => Buffer): SpanIds {
  const digits = (what: string, turn: TurnId, count: number): string =>
    hash("sha256", `nova ${what} ${installation} ${turn}`).slice(0, count);
  return {
    trace: (turn) => digits("trace", turn, 32),
    root: (turn) => digits("turn", turn, 16),
    next: () => random(8).toString("hex"),
  };
}
