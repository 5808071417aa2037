/** The classifier over the agents' own examples settles what it is sure of. Asked after what was said outright. */
import type { AgentSpec, Candidate, Roster, Route, RouteAsk, RouteStep } from "#core";
import { explain } from "./explain.ts";
import { gistOf } from "./gist.ts";
import type { Prediction } from "./learning/classifier.ts";
import type { Learned, Trainer } from "./learning/training.ts";
import { onCall } from "./names.ts";
import { soundsBeside } from "./outright/beside.ts";
import { breaksOff, priorOf } from "./prior.ts";
import { settled } from "./routes.ts";

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
        ? settled(soundsBeside(route, ask, agents))
        : { kind: "pass", candidates: told(ranked), confidence: prediction.confidence };
    },
  };
}

type Ranked = { readonly agent: AgentSpec; readonly probability: number };
type Heard = Learned & { readonly prediction: Prediction };

function withAgents(prediction: Prediction, agents: readonly AgentSpec[]): readonly Ranked[] {
  const byId = new Map<string, AgentSpec>(agents.map((agent) => [agent.id, agent]));
  return prediction.ranking.flatMap(({ label, probability }) => {
    const agent = byId.get(label);
    return agent ? [{ agent, probability }] : [];
  });
}

/** What two agents fit alike, or nobody well enough, is left to the stages behind. */
function decided(ask: RouteAsk, ranked: readonly Ranked[], heard: Heard): Route | undefined {
  const [top] = ranked;
  if (!top || top.probability < (heard.thresholds.settles.get(top.agent.id) ?? 1)) return undefined;
  const prior = priorOf(ask);
  const candidates = ranked.map(candidate);
  const isOn = prior !== undefined && ranked.some(({ agent }) => agent.id === prior.agent);
  if (isOn && top.agent.id !== prior.agent && !breaksOff(candidate(top), prior, candidates)) return undefined;
  return toTop(ask, ranked, top, heard);
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

function made(ask: RouteAsk, ranked: readonly Ranked[], { confidence }: Prediction): Omit<Route, "to" | "reason"> {
  return { stage: "lexical", confidence, candidates: told(ranked), words: ask.words };
}

/** All are weighed, however unlikely what goes on is by its words alone; the likeliest are told. */
const told = (ranked: readonly Ranked[]): readonly Candidate[] => ranked.slice(0, MOST_CANDIDATES).map(candidate);

const candidate = ({ agent, probability }: Ranked): Candidate => ({
  agent: agent.id,
  score: Math.round(probability * 1e4) / 1e4,
});
