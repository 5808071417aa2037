/** How much an agent may do, how bad a mistake would be, and what a step has read. Weighed in src/policy. */

/** T0 watch · T1 read · T2 draft · T3 act with approval · T4 act inside an envelope and tell afterwards. There is no T5. */
export const TRUSTS = ["T0", "T1", "T2", "T3", "T4"] as const;
export type Trust = (typeof TRUSTS)[number];

/** S0 none · S1 internal and reversible · S2 outward or hard to undo · S3 money, payroll, permissions, deletion, change to Nova. */
export const STAKES = ["S0", "S1", "S2", "S3"] as const;
export type Stakes = (typeof STAKES)[number];

/** The lowest of them: what reads the words of several is trusted as the least of them. */
export const leastTrust = (...all: readonly [Trust, ...Trust[]]): Trust =>
  all.reduce((least, trust) => (TRUSTS.indexOf(trust) < TRUSTS.indexOf(least) ? trust : least));

/** Words that nobody vouches for, and where they came in: from then on a step acts freely no more. */
export type Taint = {
  readonly by:
    | "words"
    | "file"
    | "history"
    | "recall"
    | "tool"
    | "step"
    /** What another person said in the conversation, or what they were told. */
    | "others"
    /** A reply that read nothing itself and goes on from what did, or from what others said. */
    | "retold";
  /** A message's, item's, tool's or agent's name; no text of it. */
  readonly name: string;
};
