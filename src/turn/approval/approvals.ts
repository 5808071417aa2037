/**
 * What Nova answers about decisions that wait: /approvals, /approve and /deny. Only these words with a number decide; what
 * somebody says in other words decides nothing. Called by commands.ts.
 */
import { setTimeout as pause } from "node:timers/promises";
import {
  HOOKS_PLATFORM,
  mayBeToldAt,
  proposalId,
  type Action,
  type CommandName,
  type Proposal,
  type Route,
  type Settlement,
  type TakenTurn,
} from "#core";
import { escaped, paragraphs, quoted } from "./card-text.ts";
import { cardOf, endWords } from "./cards.ts";
import type { Crew } from "../crew.ts";
import { createApprovals, mayDecide, onTheTerminal } from "./decide.ts";
import { novaSays, refusedRoute } from "../endings.ts";
import { holdsOthers } from "./others-words.ts";
import { showProposals } from "./show.ts";
import { deniedKey } from "./tell-proposal.ts";

export type ApprovalCommand = Extract<CommandName, "approvals" | "approve" | "deny">;

type Said = {
  readonly text: string;
  readonly actions?: readonly Action[];
  /** What of the text shows proposals. */
  readonly card?: string;
  /** What it shows or tells of. */
  readonly of?: readonly Proposal[];
};

/** More cards than these in one message nobody reads with care. */
const MOST_CARDS = 5;
const MOST_LISTED = 20;

export async function answerApprovals(
  turn: TakenTurn,
  route: Route,
  { name, rest }: { readonly name: ApprovalCommand; readonly rest: string },
  crew: Crew,
): Promise<Settlement> {
  // A program may hold the secret of an endpoint, and no program decides.
  if (turn.address.platform === HOOKS_PLATFORM) return refusedRoute(turn, route, NO_POSTS, crew);
  if (turn.person.role === "guest") return refusedRoute(turn, route, NO_GUESTS, crew);
  const said: Said =
    name === "approvals"
      ? await waiting(turn, crew)
      : rest.trim() === ""
        ? await whichOne(turn, name, crew)
        : await decided(turn, name, rest, crew);
  const { text, actions = [], card = "", of = [] } = said;
  const tainted = of.some((proposal) => holdsOthers(proposal, turn.person));
  return {
    ...novaSays(turn, crew, { route, text, tainted }),
    ...(actions.length > 0 ? { actions } : {}),
    ...(card === "" ? {} : { card }),
  };
}

const NO_POSTS = "Posts decide nothing. Press the button on the card, or write `/approve` in a conversation.";
const NO_GUESTS = "Guests decide nothing here. The card says who may.";

const USAGE = "`/approve <number>` does it, `/deny <number> [why]` does not; each card says its number.";

/** What this person may decide, each as its card, and what they wait for. */
async function waiting(turn: TakenTurn, crew: Crew): Promise<Said> {
  const { person } = turn;
  const { known, all, mine } = await openFor(turn, crew);
  const others = all.filter((proposal) => !mine.includes(proposal));
  const shown = mine.slice(0, MOST_CARDS);
  if (known.length === 0) return { text: "Nothing waits for a decision." };
  // They are counted once, in the line above them.
  const card = shown.length > 0 ? await showProposals(shown, crew, person, false) : { text: "", actions: [] };
  return {
    text: paragraphs(
      mine.length > 0
        ? `**${counted(mine.length)} for your decision.** ${USAGE}`
        : `Nothing ${all.length < known.length ? "that was asked for here " : ""}waits for your decision.`,
      card.text,
      mine.length > shown.length
        ? `**Without their cards,** which \`nova approvals show <number>\` shows:\n\n${lines(mine.slice(shown.length, MOST_LISTED), crew)}`
        : "",
      others.length > 0
        ? `**Yours, for somebody else to decide:**\n\n${lines(others.slice(0, MOST_LISTED), crew)}`
        : "",
      asideWords(known.length - all.length),
    ),
    actions: card.actions,
    card: card.text,
    of: all,
  };
}

type Waiting = {
  readonly known: readonly Proposal[];
  /** Those of them that may be told here, and of these what they may decide. */
  readonly all: readonly Proposal[];
  readonly mine: readonly Proposal[];
};

async function openFor({ person, address }: TakenTurn, crew: Crew): Promise<Waiting> {
  const known = (await crew.proposals.list(person)).filter(({ state }) => state === "pending");
  const all = known.filter((proposal) => mayBeToldAt(address, proposal.address));
  const mine = all.filter((proposal) => mayDecide(proposal, { person, via: address.platform }, crew) !== "no");
  return { known, all, mine };
}

/** A command without its number: the numbers there are, and no cards. */
async function whichOne(turn: TakenTurn, name: ApprovalCommand, crew: Crew): Promise<Said> {
  const { known, all, mine } = await openFor(turn, crew);
  if (mine.length === 0)
    return {
      text: paragraphs(
        known.length === 0 ? `Nothing waits for a decision. ${USAGE}` : "Nothing waits for your decision.",
        asideWords(known.length - all.length),
      ),
    };
  return {
    text: paragraphs(
      `Which one? \`/${name}\` needs its number, and nothing was decided.`,
      lines(mine.slice(0, MOST_LISTED), crew),
      asideWords(known.length - all.length),
    ),
    of: mine,
  };
}

const asideWords = (count: number): string =>
  count === 0 ? "" : `${count} more ${count === 1 ? "waits" : "wait"} that others need not read; ask me in private.`;

const counted = (count: number): string => (count === 1 ? "One thing waits" : `${count} things wait`);

const lines = (proposals: readonly Proposal[], crew: Crew): string =>
  proposals.map((proposal) => `- \`${proposal.id}\` ${titleOf(proposal, crew)}`).join("\n");

const titleOf = ({ effect }: Proposal, { effects }: Crew): string =>
  escaped(cardOf(effect, effects.get(effect.verb)).title);

/** A number, with `#` or without, and behind it words for whoever asked. */
const NUMBER = /^#?(\d{1,18})(?:[.:,]?\s+([\s\S]+))?$/;

/** "16 17", "16 and 17", "16, 17". */
const NUMBERS = /^#?\d{1,18}(?:(?:\s*[,;&+]\s*|\s+)(?:(?:and|und)\s+)?#?\d{1,18})+$/i;

async function decided(turn: TakenTurn, name: ApprovalCommand, rest: string, crew: Crew): Promise<Said> {
  const { person, address } = turn;
  if (NUMBERS.test(rest.trim())) {
    const each = Array.from(rest.matchAll(/\d+/g), ([found]) => `\`/${name} ${found}\``);
    return { text: `One number at a time, so nothing was decided. Write ${each.join(", then ")}.` };
  }
  const [, number, why = ""] = NUMBER.exec(rest.trim()) ?? [];
  if (number === undefined) return { text: `That is no number. ${USAGE} \`/approvals\` lists what waits.` };
  const proposal = await crew.proposals.get(proposalId(number), person);
  const via = address.platform;
  if (!proposal || mayDecide(proposal, { person, via }, crew) === "no") {
    return { text: `Nothing under the number ${number} is yours to decide. \`/approvals\` lists what waits for you.` };
  }
  if (!mayBeToldAt(address, proposal.address)) return { text: notHere(proposal) };
  const verdict = name === "approve" ? "approve" : "deny";
  const approvals = createApprovals(crew);
  // Also in the conversation on the terminal: what has to be typed is typed before the card.
  if (verdict === "approve" && proposal.state === "pending" && approvals.mustType(proposal) !== null)
    return { text: onTheTerminal(proposal) };
  if (verdict === "approve" && !isSeen(proposal, why) && proposal.state === "pending")
    return unseen(proposal, turn, crew);
  const { id, digest } = proposal;
  const { kind, card } = await approvals.say({ proposal: id, digest, verdict, by: person, via });
  if (kind === "done" && verdict === "deny") await explain(proposal, turn, why, crew);
  const ended = kind === "done" && verdict === "approve" ? await endOf(proposal, turn, crew) : undefined;
  return {
    text: paragraphs(`**${titleOf(proposal, crew)}**`, ended ?? card.text),
    actions: card.actions,
    of: [proposal],
  };
}

/** Not even its title: others read along. */
const notHere = ({ id }: Proposal): string =>
  `Number ${id} was not asked for here, where others read along, so nothing was decided. Send me that in a conversation of ours alone.`;

/** What it is approved for mostly takes a moment: whoever typed it reads how it ended. Undefined: it takes longer. */
async function endOf({ id }: Proposal, { person }: TakenTurn, crew: Crew): Promise<string | undefined> {
  for (let looks = 0; looks < MOST_LOOKS; looks += 1) {
    const proposal = await crew.proposals.get(id, person);
    const state = proposal?.fate?.state;
    if (proposal && state !== undefined && state !== "waiting" && state !== "claimed") {
      return endWords(proposal, await crew.zoneOf(person.id));
    }
    await pause(LOOK_MS);
  }
  return undefined;
}

/** Three seconds in all. */
const MOST_LOOKS = 60;
const LOOK_MS = 50;

/** Stands for one version of it: typed behind the number, it says which one was read. */
const codeOf = ({ version, digest }: Proposal): string => `v${version}-${digest.slice(0, 6)}`;

const isSeen = (proposal: Proposal, typed: string): boolean =>
  proposal.version === 1 || typed.trim().toLowerCase() === codeOf(proposal);

/** A number says nothing about which version was read: what was changed is decided by its button, or by its code. */
async function unseen(proposal: Proposal, { person }: TakenTurn, crew: Crew): Promise<Said> {
  const card = await showProposals([proposal], crew, person);
  const how = `It was changed since it was proposed, so the number alone does not decide it. It reads as below; \`/approve ${proposal.id} ${codeOf(proposal)}\` has exactly that done.`;
  return { text: paragraphs(how, card.text), actions: card.actions, card: card.text, of: [proposal] };
}

/** Whoever asked is told why, in the words of the one who denied it. */
async function explain(proposal: Proposal, { person }: TakenTurn, why: string, crew: Crew): Promise<void> {
  if (why.trim() === "" || proposal.person.id === person.id) return;
  const { person: to, address } = proposal;
  const name = escaped(person.name);
  const title = titleOf(proposal, crew);
  const say = (key: string, text: string) =>
    crew.announcements.say({
      key,
      to,
      address,
      text: paragraphs(text, quoted(why.trim())),
      agent: null,
      origin: "outside",
    });
  // By its key it is the denial itself; where that was told already the reason stands behind it.
  const said = await say(deniedKey(proposal), `${name} denied “${title}”, and nothing was done. ${name} says why:`);
  if (said.kind === "seen")
    await say(`proposal:${proposal.id}:why:${to.id}`, `${name} says why “${title}” was denied:`);
}
