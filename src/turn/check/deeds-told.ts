/** What may be told of others' deeds, looked up word by word. Pure. Made by deeds.ts for each answer. */
import { sentencesIn } from "./sentences.ts";

export type DeedsTold = {
  holds(word: string): boolean;
  /** A sentence of it, no question and no wish, with the same deed and another word that means something. */
  tells(sentence: string, word: string): boolean;
};

const WISHED =
  /\?|\b(?:please|get|make sure|want|need|should|must|has to|have to|if|bitte|soll|sollte|muss|möchte|will|wenn)\b/i;

/** Each word is looked for once. */
export function createDeedsTold(sources: readonly string[]): DeedsTold {
  const words = new Map<string, { readonly held: boolean; readonly beside: ReadonlySet<string> }>();
  const look = (word: string) => {
    const sought = new RegExp(String.raw`(?<!\p{L})${word.replaceAll(/\W/gu, ".")}(?!\p{L})`, "iu");
    const holding = sources.filter((source) => sought.test(source));
    const told = holding.flatMap(sentencesIn).filter(({ text }) => !WISHED.test(text) && sought.test(text));
    return { held: holding.length > 0, beside: new Set(told.flatMap(({ text }) => contentOf(text))) };
  };
  const of = (word: string) => {
    const known = words.get(word) ?? look(word);
    words.set(word, known);
    return known;
  };
  return {
    holds: (word) => of(word).held,
    tells: (sentence, word) =>
      of(word).held && contentOf(sentence).some((each) => each !== word && of(word).beside.has(each)),
  };
}

const contentOf = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];
