/** Whether control, or a call, may go from one agent to another: in code, in a fixed order. Pure; called by relay.ts and delegation.ts. */
import {
  mayMeet,
  mayRead,
  TRUSTS,
  type AgentSpec,
  type Allowance,
  type FullRoster,
  type JsonObject,
  type Role,
} from "#core";
import { lacks } from "./allowance.ts";

/** Control moves on so often in a turn and no more, whatever parts it has: then an agent has the last word. */
export const MOST_HOPS = 4;

/** In the order in which they are found. */
export const REFUSALS = [
  /** There is no such agent. */
  "unknown",
  /** The agent's file does not name it. */
  "not_allowed",
  /** This person may not meet it. */
  "not_for_person",
  /** It takes no words from outside, and the step has read some. */
  "outside",
  /** The input does not fit its contract. */
  "payload",
  /** Control went this way before. */
  "cycle",
  "hops",
  /** It may do more than the one that asks, which has read what nobody vouches for. */
  "trust",
  "budget",
  "time",
  /** Who was called may call nobody. */
  "depth",
  /** The very same call was made before. */
  "repeated",
] as const;
export type Refusal = (typeof REFUSALS)[number];

/** Where it would go from, and what is known of the step. */
export type Crossing = {
  readonly from: AgentSpec;
  readonly to: string;
  readonly input: JsonObject;
  readonly role: Role;
  /** The step has read what nobody vouches for, or its words came from outside. */
  readonly tainted: boolean;
  /** What the target could spend. */
  readonly left: (target: AgentSpec) => Allowance;
};

export type Checked =
  | { readonly kind: "go"; readonly target: AgentSpec }
  | { readonly kind: "refused"; readonly why: Refusal };

export type Way = {
  /** Those that were gone in this part of the turn, as `from>to`: another part may go the same way, with other words. */
  readonly edges: ReadonlySet<string>;
  /** In all parts. */
  readonly hops: number;
};

export const edgeOf = (from: AgentSpec, to: AgentSpec): string => `${from.id}>${to.id}`;

export function checkHandOff(crossing: Crossing, way: Way, roster: FullRoster): Checked {
  const { from } = crossing;
  const met = meets(crossing, from.mayHandOffTo, roster);
  if (met.kind === "refused") return met;
  const { target } = met;
  if (way.edges.has(edgeOf(from, target))) return refused("cycle");
  if (way.hops >= MOST_HOPS) return refused("hops");
  if (crossing.tainted && rank(target) > rank(from)) return refused("trust");
  return affordable(crossing, target);
}

/** `made`: the calls of this part of the turn, as `callKey` writes them. */
export function checkCall(crossing: Crossing, made: ReadonlySet<string>, roster: FullRoster): Checked {
  const met = meets(crossing, crossing.from.mayDelegateTo, roster);
  if (met.kind === "refused") return met;
  if (made.has(callKey(crossing))) return refused("repeated");
  return affordable(crossing, met.target);
}

export const callKey = ({ to, input }: Pick<Crossing, "to" | "input">): string => `${to} ${JSON.stringify(input)}`;

function meets({ to, input, role, tainted }: Crossing, allowed: readonly string[], roster: FullRoster): Checked {
  const target = roster.get(to);
  if (!target) return refused("unknown");
  if (!allowed.includes(to)) return refused("not_allowed");
  if (!mayMeet(role, target)) return refused("not_for_person");
  if (tainted && !mayRead("outside", target)) return refused("outside");
  const fits = roster.contract(to, "input")?.safeParse(input).success ?? false;
  return fits ? { kind: "go", target } : refused("payload");
}

function affordable({ left }: Crossing, target: AgentSpec): Checked {
  const why = lacks(left(target));
  return why === undefined ? { kind: "go", target } : refused(why);
}

const refused = (why: Refusal): Checked => ({ kind: "refused", why });
const rank = ({ trust }: AgentSpec): number => TRUSTS.indexOf(trust);
