/** Trust between an agent's file and the operator, and what a track record suggests: pure tables. */
import { describe, expect, test } from "vitest";
import {
  agentId,
  effectiveTrust,
  grantedTrust,
  HOME,
  personId,
  projectId,
  recordOf,
  suggestionOn,
  TRUSTS,
  type ProjectId,
  type Tried,
  type Trust,
} from "#core";

const [ATLAS, BOREA] = ["1", "2"].map(projectId) as [ProjectId, ProjectId];

describe("the trust that counts", () => {
  type Row = readonly [
    string,
    Trust,
    Trust,
    readonly (readonly [ProjectId | null, Trust])[],
    (ProjectId | null)[],
    Trust,
  ];
  test.each<Row>([
    ["the start, when nothing is set", "T3", "T4", [], [null], "T3"],
    ["what is set for everywhere", "T3", "T4", [[null, "T4"]], [ATLAS], "T4"],
    [
      "what is set for the project before that",
      "T3",
      "T4",
      [
        [null, "T2"],
        [ATLAS, "T4"],
      ],
      [ATLAS],
      "T4",
    ],
    [
      "in another project what is set for everywhere",
      "T3",
      "T4",
      [
        [null, "T2"],
        [ATLAS, "T4"],
      ],
      [BOREA],
      "T2",
    ],
    ["in no project what is set for everywhere", "T4", "T4", [[ATLAS, "T1"]], [null], "T4"],
    ["never more than the ceiling", "T2", "T3", [[null, "T4"]], [null], "T3"],
    ["not even when the start is above it", "T4", "T3", [], [null], "T3"],
    ["the lower of both from one project into another", "T4", "T4", [[BOREA, "T2"]], [ATLAS, BOREA], "T2"],
    [
      "from no project into one, what is set for that",
      "T4",
      "T4",
      [
        [null, "T2"],
        [BOREA, "T4"],
      ],
      [null, BOREA],
      "T4",
    ],
  ])("is %s", (...[, start, ceiling, set, places, expected]) => {
    const settings = set.map(([project, trust]) => ({ project, trust }));
    expect(effectiveTrust({ start, ceiling }, settings, places)).toBe(expected);
  });

  test("is never above the ceiling, over all starts, ceilings and settings", () => {
    const above = TRUSTS.flatMap((start) =>
      TRUSTS.flatMap((ceiling) =>
        TRUSTS.flatMap((any) =>
          TRUSTS.map((there) => ({
            ceiling,
            got: effectiveTrust(
              { start, ceiling },
              [
                { project: null, trust: any },
                { project: ATLAS, trust: there },
              ],
              [ATLAS],
            ),
          })),
        ),
      ),
    ).filter(({ got, ceiling }) => TRUSTS.indexOf(got) > TRUSTS.indexOf(ceiling));
    expect(above).toEqual([]);
  });

  test("a file without a ceiling is only lowered, and grants no other verb", () => {
    const agent = { trust: "T4", effects: [{ verb: "sing", trust: "T3" }, { verb: "hum" }] } as const;
    const spec = { ...agent, effects: [...agent.effects] };
    expect(grantedTrust(spec, "sing")).toEqual({ start: "T3", ceiling: "T3" });
    expect(grantedTrust(spec, "hum")).toEqual({ start: "T4", ceiling: "T4" });
    expect(grantedTrust(spec, "dance")).toBeUndefined();
  });
});

const yes: Partial<Tried> = {};
const no: Partial<Tried> = { decided: { accepted: false, edited: false, afterMs: 60_000 } };
const changed: Partial<Tried> = { decided: { accepted: true, edited: true, afterMs: 60_000 } };
const quick: Partial<Tried> = { decided: { accepted: true, edited: false, afterMs: 2_000 } };

const tried = (...runs: readonly (readonly [number, Partial<Tried>])[]): readonly Tried[] =>
  runs.flatMap(([count, each]) =>
    Array.from({ length: count }, () => ({
      agent: agentId("a"),
      verb: "v",
      effect: { verb: "v", args: {}, tenant: HOME, person: personId("1"), project: null, branch: null },
      stakes: "S1" as const,
      at: new Date(0),
      decided: { accepted: true, edited: false, afterMs: 60_000 },
      incident: null,
      ...each,
    })),
  );

describe("a suggestion", () => {
  const on = (all: readonly Tried[], trust: Trust = "T3", ceiling: Trust = "T4") => {
    const found = suggestionOn(all, { trust, ceiling });
    return found && [found.kind, found.to, ...(found.barred ? ["barred"] : [])].join(" ");
  };

  type Row = readonly [string, string | null, readonly Tried[], Trust, Trust];
  const rows: readonly (Row | readonly [string, string | null, readonly Tried[]])[] = [
    ["none without a history", null, []],
    ["a promotion after thirty decisions", "raise T4", tried([30, yes])],
    ["none after twenty-nine", null, tried([29, yes])],
    ["a promotion at exactly 95 %", "raise T4", tried([1, no], [1, changed], [38, yes])],
    ["none below it", null, tried([1, no], [2, changed], [37, yes])],
    ["none where the file bars it, but a word on that", "raise T4 barred", tried([30, yes]), "T3", "T3"],
    ["none for what a person decides on anyway", null, tried([40, { stakes: "S2" }])],
    ["none at the top", null, tried([40, yes]), "T4", "T4"],
    ["a demotion after one incident, however good the rest", "lower T2", tried([1, { incident: "failed" }], [90, yes])],
    ["a demotion of what is done alone", "lower T3", tried([1, { decided: null, incident: "undone" }]), "T4", "T4"],
    ["a demotion below 80 % of twenty", "lower T2", tried([5, no], [15, yes])],
    ["none at exactly 80 %", null, tried([4, no], [16, yes])],
    ["none before there are twenty", null, tried([9, no], [10, yes])],
    ["a demotion for the last twenty, whatever was before", "lower T2", tried([5, no], [15, yes], [200, yes])],
    ["none below T3", null, tried([20, no], [1, { incident: "unknown" }]), "T2", "T4"],
  ];
  test.each(rows)("is %s", (...[, expected, all, trust = "T3", ceiling = "T4"]) => {
    expect(on(all, trust, ceiling)).toBe(expected);
  });

  test("says when nobody reads the cards any more", () => {
    const why = (all: readonly Tried[]) => suggestionOn(all, { trust: "T3", ceiling: "T4" })?.why;
    expect(why(tried([30, quick]))).toContain("hardly anybody reads");
    expect(why(tried([30, yes]))).not.toContain("hardly anybody reads");
  });

  test("rests on what was counted", () => {
    const all = tried([3, yes], [1, changed], [2, no], [4, { decided: null }], [1, { incident: "unknown" }]);
    expect(recordOf(all)).toEqual({
      decisions: 7,
      unedited: 4,
      edited: 1,
      denied: 2,
      alone: 4,
      incidents: 1,
      medianMs: 60_000,
    });
    expect(recordOf(tried([1, quick], [1, yes])).medianMs).toBe(31_000);
    expect(recordOf([]).medianMs).toBeNull();
  });
});
