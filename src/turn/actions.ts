/** The buttons under replies: which there are, and what their ids say. Written by endings.ts, read by press.ts. */
import {
  agentId,
  clip,
  mayMeet,
  proposalId,
  turnId,
  type Action,
  type AgentId,
  type AgentSpec,
  type ItemId,
  type Person,
  type ProposalId,
  type Roster,
  type Route,
  type TakenTurn,
  type TurnId,
} from "#core";
import { agentName } from "./crew.ts";

/** What a button is for. */
export type Deed = TurnDeed | ProposalDeed;

/** About a turn that has ended. */
export type TurnDeed =
  /** Says that another agent should have answered. */
  | { readonly kind: "wrong-agent"; readonly turn: TurnId }
  /** Asks for what the answer rests on. */
  | { readonly kind: "sources"; readonly turn: TurnId }
  /** Asks the same words of this agent. */
  | { readonly kind: "use"; readonly turn: TurnId; readonly agent: AgentId };

/** About an effect that waits for a decision. */
export type ProposalDeed = {
  readonly kind: "approve" | "deny" | "edit";
  readonly proposal: ProposalId;
  /** How the digest of the effect begins that the card showed; it stands for no other one. */
  readonly digest: string;
};

/** So many hexadecimal digits of a digest stand in a button. */
const DIGEST_DIGITS = 16;

const LONGEST_ID = 90;
const LONGEST_LABEL = 40;

const deedId = (deed: TurnDeed): string =>
  [deed.kind, deed.turn, ...(deed.kind === "use" ? [deed.agent] : [])].join(":");

/** Undefined for what no button of ours says: ids come from outside. */
export function readDeed(id: string): Deed | undefined {
  if (id.length > LONGEST_ID) return undefined;
  const decision = /^(approve|deny|edit):(\d{1,18}):([0-9a-f]{16})$/.exec(id);
  if (decision) return readDecision(decision);
  const [, plain, about, asked, agent] =
    /^(?:(wrong-agent|sources):(\d{1,18})|use:(\d{1,18}):([a-z][a-z0-9-]*))$/.exec(id) ?? [];
  if (asked !== undefined && agent !== undefined) return { kind: "use", turn: turnId(asked), agent: agentId(agent) };
  if (about === undefined) return undefined;
  return { kind: plain === "sources" ? "sources" : "wrong-agent", turn: turnId(about) };
}

function readDecision([, kind = "", proposal = "", digest = ""]: RegExpExecArray): ProposalDeed {
  return { kind: kind === "approve" || kind === "edit" ? kind : "deny", proposal: proposalId(proposal), digest };
}

/** The buttons under one card; `number`, the proposal's own, where several are decided on one by one. */
export function decisionActions(
  { id, digest }: { readonly id: ProposalId; readonly digest: string },
  may: { readonly approve: boolean; readonly edit: boolean; readonly number: string | null },
): readonly Action[] {
  const button = (kind: ProposalDeed["kind"], label: string, style?: Action["style"]): Action => ({
    id: `${kind}:${id}:${digest.slice(0, DIGEST_DIGITS)}`,
    label: may.number === null ? label : `${label} ${may.number}`,
    ...(style ? { style } : {}),
  });
  return [
    ...(may.approve ? [button("approve", "Approve", "primary")] : []),
    ...(may.edit ? [button("edit", "Change")] : []),
    button("deny", "Deny", "danger"),
  ];
}

/** Under what an agent said. Words from outside have nobody who could press. */
export function answerActions(
  turn: TakenTurn,
  { agent, cited }: { readonly agent: AgentId; readonly cited: readonly ItemId[] },
  roster: Roster,
): readonly Action[] {
  if (turn.origin === "outside") return [];
  const isAlone = othersOf(agent, turn.person, roster).length === 0;
  return [
    ...(cited.length > 0 ? [{ id: deedId({ kind: "sources", turn: turn.id }), label: "Show sources" }] : []),
    ...(isAlone ? [] : [{ id: deedId({ kind: "wrong-agent", turn: turn.id }), label: "Wrong agent" }]),
  ];
}

/** Under Nova's question which agent is meant. Where no words wait for an agent, there is nothing to hand on. */
export function choiceActions(
  turn: TakenTurn,
  { words }: Pick<Route, "words">,
  { options, roster }: { readonly options: readonly AgentId[]; readonly roster: Roster },
): readonly Action[] {
  return turn.origin === "outside" || words.trim() === "" ? [] : useActions(turn.id, options, roster);
}

export const useActions = (turn: TurnId, agents: readonly AgentId[], roster: Roster): readonly Action[] =>
  agents
    .map((agent) => ({
      id: deedId({ kind: "use", turn, agent }),
      label: clip(agentName(roster, agent), LONGEST_LABEL),
    }))
    .filter(({ id }) => id.length <= LONGEST_ID);

/** The agents among which a reply's buttons let somebody choose, in order. */
export const offeredBy = (actions: readonly Action[] = []): readonly AgentId[] =>
  actions.flatMap(({ id }) => {
    const deed = readDeed(id);
    return deed?.kind === "use" ? [deed.agent] : [];
  });

/** Whom else this person may meet. */
export const othersOf = (agent: AgentId, person: Pick<Person, "role">, roster: Roster): readonly AgentSpec[] =>
  roster.all().filter((spec) => spec.id !== agent && mayMeet(person.role, spec));
