/** Whether telling of a proposal tells words that whoever reads them did not say. Pure. Used wherever one is told of again. */
import type { Announcement, Person, Proposal } from "#core";

type Told = Pick<Proposal, "person" | "taints" | "othersWords">;

/** A card shows the words whole, and so may the news of it: an agent that goes on from either goes on from them. */
export const holdsOthers = ({ person, taints, othersWords }: Told, reader: Pick<Person, "id">): boolean =>
  taints.length > 0 || othersWords === true || person.id !== reader.id;

/** The same for what Nova says unasked. */
export const originOf = (told: Told, reader: Pick<Person, "id">): Pick<Announcement, "origin"> =>
  holdsOthers(told, reader) ? { origin: "outside" } : {};
