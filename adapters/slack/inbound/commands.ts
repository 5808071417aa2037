/** The words behind `/nova`: what they come to as a message, or the help. Pure; used by parse.ts and receive.ts. */
import { linkCode, readQuiet, zoneNamed } from "#core";

/** Alone they are commands; with more behind them they are the beginning of a sentence, unless it is what they take. */
const ALONE = new Set([
  "why",
  "stop",
  "budget",
  "help",
  "people",
  "pair",
  "agent",
  "link",
  "unlink",
  "forget",
  "approvals",
  "approve",
  "deny",
  "schedules",
  "quiet",
  "timezone",
  "place",
  "project",
]);
/** What follows is what they are for, whatever it is. */
const WITH_WORDS = new Set(["remember", "recall"]);
const TAKES: Readonly<Record<string, (rest: readonly string[]) => boolean>> = {
  agent: (rest) => rest.length === 1,
  forget: (rest) => rest.length === 1 && /^m\d+$/i.test(rest[0] ?? ""),
  link: (rest) => linkCode(`link ${rest.join(" ")}`) !== undefined,
  unlink: (rest) => rest.length === 1,
  place: (rest) => rest.length === 1 && /^[#\w-]+$/.test(rest[0] ?? ""),
  // A name alone: "project plan for June" is a wish.
  project: (rest) => rest.length === 1,
  approve: (rest) => rest.length === 1 && isNumber(rest[0]),
  deny: (rest) => isNumber(rest[0]),
  schedules: (rest) => rest.length > 1 && /^(?:pause|resume|remove)$/i.test(rest[0] ?? ""),
  quiet: (rest) => readQuiet(rest.join(" ")) !== undefined,
  timezone: (rest) => rest.length === 1 && zoneNamed(rest[0] ?? "") !== undefined,
};
const isNumber = (word = ""): boolean => /^#?\d{1,18}[.:,]?$/.test(word);

/** One may also want to pair wine with fish, or to block out a morning. */
const ABOUT_PEOPLE =
  /^(?:pair\s+(?:reject\s+\S+|\S{6}\s+(?:as|to)\s.+|(?=\S*\d)[a-z0-9]{4,8}(?:\s.*)?)|(?:un)?block\s+\S+)$/is;

/** Undefined for a command without words: it is answered with the help. */
export function wordsOf(text: string): string | undefined {
  const words = text.trim();
  if (words === "") return undefined;
  const [first = "", ...rest] = words.split(/\s+/);
  const verb = first.toLowerCase();
  return isCommand(verb, rest) || ABOUT_PEOPLE.test(words) ? `/${verb}${words.slice(first.length)}` : words;
}

function isCommand(verb: string, rest: readonly string[]): boolean {
  if (WITH_WORDS.has(verb)) return true;
  return rest.length === 0 ? ALONE.has(verb) : Object.hasOwn(TAKES, verb) && TAKES[verb]?.(rest) === true;
}

export const HELP = [
  "Write `/nova` and what you want, for instance `/nova what is on today?` Only you see the answer.",
  "• `/nova remember …`, `recall …`, `forget …`: what I keep for you",
  "• `/nova agent …`: choose who answers from now on",
  "• `/nova why`: why that agent answered; `/nova stop`: end what runs; `/nova budget`: what was spent",
  "• `/nova approvals`: what waits for your decision; `/nova approve …` and `/nova deny …` with its number",
  "• `/nova schedules`: your reminders and schedules; `/nova quiet 22:00-07:00` and `/nova timezone …`: when I may speak",
  "• `/nova place …`, in a channel: lets me be asked to say something there; `/nova place` lists such places",
  "• `/nova project`: which projects there are",
  "• `/nova link …` with a code: link this account; `/nova link` makes one for another account; `/nova people`: your accounts",
  "In a channel mention me; in a direct message just write.",
].join("\n");
