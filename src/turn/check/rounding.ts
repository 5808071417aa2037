/** Whether a figure is one of a source's, rounded. Pure. Read by figures.ts alone. */

/** Canonical digits in the order of their values. */
export type Ordered = { readonly digits: readonly string[]; readonly values: readonly number[] };

/** As many on either side are looked at: what is further off was rounded to another figure. */
const NEIGHBOURS = 50;

export function around(digits: readonly string[]): Ordered {
  const values = digits.map((written) => ({ written, value: Number(written) })).toSorted((a, b) => a.value - b.value);
  return { digits: values.map(({ written }) => written), values: values.map(({ value }) => value) };
}

type Said = {
  /** It says of itself that it is rounded. */
  readonly about: boolean;
  readonly percent: boolean;
};

/** One of them could be rounded to it. */
export const near = (ordered: Ordered, digits: string, { about, percent }: Said): boolean =>
  nearest(ordered, Number(digits)).some((source) => rounds(source, digits) || (about && roundsTo(source, digits))) ||
  (percent && nearest(ordered, Number(moved(digits))).some((source) => rounds(String(Number(source) * 100), digits)));

/** 17 % of a source's 0.17. */
export const moved = (digits: string): string => String(Number((Number(digits) / 100).toPrecision(12)));

function nearest({ digits, values }: Ordered, value: number): readonly string[] {
  let [low, high] = [0, values.length];
  while (low < high) {
    const middle = (low + high) >> 1;
    if ((values[middle] ?? 0) < value) low = middle + 1;
    else high = middle;
  }
  return digits.slice(Math.max(0, low - NEIGHBOURS), low + NEIGHBOURS);
}

function rounds(source: string, digits: string): boolean {
  const places = digits.split(".")[1]?.length ?? 0;
  if (places > 20 || (source.split(".")[1]?.length ?? 0) <= places) return false;
  return Number(source).toFixed(places) === Number(digits).toFixed(places);
}

/** To as many leading digits as are written. */
function roundsTo(source: string, digits: string): boolean {
  const leading = Math.max(1, digits.replace(".", "").replace(/^0+/, "").replace(/0+$/, "").length);
  return Number(source) !== 0 && Number(Number(source).toPrecision(Math.min(21, leading))) === Number(digits);
}
