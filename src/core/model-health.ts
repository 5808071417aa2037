/** How a model does in this process: whether it is asked, and if not, why and until when. */
export type ModelHealth = {
  readonly model: string;
  /** `open`: it is not asked. `half_open`: the next call tries whether it is well again. */
  readonly state: "closed" | "open" | "half_open";
  /** Since when the state is this one. */
  readonly since: Date;
  /** The kind of failure that opened it, as traces name it; null while it is closed. */
  readonly why: string | null;
  /** When it is tried again; null while it is closed. */
  readonly until: Date | null;
};
