/** Whether what was carried out is what a sentence of an answer claims. Pure. Called by deeds.ts. */
import { DEEDS, type DeedKind } from "./deed-words.ts";

/** Something that was carried out. */
export type Done = {
  readonly verb: string;
  /** Of its target, its text and its receipt. */
  readonly words: string;
  /** It was asked for in this turn. */
  readonly now: boolean;
};

/** The person's words of this turn. */
export type Asked = string;

type Claimed = {
  readonly deed: DeedKind;
  readonly how: "own" | "passive" | "bare";
  readonly said: string;
  readonly claim: string;
  readonly sentence: string;
};

/** The verb fits, it is told when it may be, and both speak of the same thing, or the sentence names none. */
export function isRecorded(done: Done, { deed, how, said, claim, sentence }: Claimed, asked: Asked): boolean {
  const parts = done.verb.toLowerCase().split(/[_-]/);
  const ends = ENDING.test(said);
  const verbs = deed === "book" ? (ends ? ENDERS : MAKERS) : DEEDS[deed].verbs;
  if (!parts.some((part) => verbs.some((start) => part.startsWith(start)))) return false;
  if (!isToldNow(done, { sentence, how }, asked)) return false;
  const known = new Set(wordsOf(done.words));
  if (targetsIn(claim).some((target) => !known.has(target))) return false;
  const object = tellingIn(claim, said);
  return object.length === 0 || object.some((word) => isOf(word, known));
}

/** "Cancelled" and "booked" are said of the same things, and are not the same deed. */
const ENDING = /cancel|unsubscri|storniert|abgesagt|abgemeldet/i;
const ENDERS = ["cancel", "remov", "delet", "paus"];
const MAKERS = DEEDS.book.verbs.filter((verb) => !ENDERS.includes(verb));

/** What was asked for earlier is told where the sentence says so, or the person asks about it, and not in place of what is asked now. */
export function isToldNow(
  { now, words, verb }: Done,
  { sentence, how }: { readonly sentence: string; readonly how?: Claimed["how"] },
  asked: Asked,
): boolean {
  if (now || EARLIER.test(sentence)) return true;
  if (ORDER.test(asked)) return false;
  if (THANKS.test(asked)) return true;
  // How things stand: "your reminder is set".
  if (how === "passive" && /\b(?:is|are|ist|sind)\b/i.test(sentence)) return true;
  if (!QUESTION.test(asked)) return false;
  const named = tellingIn(asked, "");
  const known = new Set(wordsOf(`${words} ${verb.replaceAll("_", " ")}`));
  return named.length === 0 || named.some((word) => isOf(word, known));
}

const EARLIER =
  /\b(?:earlier|already|before|previously|this morning|yesterday|last night|an? (?:minute|moment|hour|while) ago|\d+ (?:minutes|hours) ago|bereits|schon|vorhin|gestern|heute (?:früh|morgen)|zuvor)\b/i;
const ORDER =
  /\b(?:please|can you|could you|would you|will you|i (?:want|need)|i'd like|bitte|kannst du|könntest du|ich (?:möchte|will|brauche))\b|^\P{L}*(?:(?:ok(?:ay)?|and|now|then|also|yes|und|dann|ja|jetzt)\P{L}+)*(?:send|tell|e?-?mail|message|write|post|pay|buy|order|book|reserve|schedule|cancel|set|remind|create|add|open|delete|remove|update|change|move|save|note|remember|keep|make|do|go|sende|schicke?|sag|buche?|erinnere?|stelle?|setze?|lege?|lösche?|zahle?|bestelle?|storniere?|merke?|notiere?)(?! you\b)\b/iu;
const THANKS = /^\P{L}*(?:thanks|thank you|thx|great|perfect|super|nice|good|cool|danke|prima|gut|toll)\b/iu;
const QUESTION =
  /\?|^\P{L}*(?:did|do|does|have|has|is|are|was|were|what|when|which|who|where|how|show|list|hast|hat|ist|sind|war|wurde|wann|was|wer|welche\w*|wo|wie|zeig)\b/iu;

/** Whom it is said to have gone to, or to be with: names alone. */
const TARGET = /\b(?:to|with|an|bei|mit) (?:the |my |your |our )?(\p{Lu}[\p{L}\p{N}'-]+)/gu;
const targetsIn = (claim: string): readonly string[] =>
  Array.from(claim.matchAll(TARGET), ([, name = ""]) => name.toLowerCase().replace(/'s$/, "")).filter(
    (name) => !NEUTRAL.has(name),
  );

const wordsOf = (text: string): readonly string[] =>
  text
    .toLowerCase()
    .replaceAll(/['’]s\b/gu, "")
    .match(/[\p{L}\p{N}]+/gu) ?? [];

/** The words by which one can tell which deed is meant: neither the deed's own nor what any sentence has. */
function tellingIn(claim: string, said: string): readonly string[] {
  const own = new Set(wordsOf(said).slice(-1));
  return wordsOf(claim).filter(
    (word) => word.length > 2 && !/^\d/.test(word) && !own.has(word) && !NEUTRAL.has(word) && !DEED_WORD.test(word),
  );
}

/** "Birthday" of "birthdays", and "rent" of "Rent". */
const isOf = (word: string, known: ReadonlySet<string>): boolean =>
  known.has(word) || known.has(word.replace(/(?:e?s|n)$/, "")) || known.has(`${word}s`);

const DEED_WORD = new RegExp(
  `^(?:${Object.values(DEEDS)
    .flatMap(({ en, de }) => `${en}|${de}`.split("|"))
    .filter((word) => /^[\p{L}?-]+$/u.test(word))
    .join("|")})$`,
  "iu",
);
const NEUTRAL = new Set(
  `the and you your yours for from with has have had was were are been being will that this these those them they him her his its our
  now just also then done here there already earlier yesterday today tomorrow tonight morning noon afternoon evening night week month
  day days hour hours minute minutes monday tuesday wednesday thursday friday saturday sunday january february march april may june july
  august september october november december about into onto upon not all okay sure great perfect successfully nova got yes well
  ahead went gone before previously ago last next every each daily weekly monthly once again soon finally gladly duly both too
  reminder reminders alarm timer schedule schedules set message messages mail mails email note notes event webhook word words text
  it so as you'd what when which who where how did does there's can could would please tell show list me my new one
  send sending work worked happen happened ready out off through own
  die der das den dem des ein eine einen einem einer dein deine deinen deiner dir dich ich wir habe hab haben hast hat ist sind war
  wurde wurden bin jetzt nun soeben gerade bereits schon vorhin gestern heute morgen abend früh für von und auch dann alles
  erledigt erinnerung erinnerungen wecker termin nachricht nachrichten notiz uhr montag dienstag mittwoch donnerstag freitag samstag
  sonntag januar februar märz mai juni juli oktober dezember mir sie ihn ihm ihr uns was wann wie schick`.split(/\s+/),
);
