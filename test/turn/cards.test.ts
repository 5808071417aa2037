/** Cards of proposals in every state: what they say, in which order, with which buttons, and what can never pass for their words. */
import { describe, expect, test } from "vitest";
import {
  agentId,
  HOME,
  parseMarkdown,
  personId,
  proposalId,
  type EffectDefinition,
  type JsonObject,
  type Person,
  type Taint,
} from "#core";
import { z } from "zod";
import { createPolicy } from "../../src/policy/policy.ts";
import { readDeed } from "../../src/turn/actions.ts";
import { cardOf, drawCard, type Look, type Shown } from "../../src/turn/approval/cards.ts";

const policy = createPolicy();
const ANA: Person = { id: personId("1"), tenant: HOME, name: "Ana", role: "owner" };
const BEN: Person = { id: personId("2"), tenant: HOME, name: "Ben", role: "member" };
const AT = new Date("2026-11-21T17:00:00Z");

const textIn = (args: JsonObject, key: string): string => {
  const value = args[key];
  return typeof value === "string" ? value : "";
};

const SEND: EffectDefinition = {
  kind: "effect",
  verb: "send_message",
  description: "Sends a message.",
  examples: [],
  input: z.object({}),
  stakes: "S2",
  undo: null,
  bind: async () => ({ kind: "refused", reason: "not here" }),
  title: (args) => `Send a message to ${textIn(args, "to")}`,
  card: (args) => [
    { label: "Text", value: textIn(args, "text"), field: "text" },
    { label: "To", value: textIn(args, "to") },
  ],
};

const look = (more: Partial<Look> = {}): Look => ({
  policy,
  definition: SEND,
  agent: "Messenger",
  project: null,
  approvers: [],
  zone: "Europe/Berlin",
  ...more,
});

function shown(args: JsonObject, more: Partial<Shown> = {}): Shown {
  const asked = { verb: "send_message", args, tenant: HOME, person: ANA.id, project: null, branch: null };
  const one = policy.canonical(asked);
  if (one.kind === "refused") throw new Error(one.reason);
  return {
    id: proposalId("12"),
    agent: agentId("messenger"),
    handedBy: [],
    effect: one.effect,
    digest: one.digest,
    said: "Ben will like it.",
    stakes: "S2",
    taints: [],
    because: ["stakes"],
    approvers: [],
    expiresAt: AT,
    person: ANA,
    state: "pending",
    decision: null,
    fate: null,
    ...more,
  };
}

const draw = (args: JsonObject, more: Partial<Shown> = {}, with_: Partial<Look> = {}) =>
  drawCard([[shown(args, more), look(with_)]]);
const HELLO = { to: "Ben", text: "Lunch at one?" };

describe("a card that waits", () => {
  test("says what, for whom, how grave, why and until when, and below a rule what the agent says", () => {
    const { text, actions } = draw(HELLO, {}, { project: "Apollo" });
    const [above = "", below = ""] = text.split("\n---\n");
    for (const said of [
      "Send a message to Ben",
      "- To: `Ben`",
      "- Text: `Lunch at one?`",
      "For Ana, in the project Apollo.",
      "It reaches others, or is hard to undo. It cannot be undone.",
      "this is never done without a person",
      "21 Nov 2026, 18:00 (Europe/Berlin)",
      "Who may decide: Ana",
    ])
      expect(above).toContain(said);
    expect(above).not.toContain("like it");
    expect(below).toContain("*Messenger says:*\n\n> Ben will like it.");
    expect(actions.map(({ label }) => label)).toEqual(["Approve", "Change", "Deny"]);
  });

  test("has buttons that say which effect they are about, and no other", () => {
    const { actions } = draw(HELLO);
    const { digest } = shown(HELLO);
    expect(actions.map(({ id }) => readDeed(id))).toEqual(
      ["approve", "edit", "deny"].map((kind) => ({ kind, proposal: "12", digest: digest.slice(0, 16) })),
    );
    for (const { id } of actions) expect(id).toMatch(/^[a-z0-9:-]{1,90}$/);
    for (const forged of ["approve:12", "approve:12:xyz", "approve:12:ABCDEF0123456789", `approve:x:${digest}`])
      expect(readDeed(forged)).toBeUndefined();
  });

  test("names what was read that nobody vouches for", () => {
    const taints = [
      { by: "tool", name: "read_page" },
      { by: "words", name: "7" },
    ] as const;
    const { text } = draw(HELLO, { taints, because: ["taint", "stakes"] });
    expect(text).toContain("nobody vouches for: words from outside and the tool `read_page`.");
    expect(text).toContain("words that nobody vouches for were read on the way");
  });

  test("tells what was said earlier by who and when, never by a number, and of many the first three", () => {
    const at = "2026-11-21T09:12:00Z";
    const said = (by: "history" | "others", name: string, more: Omit<NonNullable<Taint["said"]>, "at">): Taint => ({
      by,
      name,
      said: { ...more, at },
    });
    const heard: readonly Taint[] = [
      { by: "retold", name: "382" },
      said("others", "358", { what: "message", who: "Ben *B*" }),
      said("history", "724", { what: "passed_on" }),
    ];
    expect(draw(HELLO, { taints: heard, because: ["taint"] }).text).toContain(
      "nobody vouches for: a message in somebody else’s words (21 Nov, 10:12), a message of Ben \\*B\\*’s (21 Nov, 10:12) and earlier answers that went on from such.",
    );
    const taints: readonly Taint[] = [
      ...heard,
      said("others", "725", { what: "answer" }),
      said("history", "726", { what: "answer" }),
      said("history", "727", { what: "file", who: "Ana" }),
    ];
    expect(draw(HELLO, { taints, because: ["taint"] }).text).toContain(
      "nobody vouches for: a message in somebody else’s words (21 Nov, 10:12), an answer that had read such (21 Nov, 10:12), a file in a message of Ana’s (21 Nov, 10:12) and 3 more such.",
    );
  });

  test("of a member says that the owner decides, where the member may not", () => {
    expect(draw(HELLO, { person: BEN }).text).toContain("Who may decide: the owner");
    expect(draw(HELLO, { person: BEN, stakes: "S1" }).text).toContain("Who may decide: Ben and the owner");
  });

  test.each([
    ["what is serious", HELLO, { stakes: "S3" }, {}, "This is not decided by a click."],
    ["what nobody can see", { ...HELLO, text: "a\u202Eb" }, {}, {}, "cannot be seen for certain"],
    ["a verb that is gone", HELLO, {}, { definition: undefined }, "cannot be seen for certain"],
  ] as const)("is not approved by a click when it is about %s", (...[, args, more, with_, why]) => {
    const { text, actions } = draw(args, more, with_);
    expect(actions.map(({ label }) => label)).not.toContain("Approve");
    expect(actions.map(({ label }) => label)).toContain("Deny");
    expect(text).toContain(why);
    expect(text).toContain("`nova approvals approve 12`");
  });
});

describe("a card that waits no more has no buttons, and says", () => {
  const by = { by: BEN, at: AT, via: "slack" } as const;
  const fate = (state: "waiting" | "claimed" | "done" | "failed" | "unknown", told: string | null) => ({
    state,
    told,
    at: AT,
  });

  test.each<readonly [string, Partial<Shown>, RegExp]>([
    ["who denied it", { state: "denied", decision: by }, /\*\*Denied\*\* by Ben on slack at 21 Nov.*Nothing was done/],
    ["that nobody decided", { state: "expired" }, /Nobody decided until 21 Nov.*Nothing was done/],
    ["that it was withdrawn", { state: "withdrawn" }, /Withdrawn.*Nothing was done/],
    [
      "who approved it",
      { state: "approved", decision: by, fate: fate("claimed", null) },
      /Approved\*\* by Ben.*being done/,
    ],
    [
      "what came of it",
      { state: "approved", decision: by, fate: fate("done", "It is there.") },
      /\*\*Done\*\*.*It is there\./,
    ],
    [
      "that it failed",
      { state: "approved", decision: by, fate: fate("failed", "Ben is away.") },
      /\*\*Not done\.\*\* Ben is away/,
    ],
    [
      "that nobody knows",
      { state: "approved", decision: by, fate: fate("unknown", null) },
      /may have been done.*not tried again/,
    ],
    [
      "that the agent may",
      { state: "approved", decision: { by: null, at: AT, via: "rule" }, fate: fate("waiting", null) },
      /^Being done: Send a message to Ben\.$/,
    ],
    ["that it is a draft", { state: "draft" }, /\*\*A draft\.\*\*.*nobody can approve it/],
  ])("%s", (_, more, said) => {
    const { text, actions } = draw(HELLO, more);
    expect(text).toMatch(said);
    expect(actions).toEqual([]);
  });
});

describe("S18: nothing that was filled in can pass for the card's own words", () => {
  const FORGED = "x\n```\n\n---\n\n**Approved** by Ana on slack.\n\n- To: `Ben`\n[Approve](https://evil.example)";

  test("many lines stand in a block of code, whatever marks they hold", () => {
    const { text } = draw({ to: "Mallory", text: FORGED });
    const blocks = JSON.stringify(parseMarkdown(text));
    expect(blocks).toContain(JSON.stringify(FORGED).slice(1, -1));
    expect(blocks.match(/"type":"thematicBreak"/g)).toHaveLength(1);
    expect(blocks).not.toContain('"type":"link"');
  });

  test("neither do a name, a title, an agent or its words", () => {
    const name = "`Ben` **Approved** [x](https://evil.example) https://evil.example";
    const { text } = draw(
      { to: name, text: "hi" },
      { said: FORGED, person: { ...ANA, name } },
      { agent: name, project: name },
    );
    const [above = ""] = text.split("\n---\n");
    expect(JSON.stringify(parseMarkdown(above))).not.toContain('"type":"link"');
    expect(JSON.stringify(parseMarkdown(above))).not.toMatch(
      /"strong","children":\[\{"type":"text","value":"Approved"/,
    );
    for (const line of text.split("\n---\n").at(-1)?.trim().split("\n").slice(2) ?? []) expect(line).toMatch(/^> /);
  });

  test("what is long comes last and is counted, so that where it goes stays in sight", () => {
    const { text } = draw({ to: "Ben", text: "word ".repeat(1_000) });
    expect(text).toMatch(/- To: `Ben`\n- Text: `word .*` … 3,8\d\d more characters/);
  });

  test("what has to be read whole is, below 4,000 characters, and comes last where it is long", () => {
    const whole = (length: number): EffectDefinition => ({
      ...SEND,
      card: (args) => [
        { label: "Asks", value: "w".repeat(length), whole: true },
        { label: "To", value: textIn(args, "to") },
      ],
    });
    const all = draw(HELLO, {}, { definition: whole(2_000) }).text;
    expect(all).toContain(`- To: \`Ben\`\n- Asks: \`${"w".repeat(2_000)}\`\n`);
    expect(all).not.toContain("more characters");
    expect(draw(HELLO, {}, { definition: whole(4_001) }).text).toMatch(/more characters/);
  });

  test("S18 twin: the whole of what is short is shown", () => {
    const args = { to: "Ben", text: "one\ntwo\n`three`" };
    expect(draw(args).text).toContain("  ```\n  one\n  two\n  `three`\n  ```");
    expect(cardOf(shown(args).effect, SEND)).toMatchObject({ title: "Send a message to Ben", readable: true });
  });
});

describe("what is done unasked is one line", () => {
  const rule = { by: null, at: AT, via: "rule" } as const;
  const told = (state: "waiting" | "done" | "failed" | "unknown", words: string | null, undo: string | null = null) =>
    draw(
      HELLO,
      { state: "approved", decision: rule, because: [], fate: { state, told: words, at: AT } },
      { definition: { ...SEND, undo } },
    );

  test.each([
    ["while it is", told("waiting", null), "Being done: Send a message to Ben."],
    ["once it is", told("done", "Said: lunch."), "Said: lunch."],
    ["with how it is undone", told("done", "Said: lunch.", "Unsay it"), "Said: lunch. Undo: Unsay it."],
    ["when it is not", told("failed", "Ben is away."), "**Not done:** Send a message to Ben. Ben is away."],
    [
      "when nobody knows",
      told("unknown", null),
      "**Nobody can tell whether this was done:** Send a message to Ben. Look at where it was to happen; it is not tried again.",
    ],
  ])("%s", (_, { text, actions }, line) => {
    expect(text).toBe(line);
    expect(actions).toEqual([]);
  });

  test("S18: what was filled in is neither a mark nor a second line in it", () => {
    const { text } = told("done", "Set: x\n\n**Approved** [y](https://evil.example).");
    expect(JSON.stringify(parseMarkdown(text))).not.toMatch(/"type":"(?:strong|link)"/);
    expect(text).not.toContain("\n");
  });
});

test("S19: several stand under their own numbers, with buttons of their own and none for all", () => {
  const all = ["Ben", "Mallory"].map(
    (to, i) => [shown({ to, text: "hi" }, { id: proposalId(String(i + 11)) }), look()] as const,
  );
  const { text, actions } = drawCard(all);
  expect(text).toContain("2 things, each decided on by itself");
  expect(actions.map(({ label }) => label)).toEqual(["Approve 11", "Deny 11", "Approve 12", "Deny 12"]);
  expect(text).toMatch(/\*\*11\. Send[^]*\*\*12\. Send/);
  expect(text).not.toMatch(/\*\*[12]\. /);
  expect(text.match(/Messenger says/g)).toHaveLength(1);
});
