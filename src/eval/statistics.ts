/** The arithmetic that every score is made of, as the public scorer of the benchmark data does it. Pure. */

/** NaN for nothing. */
export const mean = (values: readonly number[]): number =>
  values.length === 0 ? NaN : values.reduce((sum, value) => sum + value, 0) / values.length;

/** A share as per cent with two decimals; null for what could not be measured. */
export const percent = (share: number): number | null =>
  Number.isFinite(share) ? Number((100 * share).toFixed(2)) : null;

/** The value below which that share lies; undefined for nothing. */
export function quantile(values: readonly number[], share: number): number | undefined {
  const sorted = values.toSorted((a, b) => a - b);
  return sorted[Math.min(sorted.length - 1, Math.floor(share * sorted.length))];
}

/** How often one of `higher` exceeds one of `lower`; a tie counts half. NaN when either is empty. */
export function auroc(higher: readonly number[], lower: readonly number[]): number {
  if (higher.length === 0 || lower.length === 0) return NaN;
  const all = [
    ...higher.map((value) => ({ value, isHigher: true })),
    ...lower.map((value) => ({ value, isHigher: false })),
  ].toSorted((a, b) => a.value - b.value);
  let ranks = 0;
  for (let start = 0; start < all.length;) {
    let end = start;
    while (end < all.length && all[end]?.value === all[start]?.value) end++;
    // Equal values share the middle of their ranks, which begin at 1.
    for (const { isHigher } of all.slice(start, end)) if (isHigher) ranks += (start + end + 1) / 2;
    start = end;
  }
  return (ranks - (higher.length * (higher.length + 1)) / 2) / (higher.length * lower.length);
}

/** The share of `lower` below a threshold that keeps that share of `higher`. */
export function rejectedKeeping(higher: readonly number[], lower: readonly number[], keep: number): number {
  const threshold = quantile(higher, 1 - keep);
  return threshold === undefined ? NaN : mean(lower.map((value) => (value < threshold ? 1 : 0)));
}
