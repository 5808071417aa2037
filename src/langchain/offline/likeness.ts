/** How alike two requests are, by their words and by the shape of what stands in them. Chooses tools and skills. */
import { STOP_WORDS, stem, words } from "#core";

/** Weighted features of a request: stems, and marks such as `#percent` for what it contains. */
export type Features = ReadonlyMap<string, number>;

const STOP_WEIGHT = 0.3;

/** Shapes that tell requests apart better than their words do. Dates are taken out first: they are no subtractions. */
const SHAPES: readonly { readonly name: string; readonly weight: number; readonly pattern: RegExp }[] = [
  {
    name: "#date",
    weight: 1,
    pattern:
      /\b\d{4}-\d{2}-\d{2}\b|\b\d{1,2}(?:st|nd|rd|th)? (?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b/gi,
  },
  { name: "#id", weight: 1.5, pattern: /\b[a-z]\d+\b/gi },
  { name: "#percent", weight: 1, pattern: /\d\s*(?:%|per ?cent)/gi },
  { name: "#operator", weight: 1.5, pattern: /[\d)]\s*(?:[-+*/^×÷−]|\bx\b)\s*[\d(]/gi },
  {
    name: "#rows",
    weight: 2,
    pattern: /(?:^|\n)[^\n]*(?:[,;|\t][^\n]*)\n[^\n]*[,;|\t]|(?:\n\s*[-−]?\d[\d.,]*\s*){2}/g,
  },
  { name: "#number", weight: 0.6, pattern: /\b\d[\d.,]*/g },
];

/** `shape` is the whole message when `text` is only its instruction. */
export function featuresOf(text: string, shape: string = text): Features {
  const features = new Map<string, number>();
  for (const word of words(text)) {
    if (/^[a-z]?\p{N}/u.test(word)) continue;
    const stopped = STOP_WORDS.has(word);
    // "slowest" is about being slow.
    const base = word.length > 6 ? word.replace(/est$/, "") : word;
    features.set(stopped ? `~${word}` : stem(base), stopped ? STOP_WEIGHT : 1);
  }
  let rest = shape.slice(0, 4_000);
  for (const { name, weight, pattern } of SHAPES) {
    if (rest.search(pattern) < 0) continue;
    features.set(name, weight);
    if (name === "#date" || name === "#id") rest = rest.replace(pattern, " ");
  }
  return features;
}

/** Cosine, 0 to 1. */
export function likeness(a: Features, b: Features): number {
  let shared = 0;
  for (const [feature, weight] of a) shared += weight * (b.get(feature) ?? 0);
  return shared === 0 ? 0 : shared / (norm(a) * norm(b));
}

/** Likeness to the nearest of some examples. */
export function nearest(asked: Features, examples: readonly string[]): number {
  return Math.max(0, ...examples.map((example) => likeness(asked, featuresOf(example))));
}

const norm = (features: Features): number => Math.hypot(...features.values());
