/** What stands before an agent is raised: whoever does it types its id on a terminal. Lowering asks nothing. Used by trust.ts. */
import { NovaError, type AgentId } from "#core";
import { looked } from "./trust-words.ts";
import type { Beforehand } from "./verb.ts";

const ADVICE = "Run it where you can type; --yes is not enough. To lower an agent nothing is asked.";

export const askBeforeRaise: Beforehand = {
  look(body) {
    const { why: _, ...asked } = record(body);
    return { ...asked, do: "look" };
  },
  question(result) {
    const { agent, raises } = looked.parse(result);
    if (!raises) return undefined;
    return {
      words: `Type “${agent}” to raise it:`,
      typed: agent,
      maySkip: false,
      otherwise: new NovaError("forbidden", "An agent is raised by typing on a terminal.", { advice: ADVICE }),
    };
  },
  meant: (body, _, typed) => (typed === undefined ? body : { ...record(body), typed }),
};

/** For whoever comes by another way than the terminal. */
export const untyped = (agent: AgentId): NovaError =>
  new NovaError("forbidden", `That raises ${agent}, which takes somebody who types its id; nothing was changed.`, {
    advice: ADVICE,
  });

const record = (value: unknown): Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null ? { ...value } : {};
