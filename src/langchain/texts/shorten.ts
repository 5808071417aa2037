/** Shortens by leaving out the sentences that carry least, and says which. */
import { clip, words } from "#core";
import { centrality } from "./centrality.ts";
import type { TextWork } from "./ask-text.ts";
import { countIn } from "./numerals.ts";
import { sentencesIn, type Sentence } from "./sentences.ts";

const USUAL_SHARE = 0.6;
/** A short sentence that carries nothing would fit everywhere; the last ones are not looked at. */
const CONSIDERED = 0.8;
const SHOWN_OF_DROPPED = 80;

export function shorten({ text, instruction }: TextWork): string {
  const sentences = sentencesIn(text);
  const chosen = keep(sentences, instruction);
  const kept = sentences.filter((sentence) => chosen.has(sentence));
  const dropped = sentences.filter((sentence) => !chosen.has(sentence));
  const from = wordsOf(sentences);
  if (dropped.length === 0) {
    return `I found no sentence to leave out: the text is ${from} words in ${plural(sentences.length)}.`;
  }
  return [
    kept.map((sentence) => sentence.text).join(" "),
    `Left out (${from} words became ${wordsOf(kept)}):`,
    dropped.map(({ text: left }) => `- “${clip(left, SHOWN_OF_DROPPED)}”`).join("\n"),
  ].join("\n\n");
}

/** At least one sentence stays. */
function keep(sentences: readonly Sentence[], instruction: string): ReadonlySet<Sentence> {
  const wantedSentences = countIn(instruction, /sentences?|lines?/);
  const wantedWords = countIn(instruction, /words?/) ?? Math.floor(wordsOf(sentences) * share(instruction));
  const scores = centrality(sentences);
  const ranked = sentences
    .map((sentence, index) => ({ sentence, score: scores[index] ?? 0 }))
    .toSorted((a, b) => b.score - a.score)
    .slice(0, Math.ceil(sentences.length * CONSIDERED))
    .map(({ sentence }) => sentence);

  const kept = new Set<Sentence>();
  let length = 0;
  for (const sentence of ranked) {
    const longer = length + wordsIn(sentence);
    const fits = wantedSentences ? kept.size < wantedSentences : longer <= wantedWords;
    if (!fits && kept.size > 0) continue;
    kept.add(sentence);
    length = longer;
  }
  return kept;
}

function share(instruction: string): number {
  const percent = /(\d{1,2})\s?(?:%|per ?cent)/i.exec(instruction)?.[1];
  if (percent) return /\bby\b/i.test(instruction) ? 1 - Number(percent) / 100 : Number(percent) / 100;
  if (/\bhalf\b|\bhalve\b/i.test(instruction)) return 0.5;
  if (/\bthird\b/i.test(instruction)) return /\bby a third\b/i.test(instruction) ? 0.67 : 0.34;
  return USUAL_SHARE;
}

const wordsOf = (sentences: readonly Sentence[]): number =>
  sentences.reduce((sum, sentence) => sum + wordsIn(sentence), 0);
const wordsIn = ({ text }: Sentence): number => words(text).length;
const plural = (count: number): string => (count === 1 ? "one sentence" : `${count} sentences`);
