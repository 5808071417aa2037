/** One effect that an agent asks for: read, bound to the person, and weighed. Used by propose.ts. */
import {
  agendaOf,
  isAway,
  NovaError,
  sentenceFor,
  STAKES,
  type AgentId,
  type AgentStep,
  type BindContext,
  type Bound,
  type Denial,
  type EffectDefinition,
  type NewProposal,
  type Person,
  type PolicyAsk,
  type Proposed,
  type Stakes,
  type TakenTurn,
  type Taint,
  type Trust,
  type Verdict,
} from "#core";
import { agentName, type Crew } from "../crew.ts";
import { footingOf, type FootingCrew } from "./footing.ts";
import { isNamed } from "./named.ts";

export type WeighCrew = Pick<
  Crew,
  "people" | "approvers" | "destinationsOf" | "zoneOf" | "schedules" | "roster" | "clock" | "log"
> &
  FootingCrew & {
    readonly signal: AbortSignal;
  };

export type Weighed =
  | {
      readonly kind: "weighed";
      readonly verdict: Exclude<Verdict, { kind: "deny" }>;
      /** All of a proposal but its id and what was said about it. */
      readonly proposal: Omit<NewProposal, "id" | "said">;
    }
  | { readonly kind: "unclear"; readonly question: string; readonly options: readonly string[] }
  | {
      readonly kind: "refused";
      /** For the record; `missing` is a verb that the agent does not hold, or that nobody has. */
      readonly code: "missing" | "input" | "unbound" | "uncanonical" | Denial;
      /** For people. */
      readonly reason: string;
    };

/** What was read on the way to the wish, with the trust and stakes that it was weighed at. */
export type Weighing = {
  readonly weighed: Weighed;
  readonly trust: Trust;
  readonly stakes: Stakes | null;
};

/** Longest that the names of one effect are looked up. */
const BIND_MS = 10_000;

type Wish = { readonly turn: TakenTurn; readonly step: AgentStep; readonly taints: readonly Taint[] };

export async function weighOne({ verb, input }: Proposed, wish: Wish, crew: WeighCrew): Promise<Weighing> {
  const { turn, step, taints } = wish;
  const granted = step.agent.effects.find((grant) => grant.verb === verb);
  // A step that may change nothing is given none, whatever its agent's file grants.
  const definition = step.effects.find((effect) => effect.verb === verb);
  const name = agentName(crew.roster, step.agent.id);
  // Until it is known where it would land, as its file begins with it.
  const start = { trust: granted?.trust ?? step.agent.trust, stakes: definition?.stakes ?? null };
  const out = (weighed: Weighed, at: Omit<Weighing, "weighed"> = start): Weighing => ({ weighed, ...at });
  if (!definition || !granted) return out(refused("missing", `The ${name} is not allowed to do that (\`${verb}\`).`));

  // Strict: what the verb did not ask for is no detail, but somebody else's wish.
  const read = definition.input.strict().safeParse(input);
  if (!read.success)
    return out(refused("input", `The ${name} filled in something wrong, so that nothing was proposed.`));

  const { ask: asked, where } = step;
  const bound = await bindEffect(definition, read.data, { person: turn.person, ask: asked, where }, crew);
  if (bound.kind === "unclear") return out(bound);
  if (bound.kind === "refused") return out(refused("unbound", bound.reason));

  const { person, project, branch } = turn;
  const one = crew.policy.canonical({
    verb,
    args: bound.args,
    tenant: person.tenant,
    person: person.id,
    project,
    branch,
  });
  if (one.kind === "refused") return out(refused("uncanonical", one.reason));

  const stakes = stakesOf(definition, bound);
  const handedBy = handersOf(step);
  const about = { effect: one.effect, definition, agent: step.agent, handedBy };
  const named = bound.named ?? [];
  const footing = await footingOf(about, (place) => isNamed([place, ...named], step.ask), crew);
  const { scope, trust, holder } = footing;
  const ask: PolicyAsk = {
    trust,
    stakes,
    origin: turn.origin,
    role: person.role,
    tainted: taints.length > 0,
    destination:
      bound.destinations.length === 0 ? "none" : isNamed(bound.destinations, step.ask) ? "own_words" : "unnamed",
    scope,
    granted: true,
  };
  const verdict = crew.policy.weigh(ask);
  const at = { trust, stakes };
  if (verdict.kind === "deny") {
    const whose = holder === step.agent.id ? name : `${agentName(crew.roster, holder)}, who handed this on,`;
    return out(refused(verdict.why, denied(verdict.why, whose)), at);
  }
  const because = verdict.kind === "approve" ? verdict.because : [];
  const proposal = {
    agent: step.agent.id,
    handedBy,
    input,
    effect: one.effect,
    digest: one.digest,
    stakes,
    trust,
    taints,
    because,
    decided: verdict.kind === "tell",
    approvers: verdict.kind === "approve" ? await approversOf(person, crew) : [],
    expiresAt: new Date(crew.clock.now().getTime() + step.agent.approval.hours * 3_600_000),
  };
  return out({ kind: "weighed", verdict, proposal }, at);
}

/** Each once; what they handed on is their wish, too. */
const handersOf = ({ before }: AgentStep): readonly AgentId[] => [
  ...new Set(before.flatMap(({ agent, reply }) => (reply.kind === "handoff" ? [agent] : []))),
];

/** Those whom the operator named, as they are known now; of guests nobody. The owner may decide anyway. */
async function approversOf({ tenant }: Person, { approvers, people }: WeighCrew): Promise<NewProposal["approvers"]> {
  if (approvers.length === 0) return [];
  const named = new Set(approvers.map((name) => name.toLowerCase()));
  const all = await people.all(tenant);
  return all.filter(({ name, role }) => role === "member" && named.has(name.toLowerCase())).map(({ id }) => id);
}

/** On whose behalf, on whose words, and in which project. */
type Binding = Pick<BindContext, "ask" | "where" | "before"> & { readonly person: Person };

/** Never throws for what the verb's own code does; only when the database is away or the signal is aborted. */
export async function bindEffect(
  definition: EffectDefinition,
  input: Readonly<Record<string, unknown>>,
  { person, ask, where, before }: Binding,
  crew: Pick<WeighCrew, "destinationsOf" | "zoneOf" | "schedules" | "clock" | "log" | "signal">,
): Promise<Bound> {
  try {
    const bound = await definition.bind(input, {
      ask,
      where,
      destinations: crew.destinationsOf(person, where),
      timeZone: await crew.zoneOf(person.id),
      agenda: agendaOf(crew.schedules, person),
      clock: crew.clock,
      ...(before ? { before } : {}),
      signal: AbortSignal.any([crew.signal, AbortSignal.timeout(BIND_MS)]),
    });
    crew.signal.throwIfAborted();
    return bound;
  } catch (error) {
    if (isAway(error) || crew.signal.aborted) throw error;
    if (!(error instanceof NovaError)) crew.log.error("effect.bind_failed", error, { verb: definition.verb });
    return { kind: "refused", reason: sentenceFor(error) };
  }
}

/** The verb's own, or what binding raised them to. */
export function stakesOf(
  { stakes, stakesAlone }: EffectDefinition,
  { destinations, stakes: raised }: Extract<Bound, { kind: "bound" }>,
): Stakes {
  const own = destinations.length === 0 ? (stakesAlone ?? stakes) : stakes;
  return raised !== undefined && STAKES.indexOf(raised) > STAKES.indexOf(own) ? raised : own;
}

function denied(why: Denial, agent: string): string {
  switch (why) {
    case "not_granted":
      return `The ${agent} is not allowed to do that.`;
    case "watch_only":
    case "read_only":
      return `The ${agent} may read, and changes nothing.`;
    case "scope":
      return "That would change something outside of what is yours to change from here, so it is not done.";
    case "role":
      return "For guests I change nothing. Ask the owner, who may have it done.";
    case "origin":
      return "On these words I change nothing: whoever wrote them may not have it done.";
    case "unweighed":
      return "I could not tell whether this may be done, so it is not done.";
  }
}

const refused = (code: Extract<Weighed, { kind: "refused" }>["code"], reason: string): Weighed => ({
  kind: "refused",
  code,
  reason,
});
