/** Any figure or day, copied from a source in any common notation, passes; with one digit changed it does not. */
import { describe, expect, test } from "vitest";
import { codesOf } from "./checked.ts";

/** The same numbers in every run. */
function numbers(seed: number): (below: number) => number {
  let state = seed;
  return (below) => {
    state = (Math.imul(state, 1_664_525) + 1_013_904_223) >>> 0;
    return state % below;
  };
}

const grouped = (digits: string, sign: string): string => digits.replace(/\B(?=(\d{3})+(?!\d))/g, sign);

/** Ways to write an amount of cents. */
const AMOUNTS: readonly ((whole: string, cents: string) => string)[] = [
  (whole, cents) => `${whole}.${cents}`,
  (whole, cents) => `${grouped(whole, ",")}.${cents}`,
  (whole, cents) => `${grouped(whole, ".")},${cents}`,
  (whole, cents) => `${grouped(whole, "'")}.${cents}`,
  (whole, cents) => `${grouped(whole, "\u202f")},${cents}`,
  (whole, cents) => `${grouped(whole, ".")},${cents} €`,
  (whole, cents) => `EUR ${grouped(whole, ",")}.${cents}`,
  (whole, cents) => `€${whole}.${cents}`,
];
const WHOLES: readonly ((whole: string) => string)[] = [
  (whole) => whole,
  (whole) => grouped(whole, ","),
  (whole) => grouped(whole, "."),
  (whole) => grouped(whole, " "),
  (whole) => grouped(whole, "'"),
  (whole) => `${grouped(whole, ",")} euros`,
  (whole) => `${whole} %`,
];
const MONTHS = [
  "January",
  "Februar",
  "March",
  "Apr",
  "Mai",
  "June",
  "Juli",
  "August",
  "Sept.",
  "Oktober",
  "Nov",
  "Dezember",
];
const two = (n: number): string => String(n).padStart(2, "0");
const DAYS: readonly ((y: number, m: number, d: number) => string)[] = [
  (y, m, d) => `${y}-${two(m)}-${two(d)}`,
  (y, m, d) => `${d}.${m}.${y}`,
  (y, m, d) => `${two(d)}.${two(m)}.${y}`,
  (y, m, d) => `${d} ${MONTHS[m - 1]} ${y}`,
  (y, m, d) => `${MONTHS[m - 1]} ${d}, ${y}`,
  (y, m, d) => `${d}. ${MONTHS[m - 1]} ${y}`,
];

/** One digit of it is another one; the first stays no 0. */
function changed(digits: string, at: number, by: number): string {
  const digit = Number(digits[at]);
  const other = (digit + 1 + (by % 8)) % 10;
  const put = at === 0 && other === 0 ? (digit === 9 ? 8 : 9) : other === digit ? (digit + 1) % 10 : other;
  return digits.slice(0, at) + put + digits.slice(at + 1);
}

const says = (source: string, answer: string) =>
  codesOf({
    words: `It came to ${source} in the end.`,
    answer: `It came to ${answer}.`,
    agent: { grounding: "strict" },
  });

describe("a figure copied from a source", () => {
  test("passes in each notation, and is found with another digit", () => {
    const next = numbers(7);
    for (let i = 0; i < 400; i += 1) {
      const whole = String(1_000 + next(9_000_000));
      const cents = `${1 + next(9)}${1 + next(9)}`;
      const [write, read] = [AMOUNTS[next(AMOUNTS.length)]!, AMOUNTS[next(AMOUNTS.length)]!];
      expect([write(whole, cents), read(whole, cents), says(write(whole, cents), read(whole, cents))]).toEqual([
        write(whole, cents),
        read(whole, cents),
        [],
      ]);
      const wrong = read(changed(whole, next(whole.length), next(9)), cents);
      expect([write(whole, cents), wrong, says(write(whole, cents), wrong)]).toEqual([
        write(whole, cents),
        wrong,
        ["figure"],
      ]);
    }
  });

  test("and so do whole numbers", () => {
    const next = numbers(11);
    for (let i = 0; i < 400; i += 1) {
      const whole = String(1_000_000 + next(8_000_000));
      const [write, read] = [WHOLES[next(WHOLES.length)]!, WHOLES[next(WHOLES.length)]!];
      expect([write(whole), read(whole), says(write(whole), read(whole))]).toEqual([write(whole), read(whole), []]);
      const wrong = read(changed(whole, next(whole.length), next(9)));
      expect([write(whole), wrong, says(write(whole), wrong)]).toEqual([write(whole), wrong, ["figure"]]);
    }
  });

  test("and days", () => {
    const next = numbers(13);
    for (let i = 0; i < 300; i += 1) {
      const [y, m, d] = [1990 + next(30), 1 + next(12), 1 + next(27)];
      const [write, read] = [DAYS[next(DAYS.length)]!, DAYS[next(DAYS.length)]!];
      expect([write(y, m, d), read(y, m, d), says(write(y, m, d), read(y, m, d))]).toEqual([
        write(y, m, d),
        read(y, m, d),
        [],
      ]);
      expect([write(y, m, d), read(y, m, d + 1), says(write(y, m, d), read(y, m, d + 1))]).toEqual([
        write(y, m, d),
        read(y, m, d + 1),
        ["figure"],
      ]);
    }
  });
});
