/** What the processes of one Nova tell each other, so that nobody waits for a heartbeat. Lost without harm. */
import type { Address } from "./address.ts";
import type { TurnId } from "./ids.ts";
import type { Progress } from "./progress.ts";

export type News =
  | { readonly kind: "progress"; readonly address: Address; readonly progress: Progress }
  /** A stop was stored for a turn that another process may be running. */
  | { readonly kind: "stop"; readonly turn: TurnId };

/** Implemented in postgres/engine/wire.ts; silent where one process is all there is. */
export interface Wire {
  /** Begins to listen, and keeps at it until `close`. `hear` is called with what others told, and must not throw. */
  open(hear: (news: News) => void): void;
  /** Tells every other process. Never throws, never waits. */
  tell(news: News): void;
  close(): Promise<void>;
}
