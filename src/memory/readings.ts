/**
 * What a mistyped word may have been meant as: every word one slip away. Called by lexicon.ts; the store keeps what it
 * knows of them. Looking up some hundred words costs the same however many words a memory holds.
 */
import { STOP_WORDS, type AskedTerm, type Reading } from "#core";
import { termOf } from "./line-terms.ts";
import { dimensionOf } from "./term-dimension.ts";

/** A word must be this much like what it is read as: twice what both share, of what both have. */
const LIKE_ENOUGH = 0.8;

/** Of a shorter word, one letter is too much; a longer one is no word that somebody mistyped. */
const SHORTEST = 4;
const SHORTEST_NAME = 5;
const LONGEST = 24;

/** Letters that may be missing or wrong, script by script. In other scripts only swapped and doubled ones are seen. */
const ALPHABETS = ["abcdefghijklmnopqrstuvwxyz", "абвгдеёжзийклмнопрстуфхцчшщъыьэюя", "αβγδεζηθικλμνξοπρσςτυφχψω"].map(
  (letters) => Array.from(letters),
);

/** Left out by those who have no key for them. */
const ACCENTED = Array.from("àáâãäåçèéêëìíîïñòóôõöùúûüýÿ");

export function readingsOf({ word, isName }: AskedTerm): readonly Reading[] {
  const letters = Array.from(word);
  const shortest = isName ? SHORTEST_NAME : SHORTEST;
  if (!/^\p{L}+$/u.test(word) || letters.length < shortest || letters.length > LONGEST) return [];
  const readings = new Map<string, Reading>();
  for (const [read, weight] of isName ? nameSlips(letters) : slips(letters)) {
    if (weight < LIKE_ENOUGH || STOP_WORDS.has(read)) continue;
    const term = termOf(read);
    const reading = { word: read, term, dim: dimensionOf(term), weight };
    if (isPlainer(reading, readings.get(term))) readings.set(term, reading);
  }
  return [...readings.values()];
}

/** Several slips have one stem: "boiler" is meant rather than "boilerer". */
function isPlainer(reading: Reading, than: Reading | undefined): boolean {
  if (!than || reading.word.length < than.word.length) return true;
  return reading.word.length === than.word.length && reading.weight > than.weight;
}

type Slip = readonly [read: string, likeness: number];

function slips(letters: readonly string[]): readonly Slip[] {
  return [...swapped(letters), ...doubled(letters), ...missed(letters), ...mistaken(letters), ...unaccented(letters)];
}

/** Another letter makes another name, and so does another ending: Maria, Mario and Marian are three people. */
function nameSlips(letters: readonly string[]): readonly Slip[] {
  return [...swapped(letters), ...doubled(letters).slice(0, -1), ...missed(letters, letters.length - 1)];
}

/** Nothing is missing and nothing is wrong but the order, so it counts half a letter. */
function swapped(letters: readonly string[]): readonly Slip[] {
  const likeness = 1 - 1 / (2 * letters.length);
  return letters
    .slice(1)
    .map((letter, at): Slip => [letters.toSpliced(at, 2, letter, letters[at] ?? "").join(""), likeness]);
}

/** One letter too many. */
function doubled(letters: readonly string[]): readonly Slip[] {
  const likeness = 1 - 1 / (2 * letters.length - 1);
  return letters.map((_, at): Slip => [letters.toSpliced(at, 1).join(""), likeness]);
}

/** One letter too few; the last place is behind `end` letters. */
function missed(letters: readonly string[], end: number = letters.length): readonly Slip[] {
  const likeness = 1 - 1 / (2 * letters.length + 1);
  return Array.from({ length: end + 1 }, (_, at) => at).flatMap((at) =>
    alphabetOf(letters).map((letter): Slip => [letters.toSpliced(at, 0, letter).join(""), likeness]),
  );
}

function mistaken(letters: readonly string[]): readonly Slip[] {
  const likeness = 1 - 1 / letters.length;
  if (likeness < LIKE_ENOUGH) return [];
  return letters.flatMap((_, at) =>
    alphabetOf(letters).map((letter): Slip => [letters.toSpliced(at, 1, letter).join(""), likeness]),
  );
}

function unaccented(letters: readonly string[]): readonly Slip[] {
  const likeness = 1 - 1 / (2 * letters.length);
  return letters.flatMap((letter, at) =>
    ACCENTED.filter((each) => each.normalize("NFD").startsWith(letter)).map((each): Slip => [
      letters.with(at, each).join(""),
      likeness,
    ]),
  );
}

const alphabetOf = (letters: readonly string[]): readonly string[] =>
  ALPHABETS.find((alphabet) => letters.some((letter) => alphabet.includes(letter))) ?? [];
