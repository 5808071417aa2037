/** A question with its options as one text, and back: a number settles it. Written by turn/parts/voice.ts, read for programs by adapters. */

export type Question = { readonly question: string; readonly options: readonly string[] };

/** Each option is a line, so that none of them can end early or look like two. */
export const questionText = ({ question, options }: Question): string =>
  [
    question,
    ...options.map((option, i) => `${i === 0 ? "\n" : ""}${i + 1}. ${option.replaceAll(/\s+/g, " ").trim()}`),
  ].join("\n");

/** The options are the numbered lines that the text ends with, below an empty one; without such, all of it is the question. */
export function readQuestion(text: string): Question {
  const at = text.lastIndexOf("\n\n1. ");
  if (at === -1) return { question: text, options: [] };
  const lines = text.slice(at + 2).split("\n");
  const options = lines.map((line, i) => (line.startsWith(`${i + 1}. `) ? line.slice(`${i + 1}. `.length) : undefined));
  const whole = options.filter((option) => option !== undefined);
  return whole.length === options.length
    ? { question: text.slice(0, at), options: whole }
    : { question: text, options: [] };
}
