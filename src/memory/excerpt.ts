/** The piece of a long text that fits a budget and holds most of what was asked. Called by pack.ts. */
import { lineTerms } from "./line-terms.ts";

const MARK = "…";

/** At most `limit` UTF-16 units, 4 or more, with a mark at each end that was cut. */
export function excerpt(text: string, asked: ReadonlySet<string>, limit: number): string {
  if (text.length <= limit) return text;
  const room = limit - 2 * MARK.length;
  const start = startOfBest(text, asked, room);
  const end = Math.min(text.length, start + room);
  const piece = whole(text, start, end);
  return `${start > 0 ? MARK : ""}${piece}${end < text.length ? MARK : ""}`;
}

/** Windows overlap by half; the first of the best wins, so a text without any asked word is cut at its beginning. */
function startOfBest(text: string, asked: ReadonlySet<string>, room: number): number {
  const step = Math.max(1, Math.floor(room / 2));
  let best = { start: 0, held: 0 };
  for (let start = 0; start < text.length; start += step) {
    const held = new Set(lineTerms(text.slice(start, start + room)).filter((term) => asked.has(term))).size;
    if (held > best.held) best = { start, held };
  }
  return Math.min(best.start, text.length - room);
}

/** Never ends or begins inside a surrogate pair. */
function whole(text: string, start: number, end: number): string {
  return text
    .slice(start, end)
    .replace(/^[\uDC00-\uDFFF]/, "")
    .replace(/[\uD800-\uDBFF]$/, "");
}
