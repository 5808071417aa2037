/** Asks the router, with what it needs to know of the conversation; the answer is traced and shown as progress. */
import {
  isCall,
  isOwnWords,
  isReply,
  placeOf,
  agentId,
  type AgentId,
  type Message,
  type Route,
  type RouteAsk,
  type TakenTurn,
  type TraceEvent,
  type TurnId,
} from "#core";
import type { Crew } from "./crew.ts";
import type { Past } from "./past.ts";
import type { Tracer } from "./tracer.ts";
import { offeredBy } from "./actions.ts";
import { askedAbout } from "./unread.ts";
import { gistOfAll } from "./words.ts";

/** How long the last agent stays the likely one. */
const STICKY_MS = 30 * 60_000;
/** How many earlier messages routing may look at. */
const LOOK_BACK = 6;
/** In whose name a model is paid that helps to choose. */
const ROUTER = agentId("router");

type Chooser = Crew & {
  readonly tracer: Tracer;
  readonly past: Past;
  readonly payers: Set<AgentId>;
  /** What an earlier take of the turn has chosen and worked on: it stays. */
  readonly kept?: Route | undefined;
};

export type Chosen = {
  readonly route: Route;
  /** The messages that the route's words are about: after a question of Nova's also those that it asked about. */
  readonly about: readonly Message[];
};

export async function choose(turn: TakenTurn, crew: Chooser, signal: AbortSignal): Promise<Chosen> {
  const { ask, about, before, lastTurn } = await askOf(turn, crew);
  const route = crew.kept ?? (await crew.router.route(ask, signal));
  if (lastTurn) await noteLabel(turn, { route, ask, lastTurn }, crew);
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
  const chosen = ask.last !== null && route.says !== undefined && route.words === ask.last.words;
  return { route, about: chosen ? [...before, ...about] : about };
}

type Said = { readonly route: Route; readonly ask: RouteAsk; readonly lastTurn: TurnId };

/** An answer to Nova's question, or `/wrong`, says whom the words before were for: the router goes by that from now on. */
async function noteLabel(turn: TakenTurn, { route, ask, lastTurn }: Said, crew: Crew): Promise<void> {
  if (!route.says || !ask.last || route.to.kind !== "agent") return;
  const { agent: wanted } = route.to;
  const given = route.says === "clarified" ? null : ask.last.agent;
  const { says: source, words } = route;
  await crew.labels.note(lastTurn, turn.person, { words, wanted, given, source });
  if (source === "clarified") return;
  await crew.turns.learn(lastTurn, turn.person, `wanted agent: ${wanted}`);
  const wrong = { kind: "correction", agent: given, code: "wanted_agent", outcome: wanted } as const;
  await crew.signals.add(lastTurn, turn.person, wrong);
}

type Asked = {
  readonly ask: RouteAsk;
  readonly about: readonly Message[];
  /** The messages of the last route. */
  readonly before: readonly Message[];
  /** Its turn, when that is not long ago. */
  readonly lastTurn?: TurnId | undefined;
};

async function askOf(turn: TakenTurn, crew: Chooser): Promise<Asked> {
  const { person, origin, pinned, messages } = turn;
  const ask = { words: gistOfAll(messages), person, origin, pinned, roster: crew.roster };
  // What was said before lends words from outside no meaning: they answer no question and go on with nothing.
  const called = isCall(turn.address);
  if (origin === "outside" || called)
    return { ask: { ...ask, called, last: null, history: [] }, about: messages, before: [] };
  const bill = { turn: turn.id, person, where: placeOf(turn), trace: (event: TraceEvent) => heard(event, crew) };
  // Nobody is there: nothing is answered by it, and it goes on with nothing.
  if (messages.some(({ scheduled }) => scheduled))
    return { ask: { ...ask, unattended: true, last: null, history: [], bill }, about: messages, before: [] };
  const [history, last, corrected = null] = await Promise.all([
    crew.past.newest(LOOK_BACK),
    crew.transcript.lastRoute(turn.conversation, turn.person, turn.id),
    // Whoever names an agent or a command has said it already.
    /^\s*[@/]/.test(ask.words) || pinned !== null ? null : crew.labels.find(person, placeOf(turn), ask.words),
  ]);
  const now = crew.clock.now().getTime();
  const fresh = last && now - last.at.getTime() <= STICKY_MS ? last : undefined;
  const before = history.filter((message) => message.turn === fresh?.turn && !isReply(message));
  const about = [...askedAbout(history, person, new Date(now - STICKY_MS)), ...messages];
  return {
    ask: {
      ...ask,
      words: gistOfAll(about),
      last: fresh ? lastOf(fresh, { history, before }) : null,
      history,
      corrected,
      bill,
    },
    lastTurn: fresh?.turn,
    about,
    before,
  };
}

function heard(event: TraceEvent, { tracer, payers }: Chooser): void {
  tracer.add(event);
  if (event.kind === "model_called") payers.add(ROUTER);
}

type LastRoute = NonNullable<Awaited<ReturnType<Crew["transcript"]["lastRoute"]>>>;

/** The route's own words: what is asked again after a choice is what the question was about, not how it was put. */
function lastOf(
  { route, turn }: LastRoute,
  { history, before }: Pick<Asked, "before"> & { readonly history: readonly Message[] },
): RouteAsk["last"] {
  const { words } = route;
  if (route.to.kind === "clarify") {
    const [agent] = route.to.options;
    return agent ? { agent, clarifying: route.to.options, words, asked: false } : null;
  }
  // What Nova says unasked may stand behind it, and answers nothing.
  const reply = history.findLast((message) => isReply(message) && message.turn === turn);
  const agent = answeredBy(route, reply);
  // What came from outside, or was taken back, can be asked of nobody again as this person's words.
  const isOwn = before.length > 0 && before.every(isOwnWords);
  const asked = reply?.reply?.kind === "clarify";
  // Where an agent could hand over to nobody, the person was asked who is to answer instead.
  const clarifying = asked && isOwn ? offeredBy(reply?.actions) : [];
  return agent && { agent, clarifying, words: isOwn ? words : "", asked };
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
