/** The one way out to addresses that people name. Implemented in src/egress; everything that fetches or posts is handed this. */
export type EgressAsk = {
  readonly method: "GET" | "POST";
  readonly url: string;
  readonly headers?: Readonly<Record<string, string>>;
  readonly body?: string;
  /** Most time for all of it, in milliseconds. */
  readonly mostMs: number;
  /** Most bytes of the answer that are read; what goes beyond is left. */
  readonly mostBytes: number;
  /** How many redirects are followed, each looked at as the first address was. Default none. */
  readonly redirects?: number;
};

export type EgressAnswer =
  | {
      readonly kind: "answered";
      readonly status: number;
      readonly headers: Readonly<Record<string, string>>;
      readonly body: string;
      /** True when there was more of it. */
      readonly cut: boolean;
    }
  /** Not an address that may be reached from here; nothing went out. `why` is a sentence for people. */
  | { readonly kind: "refused"; readonly why: string }
  /** Nothing, or no whole answer, came back; it may have been taken. */
  | { readonly kind: "failed"; readonly code: string };

export interface Egress {
  request(ask: EgressAsk, signal: AbortSignal): Promise<EgressAnswer>;
  /** Undefined for an address that may be asked, as far as it can be told without looking it up; else why not. */
  objection(url: string): string | undefined;
  /** The same, also of what its name means at this moment; undefined where nobody knows the name, which may change. */
  lookedUp(url: string, signal: AbortSignal): Promise<string | undefined>;
}
