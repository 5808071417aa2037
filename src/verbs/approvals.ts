/** `nova approvals`: what waits for a person's decision, and the decision on the terminal. */
import { z } from "zod";
import { clip, NovaError, proposalId, type Person, type Proposal } from "#core";
import { drawApprovals, output, type ApprovalsOutput } from "./approvals-words.ts";
import { askBeforehand } from "./approvals-ask.ts";
import { defineVerb, type VerbParts } from "./verb.ts";
import { AS_OPTION, who } from "./who.ts";

const name = z.string().trim().min(1, "a name is needed").max(80, "the name is longer than 80 characters").optional();
const id = z
  .string()
  .trim()
  .regex(/^#?\d{1,18}$/, "the number must be one that `nova approvals` lists")
  .transform((text) => proposalId(text.replace("#", "")));
/** Of what was shown. */
const digest = z.string().regex(/^[0-9a-f]{16,128}$/, "the digest must be that of the card that was shown");

const input = z.discriminatedUnion("do", [
  z.object({ do: z.literal("list"), all: z.boolean().default(false), as: name }),
  z.object({ do: z.literal("show"), id, as: name }),
  z.object({ do: z.literal("approve"), id, digest, typed: z.string().max(1_000).optional(), as: name }),
  z.object({ do: z.literal("deny"), id, as: name }),
  z.object({
    do: z.literal("edit"),
    id,
    set: z.array(z.string()).min(1, "`--set field=value` says what is changed").transform(pairs),
    as: name,
  }),
]);

/** A decision that was made here. */
const TERMINAL = "terminal";
const MOST_LISTED = 100;
const ID = ["<id>", "the number that `nova approvals` lists"] as const;

export const approvals = defineVerb({
  name: "approvals",
  summary: "See what waits for a decision, and decide: approve, deny, change",
  forms: [
    {
      path: "approvals list",
      summary: "List what waits for a decision, the gravest first",
      isDefault: true,
      options: [[...AS_OPTION], ["--all", "also what was decided, the newest first"]],
      examples: ["nova approvals", "nova approvals list --all --json"],
      input: (_, options) => ({ do: "list", ...options }),
    },
    {
      path: "approvals show",
      summary: "Show one as its card says it",
      arguments: [[...ID]],
      options: [[...AS_OPTION]],
      examples: ["nova approvals show 12"],
      input: ([given], options) => ({ do: "show", id: given, ...options }),
    },
    {
      path: "approvals approve",
      summary:
        "Have it done: shows the card and asks; of money, permissions or deletion you type the amount or the name",
      arguments: [[...ID]],
      options: [[...AS_OPTION], ["--yes", "do not ask; never for what has to be typed"]],
      examples: ["nova approvals approve 12", "nova approvals approve 12 --yes"],
      input: ([given], options) => ({ do: "approve", id: given, as: options["as"] }),
      beforehand: askBeforehand,
    },
    {
      path: "approvals deny",
      summary: "Turn it down: nothing is done",
      arguments: [[...ID]],
      options: [[...AS_OPTION]],
      examples: ["nova approvals deny 12"],
      input: ([given], options) => ({ do: "deny", id: given, ...options }),
    },
    {
      path: "approvals edit",
      summary: "Change it before it is decided; it waits on, and older cards of it decide nothing",
      arguments: [[...ID]],
      options: [[...AS_OPTION], ["--set <field=value...>", "a field, as `show` names it, and what it is to say"]],
      examples: ['nova approvals edit 12 --set text="Lunch at one?"'],
      input: ([given], options) => ({ do: "edit", id: given, set: options["set"] ?? [], as: options["as"] }),
    },
  ],
  input,
  output,
  async run(asked, parts): Promise<ApprovalsOutput> {
    const by = await who(parts, asked.as);
    if (asked.do === "list") return list(by, asked.all, parts);
    const proposal = await find(asked.id, by, parts);
    switch (asked.do) {
      case "show":
        return show(proposal, by, parts);
      case "approve": {
        const { digest: shown, typed } = asked;
        const said = { proposal: proposal.id, verdict: "approve", digest: shown, by, via: TERMINAL } as const;
        return ended("approve", proposal, await parts.decisions.say(typed === undefined ? said : { ...said, typed }));
      }
      case "deny": {
        const said = { proposal: proposal.id, verdict: "deny", digest: proposal.digest, by, via: TERMINAL } as const;
        return ended("deny", proposal, await parts.decisions.say(said));
      }
      case "edit": {
        refuseUnknown(asked.set, proposal, parts);
        const said = { proposal: proposal.id, digest: proposal.digest, by, via: TERMINAL };
        return ended("edit", proposal, await parts.decisions.change(said, asked.set));
      }
    }
  },
  words: drawApprovals,
  failed: (result) => "ended" in result && result.ended !== "done",
});

async function list(by: Person, all: boolean, parts: VerbParts): Promise<ApprovalsOutput> {
  const found = await parts.proposals.list(by, all ? { all, limit: MOST_LISTED } : {});
  const rows = found.map((proposal) => ({
    ...factsOf(proposal, parts),
    may: proposal.state === "pending" ? parts.decisions.mayDecide(proposal, by, TERMINAL) : ("no" as const),
  }));
  const grave = all ? rows : rows.toSorted((a, b) => b.stakes.localeCompare(a.stakes) || +a.askedAt - +b.askedAt);
  return { did: "list", now: parts.clock.now(), proposals: grave };
}

const factsOf = (proposal: Proposal, { decisions }: VerbParts) => ({
  id: proposal.id,
  title: decisions.cardOf(proposal).title,
  gist: gistOf(decisions.cardOf(proposal)),
  verb: proposal.effect.verb,
  stakes: proposal.stakes,
  state: proposal.state,
  fate: proposal.fate?.state ?? null,
  asker: proposal.person.name,
  agent: proposal.agent,
  askedAt: proposal.createdAt,
  expiresAt: proposal.expiresAt,
});

const LONGEST_GIST = 200;

/** What a person may write anew of it tells two of the same title apart. */
function gistOf({ title, lines }: ReturnType<VerbParts["decisions"]["cardOf"]>): string {
  const words = lines.filter(({ field, whole, value }) => (field !== undefined || whole) && !title.includes(value));
  return clip(words[0]?.value.replaceAll(/\s+/g, " ").trim() ?? "", LONGEST_GIST);
}

async function show(proposal: Proposal, by: Person, parts: VerbParts): Promise<ApprovalsOutput> {
  const { decisions } = parts;
  const card = decisions.cardOf(proposal);
  return {
    did: "show",
    ...factsOf(proposal, parts),
    may: decisions.mayDecide(proposal, by, TERMINAL),
    digest: proposal.digest,
    version: proposal.version,
    lines: card.lines.map(({ label, value, field }) => ({ label, value, field: field ?? null })),
    readable: card.readable,
    typed: decisions.mustType(proposal),
    text: (await decisions.show(proposal, by)).text,
  };
}

type Answer = Awaited<ReturnType<VerbParts["decisions"]["say"]>>;

const ended = (did: "approve" | "deny" | "edit", { id: about }: Proposal, { kind, card, errors }: Answer) =>
  ({
    did,
    id: about,
    // What is wrong in a field is no success, whatever else the answer is.
    ended: errors ? "refused" : kind,
    text: card.text,
  }) as const;

async function find(about: Proposal["id"], by: Person, parts: VerbParts): Promise<Proposal> {
  const found = await parts.proposals.get(about, by);
  if (found) return found;
  throw new NovaError("not_found", `Nothing under the number ${about} is ${by.name}'s to see.`, {
    advice: "`nova approvals` lists what waits, and with `--all` what was decided.",
  });
}

function pairs(given: readonly string[], context: z.core.$RefinementCtx): Readonly<Record<string, string>> {
  const split = given.map(
    (text) => [text.slice(0, text.indexOf("=")).trim(), text.slice(text.indexOf("=") + 1)] as const,
  );
  if (given.every((text) => text.indexOf("=") > 0)) return Object.fromEntries(split);
  context.addIssue('each change is written as field=value, for instance --set text="Lunch at one?"');
  return z.NEVER;
}

function refuseUnknown(fields: Readonly<Record<string, string>>, proposal: Proposal, { decisions }: VerbParts): void {
  const open = decisions.cardOf(proposal).lines.flatMap(({ field }) => (field === undefined ? [] : [field]));
  const strange = Object.keys(fields).find((field) => !open.includes(field));
  if (strange === undefined) return;
  const which =
    open.length > 0 ? `It has: ${open.join(", ")}.` : "Nothing of it can be changed: deny it, and ask anew.";
  throw new NovaError("bad_input", `There is no field "${strange}" to change.`, { advice: which });
}
