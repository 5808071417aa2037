/** What a program is told when not all that it asked for comes about: at once, and by whoever asks later, in the same words. */
import { afterAll, beforeAll, beforeEach, describe, expect, test } from "vitest";
import { agentId, systemClock, type Issued, type NewEndpoint, type Trust } from "#core";
import { createStoredTrust } from "../../src/postgres/effects/stored-trust.ts";
import type { Trial } from "../contract/trial-folder.ts";
import { openTarget } from "../effects/target.ts";
import { openClerks } from "../effects/trial-agents.ts";
import { says, scripted } from "../support/model.ts";
import { startNova, type TestNova } from "../support/nova.ts";
import { addEndpoint } from "./webhook-room.ts";
import { addAgent } from "../turn/trial-agents.ts";

let clerks: Trial;
let nova: TestNova;
let url: string;
let own: Issued;
let strange: Issued;
let line = says("Seven.");

beforeAll(async () => {
  clerks = await openClerks();
  const [clerk, contracts] = await Promise.all(
    ["clerk.md", "contracts.ts"].map((name) => clerks.read(`agents/general/${name}`)),
  );
  await clerks.write(
    "agents/general/clerk.md",
    clerk?.replace("trust: T3\n", "trust: T3\nacceptsTainted: true\n") ?? "",
  );
  await clerks.write(
    "agents/general/contracts.ts",
    `${contracts}export const Sum = z.strictObject({ sum: z.number() });\n`,
  );
  await addAgent(clerks, { id: "adder", front: { output: "Sum" } });
  nova = await startNova({
    agents: clerks.agents,
    adapters: ["webhook"],
    service: true,
    models: scripted(() => line).models,
    performers: openTarget().performers,
    sweepEveryMs: 50,
  });
  ({ url } = await nova.nova.start({ controlToken: "token" }));
  own = await endpoint("own");
  strange = await endpoint("strange", { origin: "outside" });
}, 60_000);
afterAll(async () => {
  await nova[Symbol.asyncDispose]();
  await clerks.close();
});

const endpoint = (name: string, more: Partial<NewEndpoint> = {}): Promise<Issued> => addEndpoint(nova, name, more);

type Body = {
  readonly id: string;
  readonly outcome: string;
  readonly proposals: readonly { readonly number: string }[];
  readonly text?: string;
};

async function call(words: string, { agent = "clerk", by = own } = {}) {
  const response = await fetch(`${url}/api/agents/${agent}`, {
    method: "POST",
    headers: { "content-type": "application/json", authorization: `Bearer ${by.token}` },
    body: JSON.stringify({ words }),
  });
  const body = (await response.json()) as Body;
  return { status: response.status, body };
}

const later = async ({ id }: Body, by = own): Promise<Record<string, unknown>> => {
  const headers = { authorization: `Bearer ${by.token}` };
  const response = await fetch(`${url}/api/messages/${id}?wait=20`, { headers });
  return (await response.json()) as Record<string, unknown>;
};

const trust = (verb: string, to: Trust) =>
  createStoredTrust(nova.database, { clock: systemClock }).set(
    { agent: agentId("clerk"), verb, project: null, trust: to, why: null },
    nova.owner,
  );

describe("what is left out is said as data", () => {
  beforeEach(async () => {
    await trust("trial_note", "T4");
    await trust("trial_send", "T3");
  });

  /** Both addresses say the same; the words are for people, and stand there too. */
  async function both(words: string) {
    const { status, body } = await call(words);
    const asked = await later(body);
    for (const part of ["outcome", "proposals", "leftOut", "error", "output"]) {
      expect([part, asked[part]]).toEqual([part, Object(body)[part]]);
    }
    return { status, body };
  }

  test("one done and one that fits nothing is not done", async () => {
    expect(await both("note shelf: fine; note shelf: nonsense")).toMatchObject({
      status: 422,
      body: {
        outcome: "not_done",
        proposals: [{ state: "done" }],
        leftOut: [{ verb: "trial_note", why: "unbound" }],
        error: { code: "left_out", message: expect.stringContaining("`trial_note`") },
        text: expect.stringContaining("Nonsense is not brought."),
      },
    });
  });

  test("all of it is done, and nothing was left out", async () => {
    expect(await both("note shelf: one; note shelf: two")).toMatchObject({
      status: 200,
      body: { outcome: "done", proposals: [{ state: "done" }, { state: "done" }], leftOut: [] },
    });
  });

  test("a draft is a draft", async () => {
    await trust("trial_note", "T2");
    expect(await both("note shelf: draft")).toMatchObject({
      status: 200,
      body: { outcome: "draft", proposals: [], leftOut: [{ why: "draft" }], text: expect.stringContaining("shelf") },
    });
  });

  test("one done, and one that the agent may only read of, is not done", async () => {
    await trust("trial_send", "T1");
    expect(await both("note shelf: half; send ben: half")).toMatchObject({
      status: 422,
      body: { outcome: "not_done", leftOut: [{ verb: "trial_send", why: "read_only" }], error: { code: "left_out" } },
    });
  });

  test("where all is refused, the failure has the turn's own code", async () => {
    await trust("trial_note", "T1");
    expect(await both("note shelf: read")).toMatchObject({
      status: 422,
      body: { outcome: "failed", leftOut: [{ verb: "trial_note", why: "read_only" }], error: { code: "denied" } },
    });
    await trust("trial_note", "T4");
    expect(await both("note shelf: nonsense")).toMatchObject({
      body: { outcome: "failed", error: { code: "cannot" } },
    });
  });

  test("what a person said no to within the day is left out of the next call", async () => {
    const { body } = await call("send ben: again and again");
    expect(body.outcome).toBe("waits");
    await nova.verb("approvals", { do: "deny", id: body.proposals[0]?.number });
    expect(await both("send ben: again and again; note shelf: beside it")).toMatchObject({
      status: 422,
      body: {
        outcome: "not_done",
        proposals: [{ state: "done" }],
        leftOut: [{ verb: "trial_send", why: "denied_before" }],
        error: { message: expect.stringContaining("said no") },
      },
    });
    expect(await both("send ben: again and again")).toMatchObject({
      status: 422,
      body: { outcome: "failed", leftOut: [{ why: "denied_before" }], error: { code: "denied" } },
    });
  });
});

test("an answer that does not fit what its file promises has failed, whoever asks and when; one that fits is output", async () => {
  const bad = await call("how much?", { agent: "adder" });
  const error = { code: "invalid_reply" };
  expect(bad).toMatchObject({ status: 422, body: { outcome: "failed", error } });
  expect(await later(bad.body)).toMatchObject({ outcome: "failed", error, reply: { text: "Seven." } });
  line = says('{"sum":7}');
  const good = await call("how much?", { agent: "adder" });
  expect(good).toMatchObject({ status: 200, body: { outcome: "answered", output: { sum: 7 } } });
  expect(await later(good.body)).toMatchObject({ outcome: "answered", output: { sum: 7 } });
});

test("what a person writes into a proposal is not told to the stranger whose words it came from", async () => {
  const asked = await call("send ben: hello", { by: strange });
  expect(asked).toMatchObject({ status: 202, body: { outcome: "waits", proposals: [{ title: null, told: null }] } });
  const [{ number } = { number: "" }] = asked.body.proposals;
  await nova.verb("approvals", { do: "edit", id: number, set: ["text=the code of the door is 4711"] });
  const shown = await nova.verb("approvals", { do: "show", id: number });
  expect(JSON.stringify(shown)).toContain("4711");
  await nova.verb("approvals", {
    do: "approve",
    id: number,
    digest: /"digest":"(\w+)"/.exec(JSON.stringify(shown))?.[1],
  });
  const ended = await later(asked.body, strange);
  expect(ended).toMatchObject({ outcome: "done", proposals: [{ number, state: "done" }], reply: { text: null } });
  expect(JSON.stringify(ended)).not.toMatch(/4711|ben/i);
});

test("the person's own program reads the title and the words", async () => {
  const asked = await call("send ben: good day");
  const titled = { proposals: [{ title: expect.stringContaining("ben"), state: "waits" }] };
  expect(asked.body).toMatchObject({ ...titled, text: expect.stringContaining("good day") });
  expect(await later(asked.body)).toMatchObject({ ...titled, reply: { text: expect.stringContaining("good day") } });
});
