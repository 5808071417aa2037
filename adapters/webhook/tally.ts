/** How many posts were good and how many proved nothing since the start, as health shows it. */
export interface Tally {
  accepted(): void;
  refused(): void;
  /** For instance `12 good posts, 3 refused since the start`. */
  words(): string;
}

export function createTally(): Tally {
  let good = 0;
  let bad = 0;
  return {
    accepted: () => void (good += 1),
    refused: () => void (bad += 1),
    words: () => `${good} good ${good === 1 ? "post" : "posts"}, ${bad} refused since the start`,
  };
}
