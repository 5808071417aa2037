/** The time of day in time words, taken out of them. Expects words from `plainWords`. Pure. */

export type TimeOfDay = {
  readonly hour: number;
  readonly minute: number;
  /** False: morning and evening are both likely ("at 3"). */
  readonly sure: boolean;
};

export type DayPart = "morning" | "afternoon" | "evening";

export type TimeFound = {
  /** Several for "at 9 and 17". Empty: none was named. */
  readonly times: readonly TimeOfDay[];
  /** Named without an hour: "tomorrow morning". */
  readonly part: DayPart | undefined;
  /** The words without it. */
  readonly rest: string;
};

const PART = /(?<!\w)(?:(?:in the |at |this )?(morning|afternoon|evening|night)s?|(tonight))(?!\w)/;
const CLOCK = String.raw`(\d{1,2})(?:[:h.](\d{2}))?(?: ?(am|pm|uhr|o'?clock|h))?(?: (\d{2})(?= |$))?`;
/** Behind a word that says that it is a time. */
const AFTER_AT = new RegExp(String.raw`(?:^|(?<=\s))(?:at|by|@) ?${CLOCK}(?![\w:/]|\.\d)`);
/** By itself, where its form says so. */
const FORMS: readonly RegExp[] = [
  new RegExp(String.raw`(?:^|(?<=\s))(\d{1,2})(?::(\d{2}))? ?(am|pm)(?!\w)`),
  new RegExp(String.raw`(?:^|(?<=\s))(\d{1,2})(?:[:.](\d{2}))? ?(uhr)(?: (\d{2})(?= |$))?(?!\w)`),
  new RegExp(String.raw`(?:^|(?<=\s))(\d{1,2})():? ?(o'?clock)(?!\w)`),
  new RegExp(String.raw`(?:^|(?<=\s))(\d{1,2}):(\d{2})()(?![\d:])`),
  // The last word behind a day: "monday 8".
  new RegExp(String.raw`(?<=(?:day|days|tomorrow|today) )(\d{1,2})()()$`),
];
const FURTHER = new RegExp(String.raw`^ ?(?:and|,) ?(?:at )?${CLOCK}(?![\w:/.]|\.\d| (?:minutes|hours|days|weeks))`);

export function timeIn(words: string): TimeFound {
  const part = PART.exec(words);
  const named: DayPart | undefined = part ? partOf(part[1] ?? "night") : undefined;
  const bare = part ? tidy(words.replace(PART, part[2] ? " today " : " ")) : words;
  const found = spoken(bare) ?? digits(bare);
  if (!found) return { times: [], part: named, rest: bare };
  const times = found.times.map((time) => (named ? shifted(time, part?.[1] ?? "night") : time));
  return { times, part: undefined, rest: tidy(found.rest) };
}

type Found = { readonly times: readonly TimeOfDay[]; readonly rest: string };

/** Noon, midnight, and what is told by halves and quarters. */
function spoken(words: string): Found | undefined {
  const noon = /(?:^|(?<=\s))(?:at )?(?:12 )?(noon|midday|midnight)(?!\w)/.exec(words);
  if (noon) {
    const hour = noon[1] === "midnight" ? 24 : 12;
    return { times: [{ hour, minute: 0, sure: true }], rest: words.replace(noon[0], " ") };
  }
  const half =
    /(?:^|(?<=\s))(?:at )?(half past|half|quarter past|quarter to|before half) (\d{1,2})(?: ?(am|pm|uhr|o'?clock))?(?!\w)/.exec(
      words,
    );
  if (!half) return undefined;
  const [all, how = "", hour = "", mark] = half;
  const offset = { "half past": 30, half: 30, "quarter past": 15, "quarter to": -15, "before half": -30 }[how] ?? 0;
  const told = timeOf(hour, undefined, mark);
  if (!told) return undefined;
  const minutes = (told.hour * 60 + offset + 24 * 60) % (24 * 60);
  return {
    times: [{ hour: Math.floor(minutes / 60), minute: minutes % 60, sure: told.sure }],
    rest: words.replace(all, " "),
  };
}

function digits(words: string): Found | undefined {
  for (const form of [AFTER_AT, ...FORMS]) {
    const found = form.exec(words);
    if (!found) continue;
    const first = timeOf(
      found[1] ?? "",
      found[2] || found[4],
      found[3],
      words[found.index + found[0].search(/\d/)] === "0",
    );
    if (!first) return undefined;
    const times = [first];
    let rest = words.slice(found.index + found[0].length);
    for (let more = FURTHER.exec(rest); more; more = FURTHER.exec(rest)) {
      const further = timeOf(more[1] ?? "", more[2] || more[4], more[3]);
      if (!further) break;
      times.push(further);
      rest = rest.slice(more[0].length);
    }
    // Of several, one that is certain says how the others are meant: "at 9 and 17".
    const sure = times.length > 1 && times.some((time) => time.hour > 12);
    return {
      times: times.map((time) => (sure ? { ...time, sure } : time)),
      rest: `${words.slice(0, found.index)} ${rest}`,
    };
  }
  return undefined;
}

function timeOf(
  hours: string,
  minutes: string | undefined,
  mark = "",
  padded = hours.startsWith("0"),
): TimeOfDay | undefined {
  let hour = Number(hours);
  const minute = Number(minutes ?? 0);
  if (hour > 24 || minute > 59 || (hour === 24 && minute > 0)) return undefined;
  if (mark === "am" || mark === "pm") {
    if (hour < 1 || hour > 12) return undefined;
    hour = (hour % 12) + (mark === "pm" ? 12 : 0);
    return { hour, minute, sure: true };
  }
  return { hour, minute, sure: mark === "uhr" || mark === "h" || padded || hour === 0 || hour > 6 };
}

function partOf(word: string): DayPart {
  return word === "morning" || word === "afternoon" ? word : "evening";
}

/** "9 in the evening" is 21:00, "2 at night" is 02:00. */
function shifted(time: TimeOfDay, part: string): TimeOfDay {
  if (part === "morning") return { ...time, hour: time.hour === 12 ? 0 : time.hour, sure: true };
  if (part === "night" && (time.hour < 5 || time.hour === 12)) return { ...time, hour: time.hour % 12, sure: true };
  return { ...time, hour: time.hour < 12 ? time.hour + 12 : time.hour, sure: true };
}

const tidy = (words: string): string => words.replaceAll(/\s+/g, " ").trim();
