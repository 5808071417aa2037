/** Keeps every card of a proposal true, and tells whoever has to know: who may decide, and who asked. Called by effects.ts. */
import type { Person, Proposal, ProposalId, ShownCard, Untold } from "#core";
import { readDeed } from "../actions.ts";
import { cardOf, saysHowMany } from "./cards.ts";
import type { Crew } from "../crew.ts";
import { mayDecide } from "./decide.ts";
import { holdsOthers, originOf } from "./others-words.ts";
import { showProposals, type ShowCrew } from "./show.ts";

export type TellCrew = ShowCrew & Pick<Crew, "announcements" | "proposals" | "watch">;

/** May be called again with the same: what was said is not said twice. */
export async function tellProposal({ proposal, why, cards, elsewhere }: Untold, crew: TellCrew): Promise<void> {
  for (const card of cards) await redraw(card, proposal, crew);
  if (proposal.state === "pending") return tellDeciders(proposal, { why, elsewhere }, crew);
  await tellAsker(proposal, crew);
}

/** What stands around the card stays, and so do the buttons that are about something else. */
async function redraw(
  { message, text, card, actions, proposals }: ShownCard,
  of: Proposal,
  crew: TellCrew,
): Promise<void> {
  // Where they are a list they are counted above it.
  const drawn = await showProposals(proposals, crew, undefined, card === null || saysHowMany(card));
  const kept = actions.filter(({ id }) => !isAboutProposal(id));
  await crew.announcements.amend(message, {
    text: withCard(text, card, drawn.text),
    actions: [...drawn.actions, ...kept],
    // From now on it shows what somebody else may have written.
    ...(proposals.some(({ othersWords }) => othersWords === true) ? { tainted: true } : {}),
  });
  await crew.watch.drawn(message, drawn.text, of.person);
}

const isAboutProposal = (action: string): boolean => {
  const deed = readDeed(action);
  return deed !== undefined && "proposal" in deed;
};

function withCard(text: string, before: string | null, now: string): string {
  if (text.includes(now)) return text;
  return before !== null && text.includes(before) ? text.replace(before, () => now) : now;
}

/** Those who decide get the card; a reminder goes to whoever asked as well, who sees the card where it stands. */
async function tellDeciders(
  proposal: Proposal,
  { why, elsewhere }: Pick<Untold, "why" | "elsewhere">,
  crew: TellCrew,
): Promise<void> {
  const { person, address } = proposal;
  const title = titleOf(proposal, crew);
  const isReminder = why === "reminder";
  const intro = isReminder
    ? `A reminder: this still waits for your decision. ${person.name} asked for it.`
    : `${person.name} asked for something that waits for your decision.`;
  for (const to of elsewhere) {
    const card = await showProposals([proposal], crew, to);
    const said = await crew.announcements.say({
      key: keyOf(proposal.id, why, to),
      to,
      address: null,
      text: `${intro}\n\n${card.text}`,
      actions: card.actions,
      agent: null,
      aside: true,
    });
    if (said.kind === "unreachable") continue;
    await crew.proposals.shown(proposal, said.message);
    await crew.watch.drawn(said.message, card.text, proposal.person);
  }
  if (!isReminder) return;
  // On the terminal counts, too: what is grave is theirs no less.
  const isTheirs = mayDecide(proposal, { person, via: address.platform }, crew) !== "no";
  const whom = [...elsewhere.map(({ name }) => name), ...(isTheirs ? ["you"] : [])];
  const how = isTheirs ? "Its card stands above; `/approvals` lists what waits." : "Its card stands above.";
  await crew.announcements.say({
    key: keyOf(proposal.id, why, person),
    to: person,
    address,
    text: `A reminder: “${title}” still waits for ${listed(whom)} to decide. ${how}`,
    agent: null,
    tainted: holdsOthers(proposal, person),
  });
}

/** Of what ends otherwise than by their own click: that they see where they clicked. */
async function tellAsker(proposal: Proposal, crew: TellCrew): Promise<void> {
  const text = newsOf(proposal, titleOf(proposal, crew));
  if (text === undefined) return;
  const { person, address, decision, fate, state } = proposal;
  const key = `${state}.${fate?.state ?? "none"}`;
  const news = { text, agent: null };
  await crew.announcements.say({
    ...news,
    key: keyOf(proposal.id, key, person),
    to: person,
    address,
    ...originOf(proposal, person),
  });
  // Whoever decided has to know as well that it may have happened, or did not.
  if (!isTrouble(fate) || !decision?.by || decision.by.id === person.id) return;
  await crew.announcements.say({
    ...news,
    key: keyOf(proposal.id, key, decision.by),
    to: decision.by,
    address: null,
    ...originOf(proposal, decision.by),
  });
}

/** Undefined: nothing that the card does not say where they look anyway. */
function newsOf({ state, decision, person, fate, changedBy }: Proposal, title: string): string | undefined {
  const other = decision?.by && decision.by.id !== person.id ? decision.by.name : undefined;
  const asChanged = changedBy === undefined ? "" : `, as ${changedBy} changed it,`;
  switch (state) {
    case "expired":
      return `Nobody decided in time on “${title}”, so nothing was done. Ask for it again if it still matters.`;
    case "denied":
      return other === undefined ? undefined : `${other} denied “${title}”. Nothing was done.`;
    case "pending":
    case "withdrawn":
      return undefined;
    case "approved":
      break;
  }
  switch (fate?.state) {
    case "done":
      return other === undefined
        ? undefined
        : `${approvedBy(other, title, changedBy)}, and it is done. ${fate.told ?? ""}`.trim();
    case "failed":
      return `“${title}”${asChanged} was ${decision?.by ? "approved, but it was " : ""}not done. ${fate.told ?? "Something broke before it was begun."}`;
    case "unknown":
      return `“${title}”${asChanged} was ${decision?.by ? "approved" : "to be done"}, and nobody can tell whether it was done: ${fate.told ?? "Nova was interrupted, or got no answer."} Look at where it was to happen before you ask for it again; it is not tried again.`;
    case undefined:
    case "waiting":
    case "claimed":
      return undefined;
  }
}

/** Who asked did not read it as it was approved. */
function approvedBy(name: string, title: string, changedBy: string | undefined): string {
  if (changedBy === name) return `${name} changed “${title}” and approved it`;
  return `${name} approved “${title}”${changedBy === undefined ? "" : ` as ${changedBy} changed it`}`;
}

const isTrouble = (fate: Proposal["fate"]): boolean => fate?.state === "failed" || fate?.state === "unknown";

const titleOf = ({ effect }: Proposal, { effects }: TellCrew): string => cardOf(effect, effects.get(effect.verb)).title;

/** Announcements are said once a tenant. Who was told is found by these keys; see postgres/effects/proposal-watch.ts. */
const keyOf = (id: ProposalId, what: string, to: Person): string => `proposal:${id}:${what}:${to.id}`;

/** Of what tells the one who asked that it was denied. */
export const deniedKey = ({ id, person }: Pick<Proposal, "id" | "person">): string => keyOf(id, "denied.none", person);

/** "Ann, Ben or you". */
const listed = (names: readonly string[]): string =>
  names.length < 2 ? (names[0] ?? "somebody") : `${names.slice(0, -1).join(", ")} or ${names.at(-1)}`;
