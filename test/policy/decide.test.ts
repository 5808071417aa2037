/** Who may decide on what, and where, over every combination. */
import { describe, expect, test } from "vitest";
import { STAKES, type DecideAsk, type Role } from "#core";
import { createPolicy } from "../../src/policy/policy.ts";

const { mayDecide } = createPolicy();
const BOTH = [false, true] as const;
const ROLES: readonly Role[] = ["guest", "member", "owner"];
const SPACE: readonly DecideAsk[] = ROLES.flatMap((role) =>
  STAKES.flatMap((stakes) =>
    BOTH.flatMap((own) =>
      BOTH.flatMap((named) =>
        BOTH.flatMap((tainted) =>
          BOTH.flatMap((readable) =>
            (["card", "terminal", "agent"] as const).map((via) => ({
              role,
              stakes,
              own,
              named,
              tainted,
              readable,
              via,
            })),
          ),
        ),
      ),
    ),
  ),
);
const say = (ask: DecideAsk) => JSON.stringify(ask);
const light: DecideAsk = {
  role: "member",
  own: true,
  named: false,
  stakes: "S1",
  tainted: false,
  readable: true,
  via: "card",
};

test.each`
  who                                       | change                                                        | verdict
  ${"who asked, on what is light"}          | ${{}}                                                         | ${"yes"}
  ${"who asked, on what reaches others"}    | ${{ stakes: "S2" }}                                           | ${"no"}
  ${"who asked, after words from outside"}  | ${{ tainted: true }}                                          | ${"no"}
  ${"another member"}                       | ${{ own: false }}                                             | ${"no"}
  ${"an approver"}                          | ${{ own: false, named: true, stakes: "S2", tainted: true }}   | ${"yes"}
  ${"an approver, on money"}                | ${{ own: false, named: true, stakes: "S3" }}                  | ${"terminal_only"}
  ${"the owner, on another's"}              | ${{ role: "owner", own: false, stakes: "S2", tainted: true }} | ${"yes"}
  ${"the owner, on money, by a click"}      | ${{ role: "owner", stakes: "S3" }}                            | ${"terminal_only"}
  ${"the owner, on money, at the terminal"} | ${{ role: "owner", stakes: "S3", via: "terminal" }}           | ${"yes"}
  ${"the owner, on what cannot be read"}    | ${{ role: "owner", readable: false }}                         | ${"terminal_only"}
  ${"a guest who asked"}                    | ${{ role: "guest" }}                                          | ${"no"}
  ${"a guest who is named"}                 | ${{ role: "guest", named: true }}                             | ${"no"}
  ${"an agent in the owner's name"}         | ${{ role: "owner", named: true, via: "agent" }}               | ${"no"}
`("$who: $verdict", ({ change, verdict }: { change: Partial<DecideAsk>; verdict: string }) => {
  expect(mayDecide({ ...light, ...change })).toBe(verdict);
});

describe(`all ${SPACE.length} combinations`, () => {
  test("no agent and no guest decides on anything", () => {
    for (const ask of SPACE.filter(({ role, via }) => role === "guest" || via === "agent"))
      expect(mayDecide(ask), say(ask)).toBe("no");
  });

  test("no click decides on what is serious, or cannot be seen for certain", () => {
    for (const ask of SPACE.filter(({ stakes, readable, via }) => via === "card" && (stakes === "S3" || !readable)))
      expect(mayDecide(ask), say(ask)).not.toBe("yes");
  });

  test("the owner can decide on everything at the terminal", () => {
    for (const ask of SPACE.filter(({ role, via }) => role === "owner" && via === "terminal"))
      expect(mayDecide(ask), say(ask)).toBe("yes");
  });

  test("a member who is not named decides on nothing but their own, light and untainted", () => {
    for (const ask of SPACE.filter(({ role, named }) => role === "member" && !named)) {
      if (mayDecide(ask) === "no") continue;
      expect(ask, say(ask)).toMatchObject({ own: true, tainted: false });
      expect(["S0", "S1"]).toContain(ask.stakes);
    }
  });
});

test.each([{}, undefined, { ...light, role: "admin" }, { ...light, via: "email" }, { ...light, sudo: true }])(
  "S30: what is none of the known questions is no: %o",
  (nonsense) => expect(mayDecide(nonsense as DecideAsk)).toBe("no"),
);
