/** Proposals as people read them, in every state, with their buttons. Pure; nothing an agent or a model wrote can pass for it. */
import {
  certainly,
  type Action,
  type Card,
  type Cause,
  type EffectDefinition,
  type Effect,
  type Policy,
  type Proposal,
  type ProposalCard,
  type ProposalState,
  type Stakes,
} from "#core";
import { decisionActions } from "../actions.ts";
import { asItIs, escaped, paragraphs, quoted } from "./card-text.ts";
import { taintsInWords } from "./taint-words.ts";

/** A proposal, one that is about to be stored, or a draft that never is. */
export type Shown = Omit<
  Proposal,
  "turn" | "address" | "createdAt" | "version" | "shownIn" | "trust" | "input" | "state"
> & { readonly state: ProposalState | "draft" };

/** What a card needs besides its proposal. */
export type Look = {
  readonly policy: Policy;
  /** Undefined when the verb is not there any more. */
  readonly definition: EffectDefinition | undefined;
  /** The agent's name. */
  readonly agent: string;
  /** The project's name; null for none. */
  readonly project: string | null;
  /** The names of those who may decide besides the owner. */
  readonly approvers: readonly string[];
  /** IANA name; of whoever is to read the times. */
  readonly zone: string;
};

/** A proposal with its look. */
export type Sight = readonly [Shown, Look];

/** Of a value no more is written on a card, in characters and in lines; the rest is counted. */
const LONGEST = { alone: { characters: 1_200, lines: 20 }, among: { characters: 300, lines: 6 } };
const WHOLE = { characters: 4_000, lines: 4_000 };

/**
 * One card over one or several proposals: all of them, each with buttons of its own. What the trust rule decided is a line
 * above it, in every state. Where there are several, each stands under its own number, by which it is decided on.
 */
export function drawCard(sights: readonly Sight[], isCounted = true): Card {
  const told = sights.filter(([proposal]) => isTold(proposal));
  const asked = sights.filter(([proposal]) => !isTold(proposal));
  const several = asked.length > 1;
  const shown = asked.map(([proposal, look]) => drawOne(proposal, look, several ? proposal.id : null));
  // What the agent said of words that somebody else has changed is true of them no more.
  const untouched = asked.filter(([{ othersWords }]) => othersWords !== true);
  const said = new Map(untouched.map(([{ said }, { agent }]) => [said.trim(), agent]));
  said.delete("");
  return {
    text: paragraphs(
      ...told.map(([proposal, look]) => lineOf(proposal, look)),
      several && isCounted ? `${asked.length} ${EACH}` : "",
      ...shown,
      ...[...said].flatMap(([text, agent], i) => [i === 0 ? "---" : "", `*${escaped(agent)} says:*`, quoted(text)]),
    ),
    actions: asked.flatMap(([proposal, look]) => actionsOf(proposal, look, several ? proposal.id : null)),
  };
}

const EACH = "things, each decided on by itself:";

/** Of one that was drawn over several. */
export const saysHowMany = (card: string): boolean => card.includes(EACH);

const isTold = ({ state, decision }: Shown): boolean => state === "approved" && decision?.via === "rule";

/** What is done without a person: nobody has to decide on it, so it is said and no more. */
function lineOf({ effect, fate }: Shown, { definition }: Look): string {
  const title = escaped(cardOf(effect, definition).title);
  const told = fate?.told ? escaped(certainly(fate.told).text) : "";
  const undo = definition?.undo ? escaped(sentence(`Undo: ${definition.undo}`)) : "";
  switch (fate?.state) {
    case undefined:
    case "waiting":
    case "claimed":
      return `Being done: ${title}.`;
    case "done":
      return `${told || `Done: ${title}.`} ${undo}`.trim();
    case "failed":
      return `**Not done:** ${title}. ${told || "It failed, and nothing was changed."}`;
    case "unknown":
      return `**Nobody can tell whether this was done:** ${title}. ${inOne(told, LOOK_THERE)}`;
  }
}

const LOOK_THERE = "Look at where it was to happen; it is not tried again.";
const inOne = (...sentences: readonly string[]): string => sentences.filter(Boolean).join(" ");

/** Written by code from the stored effect, and looked at for what nobody could see. */
export function cardOf(effect: Effect, definition: EffectDefinition | undefined): ProposalCard {
  const drawn = definition && sketch(effect, definition);
  const { title, lines } = drawn ?? {
    title: `Carry out ${effect.verb}`,
    lines: [{ label: "What is stored", value: JSON.stringify(effect.args, undefined, 2) }],
  };
  const seen = lines.map((line) => ({ line, value: certainly(line.value) }));
  const head = certainly(title);
  return {
    title: head.text.replaceAll(/\s+/g, " ").trim(),
    lines: seen.map(({ line, value }) => ({ ...line, value: value.text })),
    readable: drawn !== undefined && head.certain && seen.every(({ value }) => value.certain),
  };
}

/** Undefined when the verb's own code fails over it. */
function sketch(effect: Effect, definition: EffectDefinition) {
  try {
    return { title: definition.title(effect.args), lines: definition.card(effect.args) };
  } catch {
    return undefined;
  }
}

/** Who may decide on it, and how, as the kernel has it. */
function decidable({ stakes, taints, person, effect, approvers }: Shown, { policy, definition }: Look) {
  const { readable } = cardOf(effect, definition);
  const ask = { stakes, tainted: taints.length > 0, readable, via: "card" } as const;
  return {
    readable,
    asker: policy.mayDecide({ ...ask, role: person.role, own: true, named: approvers.includes(person.id) }),
    owner: policy.mayDecide({ ...ask, role: "owner", own: false, named: false }),
  };
}

function actionsOf(proposal: Shown, look: Look, number: string | null): readonly Action[] {
  if (proposal.state !== "pending") return [];
  const { lines } = cardOf(proposal.effect, look.definition);
  const edit = number === null && lines.some(({ field }) => field !== undefined);
  return decisionActions(proposal, { approve: decidable(proposal, look).owner === "yes", edit, number });
}

function drawOne(proposal: Shown, look: Look, number: string | null): string {
  const { title, lines } = cardOf(proposal.effect, look.definition);
  const longest = number === null ? LONGEST.alone : LONGEST.among;
  const items = lines.map(({ label, value, whole }) => {
    const { text, long } = asItIs(value, whole ? WHOLE : longest);
    return { label, text, long: long || value.length > longest.characters };
  });
  // Whatever is long comes last: nothing is pushed out of sight by it.
  const ordered = [...items.filter(({ long }) => !long), ...items.filter(({ long }) => long)];
  return paragraphs(
    `**${number === null || proposal.state === "draft" ? "" : `${number}. `}${escaped(title)}**`,
    [...ordered.map(({ label, text }) => `- ${escaped(label)}: ${text}`), ...factsOf(proposal, look)].join("\n"),
    stateOf(proposal, look),
  );
}

function factsOf(proposal: Shown, { definition, project, agent, zone }: Look): readonly string[] {
  const { person, stakes, because, taints, state, changedBy } = proposal;
  const undo = definition?.undo ?? null;
  const back = stakes === "S1" ? "There is nothing to undo." : "It cannot be undone.";
  const facts = [
    `For ${escaped(person.name)}, ${project === null ? "in no project" : `in the project ${escaped(project)}`}.`,
    ...(changedBy === undefined ? [] : [`Changed by ${escaped(changedBy)}.`]),
    `${STAKES_WORDS[stakes]} ${undo === null ? back : escaped(sentence(`To undo it: ${undo}`))}`,
  ];
  if (state === "pending" && because.length > 0) {
    facts.push(`You are asked because ${listed(because.map((cause) => CAUSE_WORDS[cause](agent)))}.`);
  }
  if (taints.length > 0) facts.push(`It rests on what nobody vouches for: ${taintsInWords(taints, zone)}.`);
  return facts.map((fact) => `- ${fact}`);
}

const STAKES_WORDS: Readonly<Record<Stakes, string>> = {
  S0: "It changes nothing.",
  S1: "It stays inside Nova, or goes to nobody else.",
  S2: "It reaches others, or is hard to undo.",
  S3: "It is about money, permissions, deletion, or Nova itself.",
};

const CAUSE_WORDS: Readonly<Record<Cause, (agent: string) => string>> = {
  taint: () => "words that nobody vouches for were read on the way",
  destination: () => "you did not name where it goes",
  scope: () => "it would change something in another project, which you did not name",
  stakes: () => "this is never done without a person",
  origin: () => "whoever asked may not have it done unasked",
  trust: (agent) => `${escaped(agent)} may not do it alone`,
};

function stateOf(proposal: Shown, look: Look): string {
  const at = (moment: Date) => absolute(moment, look.zone);
  const { state, decision } = proposal;
  const by = decision ? ` by ${deciderOf(decision)} at ${at(decision.at)}` : "";
  switch (state) {
    case "draft":
      return `**A draft.** ${escaped(look.agent)} may draft this and no more, so that nothing is done and nobody can approve it.`;
    case "pending":
      return pendingWords(proposal, look);
    case "denied":
      return `**Denied**${by}. Nothing was done.`;
    case "expired":
      return `**Expired.** Nobody decided until ${at(proposal.expiresAt)}. Nothing was done.`;
    case "withdrawn":
      return decision && WITHDRAWN[decision.via] !== undefined
        ? `**Withdrawn** at ${at(decision.at)}: ${WITHDRAWN[decision.via]}`
        : `**Withdrawn**${by}. Nothing was done.`;
    case "approved":
      return endWords(proposal, look.zone);
  }
}

const WITHDRAWN: Readonly<Record<string, string>> = {
  deleted: "the message that asked for it was deleted. Nothing was done.",
  again: "the same was asked for again, and needed no decision. It is done there, not here.",
  twice: "the same was approved in that moment. It is done there, not here.",
};

/** Of what is approved: who decided, and what came of it. */
export function endWords(proposal: Shown, zone: string): string {
  const { decision } = proposal;
  const at = (moment: Date) => absolute(moment, zone);
  const by = decision ? ` by ${deciderOf(decision)} at ${at(decision.at)}` : "";
  return `**Approved**${by}. ${fateOf(proposal, at)}`;
}

const deciderOf = ({ by, via }: NonNullable<Shown["decision"]>): string =>
  `${by ? escaped(by.name) : "Nova"}${via === "terminal" ? " on the terminal" : by ? ` on ${escaped(via)}` : ""}`;

function fateOf({ fate }: Shown, at: (moment: Date) => string): string {
  const told = fate?.told ? ` ${escaped(certainly(fate.told).text)}` : "";
  switch (fate?.state) {
    case undefined:
    case "waiting":
    case "claimed":
      return "It is being done.";
    case "done":
      return `**Done** at ${at(fate.at)}.${told}`;
    case "failed":
      return `**Not done.**${told || " It failed, and nothing was changed."}`;
    case "unknown":
      return `**It may have been done, and nobody can tell.**${told} ${LOOK_THERE}`;
  }
}

function pendingWords(proposal: Shown, look: Look): string {
  const { asker, owner, readable } = decidable(proposal, look);
  const { person, id, expiresAt } = proposal;
  const named = look.approvers.filter((name) => name !== person.name);
  const who = [
    ...(asker === "no" ? [] : [escaped(person.name)]),
    ...(person.role === "owner" ? [] : ["the owner"]),
    ...named.map(escaped),
  ];
  // By this it is decided on where there are no buttons.
  const until = `**Waits for a decision** as number ${id} until ${absolute(expiresAt, look.zone)}. Who may decide: ${listed(who)}.`;
  if (owner === "yes") return until;
  const why = readable
    ? "This is not decided by a click."
    : "Something in it cannot be seen for certain and is written as ⟨U+…⟩, so that it is not decided by a click.";
  return `${until}\n${why} On the terminal: \`nova approvals approve ${id}\``;
}

const sentence = (text: string): string => (/[.!?]$/.test(text.trim()) ? text.trim() : `${text.trim()}.`);

const listed = (all: readonly string[]): string => new Intl.ListFormat("en-GB").format(all);

/** For instance `21 Nov 2026, 18:00 (Europe/Berlin)`. */
export function absolute(moment: Date, zone: string): string {
  const format = { dateStyle: "medium", timeStyle: "short", timeZone: zone } as const;
  return `${new Intl.DateTimeFormat("en-GB", format).format(moment)} (${zone})`;
}
