/** How English speaks of time: dates of lines, lines that tell a time, questions that ask for one. */

export const MONTHS = [
  "january",
  "february",
  "march",
  "april",
  "may",
  "june",
  "july",
  "august",
  "september",
  "october",
  "november",
  "december",
] as const;

/** The words of a date, for instance `8 may 2023`; by the calendar of UTC. */
export function dateWords(at: Date): string[] {
  const month = MONTHS[at.getUTCMonth()];
  return month === undefined ? [] : [String(at.getUTCDate()), month, String(at.getUTCFullYear())];
}

/** "may" is a common word unless it stands where a month does. */
export function namesMay(text: string): boolean {
  return MAY_AS_MONTH.test(text);
}

const MAY_AS_MONTH =
  /\b(?:in|of|since|until|till|by|before|after|during|last|next|this|early|mid|late|\d{1,2}(?:st|nd|rd|th)?)[\s-]+may\b|\bmay[\s,]+\d/i;

/** Whether a line holds an expression of time. */
export function tellsTime(text: string): boolean {
  return TIME_EXPRESSION.test(text) || namesMay(text);
}

const DAY_OR_MONTH =
  "(?:mon|tues|wednes|thurs|fri|satur|sun)day|january|february|march|april|june|july|august|september|october|november|december";
const TIME_EXPRESSION = new RegExp(
  [
    `\\b(?:${DAY_OR_MONTH}|today|tonight|tomorrow|yesterday|recently|lately|ago|soon|midnight|noon)\\b`,
    "\\b(?:last|next|this|past|coming|previous|following|every)\\s+(?:\\w+\\s+)?(?:day|night|morning|afternoon|evening|week|weekend|month|quarter|year|summer|winter|spring|autumn|fall)s?\\b",
    "\\b(?:\\d+|an?|one|two|three|four|five|six|seven|eight|nine|ten|few|several|couple of)\\s+(?:minute|hour|day|night|week|weekend|month|year|decade)s?\\b",
    "\\b(?:19|20)\\d\\d\\b",
    "\\b\\d{1,2}(?::\\d\\d|\\s?[ap]\\.?m\\b)",
    "\\b\\d{1,2}[./]\\d{1,2}[./]\\d{2,4}\\b",
  ].join("|"),
  "i",
);

/** Whether a question opens by asking for a time. */
export function asksForTime(text: string): boolean {
  return TIME_QUESTION.test(text);
}

const TIME_QUESTION =
  /^\W*(?:(?:and|but|so|since|until|till|by|around|about|on|in|at|for)\s+)*(?:when\b|how\s+(?:long|recently|soon|old)\b|how\s+many\s+(?:minutes|hours|days|weeks|months|years)\b|(?:what|which)\s+(?:exact\s+)?(?:date|day|week|month|year|time|weekday)\b)/i;
