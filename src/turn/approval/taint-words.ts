/** What a proposal rests on that nobody vouches for, as its card names it. Pure. Used by cards.ts. */
import { certainly, clip, type Taint } from "#core";
import { asItIs, escaped } from "./card-text.ts";

/** Further ones are counted: a list that nobody reads to its end warns of nothing. */
const MOST_NAMED = 3;

/** What is worth knowing first, first. */
const ORDER: readonly Taint["by"][] = ["words", "file", "tool", "recall", "history", "others", "retold", "step"];

/** For instance `a message of Ben’s of 21 Nov, 10:12 and earlier answers that went on from such`. */
export function taintsInWords(taints: readonly Taint[], zone: string): string {
  const ordered = ORDER.flatMap((by) => taints.filter((taint) => taint.by === by));
  const all = [...new Set(ordered.map((taint) => inWords(taint, zone)))];
  const rest = all.length - MOST_NAMED;
  return new Intl.ListFormat("en-GB").format([...all.slice(0, MOST_NAMED), ...(rest > 0 ? [`${rest} more such`] : [])]);
}

function inWords({ by, name, said }: Taint, zone: string): string {
  switch (by) {
    case "words":
      return "words from outside";
    case "file":
      return "a file that came along";
    case "recall":
      return `the remembered item ${shown(name)}`;
    case "tool":
      return `the tool ${shown(name)}`;
    case "step":
      return `what came from ${shown(name)}`;
    case "retold":
      return "earlier answers that went on from such";
    case "history":
      return said ? saidInWords(said, "that had read such", zone) : "what was read earlier in the conversation";
    case "others":
      return said ? saidInWords(said, "to somebody else", zone) : "what others said in the conversation";
  }
}

/** `which`: of the answers, for they are somebody’s only by what they were about. */
function saidInWords({ what, who, at }: NonNullable<Taint["said"]>, which: string, zone: string): string {
  const when = moment(new Date(at), zone);
  const whose = who === undefined ? "" : ` of ${escaped(clip(certainly(who).text, SHORT.characters))}’s`;
  switch (what) {
    case "message":
      return `a message${whose} (${when})`;
    case "file":
      return `a file in a message${whose} (${when})`;
    case "passed_on":
      return `a message in somebody else’s words (${when})`;
    case "answer":
      return `an answer ${which} (${when})`;
  }
}

const SHORT = { characters: 80, lines: 1 };
const shown = (name: string): string => asItIs(certainly(name).text.replaceAll(/\s+/g, " "), SHORT).text;

/** For instance `21 Nov, 10:12`. */
const moment = (at: Date, zone: string): string =>
  new Intl.DateTimeFormat("en-GB", {
    day: "numeric",
    month: "short",
    hour: "2-digit",
    minute: "2-digit",
    timeZone: zone,
  }).format(at);
