/** How well one ranked list finds what was wanted. Pure; called by retrieval-score.ts. */

const CUTS = [1, 3, 5, 10, 20] as const;
const GAIN_CUT = 10;

export type RankingScore = Readonly<Record<string, number>>;

/** `wanted` is not empty; `ranked` holds nothing twice. All figures are shares of 1. */
export function scoreRanking<Id>(ranked: readonly Id[], wanted: ReadonlySet<Id>): RankingScore {
  const first = ranked.findIndex((id) => wanted.has(id));
  return {
    ...Object.fromEntries(CUTS.flatMap((cut) => atCut(ranked, wanted, cut))),
    mrr: first < 0 ? 0 : 1 / (first + 1),
    [`ndcg@${GAIN_CUT}`]: normalizedGain(ranked, wanted),
  };
}

function atCut<Id>(ranked: readonly Id[], wanted: ReadonlySet<Id>, cut: number): (readonly [string, number])[] {
  const found = ranked.slice(0, cut).filter((id) => wanted.has(id)).length;
  return [
    [`recall@${cut}`, found / wanted.size],
    [`hit@${cut}`, found > 0 ? 1 : 0],
    [`all@${cut}`, found === wanted.size ? 1 : 0],
  ];
}

/** What is found counts less the further down it stands; 1 is the best order there could be. */
function normalizedGain<Id>(ranked: readonly Id[], wanted: ReadonlySet<Id>): number {
  const gain = (place: number): number => 1 / Math.log2(place + 2);
  let got = 0;
  ranked.slice(0, GAIN_CUT).forEach((id, place) => {
    if (wanted.has(id)) got += gain(place);
  });
  let best = 0;
  for (let place = 0; place < Math.min(GAIN_CUT, wanted.size); place++) best += gain(place);
  return got / best;
}
