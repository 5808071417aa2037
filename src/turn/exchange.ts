/** An exchange that came before a turn, as the router is told of it. Used by choose.ts, and by beside.ts for one of another conversation. */
import { isOwnWords, isReply, type AgentId, type LastExchange, type Message, type Route, type TurnId } from "#core";
import { offeredBy } from "./actions.ts";

/** What the router is told, and the messages of the person that it was about. */
export type Exchange = { readonly last: LastExchange | null; readonly before: readonly Message[] };

/**
 * `history`: with its messages and its reply. The route's own words: what is asked again after a choice is what the question
 * was about, not how it was put.
 */
export function exchangeOf(
  { route, turn }: { readonly route: Route; readonly turn: TurnId },
  history: readonly Message[],
): Exchange {
  const before = history.filter((message) => message.turn === turn && !isReply(message));
  return { last: lastOf({ route, turn }, { history, before }), before };
}

/** Whether what was answered ends by asking, though it is no question to Nova: "Shall I make it longer?" */
export function endsAsking(turn: TurnId, history: readonly Message[]): boolean {
  const reply = history.findLast((message) => isReply(message) && message.turn === turn);
  return reply !== undefined && isQuestion(reply);
}

export const isQuestion = ({ text }: Pick<Message, "text">): boolean =>
  /[?？؟][\s"'”’»)\]*_`]*$/.test(text.trimEnd().slice(-20));

function lastOf(
  { route, turn }: { readonly route: Route; readonly turn: TurnId },
  { history, before }: { readonly history: readonly Message[]; readonly before: readonly Message[] },
): LastExchange | null {
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
