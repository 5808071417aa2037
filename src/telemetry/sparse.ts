/** Says the same trouble once in a while only. Used for a collector that is away. */

/** `write` gets how often it was passed over since it was last called. */
export type Sparse = (write: (more: number) => void) => void;

export function createSparse(everyMs: number, now: () => number = () => performance.now()): Sparse {
  let last = -Infinity;
  let more = 0;
  return (write) => {
    if (now() - last < everyMs) return void (more += 1);
    last = now();
    write(more);
    more = 0;
  };
}
