/**
 * Decisions on proposals, by button, command or terminal: who may is the kernel's to say, and one compare-and-set decides.
 * Called by press.ts, approvals.ts and decisions.ts.
 */
import type { Approvals, Person, Policy, Pressed, Proposal, Say } from "#core";
import type { ProposalDeed } from "../actions.ts";
import { absolute, cardOf } from "./cards.ts";
import { agentName, type Crew } from "../crew.ts";
import { footingOf, type Footing, type FootingCrew } from "./footing.ts";
import { showProposals, type ShowCrew } from "./show.ts";

export type DecideCrew = ShowCrew & FootingCrew & Pick<Crew, "proposals" | "clock" | "log">;

export type Decider = {
  /** Whose account pressed, as linked to a person. */
  readonly person: Person;
  /** The platform that it was pressed on, or `terminal`. */
  readonly via: string;
};

const TERMINAL = "terminal";

export function createApprovals(crew: DecideCrew): Approvals {
  return {
    async say(say) {
      try {
        return say.verdict === "deny" ? await deny(say, crew) : await approve(say, crew);
      } catch (error) {
        crew.log.error("proposal.not_decided", error, { proposal: say.proposal });
        return refused(
          "I cannot look this up just now, so nothing was decided and nothing is done. Try it again in a minute.",
        );
      }
    },
    mustType: (proposal) => mustType(proposal, crew),
  };
}

/** A button's id says what its card showed. */
export const decide = (deed: ProposalDeed, by: Decider, crew: DecideCrew): Promise<Pressed> => {
  const verdict = deed.kind === "deny" ? "deny" : "approve";
  return createApprovals(crew).say({ ...deed, verdict, by: by.person, via: by.via });
};

async function approve(say: Say, crew: DecideCrew): Promise<Pressed> {
  const found = await findOpen(say, { person: say.by, via: say.via }, crew);
  if ("kind" in found) return found;
  const { proposal, may } = found;
  if (may === "terminal_only") return refused(onTheTerminal(proposal));
  const typed = say.via === TERMINAL ? mustType(proposal, crew) : null;
  if (typed !== null && say.typed?.trim() !== typed) {
    return refused(`This is approved by typing what it is about: ${typed}. Nothing was decided.`);
  }
  const gone = await whyNoMore(proposal, crew);
  return gone === undefined
    ? settle(proposal, say, crew)
    : stale(`${gone}, so nothing was decided. Deny it, or let it expire.`);
}

/** Nothing comes of a denial, so it needs no terminal. */
async function deny(say: Say, crew: DecideCrew): Promise<Pressed> {
  const found = await findOpen(say, { person: say.by, via: say.via }, crew);
  return "kind" in found ? found : settle(found.proposal, say, crew);
}

/** Of what a click may not decide: the amount or name that the verb says, else the number of the proposal. */
function mustType({ id, effect, stakes }: Proposal, { effects }: Pick<DecideCrew, "effects">): string | null {
  const definition = effects.get(effect.verb);
  if (stakes !== "S3" && cardOf(effect, definition).readable) return null;
  return definition?.typed?.(effect.args).trim() || id;
}

export type Open = { readonly proposal: Proposal; readonly may: "yes" | "terminal_only" };

/** The proposal that a button is about, where it still waits, reads as it did, and is this person's to decide. */
export async function findOpen(
  { proposal: id, digest }: Pick<ProposalDeed, "proposal" | "digest">,
  { person, via }: Decider,
  crew: DecideCrew,
): Promise<Open | Pressed> {
  const proposal = await crew.proposals.get(id, person);
  // Not theirs, or not there: one answer, so that numbers tell nothing.
  if (!proposal) return refused(NOT_YOURS);
  const may = mayDecide(proposal, { person, via }, crew);
  if (may === "no") return refused(NOT_YOURS);
  if (proposal.state !== "pending") return late(proposal, crew);
  if (digest.length < SHORTEST || !proposal.digest.startsWith(digest)) return changed(proposal, crew);
  return { proposal, may };
}

/** As the kernel has it for this person, there where they say it. */
export const mayDecide = (
  proposal: Proposal,
  { person, via }: Decider,
  { policy, effects }: Pick<DecideCrew, "policy" | "effects">,
): ReturnType<Policy["mayDecide"]> =>
  policy.mayDecide({
    role: person.role,
    own: proposal.person.id === person.id,
    named: proposal.approvers.includes(person.id),
    stakes: proposal.stakes,
    tainted: proposal.taints.length > 0,
    readable: cardOf(proposal.effect, effects.get(proposal.effect.verb)).readable,
    via: via === TERMINAL ? "terminal" : "card",
  });

/** Fewer digits could be found by trying. */
const SHORTEST = 16;

const NOT_YOURS = "This is not yours to decide. Its card says who may.";

export const onTheTerminal = ({ id }: Proposal): string =>
  `This is not decided by a click. On the terminal of the computer that runs Nova: \`nova approvals approve ${id}\``;

/**
 * Why what was proposed may not be done any more, as the beginning of a sentence: its agent's file, what the operator lets it
 * do, or a role, was changed since. Also asked right before it is done; see standing.ts.
 */
export async function whyNoMore(
  proposal: Proposal,
  crew: FootingCrew & Pick<DecideCrew, "effects" | "roster">,
): Promise<string | undefined> {
  const { effect, agent, handedBy, person, stakes, taints, decision } = proposal;
  const definition = crew.effects.get(effect.verb);
  if (!definition) return "Nova cannot do this any more";
  const spec = crew.roster.get(agent);
  const granted = spec?.effects.some(({ verb }) => verb === effect.verb) ?? false;
  // A person read on the card where it goes and lands.
  const { holder, ...footing }: Footing =
    spec && granted
      ? await footingOf({ effect, definition, agent: spec, handedBy }, () => true, crew)
      : { scope: "within", trust: "T0", holder: agent };
  // Nobody looked: then there was nobody else that it goes to, or the owner had named them.
  const alone = decision?.via === "rule";
  const { kind } = crew.policy.weigh({
    ...footing,
    stakes,
    origin: person.role,
    role: person.role,
    tainted: taints.length > 0,
    destination: alone ? "none" : "own_words",
    granted,
  });
  if (kind === "tell" || kind === "allow" || (kind === "approve" && !alone)) return undefined;
  const whose = `The ${agentName(crew.roster, holder)}${holder === agent ? "" : ", who handed it on,"}`;
  return `${whose} may not do this ${kind === "approve" ? "alone " : ""}any more`;
}

async function settle(proposal: Proposal, { verdict, by, via }: Say, crew: DecideCrew): Promise<Pressed> {
  const { id, digest } = proposal;
  const decided = await crew.proposals.decide({ proposal: id, digest, verdict, by, via });
  switch (decided.kind) {
    case "decided":
      return done(
        verdict === "approve" ? "Approved. It is being done; the card says how it ended." : "Denied. Nothing is done.",
      );
    case "late":
      return late(decided.proposal, crew);
    case "changed":
      return changed(decided.proposal, crew);
    case "not_found":
      return stale("What this was about is not there any more.");
  }
}

/** Somebody, or time, was faster: who it was, and what came of it. */
async function late(proposal: Proposal, crew: DecideCrew): Promise<Pressed> {
  const { decision, expiresAt, person } = proposal;
  const zone = await crew.zoneOf(person.id);
  if (proposal.state === "expired") {
    return stale(
      `This expired at ${absolute(expiresAt, zone)}: nobody had decided. Nothing was done; ask for it again if it still matters.`,
    );
  }
  const at = decision ? ` at ${absolute(decision.at, zone)}` : "";
  if (decision?.via === "rule")
    return stale(`Nobody had to decide on this: the trust rule approved it${at}. So this changed nothing.`);
  const who = decision?.by ? `${decision.by.name} ${proposal.state} this` : `This was ${proposal.state} already`;
  const where = decision?.by ? ` on ${decision.via === TERMINAL ? "the terminal" : decision.via}` : "";
  return stale(`${who}${where}${at}. So this changed nothing.`);
}

/** As it reads now, with buttons that are good for that. */
export async function changed(proposal: Proposal, crew: DecideCrew): Promise<Pressed> {
  const card = await showProposals([proposal], crew);
  return {
    kind: "stale",
    card: {
      text: `This was changed since it was shown, so nothing was decided. Now it reads:\n\n${card.text}`,
      actions: card.actions,
    },
  };
}

export const done = (text: string): Pressed => ({ kind: "done", card: { text, actions: [] } });
export const stale = (text: string): Pressed => ({ kind: "stale", card: { text, actions: [] } });
export const refused = (text: string): Pressed => ({ kind: "refused", card: { text, actions: [] } });
