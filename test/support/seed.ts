/** Chance that can be repeated: the seed is printed, and NOVA_TEST_SEED sets it. */
export function seededRandom(): { readonly seed: number; next(): number } {
  const seed = Number(process.env["NOVA_TEST_SEED"] ?? Date.now() % 2 ** 31);
  let state = seed >>> 0;
  return {
    seed,
    next() {
      state = (state + 0x6d2b79f5) >>> 0;
      let t = Math.imul(state ^ (state >>> 15), state | 1);
      t ^= t + Math.imul(t ^ (t >>> 7), t | 61);
      return ((t ^ (t >>> 14)) >>> 0) / 2 ** 32;
    },
  };
}
