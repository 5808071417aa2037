/** The rule for the day after: midnight is the end of a day, and a cron line begins its days with it. Used by read-rule.ts. Pure. */

/** Of each month but February, which has no last day of its own. */
const LENGTHS = [31, undefined, 31, 30, 31, 30, 31, 31, 30, 31, 30, 31] as const;
/** A day that every month has another one behind. */
const LAST_SAFE = 27;

/** Expects day, month and weekday of a cron line as `ruleIn` writes them. Undefined where no such line tells of the days after. */
export function dayAfter(fields: string): string | undefined {
  const [day = "", month = "", weekday = ""] = fields.split(" ");
  if (weekday !== "*") return weekdayAfter(weekday);
  if (day === "*") return fields;
  if (day === "L") return "1 * *";
  const date = Number(day);
  if (date <= LAST_SAFE) return `${date + 1} ${month} *`;
  const length = LENGTHS[Number(month) - 1];
  if (length === undefined) return undefined;
  // There is no such day, and none after it.
  if (date > length) return fields;
  return date < length ? `${date + 1} ${month} *` : `1 ${(Number(month) % 12) + 1} *`;
}

/** The day after the first Friday may be the second Saturday: of those there is no line. */
function weekdayAfter(weekday: string): string | undefined {
  const listed = weekday === "1-5" ? "1,2,3,4,5" : weekday;
  if (!/^\d(?:,\d)*$/.test(listed)) return undefined;
  const after = listed.split(",").map((each) => (Number(each) + 1) % 7);
  // Weeks begin on Monday, as people read them.
  return `* * ${after.toSorted((a, b) => ((a + 6) % 7) - ((b + 6) % 7)).join(",")}`;
}
