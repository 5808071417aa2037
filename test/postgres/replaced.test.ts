/** A proposal that takes the place of one that waits: whichever is faster, what both are about is done once. */
import { afterAll, beforeAll, expect, test } from "vitest";
import { agentId, type NewProposal, type Person, type Proposals } from "#core";
import { createProposals } from "../../src/postgres/effects/proposals.ts";
import { answer, openStores, type Stores } from "./stores.ts";

let nova: Stores;
let proposals: Proposals;
beforeAll(async () => {
  nova = await openStores();
  const clock = { now: () => new Date() };
  proposals = createProposals(nova.database, { clock, calls: { send: async () => {}, done: async () => false } });
});
afterAll(() => nova.close());

const about = async (person: Person, more: Partial<NewProposal>): Promise<NewProposal> => {
  const [id] = await proposals.reserve(1);
  const effect = { verb: "note", args: {}, tenant: person.tenant, person: person.id, project: null, branch: null };
  return {
    id: id ?? expect.fail("no number"),
    agent: agentId("clerk"),
    handedBy: [],
    input: {},
    effect: effect as NewProposal["effect"],
    digest: "d".repeat(64),
    said: "",
    stakes: "S1",
    trust: "T4",
    taints: [],
    because: [],
    decided: false,
    approvers: [],
    expiresAt: new Date(Date.now() + 3_600_000),
    ...more,
  };
};
const settle = async ({ name }: Person, proposal: NewProposal): Promise<void> => {
  const { conversation } = await nova.say(name, "words");
  const turn = await nova.turns.take(conversation);
  if (!turn) throw new Error("nothing waits");
  await nova.turns.settle(turn, answer("done", { proposals: [proposal] }));
};

test.each([
  ["waits", undefined, ["withdrawn", "approved"]],
  ["was denied meanwhile", "deny", ["denied", "approved"]],
  ["was approved meanwhile", "approve", ["approved", "withdrawn"]],
] as const)("the one before %s", async (name, verdict, states) => {
  const person = await nova.person(name);
  const first = await about(person, {});
  await settle(person, first);
  const { id, digest } = first;
  if (verdict) await proposals.decide({ proposal: id, digest, verdict, by: person, via: "web" });
  const second = await about(person, { decided: true, replaces: id });
  await settle(person, second);
  const all = await proposals.list(person, { all: true });
  expect(all.toReversed().map(({ state }) => state)).toEqual(states);
  expect(all.filter(({ fate }) => fate !== null)).toHaveLength(1);
});

test.each([
  ["waits", false, ["pending", "approved"]],
  ["was approved", true, ["approved", "approved"]],
] as const)("the one before was changed to something else meanwhile and %s", async (name, isApproved, states) => {
  const person = await nova.person(`changed, ${name}`);
  const first = await about(person, {});
  await settle(person, first);
  const { id, digest, input, effect, stakes } = first;
  const other = "e".repeat(64);
  await proposals.edit(id, digest, { input, effect, digest: other, stakes }, person);
  if (isApproved) await proposals.decide({ proposal: id, digest: other, verdict: "approve", by: person, via: "web" });
  await settle(person, await about(person, { decided: true, replaces: id }));
  const all = await proposals.list(person, { all: true });
  expect(all.toReversed().map(({ state }) => state)).toEqual(states);
});
