/** Asks the router, with what it needs to know of the conversation; the answer is traced and shown as progress. */
import {
  afterWrong,
  closedUp,
  isCall,
  isReply,
  paddedEnd,
  placeOf,
  agentId,
  unpadded,
  type AgentId,
  type Message,
  type Route,
  type RouteAsk,
  type TakenTurn,
  type TraceEvent,
  type TurnId,
} from "#core";
import type { Crew } from "./crew.ts";
import { createPastOf, type Past } from "./past.ts";
import type { Tracer } from "./tracer.ts";
import { exchangeBeside, isAsking, standing, type Beside } from "./beside.ts";
import { endsAsking, exchangeOf, type Exchange } from "./exchange.ts";
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
  /** What was said before, there where the words belong: beside this conversation, where they answer what was asked there. */
  readonly past: Past;
  /** Which question they answer, where that is not plain. */
  readonly which?: string | undefined;
};

export async function choose(turn: TakenTurn, crew: Chooser, signal: AbortSignal): Promise<Chosen> {
  const asked = await askOf(turn, crew);
  const { about } = asked;
  const route = withBlanks(await routed(turn, asked, crew, signal), about);
  const beside = route.beside === undefined ? undefined : asked.beside;
  const exchange = route.beside === undefined ? asked.own : beside;
  if (exchange) await noteLabel(turn, { ...exchange, route }, crew);
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
  const chosen = exchange?.last && route.says !== undefined && route.words === exchange.last.words;
  return {
    route,
    about: chosen ? [...exchange.before, ...about] : about,
    past: beside?.past ?? crew.past,
    which: beside?.which,
  };
}

/** The router reads without blanks that only fill; whoever answers gets those that may lay out a table. */
function withBlanks(route: Route, about: readonly Message[]): Route {
  const words = paddedEnd(route.words, closedUp(gistOfAll(about)));
  return words === undefined ? route : { ...route, words };
}

/** A question is answered by one turn, in its own conversation or beside it, however many say "2" at once. */
async function routed(turn: TakenTurn, asked: Asked, crew: Chooser, signal: AbortSignal): Promise<Route> {
  if (crew.kept) return crew.kept;
  const { ask, own } = asked;
  const route = await crew.router.route(ask, signal);
  const question = questionOf(route, asked);
  if (question === undefined || (await crew.turns.answer(turn, question, route))) return route;
  const last = own && route.beside === undefined ? (await standing(own, turn.person, crew)).last : ask.last;
  return crew.router.route({ ...ask, last, beside: null }, signal);
}

/** Whose question the words answer; a command answers none. */
function questionOf({ beside: there, to }: Route, { own, beside }: Asked): TurnId | undefined {
  if (there !== undefined) return beside?.isOpen ? there : undefined;
  return own && isAsking(own.last) && to.kind !== "command" ? own.turn : undefined;
}

type Said = Exchange & { readonly route: Route; readonly turn: TurnId };

/** An answer to Nova's question, or `/wrong`, says whom the words before were for: the router goes by that from now on. */
async function noteLabel(turn: TakenTurn, { route, last, turn: lastTurn }: Said, crew: Crew): Promise<void> {
  if (!route.says || !last || route.to.kind !== "agent") return;
  const { agent: wanted } = route.to;
  const given = route.says === "clarified" ? null : last.agent;
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
  /** The last exchange of the conversation, when that is not long ago. */
  readonly own?: (Exchange & { readonly turn: TurnId }) | undefined;
  readonly beside?: Beside | undefined;
};

async function askOf(turn: TakenTurn, crew: Chooser): Promise<Asked> {
  const { person, origin, pinned, messages } = turn;
  const ask = { words: unpadded(gistOfAll(messages)), person, origin, pinned, roster: crew.roster };
  // What was said before lends words from outside no meaning: they answer no question and go on with nothing.
  const called = isCall(turn.address);
  if (origin === "outside" || called) return { ask: { ...ask, called, last: null, history: [] }, about: messages };
  const bill = { turn: turn.id, person, where: placeOf(turn), trace: (event: TraceEvent) => heard(event, crew) };
  // Nobody is there: nothing is answered by it, and it goes on with nothing.
  if (messages.some(({ scheduled }) => scheduled))
    return { ask: { ...ask, unattended: true, last: null, history: [], bill }, about: messages };
  const [history, last, corrected = null] = await Promise.all([
    crew.past.newest(LOOK_BACK),
    lastOf(turn, ask.words, crew),
    // Whoever names an agent or a command has said it already.
    /^\s*[@/]/.test(ask.words) || pinned !== null ? null : crew.labels.find(person, placeOf(turn), ask.words),
  ]);
  const since = new Date(crew.clock.now().getTime() - STICKY_MS);
  const fresh = last && last.at >= since ? last : undefined;
  const own = fresh && (await ownExchange(turn, { ...fresh, history }, crew));
  const files = askedAbout(history, person, since);
  const about = [...files, ...messages];
  const words = unpadded(gistOfAll(about));
  const beside = files.length > 0 ? undefined : await exchangeBeside(turn, { words, own, kept: crew.kept }, crew);
  return {
    ask: {
      ...ask,
      words,
      last: own?.last ?? null,
      history,
      now: crew.clock.now(),
      beside: beside ?? null,
      corrected,
      bill,
    },
    about,
    own,
    beside,
  };
}

/** How many answers of Nova's own in a row are looked past. */
const MOST_OWN = 5;

/** The last route; where they say that the wrong agent spoke, the last that was an agent's. */
async function lastOf(
  { conversation, person, id }: TakenTurn,
  words: string,
  { transcript }: Pick<Crew, "transcript">,
) {
  let last = await transcript.lastRoute(conversation, person, id);
  if (afterWrong(words) === undefined) return last;
  for (let more = MOST_OWN; more > 0 && last?.route.to.kind === "refuse"; more -= 1)
    last = await transcript.lastRoute(conversation, person, last.turn);
  return last;
}

type Last = NonNullable<Awaited<ReturnType<Crew["transcript"]["lastRoute"]>>>;

/** `history`: what was said before. Where much was said since, its own words are not among it, and are looked up. */
async function ownExchange(
  { conversation, person }: TakenTurn,
  { history, ...last }: Last & { readonly history: readonly Message[] },
  crew: Chooser,
) {
  const isThere = history.some((message) => isReply(message) && message.turn === last.turn);
  const said = isThere ? history : await createPastOf({ ...last, conversation }, person, crew).newest(Infinity);
  const exchange = await standing({ ...last, ...exchangeOf(last, said) }, person, crew);
  return { ...last, ...exchange, endsAsking: endsAsking(last.turn, said) };
}

function heard(event: TraceEvent, { tracer, payers }: Chooser): void {
  tracer.add(event);
  if (event.kind === "model_called") payers.add(ROUTER);
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
