/** What becomes of the effects that an agent asks for: cards for people, a question, or a plain no. Called by part-end.ts. */
import {
  clip,
  proposalId,
  type Action,
  type AgentStep,
  type FailCode,
  type NewProposal,
  type Person,
  type ProposalId,
  type Proposed,
  type Signal,
  type StepOutcome,
  type TakenTurn,
  type Taint,
} from "#core";
import { paragraphs } from "./card-text.ts";
import type { Shown } from "./cards.ts";
import type { Crew } from "../crew.ts";
import { showProposals, type ShowCrew } from "./show.ts";
import type { Tracer } from "../tracer.ts";
import { weighOne, type WeighCrew, type Weighed, type Weighing } from "./weigh-proposal.ts";

export type ProposeCrew = WeighCrew & ShowCrew & Pick<Crew, "proposals"> & { readonly tracer: Pick<Tracer, "add"> };

export type Proposing = { readonly signals: readonly Signal[] } & (
  | {
      readonly kind: "proposed";
      /** Markdown: the cards, what was left out, and below a rule what the agent says. */
      readonly text: string;
      /** The part of it that is kept true, and what stands on it. */
      readonly card: PartCard;
      readonly actions: readonly Action[];
      /** To be stored with the turn; none when all are drafts, or wait already. */
      readonly proposals: readonly NewProposal[];
      /** What those rest on that are shown again: the cards say what an agent said of them then. */
      readonly taints: readonly Taint[];
    }
  | { readonly kind: "asks"; readonly question: string; readonly options: readonly string[] }
  | { readonly kind: "refused"; readonly code: FailCode; readonly reason: string }
);

/** What a part of a turn shows of proposals: those on its card, oldest first. */
export type PartCard = { readonly text: string; readonly shown: readonly Shown[] };

/** More than these on one card, which all parts of a turn share, nobody decides on with care. */
const MOST_EFFECTS = 10;
/** What a person denied is not asked of them again for so long. */
const DENIED_MS = 24 * 3_600_000;

type Wish = Proposed & { readonly weighing: Weighing };
type Ready = Extract<Weighed, { kind: "weighed" }>;

/**
 * Changes nothing: what it returns is stored when the turn is settled. The reply is one that proposes, `beside` what earlier
 * parts of the turn show. Throws only when the database is away or the turn is aborted.
 */
export async function propose(
  turn: TakenTurn,
  step: AgentStep,
  { reply, taints: read, beside }: Pick<StepOutcome, "reply" | "taints"> & { readonly beside: readonly Shown[] },
  crew: ProposeCrew,
): Promise<Proposing> {
  if (reply.kind !== "propose") throw new Error(`a reply that ${reply.kind}s proposes nothing`);
  const { effects, text: said } = reply;
  if (new Set(beside.map(({ id }) => id)).size + effects.length > MOST_EFFECTS) {
    return {
      kind: "refused",
      code: "cannot",
      reason: `At most ${MOST_EFFECTS} things can be decided at once.`,
      signals: [],
    };
  }
  const taints = taintsOf(turn, read);
  const wishes: Wish[] = [];
  for (const effect of effects)
    wishes.push({ ...effect, weighing: await weighOne(effect, { turn, step, taints }, crew) });

  const unclear = wishes.map(({ weighing }) => weighing.weighed).find((weighed) => weighed.kind === "unclear");
  const signals = signalsOf(wishes, step);
  if (unclear) {
    for (const wish of wishes) trace(wish, { proposals: [], alike: new Map(), taints, crew });
    return { kind: "asks", question: unclear.question, options: unclear.options, signals };
  }
  return present({ wishes, said, taints, signals, beside }, { person: turn.person, crew });
}

/** Words from outside are read by every step of their turn. */
const taintsOf = (turn: TakenTurn, taints: readonly Taint[]): readonly Taint[] =>
  turn.origin !== "outside" || taints.some(({ by }) => by === "words")
    ? taints
    : [{ by: "words", name: turn.messages.at(-1)?.id ?? "message" }, ...taints];

type Batch = {
  readonly wishes: readonly Wish[];
  readonly said: string;
  readonly taints: readonly Taint[];
  readonly signals: readonly Signal[];
  readonly beside: readonly Shown[];
};

async function present(
  { wishes, said, taints, signals, beside }: Batch,
  { person, crew }: { readonly person: Person; readonly crew: ProposeCrew },
): Promise<Proposing> {
  const ready = unique(wishes.map(({ weighing }) => weighing.weighed).filter((weighed) => weighed.kind === "weighed"));
  const { alike, replaced } = await alikeTo(ready, { person, beside }, crew);
  const proposals = await numbered(
    ready.filter(({ proposal, verdict }) => verdict.kind !== "draft" && !alike.has(proposal.digest)),
    { said, replaced, crew },
  );
  for (const wish of wishes) trace(wish, { proposals, alike, taints, crew });

  const shown = ready
    .flatMap((one): readonly Shown[] => {
      const before = alike.get(one.proposal.digest);
      if (before) return before.state === "pending" || beside.includes(before) ? [before] : [];
      const stored = proposals.find(({ digest }) => digest === one.proposal.digest);
      return stored ? [about(stored, one, { person, crew })] : [];
    })
    // In the order in which they are drawn again, so that their numbers stay.
    .toSorted((a, b) => Number(a.id) - Number(b.id));
  // Never stored, and so no part of what is drawn again.
  const drafts = ready
    .filter(({ verdict }) => verdict.kind === "draft")
    .map((one) => about({ ...one.proposal, id: proposalId("0"), said }, one, { person, crew }));
  const left = [
    ...wishes.flatMap(({ weighing: { weighed } }) => (weighed.kind === "refused" ? [weighed.reason] : [])),
    ...[...alike.values()].filter(({ state }) => state === "denied").map((proposal) => deniedBefore(proposal, person)),
  ];
  if (shown.length + drafts.length === 0)
    return { kind: "refused", code: codeOf(wishes), reason: [...new Set(left)].join(" "), signals };
  const card = await showProposals(shown, crew);
  const drafted = await showProposals(drafts, crew);
  const text = paragraphs(...new Set(left.map((why) => `*Left out:* ${why}`)), drafted.text, card.text);
  const again = shown.flatMap((one) => (one.state === "pending" ? one.taints : []));
  const own = { text: card.text, shown };
  return { kind: "proposed", text, card: own, actions: card.actions, proposals, taints: again, signals };
}

function deniedBefore({ decision }: Shown, person: Person): string {
  const by = decision?.by;
  if (by && by.id !== person.id)
    return `${by.name} said no to exactly this within the last day, so that I do not ask again. Ask ${by.name}, or say it differently.`;
  return "You said no to exactly this within the last day, so that I do not ask you again. Say it differently if you want it after all.";
}

/** The same effect twice in one reply is one. */
const unique = (ready: readonly Ready[]): readonly Ready[] => [
  ...new Map(ready.map((one) => [one.proposal.digest, one])).values(),
];

type Alike = {
  readonly alike: ReadonlyMap<string, Shown>;
  /** What waits of that which is done without a person by now. */
  readonly replaced: ReadonlyMap<string, ProposalId>;
};

/**
 * What was proposed in this turn, waits already, or was denied of late, by its digest. Drafts wait for nobody, and where
 * nobody is asked no earlier card is in the way.
 */
async function alikeTo(
  ready: readonly Ready[],
  { person, beside }: { readonly person: Person; readonly beside: readonly Shown[] },
  crew: ProposeCrew,
): Promise<Alike> {
  const digests = ready.filter(({ verdict }) => verdict.kind !== "draft").map(({ proposal }) => proposal.digest);
  if (digests.length === 0) return { alike: new Map(), replaced: new Map() };
  const since = new Date(crew.clock.now().getTime() - DENIED_MS);
  const found = await crew.proposals.alike(digests, person, since);
  const alone = new Set(ready.filter(({ verdict }) => verdict.kind === "tell").map(({ proposal }) => proposal.digest));
  const all: readonly Shown[] = [...found.filter(({ digest }) => !alone.has(digest)), ...beside];
  const waits = found.filter(({ digest, state }) => alone.has(digest) && state === "pending");
  return {
    alike: new Map(all.map((proposal) => [proposal.digest, proposal])),
    replaced: new Map(waits.map(({ digest, id }) => [digest, id])),
  };
}

async function numbered(
  ready: readonly Ready[],
  { said, replaced, crew }: Pick<Alike, "replaced"> & { readonly said: string; readonly crew: ProposeCrew },
): Promise<readonly NewProposal[]> {
  if (ready.length === 0) return [];
  const ids = await crew.proposals.reserve(ready.length);
  return ready.map(({ proposal }, i) => {
    const id = ids[i];
    if (id === undefined) throw new Error("fewer ids were reserved than asked for");
    const replaces = replaced.get(proposal.digest);
    return { ...proposal, id, said, ...(replaces === undefined ? {} : { replaces }) };
  });
}

/** As its card shows it from the first. */
function about(
  proposal: NewProposal,
  { verdict }: Ready,
  { person, crew }: { readonly person: Person; readonly crew: ProposeCrew },
): Shown {
  const { decided, replaces: _, ...rest } = proposal;
  const now = crew.clock.now();
  return {
    ...rest,
    person,
    state: verdict.kind === "draft" ? "draft" : decided ? "approved" : "pending",
    decision: decided ? { by: null, at: now, via: "rule" } : null,
    fate: decided ? { state: "waiting", told: null, at: now } : null,
  };
}

type Traced = Pick<Batch, "taints"> & {
  readonly proposals: readonly NewProposal[];
  readonly alike: ReadonlyMap<string, Shown>;
  readonly crew: ProposeCrew;
};

function trace({ verb, weighing: { weighed, trust, stakes } }: Wish, noted: Traced): void {
  const digest = weighed.kind === "weighed" ? weighed.proposal.digest : undefined;
  noted.crew.tracer.add({
    kind: "weighed",
    verb,
    proposal: noted.proposals.find((proposal) => proposal.digest === digest)?.id ?? null,
    verdict: verdictOf(weighed, noted.alike),
    trust,
    stakes: stakes ?? "unknown",
    taints: noted.taints.map(({ by, name }) => `${by} ${name}`),
  });
}

/** Programs are told by it what was left out: see postgres/turns/message-state.ts. */
function verdictOf(weighed: Weighed, alike: Traced["alike"]): string {
  if (weighed.kind !== "weighed") return weighed.kind === "refused" ? weighed.code : "unclear";
  return alike.get(weighed.proposal.digest)?.state === "denied" ? "denied_before" : weighed.verdict.kind;
}

const signalsOf = (wishes: readonly Wish[], { agent }: AgentStep): readonly Signal[] =>
  wishes.flatMap(({ verb, weighing: { weighed } }): readonly Signal[] => {
    if (weighed.kind !== "refused") return [];
    if (weighed.code === "missing")
      return [{ kind: "missing_tool", agent: agent.id, code: clip(verb, 100), outcome: null }];
    return [{ kind: "refused", agent: agent.id, code: clip(verb, 100), outcome: weighed.code }];
  });

/** Why nothing was proposed at all. */
function codeOf(wishes: readonly Wish[]): FailCode {
  const codes = wishes.map(({ weighing: { weighed } }) => (weighed.kind === "refused" ? weighed.code : "denied"));
  if (codes.every((code) => code === "input")) return "invalid_reply";
  return codes.every((code) => code === "unbound" || code === "uncanonical") ? "cannot" : "denied";
}
