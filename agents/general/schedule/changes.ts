/** Reads which reminder is to come at another time, say something else, pause, go on or wait. Used by orders.ts. */
import { readWhen, splitWhen, type Here } from "#core";

export type Change = {
  readonly kind: "change";
  /** Empty: none was named. */
  readonly name: string;
  readonly change: "pause" | "resume" | "time" | "words" | "snooze";
  /** The new time or words, or for how long; empty where none was said. */
  readonly to: string;
};

const PAUSE = /^(?:pause|hold|suspend|mute|halt|pausier(?:e|en)?)\s+(.+)$/i;
const RESUME = /^(?:resume|unpause|un-pause|restart|reactivate|continue|go on with|setze?)\s+(.+?)(?:\s+fort)?$/i;
const SNOOZE = /^(?:snooze|postpone|delay|defer|put off|push back|push)\s+(.+)$/i;
const SNOOZE_APART = /^(?:put|push)\s+(.+?)\s+(?:off|back)(?=\s|$)(.*)$/i;
const MOVE = /^(move|change|reschedule|shift|update|edit|rename|reword|verschieb(?:e|en)?|änder(?:e|n)?)\s+(.+)$/i;
/** These say by themselves that it is about a time. */
const MOVES_TIME = /^(?:move|reschedule|shift|versch)/i;
const MOVES_WORDS = /^(?:rename|reword)/i;
const LINK = /\s+(?:to say|to|into|until|till|for|auf|bis)\s+/gi;
const SPAN = /\s+(?:for|by|until|till|to|um|bis)\s+/gi;
const BY = /^(.+?)(?:\s+(?:back|later|forward))?\s+(?:by|um)\s+(.+?)(?:\s+later)?$/i;

const NOUN = String.raw`(?:reminders?|schedules?|erinnerung(?:en)?|zeitplan)`;
const OF = String.raw`(?:(?:the |its )?(?:time|date|words?|wording|text|name|zeit) (?:of|for) )`;
const THE = String.raw`(?:(?:the|my|that|this|meine?n?|die|den|das) )?`;
const BEFORE = new RegExp(
  `^${OF}?${THE}${NOUN}(?:\\s+(?:about|for|called|named|to|of|that|on|at|an|für|zu|namens)\\s+(.+))?$`,
  "i",
);
const BEHIND = new RegExp(`^${OF}?${THE}(.+?)[\\s-]+${NOUN}(?:['’]s (?:time|words?|text))?$`, "i");
const IT = /^(?:it|that|this|that one|this one|sie|es)$/i;
const ABOUT_WORDS = /^(?:the )?(?:words?|wording|text) (?:of|for) /i;

/** Undefined for what changes no reminder. */
export async function changeIn(words: string, here: Here): Promise<Change | undefined> {
  if (words.length > 1_000 || words.includes("\n")) return undefined;
  const paused = PAUSE.exec(words)?.[1];
  if (paused !== undefined) return (await putOff(paused, here)) ?? named(paused, "pause");
  const resumed = RESUME.exec(words)?.[1];
  if (resumed !== undefined) return named(resumed, "resume");
  const apart = SNOOZE_APART.exec(words);
  const snoozed = apart ? `${apart[1]}${apart[2]}` : SNOOZE.exec(words)?.[1];
  if (snoozed !== undefined) return (await putOff(snoozed, here)) ?? named(snoozed, "snooze");
  const [, verb = "", rest = ""] = MOVE.exec(words) ?? [];
  return verb === "" ? undefined : moved(verb, rest, here);
}

const named = (text: string, change: Change["change"], to = ""): Change => ({
  kind: "change",
  name: subject(text).name,
  change,
  to,
});

function subject(text: string): { readonly name: string; readonly isReminder: boolean } {
  const bare = text.trim().replaceAll(/[“”"]/g, "");
  const found = BEFORE.exec(bare) ?? BEHIND.exec(bare);
  if (found) return { name: (found[1] ?? "").trim(), isReminder: true };
  if (IT.test(bare)) return { name: "", isReminder: false };
  return { name: bare.replace(/^(?:the|my)\s+/i, ""), isReminder: false };
}

/** "Blink for an hour", "the oven until tomorrow at 9". */
async function putOff(text: string, here: Here): Promise<Change | undefined> {
  for (const link of text.matchAll(SPAN)) {
    const to = text.slice(link.index + link[0].length).trim();
    if ((await isTime(to, here)) || (await isTime(`in ${to}`, here)))
      return named(text.slice(0, link.index), "snooze", to);
  }
  return undefined;
}

async function moved(verb: string, rest: string, here: Here): Promise<Change | undefined> {
  const [, what = "", span = ""] = BY.exec(rest) ?? [];
  if (span !== "" && (await isTime(`in ${span}`, here))) return named(what, "snooze", span);
  const links = [...rest.matchAll(LINK)].map(({ index, 0: link }) => ({
    left: rest.slice(0, index).replace(/\s+from\s.*$/i, ""),
    right: rest.slice(index + link.length).trim(),
  }));
  const wordsOnly = MOVES_WORDS.test(verb) || ABOUT_WORDS.test(rest);
  if (!wordsOnly) {
    for (const { left, right } of links) {
      const { isReminder } = subject(left);
      if ((isReminder || MOVES_TIME.test(verb)) && (await isTime(right, here))) return named(left, "time", right);
    }
    const { text, when } = await splitWhen(rest, here);
    if (when !== "" && subject(text).isReminder) return named(text, "time", when);
  }
  const parted = links.find(({ left }) => subject(left).isReminder && subject(left).name !== "");
  if (parted && !MOVES_TIME.test(verb)) return named(parted.left, "words", parted.right.replaceAll(/[“”"]/g, ""));
  if (parted) return named(parted.left, "time", parted.right);
  return subject(rest).isReminder ? named(rest, wordsOnly ? "words" : "time") : undefined;
}

const isTime = async (words: string, here: Here): Promise<boolean> =>
  words !== "" && (await readWhen(words, here)).kind !== "none";
