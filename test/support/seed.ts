/** Chance that can be repeated: the seed is printed, and NOVA_TEST_SEED sets it. */
import { createRandom } from "#core";

export function seededRandom(): { readonly seed: number; next(): number } {
  const seed = Number(process.env["NOVA_TEST_SEED"] ?? Date.now() % 2 ** 31);
  return { seed, next: createRandom(seed) };
}
