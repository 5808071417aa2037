/** The one schedule that a person means, or the question which. Used by the effects that change and remove them. */
import { scheduleMeant, type Bound, type Schedule } from "#core";

type Named = { readonly kind: "one"; readonly schedule: Schedule } | Exclude<Bound, { kind: "bound" }>;

const MOST_NAMES = 6;

/** Without a name it is the only one there is. */
export function scheduleNamed(name: string, all: readonly Schedule[]): Named {
  const [first] = all;
  if (!first) return { kind: "refused", reason: "You have no reminders or schedules." };
  if (name === "" && all.length === 1) return { kind: "one", schedule: first };
  if (name === "") return { kind: "unclear", question: "Which one do you mean?", options: names(all) };
  const meant = scheduleMeant(name, all);
  switch (meant.kind) {
    case "one":
      return meant;
    case "several":
      return { kind: "unclear", question: "Several fit. Which one do you mean?", options: names(meant.schedules) };
    case "none":
      return {
        kind: "unclear",
        question: "None of yours fits that. Which one do you mean?",
        options: names(nearest(name, all)),
      };
  }
}

/** Those that share a word with it first. */
function nearest(name: string, all: readonly Schedule[]): readonly Schedule[] {
  const wanted = new Set(wordsIn(name));
  const shared = (each: Schedule): number =>
    wordsIn(`${each.name} ${each.words}`).filter((word) => wanted.has(word)).length;
  return all.toSorted((a, b) => shared(b) - shared(a));
}

const wordsIn = (text: string): readonly string[] => text.toLowerCase().match(/[\p{L}\p{N}]{3,}/gu) ?? [];

const names = (all: readonly Schedule[]): readonly string[] => all.slice(0, MOST_NAMES).map(({ name }) => name);
