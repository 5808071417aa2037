/** Whom a question is about, and which lines tell of them. Called by verdict.ts. */
import { words, type LexicalHit, type LexicalQuery } from "#core";
import type { Weighed } from "./evidence.ts";
import { termOf } from "./line-terms.ts";
import { namesIn, openingName, properNames } from "./names.ts";

export type About = {
  /** As the question writes it. */
  readonly name: string;
  /** Terms that choose whose lines may answer, and so speak for none of them. */
  readonly given: readonly string[];
  /** Whether the line is theirs, or tells of them. */
  readonly holds: (line: Weighed) => boolean;
};

/**
 * The one speaker whom the question names; or else those whom it names without their having spoken. Undefined when it
 * names nobody, or several speakers: then every line may answer.
 */
export function aboutWhom(question: string, query: LexicalQuery, hits: readonly LexicalHit[]): About | undefined {
  const asked = new Set(query.names);
  const speakers = [...new Set(hits.map(({ author }) => author))].filter((author) => wordsIn(author, asked).length > 0);
  const [speaker] = speakers;
  if (speakers.length > 1) return undefined;
  if (speaker !== undefined) {
    const named = wordsIn(speaker, asked);
    return {
      name: asWritten(question, named),
      given: named.map(termOf),
      holds: ({ hit, held }) => hit.author === speaker || (hit.kind !== "turn" && holdsAll(held, named)),
    };
  }
  const named = namesIn(question);
  if (named.length === 0) return undefined;
  return { name: asWritten(question, named), given: [], holds: ({ held }) => holdsAll(held, named) };
}

/** Of whom a line tells: whoever says it in a conversation; in what is kept otherwise, the first one whom it names. */
export function tellsOf({ author, kind, text }: LexicalHit): string | null {
  if (kind === "turn") return author;
  const [name] = [openingName(text) ?? [], properNames(text)].flat();
  return name === undefined ? null : asWritten(text, [name]);
}

export const holdsAll = (held: ReadonlySet<string>, named: readonly string[]): boolean =>
  named.every((word) => held.has(termOf(word)));

const wordsIn = (name: string, asked: ReadonlySet<string>): readonly string[] =>
  words(name).filter((word) => asked.has(word));

/** The names as the text spells them, in its order. */
function asWritten(text: string, names: readonly string[]): string {
  const found = [...text.normalize("NFKC").matchAll(/[\p{L}\p{N}\p{M}]+/gu)].map(([word]) => word);
  const spelled = found.filter((word) => names.includes(word.toLowerCase()));
  return [...new Set(spelled)].join(" ") || names.join(" ");
}
