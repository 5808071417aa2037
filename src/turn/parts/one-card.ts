/** All that the parts of a turn propose, on one card: what is decided on one by one is told apart there. Called by respond.ts. */
import { showProposals, type ShowCrew } from "../approval/show.ts";
import type { PartEnd } from "./part-end.ts";

/** Where several parts have a card, one over all stands in the place of the last. */
export async function onOneCard(ends: readonly PartEnd[], crew: ShowCrew): Promise<readonly PartEnd[]> {
  const showing = ends.filter(hasCard);
  if (showing.length < 2) return ends;
  // Each once, in the order in which they are drawn again, so that their numbers stay.
  const shown = new Map(showing.flatMap(({ card }) => card?.shown ?? []).map((one) => [one.id, one]));
  const card = await showProposals(
    [...shown.values()].toSorted((a, b) => Number(a.id) - Number(b.id)),
    crew,
  );
  return ends.map((end) => {
    if (!end.card || !hasCard(end)) return end;
    const isLast = end === showing.at(-1);
    const shows = isLast ? card : { text: "", actions: [] };
    return {
      ...withCard(end, end.card.text, shows.text),
      actions: shows.actions,
      card: { ...end.card, text: shows.text },
    };
  });
}

/** Drafts wait for nobody, and stand in no card. */
const hasCard = ({ card }: PartEnd): boolean => card !== undefined && card.text !== "";

/** The card names what it is about by itself: no heading above it could be true of all. */
function withCard(end: PartEnd, before: string, now: string): PartEnd {
  const { said } = end;
  if (said.reply.kind !== "answer") return end;
  const text = said.reply.text.replace(before, () => now).trim();
  return { ...end, said: { ...said, words: now === "" ? said.words : "", reply: { ...said.reply, text } } };
}
