/**
 * What words mean that find nothing in their own conversation: platforms keep commands apart, and threads from each other,
 * so that they are about what the same person asked, or was asked, beside it. Used by commands.ts, choose.ts and bare-yes.ts.
 */
import {
  afterWrong,
  clip,
  gistOf,
  type BesideExchange,
  type LastExchange,
  type Person,
  type Route,
  type TakenTurn,
  type TurnId,
} from "#core";
import type { Crew } from "./crew.ts";
import { exchangeOf, type Exchange } from "./exchange.ts";
import type { Stops } from "./hold.ts";
import { escaped } from "./approval/card-text.ts";
import { createPastOf, type Past } from "./past.ts";
import { oneLine } from "./words.ts";

/** How much of a question is quoted to say which one is meant. */
const FIRST_WORDS = 60;
/** What was said longer before the words came in is nothing that they belong to. */
const LOOK_BACK_MS = 30 * 60_000;
/** How long a few words that could be anything are most likely the answer. */
const JUST_ASKED_MS = 15 * 60_000;
/** Nobody answers a question with more; of more nothing is looked up. */
const LONGEST_ANSWER = 200;

/** How many turns were asked to stop; each ends where it was asked. Stored first, for whoever takes them after a crash. */
export async function stopBeside(
  turn: TakenTurn,
  { turns, stops }: Pick<Crew, "turns"> & { readonly stops: Pick<Stops, "stop"> },
): Promise<number> {
  let stopped = 0;
  for (const each of await turns.runningBeside(turn)) {
    if (!(await turns.stop(each))) continue;
    stops.stop(each);
    stopped += 1;
  }
  return stopped;
}

/** The last route beside this turn's conversation, and in words which question it was of. */
export async function lastBeside(turn: TakenTurn, { transcript }: Pick<Crew, "transcript">) {
  const last = await transcript.lastRouteBeside(turn);
  const past = last && (await transcript.turnOf(last.turn, turn.person));
  if (!past || past === "another's") return undefined;
  const { root } = past.address;
  // A root with an @ is the place of somebody's commands.
  const where = root === null || root.startsWith("@") ? "here" : "in the thread";
  const kept = past.messages.filter(({ deletedAt }) => deletedAt === undefined);
  const words = oneLine(kept.map(gistOf).join(" "));
  return { ...last, question: `Your question ${where}${words === "" ? "" : `, “${firstOf(words)}”,`}` };
}

/** An exchange of another conversation, as the router is told of it, and what its answer needs. */
export type Beside = BesideExchange &
  Exchange & {
    readonly past: Past;
    /** True: it ended with a question that nobody has answered. */
    readonly isOpen: boolean;
    /** Says which question is meant, where several are open. */
    readonly which: string | undefined;
  };

export const besideSince = ({ waitedFrom }: TakenTurn): Date => new Date(waitedFrom.getTime() - LOOK_BACK_MS);

type Here = {
  readonly words: string;
  /** The last exchange of the conversation itself, and whether its answer ends by asking something. */
  readonly own: { readonly last: LastExchange | null; readonly at: Date; readonly endsAsking: boolean } | undefined;
  /** What an earlier take of the turn has chosen: it stays. */
  readonly kept: Route | undefined;
};

/** The question beside this conversation that is open, or the answer that was the wrong agent's. One of its own comes first. */
export async function exchangeBeside(
  turn: TakenTurn,
  { words, own, kept }: Here,
  crew: Pick<Crew, "transcript">,
): Promise<Beside | undefined> {
  const corrects = afterWrong(words) !== undefined;
  if (isAsking(own?.last) || (kept && kept.beside === undefined)) return undefined;
  if (!corrects && own?.endsAsking && !kept) return undefined;
  if (!corrects && (turn.pinned !== null || words.length > LONGEST_ANSWER || words.startsWith("/"))) return undefined;
  const all = await crew.transcript.exchangesBeside(turn, besideSince(turn));
  const open = all.filter(({ isOpen }) => isOpen);
  const found = kept
    ? all.find((each) => each.turn === kept.beside)
    : corrects
      ? all.find(({ route }) => route.to.kind !== "refuse")
      : open[0];
  if (!found) return undefined;
  const past = createPastOf(found, turn.person, crew);
  const history = await past.newest(Infinity);
  const { last, before } = exchangeOf(found, history);
  if (!last) return undefined;
  const isFresh = turn.waitedFrom.getTime() - found.at.getTime() <= JUST_ASKED_MS;
  const isOvertaken = own !== undefined && own.at > found.at;
  const isNewest = all[0] === found && isFresh && !isOvertaken;
  const which = !corrects && open.length > 1 ? whichOf(last) : undefined;
  const said = history.filter((message) => message.turn === found.turn);
  const isOpen = found.isOpen && !corrects;
  return { turn: found.turn, last, before, history: said, past, isNewest, isOvertaken, isOpen, which };
}

function whichOf({ words }: LastExchange): string {
  const about = words.trim() === "" ? "" : ` about “${firstOf(oneLine(words))}”`;
  return `This answers my newest question${about}. An older one is still open: answer it in its own thread.`;
}

/** As they wrote them: no mark in them is one of Nova's own line. */
const firstOf = (words: string): string => escaped(clip(words, FIRST_WORDS));

/** What a question has become that was answered beside its conversation: whoever was chosen there goes on here. */
export async function standing(
  { turn, last, before }: Exchange & { readonly turn: TurnId },
  person: Person,
  { transcript }: Pick<Crew, "transcript">,
): Promise<Exchange> {
  const later = isAsking(last) ? await transcript.answeredBeside(turn, person) : undefined;
  if (!later || !last) return { last, before };
  const { to } = later.route;
  return { last: to.kind === "agent" ? { ...last, agent: to.agent, clarifying: [], asked: false } : null, before };
}

export const isAsking = (last: LastExchange | null | undefined): boolean =>
  last !== null && last !== undefined && (last.asked || last.clarifying.length > 0);
