/** Notes by template and questions about them, as many as are wanted. Used by recall. */
import type { NewMemory } from "#core";

const THINGS = ["spare key", "ladder", "red folder", "stove", "printer", "first-aid kit", "lease", "passport", "drill"];
const OWNERS = [
  "Keller",
  "Okafor",
  "Lindqvist",
  "Moreau",
  "Tanaka",
  "Novak",
  "Silva",
  "Haddad",
  "Byrne",
  "Costa",
  "Weiss",
];
const PLACES = ["cellar", "attic", "hallway", "garage", "office", "kitchen", "shed", "archive", "studio", "workshop"];
const COLOURS = ["blue", "green", "grey", "yellow", "brown", "white", "black"];

/** Kept everywhere: of no project and no branch. */
export const HERE_AND_NOWHERE = { project: null, branch: null } as const;

const pick = (list: readonly string[], at: number): string => list[at % list.length] ?? "";
/** A number of its own for every note, as rooms, invoices and dates have them. */
const numberOf = (at: number): number => 1_000 + at;

export function noteAt(at: number): NewMemory {
  const [thing, owner] = [pick(THINGS, at), pick(OWNERS, Math.floor(at / 9))];
  const [place, colour] = [pick(PLACES, Math.floor(at / 7)), pick(COLOURS, Math.floor(at / 13))];
  return {
    kind: "note",
    text: `The ${thing} of ${owner} is in the ${place} behind the ${colour} door, shelf ${numberOf(at)}.`,
    author: "Owner",
    trust: "owner",
    happenedAt: new Date(Date.UTC(2026, 0, 1) + at * 60_000),
    stream: `bench ${Math.floor(at / 20)}`,
    message: null,
  };
}

export function questionAt(turn: number, size: number): string {
  const at = (turn * 7_919) % size;
  const thing = pick(THINGS, at);
  return turn % 2 === 0
    ? `Where is the ${thing} of ${pick(OWNERS, Math.floor(at / 9))}, is it behind the ${pick(COLOURS, Math.floor(at / 13))} door?`
    : `What stands on shelf ${numberOf(at)}?`;
}
