/** What the person gets when control could go nowhere: what the agent's file declares. Called by relay.ts. */
import { mayMeet, mayRead, type AgentSpec, type Closing, type Roster, type TakenTurn } from "#core";
import type { Refusal } from "./hand-off.ts";

/** Plain words for each reason; nothing of a model's own. */
const WORDS: Readonly<Record<Refusal, string>> = {
  unknown: "This was to go to another agent, and there is none of that name.",
  not_allowed: "This was to go to an agent that may not be asked from here.",
  not_for_person: "This was to go to an agent that is not open to you.",
  outside: "This rests on words from outside, and the agent that it was to go to takes none.",
  payload: "This was to go to another agent, which could not use what it was handed.",
  cycle: "The agents began to hand this to each other in a circle, so I stopped.",
  hops: "This went from agent to agent without an answer, so I stopped.",
  trust: "This rests on words that nobody vouches for, so it may not go to an agent that may do more.",
  budget: "This reached its limit of model calls or tokens before there was an answer.",
  time: "This took too long, so I stopped.",
  depth: "An agent that was called tried to call another one, so I stopped.",
  repeated: "The agents repeated themselves without getting further, so I stopped.",
};

const ADVICE = "Ask in other words, or begin with `@` and the name of the agent that you mean.";

export type Stranded =
  | { readonly kind: "says"; readonly reply: Closing }
  /** The offline model answers in the agent's place; `why` stands above its answer. */
  | { readonly kind: "stands_in"; readonly why: string };

export function stranded(turn: TakenTurn, agent: AgentSpec, why: Refusal, roster: Roster): Stranded {
  const { onFailure } = agent;
  if (onFailure === "fallback") return { kind: "stands_in", why: WORDS[why] };
  // Words from outside have nobody who could answer a question.
  if (onFailure === "clarify" && turn.origin !== "outside") {
    const options = mayTakeOver(turn, agent, roster).map(({ name }) => name);
    const how =
      options.length > 0 ? "A number or a name will do." : "Begin with `@` and a name, or ask in other words.";
    return {
      kind: "says",
      reply: { kind: "clarify", question: `${WORDS[why]} Who should answer it? ${how}`, options },
    };
  }
  return { kind: "says", reply: { kind: "fail", code: "handoff", reason: `${WORDS[why]} ${ADVICE}` } };
}

/** Among whom the person may choose then: those whom the agent's file names and this person may meet. */
export const mayTakeOver = (turn: TakenTurn, { mayHandOffTo }: AgentSpec, roster: Roster): readonly AgentSpec[] =>
  mayHandOffTo
    .flatMap((id) => roster.get(id) ?? [])
    .filter((spec) => mayMeet(turn.person.role, spec) && mayRead(turn.origin, spec));
