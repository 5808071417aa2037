/** The kernel over its whole space: every combination is weighed, and what must never happen never does. */
import { describe, expect, test } from "vitest";
import {
  DENIALS,
  STAKES,
  TRUSTS,
  type Origin,
  type PolicyAsk,
  type Role,
  type Stakes,
  type Trust,
  type Verdict,
} from "#core";
import { createPolicy } from "../../src/policy/policy.ts";

const { weigh } = createPolicy();

const ORIGINS: readonly Origin[] = ["outside", "guest", "member", "owner"];
const ROLES: readonly Role[] = ["guest", "member", "owner"];
const DESTINATIONS = ["none", "own_words", "unnamed"] as const;
const BOTH = [false, true] as const;

const SPACE: readonly PolicyAsk[] = TRUSTS.flatMap((trust) =>
  STAKES.flatMap((stakes) =>
    ORIGINS.flatMap((origin) =>
      ROLES.flatMap((role) =>
        BOTH.flatMap((tainted) =>
          DESTINATIONS.flatMap((destination) =>
            BOTH.map((granted) => ({ trust, stakes, origin, role, tainted, destination, granted })),
          ),
        ),
      ),
    ),
  ),
);

/** How much is let happen without a person; a draft less than a question, for nobody can approve it. */
function freedom(verdict: Verdict): number {
  if (verdict.kind === "approve") return verdict.fresh ? 2 : 3;
  return { deny: 0, draft: 1, tell: 4, allow: 4 }[verdict.kind];
}

const say = (ask: PolicyAsk) => JSON.stringify(ask);
/** The same ask with one thing changed, weighed. */
const but = (ask: PolicyAsk, change: Partial<PolicyAsk>) => freedom(weigh({ ...ask, ...change }));
const after = <T>(all: readonly T[], one: T): readonly T[] => all.slice(all.indexOf(one) + 1);

describe("the documented table", () => {
  const cell = (trust: Trust, stakes: Stakes): string => {
    const verdict = weigh({
      trust,
      stakes,
      origin: "owner",
      role: "owner",
      tainted: false,
      destination: "none",
      granted: true,
    });
    if (verdict.kind === "deny") return verdict.why;
    return verdict.kind === "approve" && verdict.fresh ? "approve, fresh" : verdict.kind;
  };

  test.each`
    trust   | S0              | S1              | S2              | S3
    ${"T0"} | ${"watch_only"} | ${"watch_only"} | ${"watch_only"} | ${"watch_only"}
    ${"T1"} | ${"allow"}      | ${"read_only"}  | ${"read_only"}  | ${"read_only"}
    ${"T2"} | ${"allow"}      | ${"draft"}      | ${"draft"}      | ${"draft"}
    ${"T3"} | ${"allow"}      | ${"approve"}    | ${"approve"}    | ${"approve, fresh"}
    ${"T4"} | ${"allow"}      | ${"tell"}       | ${"approve"}    | ${"approve, fresh"}
  `("$trust", ({ trust, ...cells }: { trust: Trust } & Record<Stakes, string>) => {
    for (const stakes of STAKES) expect(cell(trust, stakes), stakes).toBe(cells[stakes]);
  });

  test.each`
    what                                       | change                                  | verdict
    ${"a place that nobody named"}             | ${{ destination: "unnamed" }}           | ${["destination"]}
    ${"a place in the person's words"}         | ${{ destination: "own_words" }}         | ${"tell"}
    ${"words that nobody vouches for"}         | ${{ tainted: true }}                    | ${["taint"]}
    ${"words from outside"}                    | ${{ origin: "outside" }}                | ${["taint", "origin"]}
    ${"a member's words"}                      | ${{ origin: "member", role: "member" }} | ${["origin"]}
    ${"a guest's words"}                       | ${{ origin: "guest", role: "guest" }}   | ${"role"}
    ${"a guest's words in another's turn"}     | ${{ origin: "guest" }}                  | ${"origin"}
    ${"an agent that asks first"}              | ${{ trust: "T3" }}                      | ${["trust"]}
    ${"an agent that asks, and much at stake"} | ${{ trust: "T3", stakes: "S2" }}        | ${["stakes", "trust"]}
    ${"a verb that the agent has not"}         | ${{ granted: false }}                   | ${"not_granted"}
  `("T4 and S1, but $what", ({ change, verdict: expected }: { change: Partial<PolicyAsk>; verdict: unknown }) => {
    const free: PolicyAsk = {
      trust: "T4",
      stakes: "S1",
      origin: "owner",
      role: "owner",
      tainted: false,
      destination: "none",
      granted: true,
    };
    const verdict = weigh({ ...free, ...change });
    if (verdict.kind === "approve") expect(verdict.because).toEqual(expected);
    else expect(verdict.kind === "deny" ? verdict.why : verdict.kind).toBe(expected);
  });
});

describe(`all ${SPACE.length} combinations`, () => {
  test("are what they are counted as", () => {
    expect(SPACE).toHaveLength(5 * 4 * 4 * 3 * 2 * 3 * 2);
    expect(new Set(SPACE.map((ask) => JSON.stringify(weigh(ask)))).size).toBeGreaterThan(15);
  });

  test("more trust never means less freedom", () => {
    for (const ask of SPACE)
      for (const trust of after(TRUSTS, ask.trust))
        expect(but(ask, { trust }), say(ask)).toBeGreaterThanOrEqual(freedom(weigh(ask)));
  });

  test("higher stakes never mean more freedom", () => {
    for (const ask of SPACE)
      for (const stakes of after(STAKES, ask.stakes))
        expect(but(ask, { stakes }), say(ask)).toBeLessThanOrEqual(freedom(weigh(ask)));
  });

  test("taint, and a place that nobody named, never mean more freedom", () => {
    for (const ask of SPACE) {
      expect(but(ask, { tainted: true }), say(ask)).toBeLessThanOrEqual(but(ask, { tainted: false }));
      expect(but(ask, { destination: "unnamed" }), say(ask)).toBeLessThanOrEqual(
        but(ask, { destination: "own_words" }),
      );
      expect(but(ask, { destination: "own_words" }), say(ask)).toBe(but(ask, { destination: "none" }));
    }
  });

  test("a person of more rights, and their words, never mean less freedom", () => {
    for (const ask of SPACE) {
      for (const role of after(ROLES, ask.role))
        expect(but(ask, { role }), say(ask)).toBeGreaterThanOrEqual(freedom(weigh(ask)));
      if (ask.origin === "outside") continue;
      for (const origin of after(ORIGINS, ask.origin))
        expect(but(ask, { origin }), say(ask)).toBeGreaterThanOrEqual(freedom(weigh(ask)));
    }
  });

  test("nothing that reaches others or is serious is done without a person", () => {
    for (const ask of SPACE.filter(({ stakes }) => stakes === "S2" || stakes === "S3"))
      expect(["approve", "draft", "deny"], say(ask)).toContain(weigh(ask).kind);
  });

  test("what is done and told is S1, trusted, granted, the owner's own wish, untainted, and goes where they said", () => {
    for (const ask of SPACE.filter((each) => weigh(each).kind === "tell")) {
      const { destination, ...rest } = ask;
      expect(rest).toEqual({
        trust: "T4",
        stakes: "S1",
        origin: "owner",
        role: "owner",
        tainted: false,
        granted: true,
      });
      expect(destination).not.toBe("unnamed");
    }
  });

  test("for guests, and on guests' words, nothing is changed", () => {
    for (const ask of SPACE.filter(({ role, origin }) => role === "guest" || origin === "guest"))
      expect(["allow", "deny"], say(ask)).toContain(weigh(ask).kind);
  });

  test("what is not granted is denied for that reason, whatever else holds", () => {
    for (const ask of SPACE.filter(({ granted }) => !granted))
      expect(weigh(ask), say(ask)).toEqual({ kind: "deny", why: "not_granted" });
  });

  test("S3 is decided afresh, and nothing else is", () => {
    for (const ask of SPACE) {
      const verdict = weigh(ask);
      if (verdict.kind === "approve") expect(verdict.fresh, say(ask)).toBe(ask.stakes === "S3");
    }
  });

  test("a person who is asked is always told why, and all that is true", () => {
    for (const ask of SPACE) {
      const verdict = weigh(ask);
      if (verdict.kind !== "approve") continue;
      expect(verdict.because.length, say(ask)).toBeGreaterThan(0);
      expect(verdict.because.includes("taint"), say(ask)).toBe(ask.tainted || ask.origin === "outside");
      expect(verdict.because.includes("destination"), say(ask)).toBe(ask.destination === "unnamed");
    }
  });

  test("what is denied names a reason that is known", () => {
    for (const ask of SPACE) {
      const verdict = weigh(ask);
      if (verdict.kind === "deny") expect(DENIALS).toContain(verdict.why);
    }
  });
});

describe("S30: what cannot be weighed is denied", () => {
  const known = SPACE.find((ask) => weigh(ask).kind === "tell");

  test.each(Object.keys(known ?? {}))("without %s", (key) => {
    const { [key]: _, ...missing } = { ...known } as Record<string, unknown>;
    expect(weigh(missing as PolicyAsk)).toEqual({ kind: "deny", why: "unweighed" });
  });

  test.each([
    { trust: "T5" },
    { stakes: "s1" },
    { origin: "system" },
    { role: "admin" },
    { tainted: "no" },
    { granted: 1 },
    { destination: "" },
    { override: true },
  ])("with %o", (strange) => {
    expect(weigh({ ...known, ...strange } as unknown as PolicyAsk)).toEqual({ kind: "deny", why: "unweighed" });
  });

  test.each([undefined, null, 7, "allow", [], () => known])("with %o in its place", (nonsense) => {
    expect(weigh(nonsense as unknown as PolicyAsk)).toEqual({ kind: "deny", why: "unweighed" });
  });

  test("when the kernel itself throws", () => {
    const trap = new Proxy(
      {},
      {
        ownKeys: () => {
          throw new Error("broken");
        },
        get: () => {
          throw new Error("broken");
        },
      },
    );
    expect(weigh(trap as PolicyAsk)).toEqual({ kind: "deny", why: "unweighed" });
  });

  test("S30 twin: the same question, whole, is answered", () => {
    expect(known && weigh(known)).toEqual({ kind: "tell" });
  });
});
