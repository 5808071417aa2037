/** Who may decide on what, and where, over every combination. */
import { describe, expect, test } from "vitest";
import { STAKES, type DecideAsk, type Role } from "#core";
import { createPolicy } from "../../src/policy/policy.ts";

const policy = createPolicy();
const mayDecide = (ask: DecideAsk) => policy.mayDecide(ask);
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
/** What was answered to those questions that are meant, each answer once. */
const answers = (among: (ask: DecideAsk) => boolean) => new Set(SPACE.filter(among).map(mayDecide));
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
    expect(answers(({ role, via }) => role === "guest" || via === "agent")).toEqual(new Set(["no"]));
  });

  test("no click decides on what is serious, or cannot be seen for certain", () => {
    const heavy = ({ stakes, readable }: DecideAsk) => stakes === "S3" || !readable;
    expect(answers((ask) => ask.via === "card" && heavy(ask))).toEqual(new Set(["no", "terminal_only"]));
  });

  test("the owner can decide on everything at the terminal", () => {
    expect(answers(({ role, via }) => role === "owner" && via === "terminal")).toEqual(new Set(["yes"]));
  });

  test("a member who is not named decides on nothing but their own, light and untainted", () => {
    const isLight = ({ own, tainted, stakes }: DecideAsk) => own && !tainted && (stakes === "S0" || stakes === "S1");
    expect(answers((ask) => ask.role === "member" && !ask.named && !isLight(ask))).toEqual(new Set(["no"]));
  });
});

test.each([{}, undefined, { ...light, role: "admin" }, { ...light, via: "email" }, { ...light, sudo: true }])(
  "S30: what is none of the known questions is no: %o",
  (nonsense) => expect(mayDecide(nonsense as DecideAsk)).toBe("no"),
);
