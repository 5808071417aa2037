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
  /** Of what was said earlier: what people are told of it, since nobody knows a message by its number. */
  readonly said?: {
    /** `passed_on`: by Nova, in words that are not its own. */
    readonly what: "message" | "file" | "answer" | "passed_on";
    /** The name of the person who said it; absent for what Nova said. */
    readonly who?: string;
    /** ISO 8601. */
    readonly at: string;
  };
};

/** What stands before an agent without being the wish itself. */
const HEARD: ReadonlySet<Taint["by"]> = new Set(["history", "others", "retold", "recall"]);

/**
 * What is left of them for a wish that code has read off the person's own words alone: what was merely said before added
 * nothing to it. Where an earlier step was tainted all stays, for by that step the words may have come to this agent.
 */
export const taintsOfOwnWish = (taints: readonly Taint[]): readonly Taint[] =>
  taints.some(({ by }) => by === "step") ? taints : taints.filter(({ by }) => !HEARD.has(by));
