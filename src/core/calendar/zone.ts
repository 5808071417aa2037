/** Time zones: what a clock on the wall shows, and the moment at which it does. Pure; on the runtime's own zone data. */

/** What a clock and a calendar on a wall show. */
export type Wall = {
  readonly year: number;
  /** 1 to 12. */
  readonly month: number;
  readonly day: number;
  readonly hour: number;
  readonly minute: number;
};

const MINUTE = 60_000;
const DAY = 24 * 60 * MINUTE;

const formats = new Map<string, Intl.DateTimeFormat>();

/** Throws a RangeError for a zone that is none. */
function formatOf(zone: string): Intl.DateTimeFormat {
  const known = formats.get(zone);
  if (known) return known;
  const made = new Intl.DateTimeFormat("en-GB", {
    timeZone: zone,
    hourCycle: "h23",
    year: "numeric",
    month: "numeric",
    day: "numeric",
    hour: "numeric",
    minute: "numeric",
  });
  formats.set(zone, made);
  return made;
}

/** The name as the zone database writes it: `europe/berlin` is `Europe/Berlin`. Undefined for what is no zone. */
export function zoneNamed(name: string): string | undefined {
  if (!/^[A-Za-z][A-Za-z0-9_+-]*(?:\/[A-Za-z0-9_+-]+)*$/.test(name)) return undefined;
  try {
    const { timeZone } = new Intl.DateTimeFormat("en-GB", { timeZone: name }).resolvedOptions();
    return /^(?:etc\/)?(?:utc|gmt|z)$/i.test(name) ? "UTC" : timeZone;
  } catch {
    return undefined;
  }
}

/** Zones whose names hold these words: "Berlin" finds `Europe/Berlin`. At most `most`. */
export function zonesLike(words: string, most: number): readonly string[] {
  const wanted = words.trim().toLowerCase().replaceAll(/\s+/g, "_");
  if (wanted === "") return [];
  const all = Intl.supportedValuesOf("timeZone");
  return all.filter((zone) => zone.toLowerCase().includes(wanted)).slice(0, most);
}

export function wallOf(at: Date, zone: string): Wall {
  const shown: Record<string, number> = {};
  for (const { type, value } of formatOf(zone).formatToParts(at)) shown[type] = Number(value);
  const { year = 0, month = 0, day = 0, hour = 0, minute = 0 } = shown;
  return { year, month, day, hour, minute };
}

const asUtc = ({ year, month, day, hour, minute }: Wall): number => Date.UTC(year, month - 1, day, hour, minute);

/** How far the wall is ahead of UTC. */
const aheadAt = (ms: number, zone: string): number =>
  asUtc(wallOf(new Date(ms), zone)) - Math.floor(ms / MINUTE) * MINUTE;

/** The moment at which the wall shows this: the first of two when clocks go back, the next valid one when they skip it. */
export function momentOf(wall: Wall, zone: string): Date {
  const shown = asUtc(wall);
  const [before, after] = [aheadAt(shown - DAY, zone), aheadAt(shown + DAY, zone)];
  const exact = [shown - before, shown - after].filter((ms) => ms + aheadAt(ms, zone) === shown);
  if (exact.length > 0) return new Date(Math.min(...exact));
  // Skipped: the moment at which the clocks change.
  let [low, high] = [shown - Math.max(before, after), shown - Math.min(before, after)];
  while (high - low > MINUTE) {
    const middle = low + Math.floor((high - low) / 2 / MINUTE) * MINUTE;
    if (aheadAt(middle, zone) === before) low = middle;
    else high = middle;
  }
  return new Date(high);
}

/** Whether clocks that go forward never show this. */
export function isSkipped(wall: Wall, zone: string): boolean {
  const shown = wallOf(momentOf(wall, zone), zone);
  return shown.hour !== wall.hour || shown.minute !== wall.minute;
}

/** So many days later by the calendar, at the same time of day. Days past a month's end go on into the next one. */
export function daysLater(wall: Wall, days: number): Wall {
  const moved = new Date(Date.UTC(wall.year, wall.month - 1, wall.day + days));
  return {
    ...wall,
    year: moved.getUTCFullYear(),
    month: moved.getUTCMonth() + 1,
    day: moved.getUTCDate(),
  };
}

/** 0 is Sunday. */
export const weekdayOf = ({ year, month, day }: Wall): number => new Date(Date.UTC(year, month - 1, day)).getUTCDay();
