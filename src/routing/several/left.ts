/** What a message asks beside what its agent is for, so that it can be told where nobody does it. Called by steps.ts. */
import type { AgentId, AgentSpec, PlanStep, Roster, RouteStep } from "#core";
import type { Learned, Trainer } from "../learning/training.ts";
import { onCall } from "../names.ts";
import { linkless, type Reader } from "./clauses.ts";
import { orderReader, type OwnOrder } from "./own-order.ts";
import { asksAnew } from "./anew.ts";
import { piecesOf, type Pieces } from "./parts.ts";
import { isOpen, ownerOf, readerOf } from "./plan.ts";

const MOST = 3;
const LONGEST_ORDER = 120;
/** "And why?" is about what was asked before. */
const FEWEST_WORDS = 3;

/** Around a stage: of whole messages and of a plan's steps alike. */
export function tellingLeft(step: RouteStep, roster: Roster, train: Trainer): RouteStep {
  return {
    stage: step.stage,
    async decide(ask, sofar, signal) {
      const result = await step.decide(ask, sofar, signal);
      if (result.kind !== "settled") return result;
      const { to } = result.route;
      if (to.kind !== "agent" && to.kind !== "plan") return result;
      const agents = onCall(roster, ask);
      if (!isOpen(ask, agents)) return result;
      const told = { agents, train };
      if (to.kind === "plan") {
        const steps = await Promise.all(to.steps.map((each) => telling(each, told)));
        return { kind: "settled", route: { ...result.route, to: { ...to, steps } } };
      }
      const { left } = await telling({ agent: to.agent, words: result.route.words }, told);
      const taken = await takenIn({ agent: to.agent, words: result.route.words }, told);
      if (!left && taken === undefined) return result;
      return { kind: "settled", route: { ...result.route, ...(left && { left }), ...(taken && { taken }) } };
    },
  };
}

type Told = { readonly agents: readonly AgentSpec[]; readonly train: Trainer };

async function telling(step: PlanStep, told: Told): Promise<PlanStep> {
  const left = await leftBy(step, told);
  return left.length > 0 ? { ...step, left } : step;
}

async function leftBy({ agent, words }: PlanStep, { agents, train }: Told): Promise<readonly string[]> {
  const reader: Reader = { ...readerOf(agents), parts: () => true, only: "tells" };
  const { pieces, isList } = piecesOf(words, reader);
  if (pieces.length < 2) return [];
  const kept = pieces.findIndex((piece) => reader.kindOf(piece.words) === "keeps");
  // What is to be kept may hold anything, but for what only Nova can be told.
  const open = pieces
    .filter((piece, i) => isList || kept < 0 || i <= kept || asksAnew(piece, pieces[kept]?.words ?? "", reader))
    .filter(({ words: said }) => said.split(/\s+/).length >= FEWEST_WORDS);
  if (open.length < 2) return [];
  const learned = await train(agents);
  const owners = open.map((piece) => ownerFor(piece, { agents, learned, orderIn: reader.orderIn }));
  // Whoever has nothing of it got it for another reason, and answers for all of it.
  if (!owners.includes(agent)) return [];
  return open
    .flatMap(({ words: said }, i) => (owners[i] === undefined || owners[i] === agent ? [] : said))
    .slice(0, MOST);
}

/** The last sentence behind a colon, where it plainly is an order that another agent is for. */
async function takenIn({ agent, words }: PlanStep, { agents, train }: Told): Promise<string | undefined> {
  const [, last = ""] = /:\s[^]*[.!?]["”]?\s+([^.!?\n]+[.!]?)\s*$/.exec(words) ?? [];
  if (last === "" || last.length > LONGEST_ORDER) return undefined;
  const said = linkless(last).words;
  const order = orderReader(agents)(said);
  if (order === undefined) return undefined;
  const owner = ownerOf(said, agents, await train(agents))?.agent.id;
  // A letter may end with an order, too, but not with one that goes on from Nova's.
  const isMeant = owner === undefined ? order === "verb" && said.length < last.trim().length - 1 : owner !== agent;
  return isMeant ? said : undefined;
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
