/** What was asked of the Slack peer, in order, and what a test ordered to go wrong next. Used by web-api.ts. */
import type { Json } from "./workspace.ts";

export type Called = {
  readonly method: string;
  readonly args: Json;
  readonly token: string | null;
  readonly at: number;
};

export type Fault =
  /** Answered so, and nothing done. */
  | { readonly status: number; readonly headers?: Record<string, string>; readonly body?: unknown }
  /** Answered 200 with `ok: false`, and nothing done. */
  | { readonly error: string; readonly more?: Json }
  /** Done and answered, but not before then. */
  | { readonly until: Promise<void> }
  /** Done, and then the connection is cut before the answer. */
  | "drop"
  /** The connection is cut and nothing done. */
  | "refuse"
  /** 200 with a page of HTML, as proxies do; nothing done. */
  | "html"
  /** Nothing done and no answer, until the caller goes away. */
  | "hang"
  /** Done, and no answer. */
  | "done_then_hang";

export function createJournal() {
  const calls: Called[] = [];
  const faults = new Map<string, Fault[]>();
  return {
    calls,
    /** Of one method, or all. */
    of: (method?: string): readonly Called[] => calls.filter((call) => method === undefined || call.method === method),
    next(method: string, ...ordered: readonly Fault[]): void {
      faults.set(method, [...(faults.get(method) ?? []), ...ordered]);
    },
    fault: (method: string): Fault | undefined => faults.get(method)?.shift(),
  };
}
export type Journal = ReturnType<typeof createJournal>;
