/** What a caller is told who could not prove anything: the refusal, or to wait after too many. Used by both addresses. */
import { answerRefusal, createThrottle, PEER_HEADER, type Clock, type HttpRefusal } from "#core";

export interface Guard {
  /**
   * Called only once a proof has failed. A good signature or token never comes here and so is never held up, also where
   * every caller comes through one proxy and shares its address with whoever is guessing.
   */
  failed(request: Request, refusal: HttpRefusal): Response;
  /** The refusal for an address that has used up its failures already; undefined for all others. Counts nothing. */
  held(request: Request): Response | undefined;
}

const FAILURES = { limit: 20, windowMs: 60_000 };

export function createGuard(clock: Clock): Guard {
  const throttle = createThrottle({ ...FAILURES, clock });
  return {
    failed(request, refusal) {
      const wait = throttle.attempt(addressOf(request));
      return wait === 0 ? answerRefusal(refusal) : tooMany(wait);
    },
    held(request) {
      const wait = throttle.wait(addressOf(request));
      return wait === 0 ? undefined : tooMany(wait);
    },
  };
}

const addressOf = (request: Request): string => request.headers.get(PEER_HEADER) ?? "unknown";

const tooMany = (wait: number): Response =>
  answerRefusal({
    status: 429,
    code: "forbidden",
    message: "Too many requests from this address could not be verified.",
    advice: `Wait ${wait} seconds, and check the secret or token.`,
    headers: { "retry-after": String(wait) },
  });
