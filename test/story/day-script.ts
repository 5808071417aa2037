/** What is said on the scripted day: who says it, where, in which order, and what is said twice. Played by day.test.ts. */

export type Line = {
  /** The sender's own id of the post: sent again, it is the same message. */
  readonly id: string;
  readonly place: Place;
  readonly text: string;
  /** How often it is sent in all; the further copies all at once. */
  readonly copies: number;
  /** What the answer must hold. */
  readonly expects?: string;
  /** The line that must have been answered, too, for that. */
  readonly about?: string;
};

/** Three people's pages, one person's own shortcut, and a monitor's alerts from outside. */
export const PLACES = ["Owner", "Ada", "Bob", "shortcut", "alerts"] as const;
export type Place = (typeof PLACES)[number];

/** Lines that are sent at once; the group after them is sent when all of them are acknowledged. */
export type Group = readonly Line[];

type Chance = { next(): number };

const THINGS = ["spare key", "old ladder", "red folder", "camping stove", "label printer", "first-aid kit"];
const SPOTS = ["behind the blue door", "in the cellar", "under the stairs", "at Mrs Keller's", "in drawer four"];

/** `perPlace` lines for every place, at least 2; the groups of all places in the order in which they may begin. */
export function writeScript(perPlace: number, chance: Chance, newId: () => string): readonly Group[] {
  const groups = PLACES.map((place) => grouped(linesAt(place, perPlace, chance, newId), chance));
  const longest = Math.max(...groups.map(({ length }) => length));
  return Array.from({ length: longest }, (_, i) => groups.flatMap((own) => own[i] ?? [])).flatMap((round) =>
    Array.from(Map.groupBy(round, ({ place }) => place).values()),
  );
}

function linesAt(place: Place, count: number, chance: Chance, newId: () => string): readonly Line[] {
  const ids = Array.from({ length: count }, newId);
  return ids.map((id, i) => ({
    id,
    place,
    copies: chance.next() < 0.25 ? 2 + Math.floor(chance.next() * 3) : 1,
    ...(place === "alerts" ? alert(i) : talk(place, i, ids)),
  }));
}

type Said = Pick<Line, "text" | "expects" | "about">;

/** A note, a sum, and a question about the note. */
function talk(place: Place, i: number, ids: readonly string[]): Said {
  const round = Math.floor(i / 3);
  const thing = `${place} ${THINGS[round % THINGS.length]}`;
  const spot = SPOTS[(round + place.length) % SPOTS.length] ?? "";
  switch (i % 3) {
    case 0:
      return { text: `Remember that the ${thing} is ${spot}` };
    case 1:
      return { text: `What is ${i + 2} % of ${100 * place.length}?`, expects: String((i + 2) * place.length) };
    default:
      return { text: `Where is the ${thing}?`, expects: spot, about: ids[i - 2] ?? "" };
  }
}

const alert = (i: number): Said => ({
  text: `[FIRING] Disk of web-${i + 1} is ${80 + i} % full. https://status.example/alerts/${i + 1}`,
});

/** Now and then two lines are said at once. A question is not said beside the note that it is about. */
function grouped(lines: readonly Line[], chance: Chance): readonly Group[] {
  const groups: Group[] = [];
  for (let i = 0; i < lines.length; i += 1) {
    const [line, next] = lines.slice(i, i + 2);
    if (!line) break;
    const isPair = next !== undefined && line.expects === undefined && chance.next() < 0.3;
    groups.push(isPair && next ? [line, next] : [line]);
    if (isPair) i += 1;
  }
  return groups;
}
