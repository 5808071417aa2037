/** Reads what is to be reminded, asked, listed or cancelled. Used by scheduler.ts. */
import { readWhen, soundsLikeRule, splitWhen, type Here } from "#core";
import { changeIn, type Change } from "./changes.ts";

export type Order =
  | { readonly kind: "remind"; readonly text: string; readonly when: string }
  /** At least two, each with its words and its time. */
  | { readonly kind: "several"; readonly reminders: readonly Reminder[] }
  | { readonly kind: "ask"; readonly words: string; readonly when: string }
  | { readonly kind: "list"; readonly about: string }
  /** Each by its name; without one nothing was named. `all`: every one there is. */
  | { readonly kind: "cancel"; readonly names: readonly string[]; readonly all: boolean }
  | Change;

export type Reminder = Pick<Extract<Order, { kind: "remind" }>, "text" | "when">;

const POLITE = /^(?:please|bitte|hey|hi|ok|okay|nova|and|und)[\s,]+/i;
const ASKED = /^(?:can|could|would|will) you (?:please )?|^(?:kannst|könntest) du (?:bitte )?/i;
const REMIND =
  /^(?:remind me|(?:set|make|create|add|give|put|wake)(?: me)?(?: up)?(?: with)? (?:a|an|another|the) reminder|i (?:need|want|would like) (?:a|another) reminder|(?:a )?reminder|erinner(?:e|st)?(?: du)? mich(?: bitte)?(?: daran)?|(?:neue |eine )?erinnerung)(?=[\s:,]|$)[\s:,]*/i;
const SCHEDULE =
  /^(?:schedule|plan)(?: (?:a|an|the))?(?: (?:daily|regular|new))?(?: (?:question|ask))?(?: for)?[\s:,]+/i;
const ASK_LINK =
  /^[\s,:–-]*(?:please )?(?:(?:ask|question|frage?)(?: (?:me|yourself|nova|mich|dich))?\s*[:,]|(?=(?:ask|tell|send|show|give|check|look|list|summari[sz]e|report|write|find|what|which|who|how|where|when|is|are|do|did|was|were|has|have|sag|zeig|schick|prüfe?|fasse?|was|welche|wer|wie)\b))\s*/i;
const ALL = /^(?:(?:my|the|all|show|list)\s+)*(?:reminders?|schedules?|erinnerungen)[.!?]*$/i;
const WAKE = /^wake me(?: up)?(?=\s)(?! with\b)\s*/i;
const AGAIN = /(?:\s*[,;.])?\s+(?:and |und )?(?:also |then )?(?:please )?(?:remind me|erinnere mich)\s+(?=\S)/i;
/** "… and at 10 to call Bob": a further one, where a time stands behind the word. */
const FURTHER =
  /(?:\s*[,;])?\s+(?:and|und)\s+(?:then |also )?(?=(?:at|on|in|today|tomorrow|tonight|every|next|um|am|morgen)\s)/i;
const LIST =
  /^(?:what|which|list|show|tell me (?:my|the|which|what|when)|when|do i have|are there|is there|have i|give me|display|welche|zeig|was für|wann|habe ich|liste)\b[^.!]*?\b(?:reminders?|schedules?|scheduled|erinnerung(?:en)?|zeitpl[aä]ne?)\b/i;
const ABOUT = /\b(?:reminders?|schedules?|erinnerung(?:en)?)\s+(?:about|for|called|named|to|an|für|zu)\s+(.+?)[?.!]*$/i;
const CANCEL =
  /^(?:cancel|delete|remove|drop|kill|turn off|get rid of|lösch(?:e|en)?|entfern(?:e|en)?|stopp(?:e|en)?|(?:i (?:do not|don['’]t) need|forget))\s+(?:(?:the|my|that|all|meine?|die|den|das)\s+)?(?:(?:reminders?|schedules?|scheduled question|erinnerung(?:en)?|zeitplan)\b)\s*(?:(?:about|for|called|named|to|of|that|an|für|zu|namens)\s+)?(.*)$/i;
const STOP = /^(?:stop|quit|no longer|don['’]t) remind(?:ing)? me\s*(?:(?:about|of|to|that)\s+)?(.*)$/i;
const CANCEL_BEHIND =
  /^(?:cancel|delete|remove|drop|stop|lösch(?:e|en)?)\s+(?:(?:the|my|meine?|die|den)\s+)?(.+?)\s+(?:reminder|schedule|erinnerung)s?$/i;
/** "… and the one about Bob": a further one. */
const AND_THE =
  /(?:\s*,)?\s+(?:and|und)\s+(?:also )?(?:the |my |that |die |den )?(?:one|reminder|schedule|erinnerung)s?(?:\s+(?:about|for|called|named|to|of|that|an|für|zu))?\s+/i;
const EVERY =
  /^(?:cancel|delete|remove|drop|clear|stop|lösch(?:e|en)?)\s+(?:all|every|each|alle)(?:\s+(?:of )?(?:my|the|meine|die))?\s+(?:reminders?|schedules?|erinnerung(?:en)?)(?:\s+and\s+(?:schedules?|reminders?))?$/i;
const TAIL = /\s*(?:,? (?:please|bitte|any ?more|any longer|now)|[?.!])+$/i;
const ASKS = /^(?:what|who|whom|whose|when|where|why|how|which|if|whether|was|wer|wann|wo|wie|ob)\b/i;
const PERIOD = /^(?:today|tomorrow|this (?:week|month)|next (?:week|month)|heute|morgen|me|us)$/i;

/** Undefined for what rules do not read; a model may. */
export async function readOrder(said: string, here: Here): Promise<Order | undefined> {
  const words = plainly(said);
  if (words === "" || words.length > 2_000) return undefined;
  const change = cancelIn(words) ?? (await changeIn(words.replace(TAIL, ""), here));
  return change ?? (await remindIn(words, here)) ?? listIn(words) ?? (await askIn(words, here));
}

function plainly(said: string): string {
  let words = said.trim();
  for (let before = ""; before !== words;) {
    before = words;
    words = words.replace(POLITE, "").replace(ASKED, "").trim();
  }
  return words;
}

function cancelIn(words: string): Order | undefined {
  const bare = words.replace(TAIL, "");
  const found = CANCEL.exec(bare) ?? STOP.exec(bare) ?? CANCEL_BEHIND.exec(bare);
  if (EVERY.test(bare)) return { kind: "cancel", names: [], all: true };
  if (!found) return undefined;
  const parts = (found[1] ?? "").split(AND_THE).map((name) => name.replace(TAIL, "").trim());
  return { kind: "cancel", names: parts.filter((name) => name !== "").slice(0, MOST_AT_ONCE), all: false };
}

function listIn(words: string): Order | undefined {
  if (ALL.test(words)) return { kind: "list", about: "" };
  if (words.includes("\n") || words.length > 120 || !LIST.test(words)) return undefined;
  const about = ABOUT.exec(words)?.[1]?.trim() ?? "";
  return { kind: "list", about: PERIOD.test(about) ? "" : about };
}

async function remindIn(words: string, here: Here): Promise<Order | undefined> {
  const ahead = await timeAhead(words, here);
  if (ahead) return ahead;
  const wake = WAKE.exec(words);
  const opening = wake ?? REMIND.exec(words);
  if (!opening) return undefined;
  const rest = words
    .slice(opening[0].length)
    .replace(/[?.!]+$/, "")
    .replace(/^(?:for|about) /i, "");
  const reminders = await severalIn(rest, here);
  if (reminders) return { kind: "several", reminders };
  const { text, when } = await splitWhen(rest, here);
  if (wake) return when === "" ? undefined : { kind: "remind", text: text || "wake up", when };
  // "Remind me what we decided" asks for something that was said.
  if (when === "" && ASKS.test(text)) return undefined;
  return { kind: "remind", text, when };
}

const REMIND_BEHIND =
  /^(.{3,100}?)[\s,:–-]+(?:please )?(?:remind me|erinnere mich)(?:\s+(?:bitte|daran))?(?:[\s,:]+(?:to|about|of|that|an|zu|dass)\b)?[\s,:]+(.+)$/is;

/** "Every day at 9 America/New_York remind me to …": the time stands in front. */
async function timeAhead(words: string, here: Here): Promise<Order | undefined> {
  const [, when = "", text = ""] = REMIND_BEHIND.exec(words) ?? [];
  if (when === "" || (await readWhen(when, here)).kind === "none") return undefined;
  return (await severalIn(`${when} ${text}`, here)) === undefined
    ? { kind: "remind", text: text.replace(/[?.!]+$/, ""), when }
    : undefined;
}

/** Undefined unless every part has its words and its time. */
async function severalIn(rest: string, here: Here): Promise<readonly Reminder[] | undefined> {
  const parts = rest.split(AGAIN).flatMap((part) => part.split(FURTHER));
  if (parts.length < 2 || parts.length > MOST_AT_ONCE) return undefined;
  const reminders: Reminder[] = [];
  if (parts.slice(0, -1).some((part) => GOES_ON.test(part.replace(OWN_DEED, "")))) return undefined;
  for (const part of parts) {
    const { text, when } = await splitWhen(part, here);
    if (text === "" || when === "") return undefined;
    const before = reminders.at(-1)?.when;
    reminders.push({ text, when: before === undefined ? when : await onThatDay(when, before, here) });
  }
  return reminders;
}

/** "… to ask Kim to call and remind me", "… and if it is done, remind me": what follows hangs on it. */
const OWN_DEED = /^(?:(?!\bthat\b).)*?\bto\s+/is;
const GOES_ON =
  /\bto\s(?!(?:the|an?|my|our|your|\d))|\b(?:can|could|will|would|should|must|may|might|let|make)\s|(?:[,;]|\band)\s+(?:then\s+)?(?:if|in case|when|whenever|once|unless|after|before|until|while|as soon as)\b/i;
const MOST_AT_ONCE = 6;
const CLOCK = /(?:\b(?:at|um)\s+|(?<=\s))\d{1,2}(?:[:.]\d{2})?(?:\s*(?:am|pm|uhr|o['’]clock))?(?=\s|$)/i;

/** "At 10" behind "tomorrow at 9" is tomorrow's. */
async function onThatDay(when: string, before: string, here: Here): Promise<string> {
  const day = before.replace(CLOCK, " ").replaceAll(/\s+/g, " ").trim();
  if (day === "" || !CLOCK.test(before) || !/^(?:at|um)\s+\d/i.test(when)) return when;
  const both = `${day} ${when}`;
  return (await readWhen(both, here)).kind === "none" ? when : both;
}

/** A time at the beginning, and behind it something to ask or to tell. */
async function askIn(words: string, here: Here): Promise<Order | undefined> {
  const planned = SCHEDULE.exec(words);
  const rest = planned ? words.slice(planned[0].length) : words;
  const tokens = [...rest.matchAll(/\S+/g)];
  for (let count = Math.min(12, tokens.length - 1); count > 0; count -= 1) {
    const last = tokens[count - 1];
    if (!last) continue;
    const end = last.index + last[0].length;
    const when = rest.slice(0, end).replace(/[,:]+$/, "");
    if (!planned && !soundsLikeRule(when)) continue;
    if ((await readWhen(when, here)).kind === "none") continue;
    const behind = rest.slice(when.length);
    const link = ASK_LINK.exec(behind) ?? (planned ? /^[\s,:–-]+/.exec(behind) : null);
    if (link) return { kind: "ask", when, words: behind.slice(link[0].length).trim() };
  }
  return undefined;
}
