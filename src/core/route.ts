/** Which agent answers, and why. Decided once per turn, stored with it, shown by /why. */
import type { AgentId, TurnId } from "./ids.ts";
import type { Roster } from "./agent.ts";
import type { Message, Origin } from "./message.ts";
import type { Person } from "./person.ts";
import type { Place } from "./scope.ts";
import type { TraceEvent } from "./trace.ts";

export type RouteStage = "exact" | "lexical" | "model" | "sticky" | "fallback";
export type Candidate = { readonly agent: AgentId; readonly score: number };

/** Commands that Nova itself answers; `/remember`, `/recall` and `/forget` go to the librarian instead. */
export const COMMANDS = [
  "help",
  "why",
  "stop",
  "agent",
  "budget",
  "place",
  "project",
  "approvals",
  "approve",
  "deny",
  "schedules",
  "quiet",
  "timezone",
  "link",
  "people",
  "pair",
  "unlink",
  "block",
  "unblock",
] as const;
export type CommandName = (typeof COMMANDS)[number];

export type Route = {
  readonly to:
    | { readonly kind: "agent"; readonly agent: AgentId }
    /** Several things were asked for: at most three steps, one after another or, where none changes anything, side by side. */
    | { readonly kind: "plan"; readonly steps: readonly PlanStep[]; readonly together: boolean }
    | { readonly kind: "command"; readonly name: CommandName; readonly rest: string }
    /** Asks the person which agent is meant; "2" or a name answers it. */
    | { readonly kind: "clarify"; readonly question: string; readonly options: readonly AgentId[] }
    /** An unknown agent or command was named: told, never replaced by a default. */
    | { readonly kind: "refuse"; readonly reason: string };
  /** 0 to 1: probability that some agent fits and that it is this one. 1 for exact routes. */
  readonly confidence: number;
  readonly stage: RouteStage;
  /** Best first; empty for exact routes. */
  readonly candidates: readonly Candidate[];
  /** One sentence a person can read. */
  readonly reason: string;
  /** What the agent is to read: the words without the `@agent` or `/command` that chose it. */
  readonly words: string;
  /** The person has said by it that the last exchange's words are for this agent. */
  readonly says?: "clarified" | "command";
  /** The turn in another conversation of the same place that the words belong to: they answer it, or put it right. */
  readonly beside?: TurnId;
  /**
   * What is asked beside, in the person's words: of one agent what it is plainly not for, told where no model may have done
   * it; of a plan what is beyond its steps.
   */
  readonly left?: readonly string[];
  /** An order at the end of a pasted text, in the person's words: taken for the text's, and told where no model read it. */
  readonly taken?: string;
};

/** A part of what was asked, for one agent. `left`: what of its words is plainly not that agent's, told as a route's is. */
export type PlanStep = { readonly agent: AgentId; readonly words: string; readonly left?: readonly string[] };

export type LastExchange = {
  readonly agent: AgentId;
  /** Options of the router's own question, when that was the last reply; the choice gets `words`. */
  readonly clarifying: readonly AgentId[];
  /** The words that the last turn was about. */
  readonly words: string;
  /** True when the last reply was a question of the agent: what comes now most likely answers it. */
  readonly asked: boolean;
};

export type BesideExchange = {
  readonly turn: TurnId;
  readonly last: LastExchange;
  /** What was said there, with the question. */
  readonly history: readonly Message[];
  /** Asked a moment ago, and nothing was said in the place since: a few words that are nobody's answer it as well. */
  readonly isNewest: boolean;
  /** Something was answered since where the words were said: only what names an option of the question is about it. */
  readonly isOvertaken: boolean;
};

export type RouteAsk = {
  /** Whose budget a model that helps to choose is paid from; absent: no model is asked. */
  readonly bill?: RouteBill;
  readonly words: string;
  /** Without an id: an earlier question than the last exchange's is answered by nothing. */
  readonly person: Pick<Person, "role"> & Partial<Pick<Person, "id">>;
  /** Whose words they are. Those from outside choose nobody by what they say: no command, no name, no choice. */
  readonly origin: Origin;
  /** The agent that the words are addressed to, else the one that this conversation is pinned to by `/agent`. */
  readonly pinned: AgentId | null;
  /** True: they were put to that agent alone, as a component; whatever they say chooses nobody and commands nothing. */
  readonly called?: boolean;
  /** True: a schedule asks them while nobody is there. A name in front chooses an agent; they command and answer nothing. */
  readonly unattended?: boolean;
  /** The last exchange, when one ended within the last half hour. */
  readonly last: LastExchange | null;
  readonly history: readonly Message[];
  /** When they are read; absent: an earlier question than the last exchange's is answered by nothing. */
  readonly now?: Date;
  /**
   * An exchange of this person's in another conversation of the same place: the newest question that they have not
   * answered or, where they say that the wrong agent spoke, the newest answer. Absent where this conversation has its own.
   */
  readonly beside?: BesideExchange | null;
  /** Those whom the words may go to; absent: whoever is on call while they are routed. */
  readonly roster?: Roster;
  /** Where this person once said that these very words belong. */
  readonly corrected?: { readonly agent: AgentId; readonly at: Date } | null;
};

export type RouteBill = {
  readonly turn: TurnId;
  readonly person: Person;
  readonly where: Place;
  /** Notes what was asked of a model, and what came of it, in the turn's trace. */
  readonly trace: (event: TraceEvent) => void;
};

export interface Router {
  /** Never throws for words, however strange. Considers only agents that this person may meet. */
  route(ask: RouteAsk, signal: AbortSignal): Promise<Route>;
}

/** What the stages before have learned. */
export type RouteSofar = {
  readonly candidates: readonly Candidate[];
  readonly confidence: number;
  /** A sentence that belongs to the reason of whichever stage settles, for instance that a model did not answer. */
  readonly note?: string;
};

/** A stage settles the route, or passes with what it learned. */
export type StageResult =
  | { readonly kind: "settled"; readonly route: Route }
  | ({ readonly kind: "pass" } & RouteSofar);

export interface RouteStep {
  readonly stage: RouteStage;
  decide(ask: RouteAsk, sofar: RouteSofar, signal: AbortSignal): Promise<StageResult>;
}

/** One of those that a model may choose from, as it is told of them. */
export type Shortlisted = {
  readonly id: AgentId;
  readonly name: string;
  readonly purpose: string;
  readonly useWhen: string;
  /** Those of its examples that are nearest to the words. */
  readonly examples: readonly string[];
};

export type JudgeAsk = {
  readonly words: string;
  /** At least two. Nobody else can be chosen, whatever the words or the model say. */
  readonly shortlist: readonly Shortlisted[];
  /** The one of them that answered last, when that was just before. */
  readonly last: AgentId | null;
  readonly bill: RouteBill;
};

/** What a model said that is sound: everyone named is on the shortlist. */
export type Judgement =
  | { readonly kind: "agent"; readonly agent: AgentId }
  /** Two or three. */
  | { readonly kind: "clarify"; readonly options: readonly AgentId[] }
  /** Two or three, in the order in which they are asked for; each one's words stand literally in what was written. */
  | { readonly kind: "plan"; readonly steps: readonly PlanStep[] };

export type Judged =
  | { readonly kind: "judged"; readonly judgement: Judgement; readonly confidence: number; readonly model: string }
  /** Why there is no judgement, as the end of a sentence that begins with the model: "did not answer in time". */
  | { readonly kind: "failed"; readonly model: string; readonly says: string };

/** A model that reads the words where they alone do not tell who is meant. */
export interface RouteJudge {
  /**
   * Undefined when there is no model to ask. Never throws for what a model or its provider does; only when `signal` aborts,
   * with its reason, and when the database is away.
   */
  judge(ask: JudgeAsk, signal: AbortSignal): Promise<Judged | undefined>;
}
