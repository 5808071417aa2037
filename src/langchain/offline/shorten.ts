/** Shortens by leaving out the sentences that carry least, and says which. */
import { clip, words } from "#core";
import { centrality } from "./centrality.ts";
import { answer, type Decision } from "./decision.ts";
import type { TextWork } from "./ask-text.ts";
import { countIn } from "./numerals.ts";
import { sentencesIn, type Sentence } from "./sentences.ts";

const USUAL_SHARE = 0.6;
const SHOWN_OF_DROPPED = 80;

export function shorten({ text, instruction }: TextWork): Decision {
  const sentences = sentencesIn(text);
  const kept = keep(sentences, instruction);
  const dropped = sentences.filter((sentence) => !kept.includes(sentence));
  const from = wordsOf(sentences);
  if (dropped.length === 0) {
    return answer(`I found no sentence to leave out: the text is ${from} words in ${plural(sentences.length)}.`);
  }
  return answer(
    [
      kept.map((sentence) => sentence.text).join(" "),
      `Left out (${from} words became ${wordsOf(kept)}):`,
      dropped.map(({ number, text: left }) => `- “${clip(left, SHOWN_OF_DROPPED)}” [s${number}]`).join("\n"),
    ].join("\n\n"),
  );
}

/** At least one sentence stays, in the order of the text. */
function keep(sentences: readonly Sentence[], instruction: string): readonly Sentence[] {
  const wantedSentences = countIn(instruction, /sentences?|lines?/);
  const wantedWords = countIn(instruction, /words?/) ?? Math.floor(wordsOf(sentences) * share(instruction));
  const scores = centrality(sentences);
  const ranked = sentences
    .map((sentence, index) => ({ sentence, score: scores[index] ?? 0 }))
    .toSorted((a, b) => b.score - a.score)
    .map(({ sentence }) => sentence);

  const kept: Sentence[] = [];
  for (const sentence of ranked) {
    const fits = wantedSentences ? kept.length < wantedSentences : wordsOf([...kept, sentence]) <= wantedWords;
    if (fits || kept.length === 0) kept.push(sentence);
  }
  return kept.toSorted((a, b) => a.number - b.number);
}

function share(instruction: string): number {
  const percent = /(\d{1,2})\s?(?:%|per ?cent)/i.exec(instruction)?.[1];
  if (percent) return /\bby\b/i.test(instruction) ? 1 - Number(percent) / 100 : Number(percent) / 100;
  if (/\bhalf\b|\bhalve\b/i.test(instruction)) return 0.5;
  if (/\bthird\b/i.test(instruction)) return /\bby a third\b/i.test(instruction) ? 0.67 : 0.34;
  return USUAL_SHARE;
}

const wordsOf = (sentences: readonly Sentence[]): number =>
  sentences.reduce((sum, sentence) => sum + words(sentence.text).length, 0);
const plural = (count: number): string => (count === 1 ? "one sentence" : `${count} sentences`);
