/** The kernel over its whole space: every combination is weighed, and what must never happen never does. */
import { describe, expect, test } from "vitest";
import {
  DENIALS,
  EXTENTS,
  STAKES,
  TRUSTS,
  type Cause,
  type Origin,
  type PolicyAsk,
  type Role,
  type Stakes,
  type Trust,
  type Verdict,
} from "#core";
import { createPolicy } from "../../src/policy/policy.ts";

const policy = createPolicy();
const weigh = (ask: PolicyAsk) => policy.weigh(ask);

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
            EXTENTS.flatMap((scope) =>
              BOTH.map((granted) => ({ trust, stakes, origin, role, tainted, destination, scope, granted })),
            ),
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

/** Questions for which a rule does not hold. */
const breaches = (holds: (ask: PolicyAsk) => boolean, among: (ask: PolicyAsk) => boolean = () => true) =>
  SPACE.filter((ask) => among(ask) && !holds(ask)).map((ask) => JSON.stringify({ ...ask, verdict: weigh(ask) }));

/** The same ask with one thing changed, weighed. */
const but = (ask: PolicyAsk, change: Partial<PolicyAsk>) => freedom(weigh({ ...ask, ...change }));
const free = (ask: PolicyAsk) => freedom(weigh(ask));
const after = <T>(all: readonly T[], one: T): readonly T[] => all.slice(all.indexOf(one) + 1);

/** A member's words in their own turn. */
const isMembersOwn = ({ role, origin }: PolicyAsk) => role === "member" && origin === "member";

/** Why, where there is a why. */
function plainly(verdict: Verdict): string | readonly Cause[] {
  if (verdict.kind === "deny") return verdict.why;
  return verdict.kind === "approve" ? verdict.because : verdict.kind;
}

describe("the documented table", () => {
  const cell = (trust: Trust, stakes: Stakes): string => {
    const verdict = weigh({
      trust,
      stakes,
      origin: "owner",
      role: "owner",
      tainted: false,
      destination: "none",
      scope: "within",
      granted: true,
    });
    return verdict.kind === "approve" ? (verdict.fresh ? "approve, fresh" : "approve") : String(plainly(verdict));
  };

  test.each`
    trust   | S0              | S1              | S2              | S3
    ${"T0"} | ${"watch_only"} | ${"watch_only"} | ${"watch_only"} | ${"watch_only"}
    ${"T1"} | ${"allow"}      | ${"read_only"}  | ${"read_only"}  | ${"read_only"}
    ${"T2"} | ${"allow"}      | ${"draft"}      | ${"draft"}      | ${"draft"}
    ${"T3"} | ${"allow"}      | ${"approve"}    | ${"approve"}    | ${"approve, fresh"}
    ${"T4"} | ${"allow"}      | ${"tell"}       | ${"approve"}    | ${"approve, fresh"}
  `("$trust", ({ trust, ...cells }: { trust: Trust } & Record<Stakes, string>) => {
    expect(Object.fromEntries(STAKES.map((stakes) => [stakes, cell(trust, stakes)]))).toEqual(cells);
  });

  test.each`
    what                                       | change                                                            | verdict
    ${"a place that nobody named"}             | ${{ destination: "unnamed" }}                                     | ${["destination"]}
    ${"a place in the person's words"}         | ${{ destination: "own_words" }}                                   | ${"tell"}
    ${"another place, named by them"}          | ${{ scope: "named" }}                                             | ${"tell"}
    ${"another place that nobody named"}       | ${{ scope: "across" }}                                            | ${["scope"]}
    ${"a place that is not theirs"}            | ${{ scope: "beyond" }}                                            | ${"scope"}
    ${"a place named, in a tainted step"}      | ${{ scope: "named", tainted: true }}                              | ${["taint"]}
    ${"a member's own wish, where they named"} | ${{ origin: "member", role: "member", scope: "named" }}           | ${"tell"}
    ${"a member's wish, where nobody named"}   | ${{ origin: "member", role: "member", scope: "across" }}          | ${["scope"]}
    ${"words that nobody vouches for"}         | ${{ tainted: true }}                                              | ${["taint"]}
    ${"words from outside"}                    | ${{ origin: "outside" }}                                          | ${["taint", "origin"]}
    ${"a member's own wish, for themselves"}   | ${{ origin: "member", role: "member" }}                           | ${"tell"}
    ${"a member's wish that goes elsewhere"}   | ${{ origin: "member", role: "member", destination: "own_words" }} | ${["origin"]}
    ${"a member's tainted wish"}               | ${{ origin: "member", role: "member", tainted: true }}            | ${["taint", "origin"]}
    ${"a member's wish, more at stake"}        | ${{ origin: "member", role: "member", stakes: "S2" }}             | ${["stakes", "origin"]}
    ${"a member's agent that asks first"}      | ${{ origin: "member", role: "member", trust: "T3" }}              | ${["trust"]}
    ${"a member's words in the owner's turn"}  | ${{ origin: "member" }}                                           | ${["origin"]}
    ${"the owner's words in a member's turn"}  | ${{ role: "member" }}                                             | ${["origin"]}
    ${"a guest's words in a member's turn"}    | ${{ origin: "guest", role: "member" }}                            | ${"origin"}
    ${"a guest's words"}                       | ${{ origin: "guest", role: "guest" }}                             | ${"role"}
    ${"a guest's words in another's turn"}     | ${{ origin: "guest" }}                                            | ${"origin"}
    ${"an agent that asks first"}              | ${{ trust: "T3" }}                                                | ${["trust"]}
    ${"an agent that asks, and much at stake"} | ${{ trust: "T3", stakes: "S2" }}                                  | ${["stakes", "trust"]}
    ${"a verb that the agent has not"}         | ${{ granted: false }}                                             | ${"not_granted"}
  `("T4 and S1, but $what", ({ change, verdict: expected }: { change: Partial<PolicyAsk>; verdict: unknown }) => {
    const light: PolicyAsk = {
      trust: "T4",
      stakes: "S1",
      origin: "owner",
      role: "owner",
      tainted: false,
      destination: "none",
      scope: "within",
      granted: true,
    };
    expect(plainly(weigh({ ...light, ...change }))).toEqual(expected);
  });
});

describe(`all ${SPACE.length} combinations`, () => {
  test("are what they are counted as", () => {
    expect(SPACE).toHaveLength(5 * 4 * 4 * 3 * 2 * 3 * 4 * 2);
    expect(new Set(SPACE.map((ask) => JSON.stringify(weigh(ask)))).size).toBeGreaterThan(15);
  });

  test("more trust never means less freedom", () => {
    expect(breaches((ask) => after(TRUSTS, ask.trust).every((trust) => but(ask, { trust }) >= free(ask)))).toEqual([]);
  });

  test("higher stakes never mean more freedom", () => {
    expect(breaches((ask) => after(STAKES, ask.stakes).every((stakes) => but(ask, { stakes }) <= free(ask)))).toEqual(
      [],
    );
  });

  test("taint, and a place that nobody named, never mean more freedom", () => {
    expect(breaches((ask) => but(ask, { tainted: true }) <= but(ask, { tainted: false }))).toEqual([]);
    const ownly = (ask: PolicyAsk) => but(ask, { destination: "own_words" });
    expect(breaches((ask) => but(ask, { destination: "unnamed" }) <= ownly(ask))).toEqual([]);
    expect(breaches((ask) => ownly(ask) <= but(ask, { destination: "none" }))).toEqual([]);
    const differs = (ask: PolicyAsk) => but(ask, { destination: "none" }) !== ownly(ask);
    expect(
      breaches(
        (ask) => !differs(ask),
        (ask) => !isMembersOwn(ask),
      ),
    ).toEqual([]);
  });

  test("a wider scope never means more freedom, and beyond it nothing is done, read or drafted", () => {
    const wider = (ask: PolicyAsk) => after(EXTENTS, ask.scope).every((scope) => but(ask, { scope }) <= free(ask));
    expect(breaches(wider)).toEqual([]);
    const beyond = ({ scope, granted }: PolicyAsk) => scope === "beyond" && granted;
    expect(breaches((ask) => plainly(weigh(ask)) === "scope", beyond)).toEqual([]);
    expect(
      breaches(
        (ask) => plainly(weigh(ask)) !== "scope",
        (ask) => !beyond(ask),
      ),
    ).toEqual([]);
    // What a person named is as good as where they are; taint and destination still count there.
    expect(breaches((ask) => but(ask, { scope: "named" }) === but(ask, { scope: "within" }))).toEqual([]);
    expect(
      breaches(
        (ask) => weigh(ask).kind !== "tell",
        ({ scope }) => scope === "across",
      ),
    ).toEqual([]);
  });

  test("S20: nothing is freer than for this person alone, for this agent alone, or in this run alone", () => {
    const best = {
      person: { role: "owner", origin: "owner" },
      agent: { trust: "T4", granted: true },
      run: { tainted: false, destination: "none", scope: "within" },
    } as const;
    const least = (ask: PolicyAsk) =>
      Math.min(
        but(ask, { ...best.agent, ...best.run }),
        but(ask, { ...best.person, ...best.run }),
        but(ask, { ...best.person, ...best.agent }),
      );
    expect(breaches((ask) => free(ask) <= least(ask))).toEqual([]);
  });

  test("a person of more rights, and their words, never mean less freedom", () => {
    const raised = (ask: PolicyAsk) => after(ROLES, ask.role).every((role) => but(ask, { role }) >= free(ask));
    const more = (ask: PolicyAsk) => after(ORIGINS, ask.origin).every((origin) => but(ask, { origin }) >= free(ask));
    // What is a member's own wish is nobody's own any more when the words are another's.
    const own = (ask: PolicyAsk) => isMembersOwn(ask) && weigh(ask).kind === "tell";
    expect(breaches(raised, (ask) => !own(ask))).toEqual([]);
    expect(breaches(more, (ask) => ask.origin !== "outside" && !own(ask))).toEqual([]);
    const both = (ask: PolicyAsk) => but(ask, { role: "owner", origin: "owner" }) >= free(ask);
    expect(breaches(both)).toEqual([]);
  });

  test("nothing that reaches others or is serious is done without a person", () => {
    const watched = (ask: PolicyAsk) => ["approve", "draft", "deny"].includes(weigh(ask).kind);
    expect(breaches(watched, ({ stakes }) => stakes === "S2" || stakes === "S3")).toEqual([]);
  });

  test("what is done and told is S1, trusted, granted, untainted, and the owner's wish for where they said or a member's for themselves", () => {
    const told = SPACE.filter((ask) => weigh(ask).kind === "tell");
    const exactly = { trust: "T4", stakes: "S1", origin: "owner", role: "owner", tainted: false, granted: true };
    const where = (ask: object) => [
      { ...exactly, ...ask, scope: "within" },
      { ...exactly, ...ask, scope: "named" },
    ];
    expect(told).toEqual([
      ...where({ origin: "member", role: "member", destination: "none" }),
      ...where({ destination: "none" }),
      ...where({ destination: "own_words" }),
    ]);
  });

  test("for guests, and on guests' words, nothing is changed", () => {
    const unchanged = (ask: PolicyAsk) => ["allow", "deny"].includes(weigh(ask).kind);
    expect(breaches(unchanged, ({ role, origin }) => role === "guest" || origin === "guest")).toEqual([]);
  });

  test("what is not granted is denied for that reason, whatever else holds", () => {
    expect(
      breaches(
        (ask) => plainly(weigh(ask)) === "not_granted",
        ({ granted }) => !granted,
      ),
    ).toEqual([]);
    expect(
      breaches(
        (ask) => plainly(weigh(ask)) !== "not_granted",
        ({ granted }) => granted,
      ),
    ).toEqual([]);
  });

  test("S3 is decided afresh, and nothing else is", () => {
    expect(asked((ask, { fresh }) => fresh === (ask.stakes === "S3"))).toEqual([]);
  });

  test("a person who is asked is always told why, and all that is true", () => {
    expect(asked((_, { because }) => because.length > 0)).toEqual([]);
    const tainted = (ask: PolicyAsk) => ask.tainted || ask.origin === "outside";
    expect(asked((ask, { because }) => because.includes("taint") === tainted(ask))).toEqual([]);
    expect(asked((ask, { because }) => because.includes("scope") === (ask.scope === "across"))).toEqual([]);
    const unnamed = (ask: PolicyAsk) => ask.destination === "unnamed";
    expect(asked((ask, { because }) => because.includes("destination") === unnamed(ask))).toEqual([]);
  });

  test("what is denied names a reason that is known", () => {
    const known: readonly string[] = DENIALS;
    expect(
      breaches(
        (ask) => known.includes(String(plainly(weigh(ask)))),
        (ask) => weigh(ask).kind === "deny",
      ),
    ).toEqual([]);
  });
});

type Approve = Extract<Verdict, { kind: "approve" }>;

/** Questions to a person for which a rule does not hold. */
const asked = (holds: (ask: PolicyAsk, verdict: Approve) => boolean) =>
  breaches((ask) => {
    const verdict = weigh(ask);
    return verdict.kind !== "approve" || holds(ask, verdict);
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
    { scope: "everywhere" },
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
