/** Work that is begun once, however often it is asked for. Used by main.ts. */

/** Runs `work` at the first call; every call waits for that one run. */
export function once(work: () => Promise<void>): { begin(): Promise<void>; begun(): boolean } {
  let run: Promise<void> | undefined;
  return { begin: () => (run ??= work()), begun: () => run !== undefined };
}
