/** Where a change lands: every place seen from every place, for every agent; a wider landing is never called a narrower one. */
import { expect, test } from "vitest";
import { branchId, EXTENTS, HOME, personId, projectId, tenantId, type Landing, type ScopeAsk } from "#core";
import { createPolicy } from "../../src/policy/policy.ts";

const policy = createPolicy();
const [ATLAS, BOREA, CLOSED] = ["1", "2", "3"].map(projectId);
const [NORTH, SOUTH] = ["8", "9"].map(branchId);
const ANA = personId("1");

const RUNS: readonly Landing[] = [null, ATLAS!].flatMap((project) =>
  [null, NORTH!].map((branch) => ({ tenant: HOME, person: ANA, project, branch })),
);
const LANDINGS: readonly Landing[] = [HOME, tenantId("abroad")].flatMap((tenant) =>
  [ANA, personId("2"), null].flatMap((person) =>
    [null, ATLAS!, BOREA!, CLOSED!].flatMap((project) =>
      [null, NORTH!, SOUTH!].map((branch) => ({ tenant, person, project, branch })),
    ),
  ),
);
const SPACE: readonly ScopeAsk[] = RUNS.flatMap((run) =>
  LANDINGS.flatMap((lands) =>
    ([["conversation"], ["conversation", "memory"]] as const).flatMap((reads) =>
      [false, true].flatMap((named) =>
        [false, true].map((existing) => ({ run, lands, open: [ATLAS!, BOREA!], reads: [...reads], named, existing })),
      ),
    ),
  ),
);

test("is what the ids say, over the whole space", () => {
  const wrong = SPACE.filter(({ run, lands, reads, named, existing, open }) => {
    const own = lands.tenant === run.tenant && lands.person === run.person;
    const inBranch = lands.branch === null || lands.branch === run.branch;
    const here = lands.project === null || lands.project === run.project;
    const reached = lands.project !== null && open.includes(lands.project) && (existing || reads.includes("memory"));
    const expected = !own || !inBranch ? "beyond" : here ? "within" : !reached ? "beyond" : named ? "named" : "across";
    return policy.scopeOf({ run, lands, reads, named, existing, open }) !== expected;
  });
  expect(wrong).toEqual([]);
  expect(new Set(SPACE.map((ask) => policy.scopeOf(ask)))).toEqual(new Set(EXTENTS));
});

test("S20: another tenant, another person's rows and everybody's are beyond, whatever is named or open", () => {
  const others = SPACE.filter(({ run, lands }) => lands.tenant !== run.tenant || lands.person !== run.person);
  expect(others.length).toBeGreaterThan(100);
  expect(others.filter((ask) => policy.scopeOf(ask) !== "beyond")).toEqual([]);
});

test("S20 twin: one's own rows where one works, and of no project, are within, whatever was named", () => {
  const own = SPACE.filter(
    ({ run, lands }) =>
      lands.tenant === run.tenant && lands.person === run.person && lands.project === null && lands.branch === null,
  );
  expect(own.length).toBeGreaterThan(10);
  expect(own.filter((ask) => policy.scopeOf(ask) !== "within")).toEqual([]);
});

test.each([
  ["an unknown key", { override: true }],
  ["a landing without a tenant", { lands: { person: ANA, project: null, branch: null } }],
  ["an empty id", { lands: { tenant: HOME, person: ANA, project: "", branch: null } }],
  ["no list of open projects", { open: undefined }],
  ["nothing at all", null],
])("S30: %s is beyond", (_, strange) => {
  const ask = strange === null ? null : { ...SPACE[0], ...strange };
  expect(policy.scopeOf(ask as unknown as ScopeAsk)).toBe("beyond");
});
