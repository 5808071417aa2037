/** Second stage: the classifier over the agents' own examples settles what it is sure of, and asks when two are close. */
import type { AgentSpec, Candidate, Roster, Route, RouteAsk, RouteStep } from "#core";
import type { Prediction } from "./classifier.ts";
import { explain } from "./explain.ts";
import { followUp } from "./follow-up.ts";
import { gistOf } from "./gist.ts";
import { GENERAL, onCall } from "./names.ts";
import { either, settled } from "./routes.ts";
import type { Learned, Trainer } from "./training.ts";

/** What goes on with the last exchange leaves its agent only for one that is plainly meant; chosen by judgement. */
const BREAKS_OFF = 0.8;
/** Two that both got this much, one less than half as much again as the other, are asked about. */
const PLAUSIBLE = 0.25;
const CLOSE = 1.5;
const MOST_OPTIONS = 3;
const MOST_CANDIDATES = 8;

export function createLexicalStep(roster: Roster, train: Trainer): RouteStep {
  return {
    stage: "lexical",
    async decide(ask) {
      const agents = onCall(roster, ask);
      const learned = await train(agents);
      const prediction = learned.classifier.predict(gistOf(ask.words));
      const ranked = withAgents(prediction, agents);
      const route = decided(ask, ranked, { ...learned, prediction });
      return route
        ? settled(route)
        : { kind: "pass", candidates: ranked.map(candidate), confidence: prediction.confidence };
    },
  };
}

type Ranked = { readonly agent: AgentSpec; readonly probability: number };
type Heard = Learned & { readonly prediction: Prediction };

function withAgents(prediction: Prediction, agents: readonly AgentSpec[]): readonly Ranked[] {
  const byId = new Map<string, AgentSpec>(agents.map((agent) => [agent.id, agent]));
  return prediction.ranking.slice(0, MOST_CANDIDATES).flatMap(({ label, probability }) => {
    const agent = byId.get(label);
    return agent ? [{ agent, probability }] : [];
  });
}

function decided(ask: RouteAsk, ranked: readonly Ranked[], heard: Heard): Route | undefined {
  const before = followUp(ask);
  const going = ranked.some(({ agent }) => agent.id === before?.agent) ? before : undefined;
  const [top, second] = ranked;
  if (!top) return undefined;
  // A mere hint of going on outweighs the general agent too: whatever goes on sounds a little like talk.
  const talk = going?.how === "likely" || top.agent.id === GENERAL;
  const elsewhere = going !== undefined && talk && going.agent !== top.agent.id;
  const alone = heard.thresholds.settles.get(top.agent.id) ?? 1;
  if (top.probability >= (elsewhere ? Math.max(BREAKS_OFF, alone) : alone)) return toTop(ask, ranked, top, heard);
  // Nobody out there can be asked which agent is meant.
  if (going || ask.origin === "outside" || !second || !areClose(top, second)) return undefined;
  return toChoice(ask, ranked, top, heard);
}

/** Both in the running, and neither well ahead. */
export function areClose(top: { readonly probability: number }, second: { readonly probability: number }): boolean {
  return second.probability >= PLAUSIBLE && top.probability < second.probability * CLOSE;
}

function toTop(ask: RouteAsk, ranked: readonly Ranked[], top: Ranked, heard: Heard): Route {
  const { classifier, prediction, thresholds } = heard;
  const evidence = classifier.evidence(gistOf(ask.words), top.agent.id);
  const reason = explain(ask.words, evidence, {
    name: top.agent.name,
    probability: top.probability,
    enough: thresholds.settles.get(top.agent.id) ?? 1,
  });
  return { to: { kind: "agent", agent: top.agent.id }, reason, ...made(ask, ranked, prediction) };
}

/** Undefined when the general agent is among the close ones: nobody can be asked to tell it from a specialist. */
function toChoice(ask: RouteAsk, ranked: readonly Ranked[], top: Ranked, { prediction }: Heard): Route | undefined {
  const options = ranked
    .filter(({ probability }) => probability * 2 >= top.probability && probability >= PLAUSIBLE / 2)
    .slice(0, MOST_OPTIONS);
  if (options.some(({ agent }) => agent.id === GENERAL)) return undefined;
  const names = either(options.map(({ agent }) => `the ${agent.name}`));
  const question = `Which do you mean, ${names}? A number or a name will do.`;
  const to: Route["to"] = { kind: "clarify", question, options: options.map(({ agent }) => agent.id) };
  return { to, reason: `The words fit ${names} about as well.`, ...made(ask, ranked, prediction) };
}

function made(ask: RouteAsk, ranked: readonly Ranked[], { confidence }: Prediction): Omit<Route, "to" | "reason"> {
  return { stage: "lexical", confidence, candidates: ranked.map(candidate), words: ask.words };
}

const candidate = ({ agent, probability }: Ranked): Candidate => ({
  agent: agent.id,
  score: Math.round(probability * 1e4) / 1e4,
});
