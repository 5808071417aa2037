/** Discord bans an address after 10,000 refused requests in ten minutes. Asked by rest.ts, so that we never come near. */
import type { Clock } from "#core";

const WINDOW_MS = 10 * 60_000;
/** Others may stand behind the same address. */
const MOST = 1_000;

export interface Refusals {
  /** Of each answer that Discord itself gave. */
  note(response: Pick<Response, "status" | "headers">): void;
  /** How long no request may be made; 0 when one may. */
  waitMs(): number;
}

export function createRefusals(clock: Clock): Refusals {
  let since = 0;
  let count = 0;
  const now = () => clock.now().getTime();
  return {
    note(response) {
      if (!counts(response)) return;
      if (now() - since >= WINDOW_MS) [since, count] = [now(), 0];
      count += 1;
    },
    waitMs: () => (count < MOST ? 0 : Math.max(0, since + WINDOW_MS - now())),
  };
}

/** A limit that is shared with others is nobody's fault. */
const counts = ({ status, headers }: Pick<Response, "status" | "headers">): boolean =>
  status === 401 || status === 403 || (status === 429 && headers.get("x-ratelimit-scope") !== "shared");
