/** The kernel: what may be done, and who decides. Pure functions over closed types, handed to the turn room. */
import type { Policy } from "#core";
import { canonical } from "./canonical.ts";
import { mayDecide } from "./decide.ts";
import { scopeOf } from "./scope.ts";
import { weigh } from "./weigh.ts";

/** Nothing is let through because something went wrong: what throws is denied. */
export const createPolicy = (): Policy => ({
  weigh: closed(weigh, { kind: "deny", why: "unweighed" }),
  scopeOf: closed(scopeOf, "beyond"),
  mayDecide: closed(mayDecide, "no"),
  canonical: closed(canonical, { kind: "refused", reason: "This cannot be written down in one certain form." }),
});

/** The same function with `otherwise` where it would throw. */
function closed<Ask, Answer>(judge: (ask: Ask) => Answer, otherwise: Answer): (ask: Ask) => Answer {
  return (ask) => {
    try {
      return judge(ask);
    } catch {
      return otherwise;
    }
  };
}
