/** Days between dates, dates so much later or earlier, weekdays; worked out by code. Granted to the analyst. */
import { z } from "zod";
import { NovaError, defineTool, type StepAsk } from "#core";
import {
  DAY,
  UNITS,
  dayOf,
  daysIn,
  later,
  monthIn,
  show,
  today,
  workingDays,
  type Day,
  type Unit,
} from "./figures/dates.ts";

const OPERATIONS = ["between", "after", "before", "weekday"] as const;

const SPAN =
  /(\d[\d,]*|an?|one|two|three|four|five|six|seven|eight|nine|ten|twelve)\s+(working day|business day|weekday|day|week|fortnight|month|quarter|year)s?\b/i;
const COUNTS: readonly string[] = "zero one two three four five six seven eight nine ten eleven twelve".split(" ");
/** What a word stands for: how many of which unit. */
const SPANS: Readonly<Record<string, readonly [number, Unit]>> = {
  day: [1, "days"],
  week: [1, "weeks"],
  fortnight: [2, "weeks"],
  month: [1, "months"],
  quarter: [3, "months"],
  year: [1, "years"],
  "working day": [1, "working days"],
  "business day": [1, "working days"],
  weekday: [1, "working days"],
};

export default defineTool({
  name: "date_math",
  description:
    "Counts the days, weeks or working days between two dates, finds the date so many days, weeks, months or years after or before another, and tells the weekday of a date. Use it for every question about dates; today is known to it.",
  examples: [
    "how many days between 3 May 2026 and 1 June 2026",
    "what date is 45 days after 2026-05-03",
    "which weekday was 3 May 2026",
    "how many days until 24 December",
    "what is the date in 6 weeks",
    "90 days before 1 March 2027",
    "add 2 months to 31 January 2027",
    "working days between 1 and 30 June 2026",
  ],
  input: z.object({
    operation: z.enum(OPERATIONS).optional().describe("What to work out. Left out, it is read from the message."),
    from: z.string().max(100).optional().describe("The first date, like 2026-05-03 or 3 May 2026. Left out: today."),
    to: z.string().max(100).optional().describe("The second date, for `between`."),
    amount: z.number().int().min(0).max(400_000).optional().describe("How many units `after` or `before`."),
    unit: z.enum(UNITS).optional().describe("The unit of `amount`; days when left out."),
    question: z
      .string()
      .max(500)
      .optional()
      .describe("The one question about dates, where the message asks for more. Left out, the whole message is read."),
  }),
  part: "question",
  timeoutMs: 2_000,
  async run(input, { ask: whole }) {
    const ask = input.question?.trim() ? { ...whole, words: input.question } : whole;
    const month = lengthAsked(ask.words) && !input.from ? monthIn(ask.words.replace(SPAN, " "), ask.now) : undefined;
    if (month) return lengthOf(month, ask.words);
    const span = spanOf(input, ask.words);
    const dates = datesOf(input, ask);
    const [first = today(ask.now), second] = dates;
    switch (operationOf(input, ask.words, { span: span !== undefined, dates: dates.length })) {
      case "weekday":
        return `${show(first)}.`;
      case "between":
        return between(second === undefined ? today(ask.now) : first, second ?? first, ask.words);
      case "after":
        return move(first, span, 1);
      case "before":
        return move(first, span, -1);
    }
  },
});

type Operation = (typeof OPERATIONS)[number];
type Input = {
  readonly operation?: Operation | undefined;
  readonly from?: string | undefined;
  readonly to?: string | undefined;
  readonly amount?: number | undefined;
  readonly unit?: Unit | undefined;
};
type Span = { readonly amount: number; readonly unit: Unit };

/** The dates given, and else those that the words name once the span between them is taken out. */
function datesOf(input: Input, ask: StepAsk): readonly Day[] {
  const given = [input.from, input.to].flatMap((text) => (text?.trim() ? [dayOf(text, ask.now)] : []));
  return given.length > 0 ? given : daysIn(ask.words.replace(SPAN, " "), ask.now);
}

function spanOf(input: Input, words: string): Span | undefined {
  if (input.amount !== undefined) return { amount: input.amount, unit: input.unit ?? "days" };
  const [, count = "", unit = ""] = SPAN.exec(words) ?? [];
  const [each, base] = SPANS[unit.toLowerCase()] ?? [];
  if (each === undefined || base === undefined) return undefined;
  return { amount: each * countOf(count.toLowerCase()), unit: base };
}

function countOf(word: string): number {
  if (/^\d/.test(word)) return Number(word.replaceAll(",", ""));
  return Math.max(1, COUNTS.indexOf(word));
}

type Found = { readonly span: boolean; readonly dates: number };

/** What is asked, by the model's choice or by the words; a NovaError when neither a date nor a span was found. */
function operationOf(input: Input, words: string, found: Found): Operation {
  if (found.span) {
    if (input.operation !== undefined && input.operation !== "between") return input.operation;
    return /\b(?:before|ago|earlier|prior|subtract|minus|back)\b/i.test(words) ? "before" : "after";
  }
  if (found.dates === 0) {
    if (/\b(?:today|now|current|what day|the date|which day)\b/i.test(words)) return "weekday";
    throw new NovaError("bad_input", "No date was found.", { advice: "Write it like 2026-05-03 or 3 May 2026." });
  }
  if (found.dates > 1) return "between";
  return /\b(?:until|till|since|from|left|before|after|how (?:many|long))\b/i.test(words) ? "between" : "weekday";
}

/** "how many days are in June": the month itself is counted, not the time until it. */
const lengthAsked = (words: string): boolean =>
  /\bdays\b[\s\S]*\b(?:in|of|has|have|does)\b/i.test(words) &&
  !/\b(?:until|till|since|between|from|left)\b/i.test(words);

function lengthOf([first, last]: readonly [Day, Day], words: string): string {
  const days = Math.round((last - first) / DAY) + 1;
  return `From ${show(first)} to ${show(last)}: ${counted(days, "day")}, both counted.${working(first, last, words)}`;
}

function between(a: Day, b: Day, words: string): string {
  const [from, to] = a <= b ? [a, b] : [b, a];
  const days = Math.round((to - from) / DAY);
  const weeks = days < 14 ? "" : `, or ${counted(Math.floor(days / 7), "week")} and ${counted(days % 7, "day")}`;
  return `From ${show(from)} to ${show(to)}: ${counted(days, "day")}${weeks}.${working(from, to, words)}`;
}

function working(from: Day, to: Day, words: string): string {
  if (!/\b(?:work(?:ing)?|business|week) ?days?\b/i.test(words)) return "";
  return ` Working days, Monday to Friday with both ends counted and no holidays known: ${workingDays(from, to)}.`;
}

const counted = (count: number, unit: string): string => `${count} ${unit}${count === 1 ? "" : "s"}`;

function move(day: Day, span: Span | undefined, sign: 1 | -1): string {
  if (!span) {
    throw new NovaError("bad_input", "It is not said how many days, weeks, months or years are meant.", {
      advice: "Give the amount and the unit, for instance 45 days.",
    });
  }
  const { amount, unit } = span;
  return `${counted(amount, unit.slice(0, -1))} ${sign > 0 ? "after" : "before"} ${show(day)}: ${show(later(day, sign * amount, unit))}.`;
}
