/** What a part of a turn leaves behind that was not begun: words that say so. Called by respond.ts. */
import type { PartEnd } from "./part-end.ts";
import type { Unbegun } from "./part.ts";

const WORDS = {
  time: "I did not begin with this: what came before it took all the time that there is.",
  budget: "I did not begin with this: what came before it took all that may be spent at once.",
  many: "I did not begin with this: I do three things at once at most.",
} as const;
const CODES = { time: "timeout", budget: "budget", many: "cannot" } as const;

export const unbegun = ({ agent, why }: Unbegun, words: string): PartEnd => ({
  said: {
    words,
    agent: agent.id,
    model: null,
    reply: { kind: "fail", code: CODES[why], reason: `${WORDS[why]} Ask for it by itself.` },
  },
  kept: { keep: [], forget: [] },
  cited: [],
  actions: [],
  proposals: [],
  signals: [{ kind: "refused", agent: agent.id, code: `plan:${why}`, outcome: "say" }],
  taints: [],
});
