/** Discord's ids: they hold their own time, and rise. Used by world.ts. */
const EPOCH = 1_420_070_400_000n;

export function snowflakes(now: () => Date): () => string {
  let last = 0n;
  return () => {
    const next = (BigInt(now().getTime()) - EPOCH) << 22n;
    last = next > last ? next : last + 1n;
    return last.toString();
  };
}
