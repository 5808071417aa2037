/** "Every weekday", "on the 1st of each month", "every 2 hours": a rule without its time of day. Expects plain words. Pure. */

export type Rule =
  /** Every so many minutes. */
  | { readonly kind: "minutes"; readonly every: number }
  /** Every so many days, on this weekday when one is named. */
  | { readonly kind: "days"; readonly every: number; readonly weekday: number | undefined }
  /** Day, month and weekday of a cron line. */
  | { readonly kind: "cron"; readonly fields: string }
  /** Every week, month or year without the day. */
  | { readonly kind: "vague"; readonly unit: "week" | "month" | "year" };

const DAYS = ["sun", "mon", "tue", "wed", "thu", "fri", "sat"];
const DAY = String.raw`(?:sun|mon|tues?|wed(?:nes)?|thu(?:rs)?|fri|sat(?:ur)?)(?:days?)?`;
const LIST = String.raw`${DAY}(?:(?: ?, ?(?:and )?| and | & )${DAY})*`;
const MONTHS = "jan feb mar apr may jun jul aug sep oct nov dec".split(" ");
const MONTH = String.raw`(?:jan|feb|mar|apr|may|june?|july?|aug|sep|oct|nov|dec)[a-z]*`;
const ORDER: Readonly<Record<string, string>> = { first: "1", second: "2", third: "3", fourth: "4", last: "L" };
const EACH_MONTH = String.raw`(?:(?:of |in )?(?:each|every|the|any) months?)`;

const re = (source: string): RegExp => new RegExp(`^(?:${source})$`);
const numberOf = (text: string | undefined): number =>
  text === undefined || text === "" ? 1 : text === "other" || text === "second" ? 2 : Number(text);
const daysOf = (list: string): string =>
  [...new Set([...list.matchAll(new RegExp(DAY, "g"))].map(([name]) => DAYS.indexOf(name.slice(0, 3))))]
    .toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7))
    .join(",");
const monthOf = (name: string): number => MONTHS.indexOf(name.slice(0, 3)) + 1;
const cron = (fields: string): Rule => ({ kind: "cron", fields });

type Reader = (found: RegExpExecArray) => Rule | undefined;

const FORMS: readonly (readonly [RegExp, Reader])[] = [
  [re("hourly|every hour"), () => ({ kind: "minutes", every: 60 })],
  [re("every (?:half an hour|half hour)"), () => ({ kind: "minutes", every: 30 })],
  [
    re(String.raw`every (\d{1,5}|other|second)? ?(minute|min|hour|h)s?`),
    ([, count, unit = ""]) => ({ kind: "minutes", every: numberOf(count) * (unit.startsWith("h") ? 60 : 1) }),
  ],
  [re("(?:every|each) days?|daily|every (?:morning|afternoon|evening|night)"), () => cron("* * *")],
  [
    re(
      "(?:(?:every|each|on|all) )?(?:weekdays?|working days?|workdays?|business days?)|(?:mon|monday) ?(?:-|to|through) ?(?:fri|friday)",
    ),
    () => cron("* * 1-5"),
  ],
  [re("(?:(?:every|each|on|at) )?weekends?"), () => cron("* * 6,0")],
  [
    re(String.raw`every (\d{1,3}|other|second) days?`),
    ([, count]) => ({ kind: "days", every: numberOf(count), weekday: undefined }),
  ],
  [
    re(String.raw`every (\d{1,2}|other|second) weeks?(?: on (${DAY}))?`),
    ([, count, day]) => ({ kind: "days", every: 7 * numberOf(count), weekday: day ? Number(daysOf(day)) : undefined }),
  ],
  [
    re(String.raw`every (?:other|second|2nd) (${DAY})`),
    ([, day = ""]) => ({ kind: "days", every: 14, weekday: Number(daysOf(day)) }),
  ],
  [re(String.raw`(?:every week|weekly)(?: on)? (${LIST})`), ([, list = ""]) => cron(`* * ${daysOf(list)}`)],
  [re(String.raw`(?:every|each) (?:on )?(${LIST})`), ([, list = ""]) => cron(`* * ${daysOf(list)}`)],
  [
    re(
      String.raw`(?:on )?((?:sun|mon|tues|wednes|thurs|fri|satur)days(?:(?: ?, ?(?:and )?| and | & )(?:sun|mon|tues|wednes|thurs|fri|satur)days)*)`,
    ),
    ([, list = ""]) => cron(`* * ${daysOf(list)}`),
  ],
  [
    re(String.raw`(?:on )?(?:the |every )?(first|second|third|fourth|last) (${DAY}) ${EACH_MONTH}`),
    ([, nth = "", day = ""]) => cron(`* * ${daysOf(day)}#${ORDER[nth]}`),
  ],
  [
    re(
      String.raw`(?:on )?(?:the )?last (?:day )?${EACH_MONTH}|(?:every month|monthly) on the last(?: day)?|at the end of (?:each|every) month`,
    ),
    () => cron("L * *"),
  ],
  [
    re(
      String.raw`(?:on )?(?:the )?(\d{1,2})(?:st|nd|rd|th)? ${EACH_MONTH}|(?:every months?|monthly)(?: on)?(?: the)? (\d{1,2})(?:st|nd|rd|th)?|every (\d{1,2})(?:st|nd|rd|th)(?: of the month)?`,
    ),
    ([, a, b, c]) => inMonth(a ?? b ?? c, "*"),
  ],
  [re(String.raw`(?:on )?(?:the )?first (?:day )?${EACH_MONTH}`), () => cron("1 * *")],
  [
    re(
      String.raw`(?:(?:every|each) year|yearly|annually)(?: on)?(?: the)? (\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? (${MONTH})|(?:every|each) (\d{1,2})(?:st|nd|rd|th|\.)?(?: of)? (${MONTH})`,
    ),
    ([, a, month, b, other]) => inMonth(a ?? b, String(monthOf(month ?? other ?? ""))),
  ],
  [
    re(
      String.raw`(?:(?:every|each) year|yearly|annually)(?: on)? (${MONTH}) (\d{1,2})(?:st|nd|rd|th)?|(?:every|each) (${MONTH}) (\d{1,2})(?:st|nd|rd|th)?`,
    ),
    ([, month, a, other, b]) => inMonth(a ?? b, String(monthOf(month ?? other ?? ""))),
  ],
  [re("(?:every|each) (week|month|year)s?|(week|month|year)ly"), ([, a, b]) => vague(a ?? b)],
];

function vague(unit: string | undefined): Rule {
  return { kind: "vague", unit: unit === "week" || unit === "year" ? unit : "month" };
}

function inMonth(day: string | undefined, month: string): Rule | undefined {
  const number = Number(day);
  return number >= 1 && number <= 31 ? cron(`${number} ${month} *`) : undefined;
}

/** Undefined for words that tell of no rule. */
export function ruleIn(words: string): Rule | undefined {
  const plain = words
    .replace(/^(?:on|at) (?=every|each)/, "")
    .replace(/ (?:on|at|from|,)$/, "")
    .trim();
  for (const [form, read] of FORMS) {
    const found = form.exec(plain);
    if (found) return read(found);
  }
  return undefined;
}

/** Whether words sound like a rule at all. */
export const soundsRecurring = (words: string): boolean =>
  /(?<!\w)(?:every|each|daily|hourly|weekly|monthly|yearly|annually|weekdays|weekends|(?:sun|mon|tues|wednes|thurs|fri|satur)days)(?!\w)/.test(
    words,
  );
