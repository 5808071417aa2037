/** Answers a click on a button under a reply. Called by every adapter through its host. */
import {
  againKey,
  mayMeet,
  type Action,
  type AgentId,
  type Inbound,
  type PastTurn,
  type Person,
  type Press,
  type Pressed,
  type Receipt,
  type Signal,
} from "#core";
import { othersOf, readDeed, useActions, type TurnDeed } from "./actions.ts";
import { changeProposal, type ChangeCrew } from "./approval/change-proposal.ts";
import { agentName, type Crew } from "./crew.ts";
import { decide } from "./approval/decide.ts";
import { readSnooze, snooze } from "./schedule/snooze.ts";
import { sourcesOf } from "./sources.ts";
import { ownWords } from "./words.ts";

export type PressCrew = Pick<
  Crew,
  | "people"
  | "labels"
  | "transcript"
  | "turns"
  | "signals"
  | "memory"
  | "operations"
  | "roster"
  | "router"
  | "schedules"
  | "announcements"
  | "clock"
> &
  ChangeCrew & {
    /** The ordinary door of messages. */
    accept(inbound: Inbound): Promise<Receipt>;
  };

/** Most agents that are offered in place of the one that answered. */
const MOST_OTHERS = 5;
const ROUTE_MS = 5_000;

/** Always answers; throws only when the database is away. */
export async function press(pressed: Press, crew: PressCrew): Promise<Pressed> {
  const identified = await crew.people.identify(pressed.sender);
  if (identified.kind === "unknown") return refused(UNKNOWN);
  if (identified.kind === "blocked") return refused("This account is blocked.");
  const { person } = identified;
  const later = readSnooze(pressed.action);
  if (later) return snooze(later, person, crew);
  const deed = readDeed(pressed.action);
  if (!deed) return stale("I do not know this button any more.");
  if ("proposal" in deed) {
    const by = { person, via: pressed.address.platform };
    return deed.kind === "edit" ? changeProposal(deed, { by, fields: pressed.fields }, crew) : decide(deed, by, crew);
  }

  const found = await crew.transcript.turnOf(deed.turn, person);
  if (found === "another's") return refused(NOT_YOURS[deed.kind]);
  if (!found || found.messages.length === 0) return stale("What this was about is not there any more.");
  if (found.messages.some((message) => message.deletedAt)) return stale("The message was taken back.");
  // Whoever sent them did not press, and nobody may ask them of an agent as words of their own.
  if (found.messages.some((message) => message.origin === "outside")) {
    return stale("These words came from outside, so there is nothing to press here.");
  }
  return carryOut(deed, found, { person, pressed, crew });
}

const UNKNOWN =
  "I do not know this account yet. If I know you elsewhere, send me `/link` there, and here what I answer. Otherwise send me a message here, and I tell you how to be let in.";
const NOT_YOURS: Readonly<Record<TurnDeed["kind"], string>> = {
  "wrong-agent": "Only the one who asked can change the agent.",
  use: "Only the one who asked can change the agent.",
  sources: "Only the one who asked can see the sources: they may quote what is remembered for that person alone.",
};
const ASKED = "That was asked already.";

type By = { readonly person: Person; readonly pressed: Press; readonly crew: PressCrew };

async function carryOut(deed: TurnDeed, turn: PastTurn, by: By): Promise<Pressed> {
  switch (deed.kind) {
    case "sources": {
      const sources = await sourcesOf(turn, by.person, by.crew);
      return sources.kind === "none" ? stale(sources.why) : done(sources.text);
    }
    case "wrong-agent":
      return offerOthers(turn, by);
    case "use":
      return askAgain(turn, deed.agent, by);
  }
}

async function offerOthers(turn: PastTurn, { person, crew }: By): Promise<Pressed> {
  const answered = turn.reply.author.kind === "agent" ? turn.reply.author.agent : null;
  if (answered === null || !wordsOf(turn)) return stale("No agent answered here.");
  if (turn.handedOn) return stale(ASKED);
  await crew.turns.learn(turn.id, person, `wrong agent: ${answered}`);
  await crew.signals.add(turn.id, person, correction(answered, "wrong_agent", null));
  const others = await likelyOthers(turn, answered, { person, crew });
  const actions = useActions(turn.id, others, crew.roster);
  if (actions.length === 0) return stale("No other agent is on call that you may talk to.");
  return done("Who should have answered?", actions);
}

/** The likeliest first: those that the route weighed, else those that the words alone speak for, then the rest. */
async function likelyOthers(
  turn: PastTurn,
  answered: AgentId,
  { person, crew }: Pick<By, "person" | "crew">,
): Promise<readonly AgentId[]> {
  const others = othersOf(answered, person, crew.roster).map(({ id }) => id);
  const weighed = turn.route?.candidates ?? [];
  const likely = weighed.length > 0 ? weighed.map(({ agent }) => agent) : await chosenFor(turn, { person, crew });
  return [...new Set([...likely.filter((agent) => others.includes(agent)), ...others])].slice(0, MOST_OTHERS);
}

/** Whom Nova would choose for these words, had nobody been named. */
async function chosenFor(turn: PastTurn, { person, crew }: Pick<By, "person" | "crew">): Promise<readonly AgentId[]> {
  const ask = { words: wordsOf(turn) ?? "", person, origin: person.role, pinned: null, last: null, history: [] };
  const { to, candidates } = await crew.router.route(ask, AbortSignal.timeout(ROUTE_MS));
  return [...(to.kind === "agent" ? [to.agent] : []), ...candidates.map(({ agent }) => agent)];
}

/** The key makes all clicks under one reply, wherever and however often, one message. */
async function askAgain(turn: PastTurn, agent: AgentId, { person, pressed, crew }: By): Promise<Pressed> {
  const words = wordsOf(turn);
  if (!words) return stale("There is nothing here to ask again.");
  const spec = crew.roster.get(agent);
  if (!spec || !mayMeet(person.role, spec)) return stale(`“${agent}” is not on call for you any more.`);
  if (turn.handedOn) return stale(ASKED);
  if (!isHere(turn, pressed)) return stale("That was asked at another place: press the button there.");

  const key = againKey(turn.id);
  const files = turn.messages.flatMap((message) => message.files ?? []);
  // Whoever presses has not written what a schedule asked: it stays whose it was.
  const scheduled = turn.messages.map((message) => message.scheduled).find((wording) => wording !== undefined);
  const receipt = await crew.accept({
    deliveryKey: key,
    messageKey: key,
    address: turn.address,
    sender: pressed.sender,
    text: `@${agent} ${ownWords(words, turn.messages)}`.trim(),
    // "In 20 minutes" counts from the words, not from the click.
    sentAt: turn.messages.at(-1)?.at ?? crew.clock.now(),
    ...(scheduled === undefined ? {} : { scheduled, project: turn.project }),
    ...(files.length > 0 ? { files: files.map(({ ref, name, mime, size }) => ({ ref, name, mime, size })) } : {}),
  });
  switch (receipt.kind) {
    case "accepted":
      if (receipt.duplicate) return stale(ASKED);
      await learnWanted(turn, agent, { person, crew });
      return done(`Asking the ${agentName(crew.roster, agent)} …`);
    case "refused":
      return stale(receipt.reason);
    case "unknown":
    case "linked":
    case "blocked":
      return refused(UNKNOWN);
  }
}

/** An agent that was chosen from a question corrects nobody. */
async function learnWanted(turn: PastTurn, agent: AgentId, { person, crew }: Omit<By, "pressed">): Promise<void> {
  const answered = turn.reply.author.kind === "agent" ? turn.reply.author.agent : null;
  const chosen = turn.route?.to.kind === "clarify";
  const label = { words: wordsOf(turn) ?? "", wanted: agent, given: chosen ? null : answered } as const;
  await crew.labels.note(turn.id, person, { ...label, source: chosen ? "clarified" : "wrong_agent" });
  await crew.turns.learn(turn.id, person, `${chosen ? "chosen" : "wanted"} agent: ${agent}`);
  if (!chosen) await crew.signals.add(turn.id, person, correction(answered, "wanted_agent", agent));
}

const correction = (agent: AgentId | null, code: string, outcome: string | null): Signal => ({
  kind: "correction",
  agent,
  code,
  outcome,
});

/** A page or a program can send the id of any button; the answer is written where the turn was, before whoever reads there. */
function isHere({ address }: PastTurn, { address: here }: Press): boolean {
  if (address.platform !== here.platform || address.scope !== here.scope) return false;
  // What a command asked in private may have been answered in a direct message.
  return address.visibility === "private" || address.container === here.container;
}

/** What an agent was or is to be asked, with the names of files; undefined when there is no such thing, for a command for instance. */
function wordsOf({ route }: PastTurn): string | undefined {
  if (route?.to.kind !== "agent" && route?.to.kind !== "clarify" && route?.to.kind !== "plan") return undefined;
  return route.words.trim() === "" ? undefined : route.words;
}

const done = (text: string, actions: readonly Action[] = []): Pressed => ({ kind: "done", card: { text, actions } });
const stale = (text: string): Pressed => ({ kind: "stale", card: { text, actions: [] } });
const refused = (text: string): Pressed => ({ kind: "refused", card: { text, actions: [] } });
