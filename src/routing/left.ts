/** What a message asks beside what its agent is for, so that it can be told where nobody does it. Called by steps.ts. */
import type { AgentId, AgentSpec, Roster, Route, RouteStep } from "#core";
import type { OwnOrder } from "./own-order.ts";
import { onCall } from "./names.ts";
import { asksAnew, piecesOf, type Pieces } from "./parts.ts";
import { isOpen, ownerOf, readerOf } from "./plan.ts";
import type { Learned, Trainer } from "./training.ts";

const MOST = 3;
/** "And why?" is about what was asked before. */
const FEWEST_WORDS = 3;

/** Around a stage that gives the whole of a message to one agent. */
export function tellingLeft(step: RouteStep, roster: Roster, train: Trainer): RouteStep {
  return {
    stage: step.stage,
    async decide(ask, sofar, signal) {
      const result = await step.decide(ask, sofar, signal);
      if (result.kind !== "settled" || result.route.to.kind !== "agent") return result;
      const agents = onCall(roster, ask);
      const left = isOpen(ask, agents) ? await leftBy(result.route, agents, train) : [];
      return left.length > 0 ? { kind: "settled", route: { ...result.route, left } } : result;
    },
  };
}

async function leftBy({ to, words }: Route, agents: readonly AgentSpec[], train: Trainer): Promise<readonly string[]> {
  const reader = { ...readerOf(agents), cutsQuestions: true };
  const { pieces, isList } = piecesOf(words, reader);
  if (to.kind !== "agent" || pieces.length < 2) return [];
  const kept = pieces.findIndex((piece) => reader.kindOf(piece.words) === "keeps");
  // What is to be kept may hold anything, but for what only Nova can be told.
  const open = pieces
    .filter((piece, i) => isList || kept < 0 || i <= kept || asksAnew(piece, reader))
    .filter(({ words: said }) => said.split(/\s+/).length >= FEWEST_WORDS);
  if (open.length < 2) return [];
  const learned = await train(agents);
  const owners = open.map((piece) => ownerFor(piece, { agents, learned, orderIn: reader.orderIn }));
  // Whoever has nothing of it got it for another reason, and answers for all of it.
  if (!owners.includes(to.agent)) return [];
  return open
    .flatMap(({ words: said }, i) => (owners[i] === undefined || owners[i] === to.agent ? [] : said))
    .slice(0, MOST);
}

type Sight = {
  readonly agents: readonly AgentSpec[];
  readonly learned: Learned;
  readonly orderIn: (text: string) => OwnOrder | undefined;
};

/** Undefined where that is not plain; `nobody` for an order that no agent's examples come near. */
function ownerFor(
  piece: Pieces["pieces"][number],
  { agents, learned, orderIn }: Sight,
): AgentId | "nobody" | undefined {
  const owner = ownerOf(piece.words, agents, learned);
  if (owner) return owner.agent.id;
  return piece.own && orderIn(piece.words) !== undefined ? "nobody" : undefined;
}
