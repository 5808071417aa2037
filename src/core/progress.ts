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

export type ProgressListener = (address: Address, progress: Progress, here: boolean) => void;

/** Carries progress from turns to adapters inside one process. Never throws, never waits. */
export interface ProgressBus {
  publish(address: Address, progress: Progress, here?: boolean): void;
  /**
   * Returns the way to stop listening. `here` is false for what another process of this Nova works on: whoever writes
   * to a platform leaves that to the other one.
   */
  listen(listener: ProgressListener): () => void;
}

export function createProgressBus(onFailure: (error: unknown) => void): ProgressBus {
  const listeners = new Set<ProgressListener>();
  return {
    publish(address, progress, here = true) {
      for (const listener of listeners) {
        try {
          listener(address, progress, here);
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
