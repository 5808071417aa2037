/** What the figures of a message say: a load at its limit, faults that were counted, a lag. Used by kind.ts and event.ts. */

// Every repetition is bounded: a stranger wrote what is read here.
const FIGURE = String.raw`\d{1,9}(?:[.,]\d{1,6})?`;
const NOT_ZERO = String.raw`(?!0+(?:[.,]0+)?(?![.,]?\d))`;
const FAULTS = String.raw`(?:errors?|failures?|failed|failing|faults?|exceptions?|crash(?:ed|es)?|missing|lost|corrupt(?:ed)?|rejected|unreachable|timed out|vulnerabilit(?:y|ies)|fehler|erreurs?|errores)`;

/** "3 errors", "2 of 10 tests failed", "Errors: 2"; not "0 errors", nor "3 errors fixed". */
export const COUNTED = new RegExp(
  String.raw`(?<![\d.,#\p{L}-]|\bof |\b(?:fix(?:ed|es)|resolved|corrected|repaired|without|no) )${NOT_ZERO}${FIGURE}(?: of ${FIGURE})? (?:(?!passed|succeeded|ok|read\b|and\b|with\b|without\b)\p{L}{2,20} ){0,2}${FAULTS}\b(?! (?:were |was |are |have been )?(?:fixed|resolved|corrected|repaired))|\b${FAULTS}\s?[:=]\s?${NOT_ZERO}${FIGURE}`,
  "iu",
);

const LOADED =
  /\b(?:cpu|load|memory|mem|ram|swap|heap|disk|storage|space|file ?system|partition|volume|inodes?|quota|capacity|pool|connections?|bandwidth|usage|utili[sz]ation|arbeitsspeicher|festplatte|mémoire|disque|memoria|disco)\b/i;
const LATE =
  /\b(?:lag|backlog|behind|packet loss|error rate|failure rate|queue[sd]?|waiting|pending|stuck|delay(?:ed)?)\b/i;
const MEASURED =
  /\b(?:latency|response time|duration|temperature|p\d{2}|rate|lag|time|size|age|count|load|usage|queue|requests?|connections?)\b/i;
const FINE =
  /\b(?:(?:well |far |safely |back )?(?:below|under|within)\b|normal\b|healthy\b|free\b|available\b|remaining\b|left\b|decreased\b|dropped\b|saved\b|off\b|discount\b)/i;
const LIMIT = new RegExp(
  String.raw`(${FIGURE})\s?(%|\p{L}{1,7})?[^\d\n]{1,40}?\b(?:limit|threshold|max(?:imum)?|allowed|target|slo|sla|schwelle|grenze)\b[^\d\n]{0,12}(${FIGURE})`,
  "iu",
);
const BEYOND = new RegExp(
  String.raw`\b(?:above|over|exceed(?:s|ed|ing)?|beyond|more than|higher than|at least|über)\b[^\d\n]{0,20}${FIGURE}\s?(?:%|\p{L}{1,7})?|>=?\s?${FIGURE}`,
  "iu",
);
const SHARE = /(\d{1,3}(?:[.,]\d{1,4})?)\s?(?:%|percent\b|prozent\b|pour ?cent\b)/i;
const PART = new RegExp(
  String.raw`(${FIGURE})\s?(?:\p{L}{1,3})?\s?(?:of|/)\s?(${FIGURE})\s?(?:[kmgt]i?b|connections?|slots?|inodes?)\b`,
  "iu",
);
const LITTLE = /(?<![\d.,])(\d{1,2})\s?%\s(?:\p{L}{1,12} ){0,2}(?:free|left|remaining|available)\b/iu;
/** "0 of 12 nodes ready" */
const READY =
  /(?<![\d.,])(\d{1,6})(?: of |\s?\/\s?)(\d{1,6}) (?:\p{L}{2,20} ){0,2}(?:are |is )?(?:ready|healthy|available|running|online|up|in sync)\b/iu;
/** What ought to be full. */
const SUPPLY = /\b(?:battery|charge|fuel|ink|toner|akku)\b/i;
const NUMBERED = new RegExp(String.raw`${NOT_ZERO}(?<![\d.,])${FIGURE}`);

/** From here on a load is one to look at, where nothing says what its limit is. */
const HIGH = 85;
const FEW = 10;

/** The words in which a figure alarms; undefined where none does, or where it is said to be fine. */
export function alarmingFigure(sentence: string): string | undefined {
  const counted = COUNTED.exec(sentence)?.[0];
  if (counted !== undefined) return counted;
  const [limited, value, , limit] = LIMIT.exec(sentence) ?? [];
  if (limited !== undefined) return read(value) > read(limit) ? limited : undefined;
  const [ready, some, every] = READY.exec(sentence) ?? [];
  if (ready !== undefined) return read(some) < read(every) ? ready : undefined;
  const loaded = LOADED.exec(sentence)?.[0];
  const [few, rest] = LITTLE.exec(sentence) ?? [];
  if (few !== undefined) return loaded !== undefined && read(rest) <= FEW ? few : undefined;
  if (FINE.test(sentence)) return undefined;
  const [share, percent] = SHARE.exec(sentence) ?? [];
  if (share !== undefined && SUPPLY.test(sentence)) return read(percent) <= FEW ? share : undefined;
  if (loaded !== undefined) {
    if (share !== undefined) return read(percent) >= HIGH ? share : undefined;
    const [part, taken, all] = PART.exec(sentence) ?? [];
    if (part !== undefined && read(taken) >= (read(all) * HIGH) / 100) return part;
  }
  if (MEASURED.test(sentence)) {
    const beyond = BEYOND.exec(sentence)?.[0];
    if (beyond !== undefined) return beyond;
  }
  const late = LATE.exec(sentence)?.[0];
  return late !== undefined && !ONES.test(sentence) && NUMBERED.test(sentence) && COUNTABLE.test(sentence)
    ? late
    : undefined;
}

/** A lag has a time, a queue what waits in it. */
const COUNTABLE =
  /\d\s?(?:%|ms|s|sec(?:onds?)?|min(?:utes?)?|h|hours?|days?|messages?|jobs?|tasks?|items?|events?|records?|e-?mails?)\b|\d\s?%/i;
/** People wait, too. */
const ONES = /\b(?:i|we|you|your|us|me)\b/i;

const read = (figure: string | undefined): number => Number((figure ?? "").replace(",", "."));

/** A load that is said to be well within its limit is no alarm, whatever it is called. */
export const isWithin = (sentence: string): boolean => {
  const [limited, value, , limit] = LIMIT.exec(sentence) ?? [];
  if (limited !== undefined) return read(value) <= read(limit);
  const [ready, some, every] = READY.exec(sentence) ?? [];
  if (ready !== undefined) return read(some) === read(every);
  const share = SHARE.exec(sentence)?.[1];
  return (
    LOADED.test(sentence) &&
    share !== undefined &&
    read(share) < HIGH &&
    /\b(?:below|under|within|normal|healthy)\b/i.test(sentence)
  );
};
