/** A bare yes where one thing waits: it decides nothing, and is told what does. Called by turn.ts before the router is asked. */
import {
  addressKey,
  HOOKS_PLATFORM,
  isOwnWords,
  isReply,
  mayBeToldAt,
  type Message,
  type Proposal,
  type Route,
  type TakenTurn,
} from "#core";
import { besideSince } from "../beside.ts";
import { escaped } from "./card-text.ts";
import { cardOf } from "./cards.ts";
import type { Crew } from "../crew.ts";
import { mayDecide } from "./decide.ts";
import { isQuestion } from "../exchange.ts";
import { holdsOthers } from "./others-words.ts";
import type { Past } from "../past.ts";
import { gistOfAll } from "../words.ts";

/** Nothing else may stand there: any more words are meant for an agent. */
const WORD = String.raw`(?:yes|yep|yeah|y|ok|okay|sure|approve(?: it)?|approved|do it|send it|go ahead|no|nope|nah|deny(?: it)?|denied|please)`;
const YES = new RegExp(String.raw`^\s*${WORD}(?:[\s,.!]+${WORD})?[\s.!]*$`, "i");

type Answered = {
  readonly route: Route;
  readonly text: string;
  /** True: it names what rests on words that nobody vouches for. */
  readonly tainted: boolean;
};

type YesCrew = Pick<Crew, "proposals" | "policy" | "effects" | "transcript"> & { readonly past: Past };

/**
 * Undefined: it is no such word, nothing or more than one thing waits here for them, or Nova has asked something else since.
 * Where nothing waits here, it is about the newest thing that waits beside this conversation.
 */
export async function answerToYes(turn: TakenTurn, crew: YesCrew): Promise<Answered | undefined> {
  const { person, address } = turn;
  const words = gistOfAll(turn.messages);
  if (!YES.test(words) || !turn.messages.every(isOwnWords) || address.platform === HOOKS_PLATFORM) return undefined;
  const pending = (await crew.proposals.list(person)).filter(({ state }) => state === "pending");
  const isTheirs = (one: Proposal): boolean => mayDecide(one, { person, via: address.platform }, crew) !== "no";
  const isHere = (one: Proposal): boolean => addressKey(one.address) === addressKey(address);
  const waiting = pending.filter(isTheirs);
  const here = waiting.filter(isHere);
  const [only] = here;
  if (here.length > 1) return undefined;
  const said = (await crew.past.newest(LOOK_BACK)).findLast(isReply);
  if (said?.reply?.kind === "clarify") return undefined;
  // What they asked for, and somebody else is to decide.
  const asked = pending.findLast((one) => one.person.id === person.id && isHere(one) && !isTheirs(one));
  const standing = only ?? asked;
  if (standing && said && asksSince(said, standing, person)) return undefined;
  const beside = only ? undefined : await wordsBeside(turn, { waiting, said }, crew);
  const text = only ? `${NOTHING} ${commandsFor(only)}` : (beside?.text ?? (asked && `${NOTHING} ${notTheirs(asked)}`));
  if (text === undefined) return undefined;
  const reason = "A bare yes or no decides nothing, and is for no agent while something waits for it.";
  return {
    route: { to: { kind: "refuse", reason }, confidence: 1, stage: "exact", candidates: [], reason, words },
    text,
    tainted: beside?.tainted ?? false,
  };
}

const LOOK_BACK = 6;

/** "Shall I make it longer?", of this person and behind the card; where it is shown again, its agent asks of nothing else. */
const asksSince = (said: Message, { createdAt, shownIn }: Proposal, { id }: TakenTurn["person"]): boolean =>
  said.reply?.kind === "answer" &&
  said.asker === id &&
  said.at > createdAt &&
  !shownIn.includes(said.id) &&
  isQuestion(said);

type Beside = { readonly waiting: readonly Proposal[]; readonly said: Message | undefined };

/** Of what they asked for themselves, not long ago, elsewhere in this place. Undefined: nothing, or something was said since. */
async function wordsBeside(
  turn: TakenTurn,
  { waiting, said }: Beside,
  crew: YesCrew,
): Promise<Pick<Answered, "text" | "tainted"> | undefined> {
  const since = besideSince(turn);
  const beside = waiting.filter((one) => one.createdAt >= since && isBeside(one, turn));
  const newest = beside.at(-1);
  if (!newest || (said && said.at > newest.createdAt)) return undefined;
  const asked = (await crew.transcript.exchangesBeside(turn, since)).find(({ isOpen }) => isOpen);
  if (asked && asked.at > newest.createdAt) return undefined;
  if (!mayBeToldAt(turn.address, newest.address)) return { text: `${NOTHING} ${ELSEWHERE}`, tainted: false };
  const title = `“${escaped(cardOf(newest.effect, crew.effects.get(newest.effect.verb)).title)}”`;
  const which =
    beside.length === 1
      ? `${title} waits in another thread`
      : `The newest of the ${beside.length} that wait in other threads is ${title}`;
  return { text: `${NOTHING} ${which}: ${commandsFor(newest)}`, tainted: holdsOthers(newest, turn.person) };
}

const NOTHING = "That word decides nothing by itself.";
const ELSEWHERE = "Something of yours waits in another thread here; the buttons of its card decide it.";
const commandsFor = ({ id }: Proposal): string =>
  `\`/approve ${id}\` has it done, \`/deny ${id}\` does not; \`/approvals\` shows it again.`;
const notTheirs = ({ id }: Proposal): string =>
  `Number ${id}, which you asked for, waits for somebody else: its card says who may decide; \`/approvals\` shows it again.`;

/** Before others nothing is told of what was asked in private. */
function isBeside({ address: there, person: asked }: Proposal, { address: here, person }: TakenTurn): boolean {
  if (asked.id !== person.id || there.platform !== here.platform) return false;
  if (there.scope !== here.scope || there.container !== here.container) return false;
  return here.visibility === "private" || there.visibility === "shared";
}
