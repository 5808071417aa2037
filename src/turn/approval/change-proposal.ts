/** Lets a person change an effect before it is decided: a form of what its card shows, and what is filled in bound anew. Called by press.ts. */
import {
  clip,
  misfit,
  placeOf,
  type EffectDefinition,
  type Form,
  type JsonObject,
  type Pressed,
  type Proposal,
} from "#core";
import type { ProposalDeed } from "../actions.ts";
import { cardOf } from "./cards.ts";
import { changed, done, findOpen, refused, stale, type DecideCrew, type Decider } from "./decide.ts";
import { showProposals } from "./show.ts";
import { bindEffect, stakesOf } from "./weigh-proposal.ts";

export type ChangeCrew = DecideCrew & Omit<Parameters<typeof bindEffect>[3], "signal">;

/** `fields`: what was filled in; undefined for the click that asks for the form. */
export async function changeProposal(
  deed: ProposalDeed,
  { by, fields }: { readonly by: Decider; readonly fields: Readonly<Record<string, string>> | undefined },
  crew: ChangeCrew,
): Promise<Pressed> {
  try {
    const found = await findOpen(deed, by, crew);
    if ("kind" in found) return found;
    const { proposal, may } = found;
    if (may === "terminal_only")
      return refused("This is not changed by a click. Deny it, and say what you want instead.");
    const definition = crew.effects.get(proposal.effect.verb);
    const open = definition ? openFields(proposal, definition) : [];
    if (!definition || open.length === 0)
      return stale("Nothing of this can be changed. Deny it, and say what you want instead.");
    return fields === undefined ? formOf(deed, open) : await change({ proposal, definition, open, by }, fields, crew);
  } catch (error) {
    crew.log.error("proposal.not_changed", error, { proposal: deed.proposal });
    return refused("I cannot look this up just now, so nothing was changed. Press it again later.");
  }
}

/** A line of the card that may be changed, with the words that the agent filled in. */
type Field = { readonly name: string; readonly label: string; readonly value: string };

/** No platform shows more in one form. */
const MOST_FIELDS = 5;
const LONGEST_LABEL = 45;
const LONGEST_VALUE = 3_000;
/** What is longer gets more than one line. */
const LONG = 60;

function openFields({ effect, input }: Proposal, definition: EffectDefinition): readonly Field[] {
  return cardOf(effect, definition)
    .lines.flatMap(({ label, value, field }) => {
      if (field === undefined) return [];
      const filled = input[field];
      const isText = typeof filled === "string" || typeof filled === "number";
      return [{ name: field, label, value: isText ? String(filled) : value }];
    })
    .slice(0, MOST_FIELDS);
}

const formOf = ({ proposal, digest }: ProposalDeed, open: readonly Field[]): Pressed => {
  const form: Form = {
    title: "Change before approval",
    submit: `edit:${proposal}:${digest}`,
    fields: open.map(({ name, label, value }) => ({
      name,
      label: clip(label, LONGEST_LABEL),
      value: clip(value, LONGEST_VALUE),
      long: value.length > LONG || value.includes("\n"),
      maxLength: LONGEST_VALUE,
    })),
  };
  const text = "Change it in the window that opens. Where none opens, deny it and say what you want instead.";
  return { kind: "done", card: { text, actions: [] }, form };
};

type Change = {
  readonly proposal: Proposal;
  readonly definition: EffectDefinition;
  readonly open: readonly Field[];
  readonly by: Decider;
};

async function change(
  { proposal, definition, open, by }: Change,
  fields: Readonly<Record<string, string>>,
  crew: ChangeCrew,
): Promise<Pressed> {
  const filled = open.filter(
    ({ name, value }) => fields[name] !== undefined && fields[name] !== clip(value, LONGEST_VALUE),
  );
  if (filled.length === 0) return stale("Nothing was changed; it waits as it was.");
  const input = inputWith(proposal.input, filled, fields);
  const read = definition.input.strict().safeParse(input);
  if (!read.success) {
    const issues = read.error.issues.map((issue) => ({ path: issue.path, message: `${said(issue, filled, fields)}.` }));
    return wrong(filled, issues);
  }

  const words = filled.map(({ name }) => fields[name]).join("\n");
  // What somebody else fills in is no word of the one in whose name it is done.
  const own = by.person.id === proposal.person.id ? words : "";
  const { project, branch } = proposal.effect;
  const bound = await bindEffect(
    definition,
    read.data,
    {
      person: proposal.person,
      ask: { person: proposal.person, words, own, now: crew.clock.now(), origin: by.person.role },
      where: placeOf({ person: proposal.person, project, branch }),
      before: { input: proposal.input, args: proposal.effect.args, by: by.person },
    },
    { ...crew, signal: AbortSignal.timeout(BIND_MS) },
  );
  if (bound.kind === "unclear") return wrong(filled, [{ message: [bound.question, ...bound.options].join(" ") }]);
  if (bound.kind === "refused") return wrong(filled, [{ message: bound.reason }]);
  const one = crew.policy.canonical({ ...proposal.effect, args: bound.args });
  if (one.kind === "refused") return wrong(filled, [{ message: one.reason }]);

  const stakes = stakesOf(definition, bound);
  const edited = { input, effect: one.effect, digest: one.digest, stakes };
  const put = await crew.proposals.edit(proposal.id, proposal.digest, edited, by.person);
  if (put.kind === "changed") return changed(put.proposal, crew);
  if (put.kind !== "decided") return done("It was decided meanwhile, so nothing was changed.");
  const card = await showProposals([put.proposal], crew);
  return {
    kind: "done",
    card: {
      text: `Changed. It still waits for a decision, and older cards of it decide nothing:\n\n${card.text}`,
      actions: card.actions,
    },
  };
}

const BIND_MS = 10_000;

/** What was a number stays one; what is emptied and was not needed is left out. */
function inputWith(input: JsonObject, filled: readonly Field[], fields: Readonly<Record<string, string>>): JsonObject {
  const given = filled.map(({ name }) => {
    const text = fields[name] ?? "";
    const number = typeof input[name] === "number" && text.trim() !== "" ? Number(text) : Number.NaN;
    return [name, Number.isFinite(number) ? number : text.trim()] as const;
  });
  const left = Object.fromEntries(
    Object.entries(input).filter(([name]) => !filled.some((field) => field.name === name)),
  );
  return { ...left, ...Object.fromEntries(given.filter(([, value]) => value !== "")) };
}

/** What was emptied is said to be empty, not to be missing. */
function said(
  issue: Parameters<typeof misfit>[0],
  filled: readonly Field[],
  fields: Readonly<Record<string, string>>,
): string {
  const name = String(issue.path[0] ?? filled[0]?.name ?? "it");
  return fields[name]?.trim() === "" ? `\`${name}\` must not be empty` : misfit(issue, name).replace(/\.$/, "");
}

type Issue = { readonly message: string; readonly path?: readonly PropertyKey[] };

/** Said at the field that it is about, else at the first that was changed. */
function wrong(filled: readonly Field[], issues: readonly Issue[]): Pressed {
  const [first] = filled;
  const errors: Record<string, string> = {};
  for (const { message, path = [] } of issues) {
    const name = filled.find((field) => field.name === path[0])?.name ?? first?.name;
    if (name !== undefined) errors[name] ??= message;
  }
  const text = `Nothing was changed. ${Object.values(errors).join(" ")}`;
  return { kind: "stale", card: { text, actions: [] }, errors };
}
