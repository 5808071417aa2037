/** What stands before an approval on the terminal: the card, and a yes or what has to be typed. Used by approvals.ts. */
import { NovaError } from "#core";
import { shown } from "./approvals-words.ts";
import type { Beforehand } from "./verb.ts";

const YES = "yes";

export const askBeforehand: Beforehand = {
  look: (body) => ({ ...record(body), do: "show" }),
  question(result) {
    const { state, may, typed, title } = shown.parse(result);
    // Said by the decision itself, which looks again.
    if (state !== "pending" || may === "no") return undefined;
    return {
      words: typed === null ? `Type ${YES} to have this done:` : `Type “${typed}” to have this done:`,
      typed: typed ?? YES,
      maySkip: typed === null,
      otherwise: new NovaError("forbidden", `“${title}” is approved by typing on a terminal.`, {
        advice:
          typed === null
            ? "Run it where you can type, or with --yes."
            : "Run it where you can type; --yes is not enough.",
      }),
    };
  },
  meant(body, result, typed) {
    const { digest, typed: must } = shown.parse(result);
    return { ...record(body), digest, ...(must === null || typed === undefined ? {} : { typed }) };
  },
};

const record = (value: unknown): object => (typeof value === "object" && value !== null ? value : {});
