/** Hides what a channel must keep for a while, such as a token that answers one command. Implemented in src/service/seal.ts. */
export interface Seal {
  close(text: string): string;
  /** Undefined when it was not closed by this seal, or was changed since. */
  open(sealed: string): string | undefined;
}
