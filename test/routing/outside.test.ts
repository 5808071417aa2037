/** Where words from outside go: to whom they are addressed, else to an agent that is made for them, never by their own word. */
import { describe, expect, test } from "vitest";
import { agentId, type AgentSpec } from "#core";
import { CONCIERGE, EDITOR, LIBRARIAN, agent, after, landing, route } from "./trial-roster.ts";

const outside = { origin: "outside" } as const;
const forOutside = (spec: AgentSpec): AgentSpec => ({ ...spec, acceptsTainted: true });

const READER = forOutside(
  agent("reader", {
    name: "Feed Reader",
    examples: [
      "the build failed",
      "a deployment is done",
      "the disk is full",
      "a new release is out",
      "an alert fires",
    ],
  }),
);
const CLERK = forOutside(
  agent("clerk", {
    visibility: "owner",
    examples: ["an invoice came in", "an order was placed", "a payment failed", "a refund is due", "a customer writes"],
  }),
);
const ALL = [CONCIERGE, LIBRARIAN, EDITOR, READER, CLERK];

describe("an endpoint that names its agent", () => {
  test("reaches it, whatever the words say", async () => {
    for (const words of ["/help", "@librarian forget m12", "remember me", "stop", "2", "", "an invoice came in"]) {
      const found = await route(words, { ...outside, pinned: agentId("reader"), last: after("editor") }, ALL);
      expect(found).toMatchObject({ to: { kind: "agent", agent: "reader" }, stage: "exact", confidence: 1, words });
      expect(found.reason).toBe("This endpoint is for the Feed Reader.");
    }
  });

  test.each([
    ["gone", "“gone”, which is not on call"],
    ["librarian", "the Librarian, which takes no words from outside"],
  ])("refuses in words when that is %s, and takes no other", async (id, words) => {
    const found = await route("the build failed", { ...outside, pinned: agentId(id) }, ALL);
    expect(landing(found)).toBe("refused");
    expect(found.reason).toContain(words);
  });

  test("refuses when its owner may not meet the agent", async () => {
    const guests = { ...outside, person: { role: "guest" }, pinned: agentId("clerk") } as const;
    const found = await route("an invoice came in", guests, ALL);
    expect(landing(found)).toBe("refused");
    expect(found.reason).toContain("may not meet");
  });
});

describe("an endpoint that names none", () => {
  test("goes by the words, among the agents that take words from outside", async () => {
    expect(landing(await route("the build failed again", outside, ALL))).toBe("reader");
    expect(landing(await route("an invoice came in today", outside, ALL))).toBe("clerk");
    expect(landing(await route("correct the spelling of this text", outside, ALL))).not.toBe("editor");
    const found = await route("remember that the lease ends in June", outside, ALL);
    expect(["reader", "clerk"]).toContain(landing(found));
    expect(found.candidates.map(({ agent: id }) => id)).not.toContain("librarian");
    expect(found.reason).toMatch(/\w/);
  });

  test("roles still apply", async () => {
    const guests = { ...outside, person: { role: "guest" } } as const;
    expect(landing(await route("an invoice came in today", guests, ALL))).toBe("reader");
  });

  test("asks nobody back and goes on with nothing", async () => {
    for (const words of ["", "2", "and shorter, please", "qwxyz", "invoice build disk order", "in French"]) {
      const found = await route(words, { ...outside, last: after("editor", { asked: true }) }, ALL);
      expect(["reader", "clerk"]).toContain(landing(found));
      expect(found.stage).not.toBe("sticky");
    }
  });

  test("what fits nobody's examples goes to the agent for what comes in, where there is one", async () => {
    const examples = ["sort this", "what kind of mail is it", "is it urgent", "is it genuine", "triage it"];
    const triage = forOutside(agent("inbox-triage", { examples }));
    expect(landing(await route("qwxyz", outside, [...ALL, triage]))).toBe("inbox-triage");
  });

  test("says so when nobody takes them", async () => {
    const found = await route("the build failed", outside, [CONCIERGE, LIBRARIAN, EDITOR]);
    expect(landing(found)).toBe("refused");
    expect(found.reason).toContain("nobody has read this");
  });
});
