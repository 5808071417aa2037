/** What is seen of a turn while it works; lost without harm. The settled text is the truth. */
import type { Address } from "./address.ts";
import type { AgentId, MessageId, TurnId } from "./ids.ts";

export type Progress =
  | { readonly kind: "taken"; readonly turn: TurnId; readonly messages: readonly MessageId[] }
  | { readonly kind: "routed"; readonly turn: TurnId; readonly agent: AgentId | null; readonly reason: string }
  | { readonly kind: "status"; readonly turn: TurnId; readonly line: string }
  /** The whole draft so far, Markdown. */
  | { readonly kind: "draft"; readonly turn: TurnId; readonly text: string }
  | { readonly kind: "ended"; readonly turn: TurnId }
  /** Another process stored or sent a message here: it stands in the transcript. What this process sends comes by `send`. */
  | { readonly kind: "said" };

/** Carries progress from turns to adapters inside one process. Never throws, never waits. */
export interface ProgressBus {
  publish(address: Address, progress: Progress): void;
  /** Returns the way to stop listening. */
  listen(listener: (address: Address, progress: Progress) => void): () => void;
}

export function createProgressBus(onFailure: (error: unknown) => void): ProgressBus {
  const listeners = new Set<(address: Address, progress: Progress) => void>();
  return {
    publish(address, progress) {
      for (const listener of listeners) {
        try {
          listener(address, progress);
        } catch (error) {
          onFailure(error);
        }
      }
    },
    listen(listener) {
      listeners.add(listener);
      return () => listeners.delete(listener);
    },
  };
}
