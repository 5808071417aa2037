/** The ways a turn can end, each with its one visible result. */
import {
  clip,
  gistOf,
  isStop,
  type Address,
  type AgentId,
  type FailCode,
  type NewMemory,
  type RenderedPart,
  type ReplyNote,
  type Route,
  type Settlement,
  type TakenTurn,
} from "#core";
import { answerActions, choiceActions } from "./actions.ts";
import { agentName, type Crew } from "./crew.ts";
import { dialectOf } from "./dialect.ts";
import type { PartEnd } from "./parts/part-end.ts";
import { stainOf } from "./parts/taint.ts";
import { oneVoice } from "./parts/voice.ts";

type Say = Pick<Crew, "surfaces" | "roster">;
/** A plain "I cannot" or "there is none" is work done; a turn has failed when something broke. */
const HONEST: ReadonlySet<FailCode> = new Set(["cannot", "not_found", "needs_model"]);

type Words = Settlement["reply"];

/** What agents came to, in one voice: a failure is told in its own words. */
export function answered(
  turn: TakenTurn,
  crew: Say,
  left: { readonly route: Route; readonly ends: readonly PartEnd[]; readonly steps: Settlement["steps"] },
): Settlement {
  const { route, ends, steps } = left;
  const { agent, model, reply, text } = oneVoice(ends.map(({ said }) => said));
  const cited = ends.flatMap((end) => end.cited);
  const proposals = ends.flatMap((end) => end.proposals);
  const { card } = ends.findLast((end) => end.card) ?? {};
  const signals = ends.flatMap((end) => end.signals);
  return {
    ...ending(turn, crew, {
      agent,
      text,
      note: { kind: reply.kind, model },
      ...stainOf(ends.flatMap(({ taints }) => taints)),
    }),
    state: reply.kind === "fail" && !HONEST.has(reply.code) ? "failed" : "done",
    actions: [...ends.flatMap(({ actions }) => actions), ...answerActions(turn, { agent, cited }, crew.roster)],
    route,
    steps,
    keep: distinct(ends.flatMap(({ kept }) => kept.keep)),
    forget: [...new Set(ends.flatMap(({ kept }) => kept.forget))],
    cited,
    ...(card && card.text !== "" ? { card: card.text } : {}),
    ...(proposals.length > 0 ? { proposals } : {}),
    ...(signals.length > 0 ? { signals } : {}),
    ...(reply.kind === "fail" ? { failure: reply.code } : {}),
  };
}

/** What a person stated is kept once, however many agents read it. */
const distinct = (items: readonly NewMemory[]): readonly NewMemory[] => [
  ...new Map(items.map((item) => [`${item.kind} ${item.message} ${item.text}`, item])).values(),
];

/** Nova itself speaks, no agent: a command's result, or what came of a plain yes. */
export function novaSays(
  turn: TakenTurn,
  crew: Say,
  said: {
    readonly route: Route;
    readonly text: string;
    /** True: it tells words that nobody vouches for. */
    readonly tainted?: boolean;
    readonly pin?: AgentId | null;
  },
): Settlement {
  const { text, tainted = false, ...rest } = said;
  const reply: Words = { agent: null, text, note: { kind: "notice", model: null }, ...(tainted ? { tainted } : {}) };
  return { ...ending(turn, crew, reply), ...rest };
}

/** The router could not tell two agents apart: both are named, and "2" or a name settles it. */
export function clarification(
  turn: TakenTurn,
  route: Route,
  to: { readonly question: string; readonly options: readonly AgentId[] },
  crew: Say,
): Settlement {
  const options = to.options.map((agent, i) => {
    const purpose = crew.roster.get(agent)?.purpose ?? "";
    return `${i + 1}. **${agentName(crew.roster, agent)}**: ${purpose}`;
  });
  const text = [to.question, "", ...options].join("\n");
  const actions = choiceActions(turn, route, { options: to.options, roster: crew.roster });
  return { ...ending(turn, crew, { agent: null, text, note: { kind: "clarify", model: null } }), route, actions };
}

/** The words named an agent or command that does not exist; never answered by a default in its place. */
export function refusedRoute(turn: TakenTurn, route: Route, reason: string, crew: Say): Settlement {
  return {
    ...ending(turn, crew, { agent: null, text: reason, note: { kind: "fail", model: null } }),
    route,
  };
}

export function stopped(turn: TakenTurn, crew: Say): Settlement {
  const text = turn.cancelled ? stoppedUnread(turn) : "Stopped. Nothing of the unfinished answer was kept.";
  return { ...ending(turn, crew, { agent: null, text, note: { kind: "stopped", model: null } }), state: "cancelled" };
}

/** What was stopped before it was read is named, so that it can be sent again. */
function stoppedUnread({ messages }: TakenTurn): string {
  const unread = messages
    .filter(({ text }) => !isStop(text))
    .map((message) => `- ${clip(oneLine(gistOf(message)), 80)}`);
  return ["Stopped. This was not answered; send it again if it still matters:", "", ...unread].join("\n");
}

const oneLine = (text: string): string => text.replaceAll(/\s+/g, " ").trim();

const APOLOGIES = {
  internal:
    "Something went wrong inside Nova while it worked on this, so there is no answer. Your message is kept; send it again to try once more. The log and `nova trace` hold the details.",
  gave_up:
    "Nova was interrupted several times while it worked on this and has given up, so there is no answer. Your message is kept; send it again, perhaps in smaller parts.",
} as const;

export function apology(turn: TakenTurn, crew: Say, why: keyof typeof APOLOGIES): Settlement {
  const note: ReplyNote = { kind: "fail", model: null };
  return { ...ending(turn, crew, { agent: null, text: APOLOGIES[why], note }), state: "failed" };
}

const MISSING =
  "Part of my reply may not have reached you: the connection broke while I was sending it. Ask again if something is missing.";

/** No ending of its own: follows a reply of which the platform does not say whether all of it arrived. */
export const missingPart = (address: Address, crew: Pick<Crew, "surfaces">): readonly RenderedPart[] =>
  crew.surfaces.renderOwn(address, MISSING);

const UNSENT = {
  refused: "Part of my reply could not be sent: this place did not take it. Ask again for what is missing.",
  late: "Part of my reply could not be sent: nothing could be written here for a day. Ask again if it still matters.",
} as const;

/** The same for a part that certainly did not arrive and is not tried again. */
export const unsentPart = (
  address: Address,
  crew: Pick<Crew, "surfaces">,
  why: keyof typeof UNSENT,
): readonly RenderedPart[] => crew.surfaces.renderOwn(address, UNSENT[why]);

const rendered = (turn: TakenTurn, { agent, note, text }: Words, crew: Say): readonly RenderedPart[] =>
  crew.surfaces[dialectOf({ agent, model: note.model })](turn.address, text);

/** Below a line of Nova's. */
export function withLeadIn(line: string, turn: TakenTurn, settlement: Settlement, crew: Say): Settlement {
  const reply = { ...settlement.reply, text: `${line}\n\n${settlement.reply.text}` };
  return { ...settlement, reply, parts: rendered(turn, reply, crew) };
}

/** Done, with nothing left behind but the reply. */
export function ending(turn: TakenTurn, crew: Say, reply: Words): Settlement {
  return {
    state: "done",
    route: null,
    steps: [],
    reply,
    parts: rendered(turn, reply, crew),
    keep: [],
    forget: [],
    cited: [],
  };
}
