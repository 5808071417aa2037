/** A file that came with a message: named when the message is stored, read when its turn begins. */

/** As an adapter hands it over. */
export type FileRef = {
  /** What the adapter needs to fetch it, readable to no one else; holds no token and no address that dies. */
  readonly ref: string;
  readonly name: string;
  /** As the platform tells it, for instance `text/csv`; empty when it does not. */
  readonly mime: string;
  /** Bytes, as the platform tells them. */
  readonly size: number;
};

/** As the transcript keeps it. */
export type MessageFile = FileRef & {
  /** Its words, as far as they were read. Left out where a transcript is only shown. */
  readonly text?: string;
  /** One sentence for the person: why it was not read and never will be, or what of it was not. */
  readonly fault?: string;
};

export type FetchLimits = { readonly bytes: number; readonly ms: number };

export type Fetched =
  | { readonly kind: "fetched"; readonly bytes: Uint8Array }
  /** `why` is one sentence for the person. */
  | { readonly kind: "refused"; readonly why: string }
  /** The same for what may go well another time: the platform was busy, broken or slow. */
  | { readonly kind: "failed"; readonly why: string; readonly afterMs?: number };
