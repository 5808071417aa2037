/** Summaries by extraction: the text's own sentences, each with its anchor; nothing is reworded. */
import { mostCentral } from "./centrality.ts";
import type { TextWork } from "./ask-text.ts";
import { countIn } from "./numerals.ts";
import { sentencesIn, type Sentence } from "./sentences.ts";

const MAX_POINTS = 7;

export function summarise({ text, instruction }: TextWork): string {
  const sentences = sentencesIn(text);
  const wanted = countIn(instruction, /(?:sentence|bullet|point|line|takeaway|item|thing)s?/);
  const count = Math.min(wanted ?? usual(sentences.length, instruction), sentences.length);
  const chosen = mostCentral(sentences, count);
  const points = chosen.map(bullet).join("\n");
  if (sentences.length === 1) return `It is one line already:\n\n${points}`;
  if (chosen.length === sentences.length) return `This is short already; here is all of it:\n\n${points}`;
  return `The ${chosen.length} of ${sentences.length} sentences that carry the most, as they stand:\n\n${points}`;
}

const bullet = ({ text, number }: Sentence): string => `- ${text} [s${number}]`;

function usual(sentences: number, instruction: string): number {
  const points = Math.min(MAX_POINTS, Math.ceil(Math.sqrt(sentences * 1.2)));
  return Math.max(1, /\b(?:shorter|briefer|fewer|less)\b/i.test(instruction) ? Math.floor(points / 2) : points);
}
