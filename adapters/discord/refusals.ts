/** Discord bans an address after 10,000 refused requests in ten minutes. Asked by rest.ts, so that we never come near. */
import type { Clock } from "#core";
import type { Answer } from "./answer.ts";

const WINDOW_MS = 10 * 60_000;
/** Others may stand behind the same address. */
const MOST = 1_000;

export interface Refusals {
  note(answer: Answer): void;
  /** How long no request may be made; 0 when one may. */
  waitMs(): number;
}

export function createRefusals(clock: Clock): Refusals {
  let since = 0;
  let count = 0;
  const now = () => clock.now().getTime();
  return {
    note(answer) {
      if (!counts(answer)) return;
      if (now() - since >= WINDOW_MS) [since, count] = [now(), 0];
      count += 1;
    },
    waitMs: () => (count < MOST ? 0 : Math.max(0, since + WINDOW_MS - now())),
  };
}

const counts = (answer: Answer): boolean =>
  answer.kind === "later" || (answer.kind === "refused" && (answer.status === 401 || answer.status === 403));
