/** Quiet hours: how they are written, and when those end that a moment falls into. Pure. */
import type { Rhythm } from "./when.ts";
import { daysLater, momentOf, wallOf } from "./zone.ts";

const MINUTE = 60_000;

/** "22:00-07:00", "22-7", "off". Undefined for anything else, and for hours without a length. */
export function readQuiet(text: string): { readonly quiet: Rhythm["quiet"] } | undefined {
  if (/^\s*(?:off|none|no)\s*$/i.test(text)) return { quiet: null };
  const [, ...ends] =
    /^\s*(\d{1,2})(?:[:.](\d{2}))?\s*(?:-|–|to|until|bis)\s*(\d{1,2})(?:[:.](\d{2}))?\s*$/i.exec(text) ?? [];
  if (ends.length === 0) return undefined;
  const [from, to] = [minutesOf(ends[0], ends[1]), minutesOf(ends[2], ends[3])];
  return from === undefined || to === undefined || from === to ? undefined : { quiet: { from, to } };
}

function minutesOf(hour = "0", minute = "0"): number | undefined {
  const minutes = Number(hour) * 60 + Number(minute);
  if (Number(hour) > 24 || Number(minute) > 59 || minutes > 24 * 60) return undefined;
  return minutes % (24 * 60);
}

/** When the quiet hours end that `at` falls into; undefined when it falls into none. */
export function quietEnd({ zone, quiet }: Rhythm, at: Date): Date | undefined {
  if (quiet === null) return undefined;
  const wall = wallOf(at, zone);
  const minutes = wall.hour * 60 + wall.minute;
  const isOver = quiet.from > quiet.to;
  const isQuiet = isOver ? minutes >= quiet.from || minutes < quiet.to : minutes >= quiet.from && minutes < quiet.to;
  if (!isQuiet) return undefined;
  const ending = { ...wall, hour: Math.floor(quiet.to / 60), minute: quiet.to % 60 };
  const end = momentOf(isOver && minutes >= quiet.from ? daysLater(ending, 1) : ending, zone);
  // Clocks went back since: the wall shows that time once more, and nothing changes until then.
  return end > at ? end : new Date((Math.floor(at.getTime() / MINUTE) + quiet.to - minutes) * MINUTE);
}
