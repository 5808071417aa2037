/** What becomes of an effect: trust against stakes, with the caps of whose words it rests on. Used by policy.ts. */
import { z } from "zod";
import {
  DENIALS,
  EXTENTS,
  leastTrust,
  STAKES,
  TRUSTS,
  type Cause,
  type Denial,
  type Origin,
  type PolicyAsk,
  type Role,
  type Stakes,
  type Trust,
  type Verdict,
} from "#core";

type Cell = "allow" | "tell" | "approve" | "fresh" | "draft" | Extract<Denial, "watch_only" | "read_only">;

/** The whole rule, before caps: a row for each trust, a column for each stakes. */
const TABLE: Readonly<Record<Trust, Readonly<Record<Stakes, Cell>>>> = {
  T0: { S0: "watch_only", S1: "watch_only", S2: "watch_only", S3: "watch_only" },
  T1: { S0: "allow", S1: "read_only", S2: "read_only", S3: "read_only" },
  T2: { S0: "allow", S1: "draft", S2: "draft", S3: "draft" },
  T3: { S0: "allow", S1: "approve", S2: "approve", S3: "fresh" },
  T4: { S0: "allow", S1: "tell", S2: "approve", S3: "fresh" },
};

/**
 * The most that anybody's words are worth, but for a member's own small wish, see `capsOf`. Nobody vouches for those from
 * outside, so that they taint besides.
 */
const ORIGIN_CAPS: Readonly<Record<Origin, Trust>> = { owner: "T4", member: "T3", guest: "T1", outside: "T3" };
const ROLE_CAPS: Readonly<Record<Role, Trust>> = { owner: "T4", member: "T3", guest: "T1" };

/**
 * An agent acts freely in no place and towards nobody that a person has not named, and never after reading what nobody
 * vouches for.
 */
const WATCHED: Trust = "T3";

const askSchema = z.strictObject({
  trust: z.enum(TRUSTS),
  stakes: z.enum(STAKES),
  origin: z.enum(["owner", "member", "guest", "outside"]),
  role: z.enum(["owner", "member", "guest"]),
  tainted: z.boolean(),
  destination: z.enum(["none", "own_words", "unnamed"]),
  scope: z.enum(EXTENTS),
  granted: z.boolean(),
});

/** Denies whatever is not exactly a known question, also when the types say that it cannot be. */
export function weigh(asked: PolicyAsk): Verdict {
  const read = askSchema.safeParse(asked);
  if (!read.success) return deny("unweighed");
  const ask = read.data;
  if (!ask.granted) return deny("not_granted");
  if (ask.scope === "beyond") return deny("scope");

  const causes = causesOf(ask);
  const capped = leastTrust(ask.trust, ...capsOf(ask));
  const free = capped === "T4" && !WATCHING.some((cause) => causes.includes(cause));
  const cell = TABLE[free ? "T4" : leastTrust(capped, WATCHED)][ask.stakes];
  switch (cell) {
    case "allow":
    case "tell":
      return { kind: cell };
    case "draft":
      return { kind: "draft" };
    case "approve":
    case "fresh":
      return { kind: "approve", fresh: cell === "fresh", because: causes };
    case "watch_only":
    case "read_only":
      return deny(blamed(ask));
  }
}

/**
 * What members ask for in their own words, and what reaches nobody but them, is theirs to have done as the owner's is: also
 * in another project that they name, for what they keep there nobody else reads. A card would only be clicked away.
 */
function capsOf({ stakes, origin, role, tainted, destination }: PolicyAsk): readonly [Trust, Trust] {
  const light = (stakes === "S0" || stakes === "S1") && !tainted && destination === "none";
  return role === "member" && origin === "member" && light ? ["T4", "T4"] : [ROLE_CAPS[role], ORIGIN_CAPS[origin]];
}

/** Each of these alone would be reason enough for a person to look. */
function causesOf(ask: PolicyAsk): readonly Cause[] {
  const { trust, stakes, origin, tainted, destination, scope } = ask;
  const causes: Readonly<Record<Cause, boolean>> = {
    trust: trust !== "T4",
    stakes: stakes === "S2" || stakes === "S3",
    taint: tainted || origin === "outside",
    destination: destination === "unnamed",
    scope: scope === "across",
    origin: capsOf(ask).some((cap) => cap !== "T4"),
  };
  return CAUSES.filter((cause) => causes[cause]);
}

/** As people are told of them. */
const CAUSES: readonly Cause[] = ["taint", "destination", "scope", "stakes", "origin", "trust"];
/** Whatever the trust. */
const WATCHING: readonly Cause[] = ["taint", "destination", "scope"];

/** What stands in the way: the agent's own trust if that alone does, else the person, else the words. */
function blamed({ trust, stakes, role }: PolicyAsk): Denial {
  const own = TABLE[trust][stakes];
  if (isDenial(own)) return own;
  return isDenial(TABLE[ROLE_CAPS[role]][stakes]) ? "role" : "origin";
}

const isDenial = (cell: Cell): cell is Extract<Cell, Denial> => DENIALS.some((denial) => denial === cell);
const deny = (why: Denial): Verdict => ({ kind: "deny", why });
