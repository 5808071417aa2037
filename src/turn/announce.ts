/** What Nova says unasked, and says anew, in the dialect of where it is said. For whoever has something to say. */
import { clip, type AnnouncementStore, type Announcements, type RenderedPart, type Surfaces } from "#core";
import { dialectOf } from "./dialect.ts";

export function createAnnouncements(store: AnnouncementStore, surfaces: Surfaces): Announcements {
  return {
    say: (announcement) => {
      const how = dialectOf({ ...announcement, model: null });
      return store.say(announcement, (address) => surfaces[how](address, announcement.text));
    },
    said: (key, to) => store.said(key, to),
    amend: (message, to) =>
      store.amend(message, to, (address, shown, by) =>
        fitting(to.text, shown, (text) => surfaces[dialectOf(by)](address, text)),
      ),
  };
}

const MORE = "\n\n*It is longer than what stood here before; this is only its beginning.*";

/** What was sent in so many parts can be replaced, but no part can be put between it and what was said since. */
function fitting(
  text: string,
  most: number | null,
  render: (text: string) => readonly RenderedPart[],
): readonly RenderedPart[] {
  const whole = render(text);
  if (most === null || whole.length <= most) return whole;
  let [fits, tooLong] = [0, text.length];
  while (tooLong - fits > 1) {
    const length = Math.floor((fits + tooLong) / 2);
    if (render(beginning(text, length)).length <= most) fits = length;
    else tooLong = length;
  }
  return render(beginning(text, fits)).slice(0, most);
}

const beginning = (text: string, length: number): string => (length === 0 ? "…" : clip(text, length)) + MORE;
