/** Typed calls of other agents, side by side: what comes back is data for the agent that called. Called by relay.ts. */
import {
  agentId,
  type AgentSpec,
  type Allowance,
  type DelegateCall,
  type FinishedStep,
  type FullRoster,
  type Reply,
  type StepOutcome,
  type TakenTurn,
} from "#core";
import { shareOf } from "./allowance.ts";
import type { TurnCrew } from "./turn-crew.ts";
import { callKey, checkCall } from "./hand-off.ts";
import { note, runLeg } from "./leg.ts";
import { prepareCall } from "./prepare.ts";
import type { Way } from "./way.ts";

export type Calling = {
  /** Whose agent calls; what comes back is added to it. */
  readonly way: Way;
  /** Of the step that calls. */
  readonly place: string;
  readonly calls: readonly DelegateCall[];
  readonly tainted: boolean;
};

/** Never throws for what an agent does: every call returns, with words or with "failed". */
export async function delegate(turn: TakenTurn, calling: Calling, crew: TurnCrew): Promise<void> {
  const { way, place, calls } = calling;
  crew.tracer.add({ kind: "delegated", from: way.agent.id, to: calls.map(({ to }) => to) });
  const share = shareOf(way.left(way.agent), calls.length);
  const earlier = way.earlier();
  // All are judged before any of them runs: what one comes to changes nothing for the others.
  const runs = calls.map((call, i) => judge(turn, { ...calling, call, share, earlier, at: `${place}.${i}` }, crew));
  // Should one of them end with the turn, no other is left behind.
  const settled = await Promise.allSettled(runs.map((run) => run()));
  const ended = settled.map((each) => {
    if (each.status === "rejected") throw each.reason;
    return each.value;
  });
  way.add(...ended.flatMap(({ leg }) => leg ?? []));
  way.tell(...ended.map(({ reply }, i) => ({ agent: agentId(calls[i]?.to ?? ""), reply })));
}

type Ended = { readonly reply: Reply; readonly leg?: FinishedStep };
type One = Calling & {
  readonly call: DelegateCall;
  readonly share: Allowance;
  readonly earlier: readonly StepOutcome[];
  readonly at: string;
};

/** Gives the run of the call, or of its refusal. */
function judge(turn: TakenTurn, one: One, crew: TurnCrew): () => Promise<Ended> {
  const { way, call, share, earlier, at, tainted } = one;
  const from = way.agent;
  const checked = checkCall(
    { from, ...call, role: turn.person.role, tainted, left: () => share },
    way.made,
    crew.roster,
  );
  way.made.add(callKey(call));
  if (checked.kind === "refused") {
    way.refuse("delegate", call.to, checked.why);
    return async () => ({ reply: failed(`the call was not made (${checked.why})`) });
  }
  const { target } = checked;
  return async () => {
    const given = { by: from.id, how: "delegate", input: call.input } as const;
    const step = prepareCall(turn, { agent: target, given, earlier, left: share }, crew);
    const ran = await runLeg(turn, step, { place: at }, crew);
    // Who is called changes nothing.
    const leg = { ...ran, outcome: { ...ran.outcome, changes: [] } };
    await note(turn, leg, crew);
    const { reply } = leg.outcome;
    if (isMoving(reply)) way.refuse("delegate", target.id, "depth");
    return { reply: returned(reply, target, crew.roster), leg };
  };
}

const isMoving = ({ kind }: Reply): boolean => kind === "handoff" || kind === "delegate" || kind === "propose";

/** What the caller gets: an answer that fits the contract, or why there is none. */
function returned(reply: Reply, target: AgentSpec, roster: FullRoster): Reply {
  switch (reply.kind) {
    case "answer":
      return fits(reply.text, target, roster) ? reply : failed("the answer does not fit its contract");
    case "clarify":
      return failed(`it asks back: ${reply.question}`);
    case "fail":
      return failed(reply.reason);
    case "handoff":
    case "delegate":
    case "propose":
      return failed("it may call nobody");
  }
}

/** An answer is a text; a contract that asks for more is met by the JSON in it. */
function fits(text: string, target: AgentSpec, roster: FullRoster): boolean {
  const contract = roster.contract(target.id, "output");
  if (!contract) return false;
  return contract.safeParse({ text }).success || contract.safeParse(parsed(text)).success;
}

function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    // A text that is no JSON is an ordinary answer.
    return undefined;
  }
}

const failed = (why: string): Reply => ({ kind: "fail", code: "tool_failed", reason: `failed: ${why}` });
