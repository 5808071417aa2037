/** Counts of a text: words, characters, sentences, paragraphs and the time it takes to read. */
import type { TextWork } from "./ask-text.ts";
import { sentencesIn } from "./sentences.ts";

const WORDS_A_MINUTE = 220;

export function count({ text }: TextWork): string {
  const words = text.match(/[\p{L}\p{N}]+(?:[-'’.,][\p{L}\p{N}]+)*/gu)?.length ?? 0;
  const characters = [...new Intl.Segmenter(undefined, { granularity: "grapheme" }).segment(text.trim())];
  const visible = characters.filter(({ segment }) => segment.trim() !== "").length;
  const paragraphs = text.split(/\n\s*\n/).filter((paragraph) => paragraph.trim() !== "").length;
  const seconds = Math.ceil((words / WORDS_A_MINUTE) * 60);
  const reading = seconds < 60 ? `${seconds} seconds` : `about ${Math.round(seconds / 60)} min`;
  return [
    `- **Words:** ${words}`,
    `- **Characters:** ${characters.length} (${visible} without spaces)`,
    `- **Sentences:** ${sentencesIn(text).length}`,
    `- **Paragraphs:** ${paragraphs}`,
    `- **Reading time:** ${reading} at ${WORDS_A_MINUTE} words a minute`,
  ].join("\n");
}
