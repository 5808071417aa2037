/** Keeps a claim while its effect is carried out; says so when it is lost. Used by executor.ts. */
import type { Claim, Ledger } from "#core";

export interface Hold {
  /** Aborted once nobody can say any more whose the claim is. */
  readonly signal: AbortSignal;
  letGo(): void;
}

/** A claim is good for ten seconds at a time. */
const AGAIN_MS = 2_500;
const GOOD_MS = 9_000;

class ClaimLost extends Error {
  override readonly name = "ClaimLost";
  constructor() {
    super("the claim on an effect is lost");
  }
}

export function keepHold(claim: Claim, ledger: Pick<Ledger, "hold">): Hold {
  const lost = new AbortController();
  let goodUntil = performance.now() + GOOD_MS;
  const check = (): void => {
    if (performance.now() > goodUntil) lost.abort(new ClaimLost());
  };
  const renew = async (): Promise<void> => {
    const from = performance.now();
    try {
      if (await ledger.hold(claim)) goodUntil = from + GOOD_MS;
      else lost.abort(new ClaimLost());
    } catch {
      // The database is away: the claim is good for as long as it was.
    }
  };
  const timer = setInterval(() => {
    check();
    if (!lost.signal.aborted) void renew();
  }, AGAIN_MS);
  return { signal: lost.signal, letGo: () => clearInterval(timer) };
}
