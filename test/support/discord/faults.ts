/** What goes wrong with the next requests, and a record of all that came. Used by rest.ts. */
export type Fault =
  /** Refused with this status; nothing is done. */
  | { readonly status: number; readonly code?: number; readonly message?: string }
  /** 429: seconds, with a fraction, as Discord has them. */
  | { readonly retryAfter: number; readonly global?: boolean }
  /** Done, and then the connection breaks without an answer. */
  | "drop"
  /** The connection breaks before anything is done. */
  | "break"
  /** Never answered. */
  | "hang"
  /** Done as always: to let some requests pass before the next fault. */
  | "pass";

export type Call = {
  readonly method: string;
  /** As Discord's description names it, for instance `/channels/{channel_id}/messages`. */
  readonly route: string;
  readonly path: string;
  readonly body: unknown;
  readonly authorization: string | null;
  readonly at: Date;
  status: number;
};

export interface Faults {
  /** For instance `next("POST /channels/{channel_id}/messages", "drop")`; several stand in line. */
  next(route: string, ...faults: readonly Fault[]): void;
  take(route: string): Fault | undefined;
}

export function createFaults(): Faults {
  const lines = new Map<string, Fault[]>();
  return {
    next(route, ...faults) {
      lines.set(route, [...(lines.get(route) ?? []), ...faults]);
    },
    take: (route) => lines.get(route)?.shift(),
  };
}
