/** Asks the router, with what it needs to know of the conversation; the answer is traced and shown as progress. */
import { isReply, type AgentId, type Message, type Route, type RouteAsk, type TakenTurn } from "#core";
import type { Crew } from "./crew.ts";
import type { Past } from "./past.ts";
import type { Tracer } from "./tracer.ts";
import { askedAbout } from "./unread.ts";
import { gistOfAll } from "./words.ts";

/** How long the last agent stays the likely one. */
const STICKY_MS = 30 * 60_000;
/** How many earlier messages routing may look at. */
const LOOK_BACK = 6;

type Chooser = Crew & {
  readonly tracer: Tracer;
  readonly past: Past;
  /** What an earlier take of the turn has chosen and worked on: it stays. */
  readonly kept?: Route | undefined;
};

export type Chosen = {
  readonly route: Route;
  /** The messages that the route's words are about: after a question of Nova's also those that it asked about. */
  readonly about: readonly Message[];
};

export async function choose(turn: TakenTurn, crew: Chooser, signal: AbortSignal): Promise<Chosen> {
  const { ask, about, before } = await askOf(turn, crew);
  const route = crew.kept ?? (await crew.router.route(ask, signal));
  crew.tracer.add({
    kind: "routed",
    to: nameOf(route),
    stage: route.stage,
    confidence: route.confidence,
    reason: route.reason,
    candidates: route.candidates.slice(0, 5),
  });
  const agent = route.to.kind === "agent" ? route.to.agent : null;
  crew.progress.publish(turn.address, { kind: "routed", turn: turn.id, agent, reason: route.reason });
  const chosen = ask.last !== null && ask.last.clarifying.length > 0 && route.words === ask.last.words;
  return { route, about: chosen ? [...before, ...about] : about };
}

type Asked = {
  readonly ask: RouteAsk;
  readonly about: readonly Message[];
  /** The messages of the last route. */
  readonly before: readonly Message[];
};

async function askOf(turn: TakenTurn, crew: Chooser): Promise<Asked> {
  const { person, origin, pinned, messages } = turn;
  const ask = { words: gistOfAll(messages), person, origin, pinned };
  // What was said before lends words from outside no meaning: they answer no question and go on with nothing.
  if (origin === "outside") return { ask: { ...ask, last: null, history: [] }, about: messages, before: [] };
  const [history, last] = await Promise.all([
    crew.past.newest(LOOK_BACK),
    crew.transcript.lastRoute(turn.conversation, turn.person, turn.id),
  ]);
  const now = crew.clock.now().getTime();
  const fresh = last && now - last.at.getTime() <= STICKY_MS ? last : undefined;
  const about = [...askedAbout(history, person, new Date(now - STICKY_MS)), ...messages];
  return {
    ask: { ...ask, words: gistOfAll(about), last: fresh ? lastOf(fresh, history) : null, history },
    about,
    before: history.filter((message) => message.turn === fresh?.turn && !isReply(message)),
  };
}

type LastRoute = NonNullable<Awaited<ReturnType<Crew["transcript"]["lastRoute"]>>>;

/** The route's own words: what is asked again after a choice is what the question was about, not how it was put. */
function lastOf({ route, turn }: LastRoute, history: readonly Message[]): RouteAsk["last"] {
  const { words } = route;
  if (route.to.kind === "clarify") {
    const [agent] = route.to.options;
    return agent ? { agent, clarifying: route.to.options, words, asked: false } : null;
  }
  // What Nova says unasked may stand behind it, and answers nothing.
  const reply = history.findLast((message) => isReply(message) && message.turn === turn);
  const agent = answeredBy(route, reply);
  return agent && { agent, clarifying: [], words, asked: reply?.reply?.kind === "clarify" };
}

/** Who of several had the word, and whoever the first agent handed over to, goes on. */
function answeredBy({ to }: Route, reply: Message | undefined): AgentId | null {
  if (to.kind !== "agent" && to.kind !== "plan") return null;
  const spoke = reply?.author.kind === "agent" ? reply.author.agent : null;
  return spoke ?? (to.kind === "agent" ? to.agent : null);
}

function nameOf(route: Route): string {
  switch (route.to.kind) {
    case "agent":
      return route.to.agent;
    case "command":
      return `/${route.to.name}`;
    case "clarify":
      return `ask: ${route.to.options.join(" or ")}`;
    case "plan":
      return route.to.steps.map(({ agent }) => agent).join(route.to.together ? " + " : " > ");
    case "refuse":
      return "refused";
  }
}
