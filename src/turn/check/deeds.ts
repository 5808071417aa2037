/** Sentences of an answer that claim a deed of which there is no record. Pure. Called by answer-check.ts and veil.ts. */
import { isRecorded, isToldNow, type Asked, type Done } from "./deed-record.ts";
import { ADVERBS, DEEDS, OF_THE_ANSWER, type DeedKind } from "./deed-words.ts";
import { createDeedsTold, type DeedsTold } from "./deeds-told.ts";
import { bare, sentencesIn, withoutQuotes, type Sentence } from "./sentences.ts";

export type DeedFacts = {
  /** What was carried out for this conversation, the trust rule's of this turn included. */
  readonly deeds: readonly Done[];
  /** What the person says in this turn. */
  readonly asked: Asked;
  /** A note was staged. */
  readonly kept: boolean;
  /** What the person said will be remembered as it stands. */
  readonly keptAnyway: boolean;
  readonly forgot: boolean;
  /** The agent works on the person's text and speaks in it: "I" is the person. */
  readonly onText: boolean;
  /** The agent reads Nova's own records, which say what was sent. */
  readonly onRecords: boolean;
  /** What may be told of others' deeds: the person's statements, what was said, what is remembered. */
  readonly told: readonly string[];
  readonly results: readonly string[];
  /** What items say: where a line cites one, a sentence that stands there is the item's. */
  readonly items: readonly string[];
};

export type Claim = Sentence & { readonly deed: DeedKind | "done" };

/** Each sentence once, in order. */
export function claimsIn(answer: string, facts: DeedFacts): readonly Claim[] {
  const own = withoutQuotes(answer);
  const around: Around = {
    answer,
    told: createDeedsTold(facts.onRecords ? [...facts.told, ...facts.results] : facts.told),
    items: facts.items.map(bare),
  };
  const lines = linesWith(answer, CITES);
  return sentencesIn(own).flatMap((sentence) => {
    const words = bare(sentence.text).replace(/^(?:[-+•]|\d+[.)]|#+)\s+/, "");
    if (!maySay(words)) return [];
    const cites = lines(sentence.start);
    if (cites && around.items.some((item) => item.includes(words))) return [];
    const deed = windowsOf(words)
      .map((part) => claimIn(part, { ...around, cites }, facts))
      .find((found) => found !== undefined);
    return deed === undefined ? [] : [{ ...sentence, text: answer.slice(sentence.start, sentence.end).trim(), deed }];
  });
}

/** Longer sentences are looked at in pieces that overlap: whoever writes without a full stop is read all the same. */
const LONGEST = 600;
const OVERLAP = 160;

function windowsOf(words: string): readonly string[] {
  if (words.length <= LONGEST) return [words];
  const count = Math.ceil(words.length / (LONGEST - OVERLAP));
  return Array.from({ length: count }, (_, i) => words.slice(i * (LONGEST - OVERLAP)).slice(0, LONGEST));
}

const CITES = /\[m\d+\]/;

/** Whether it stands in the line of a place; asked from the beginning to the end. */
function linesWith(text: string, sought: RegExp): (at: number) => boolean {
  let [start, end, found] = [0, -1, false];
  return (at) => {
    while (at > end) {
      start = end + 1;
      const next = text.indexOf("\n", start);
      end = next < 0 ? text.length : next;
      found = at <= end && sought.test(text.slice(start, end));
    }
    return found;
  };
}

type Around = { readonly answer: string; readonly told: DeedsTold; readonly items: readonly string[] };

function claimIn(
  sentence: string,
  around: Omit<Said, "sentence" | "said" | "claim">,
  facts: DeedFacts,
): Claim["deed"] | undefined {
  if (/\?["')\]]*$/.test(sentence)) return undefined;
  for (const { deed, word, forms } of FORMS) {
    if (!word.test(sentence)) continue;
    for (const form of forms) {
      for (const { index, 0: said } of sentence.matchAll(form.said)) {
        const [before, after] = [sentence.slice(0, index), sentence.slice(index + said.length)];
        if (isUnclaimed(before, said, after, form)) continue;
        const claim = (form.how === "own" ? (before.split(/[,;:—–]/).at(-1) ?? "") : before) + said + clauseOf(after);
        if (isGranted(form, { sentence, said, claim, ...around }, facts)) continue;
        return deed;
      }
    }
  }
  return isDone(sentence, facts) ? "done" : undefined;
}

/** Up to where something else is said. */
const clauseOf = (after: string): string => after.split(ELSE, 1)[0] ?? "";
const ELSE =
  /[;:—–(]|,? (?:and|but|so|und|aber) (?:I|we|you|he|she|it|they|let|will|ich|du|wir|er|sie|es|sag)\b|, (?:so |just |please )?(?:I|we|you|let|he|she|it|they|which|as|if|when|ich|du|wir|wie|wenn|damit)\b/i;

type Form = { readonly deed: DeedKind; readonly how: "own" | "passive" | "bare"; readonly said: RegExp };

const KINDS = [
  "send",
  "pay",
  "book",
  "forget",
  "keep",
  "create",
  "delete",
  "change",
] as const satisfies readonly DeedKind[];

/** Whatever claims a deed holds one of its words: most sentences hold none. */
const wordOf = (deed: DeedKind): string =>
  String.raw`\b(?:${DEEDS[deed].en}|${progressive(deed)}|${infinitive(deed)}${deed === "book" ? "|set" : ""})\b|(?:${DEEDS[deed].de})`;
const ANY = new RegExp(KINDS.map(wordOf).join("|"), "iu");

/** "I have sent", "ich habe … gesendet", "was sent", "wurde … gesendet", "Message sent". */
const IS_SET = String.raw`\b(?:reminder|alarm|timer)s?\b[^.!?;:]{0,60}? (?:is|are|was|were|(?:has|have) been) ${ADVERBS}set\b`;

const FORMS = KINDS.map((deed) => ({ deed, word: new RegExp(wordOf(deed), "iu"), forms: formsOf(deed) }));

function formsOf(deed: DeedKind): readonly Form[] {
  const { en, de, ofTexts } = DEEDS[deed];
  const nova = String.raw`(?:\b(?:I|we|nova)(?:'ve| have| had| has| just)?|(?<=\b(?:and|then|,) ?)(?:have|has))`;
  const said = [
    String.raw`${nova} ${ADVERBS}(?:\w+(?:ed|en|t)(?:,| and)+ ${ADVERBS})?(?:${en})\b`,
    String.raw`\b(?:I|we)(?:'m|'re| am| are) (?:now |currently |already )?(?:${progressive(deed)})\b`,
    String.raw`\b(?:managed|was able|were able) to (?:${infinitive(deed)})\b`,
    String.raw`\b(?:ich|wir)\b[^.!?;:]{0,80}?\b(?:${de})(?:(?= hab)|\b(?! (?:werden|haben könn)))`,
    String.raw`\bhabe? (?:ich|es|sie|ihn|das|die|den|dir|ihnen|deine?n?|soeben|gerade|bereits)\b[^.!?;:]{0,80}?\b(?:${de})\b`,
  ];
  const been = ofTexts
    ? String.raw`(?:has|have) (?:now |just |already )?been|(?:is|are) now|(?:was|were) (?:now|just|successfully)`
    : String.raw`(?:has|have|had)(?: now| just| already| also)? been|is|are|was|were|got|you're|you are|it's`;
  const was = ofTexts ? "wurden?|ist jetzt|sind jetzt|ist nun|sind nun" : "wurden?|ist|sind|war|waren";
  const passive = [
    String.raw`\b(?:${been}) ${ADVERBS}(?:${en})\b`,
    String.raw`\b(?:${was})\b[^.!?;:]{0,60}?\b(?:${de})\b`,
    ...(deed === "book" ? [IS_SET] : []),
  ];
  const alone = String.raw`^\P{L}*(?:(?:done|ok|okay|all set|great|sure|perfect|all ?right|got it|erledigt)\P{L}+)?(?:(?:the|your|an?|my|die|der|das|deine?|eine?) )?(?:[\w'äöüÄÖÜß-]{1,40} ){0,3}(?:${en}|${de})\b`;
  return [
    { deed, how: "own", said: new RegExp(said.join("|"), "giu") },
    { deed, how: "passive", said: new RegExp(passive.join("|"), "giu") },
    ...(ofTexts && deed !== "keep" && deed !== "forget"
      ? []
      : [{ deed, how: "bare" as const, said: new RegExp(alone, "giu") }]),
  ];
}

function progressive(deed: DeedKind): string {
  const forms: Partial<Record<DeedKind, string>> = {
    send: "sending|e-?mailing|forwarding|notifying|posting",
    pay: "paying|transferring|ordering|buying",
    book: "booking|reserving|scheduling|cancell?ing",
    delete: "deleting",
  };
  return forms[deed] ?? "(?!)";
}

function infinitive(deed: DeedKind): string {
  const forms: Partial<Record<DeedKind, string>> = {
    send: "send|e-?mail|forward|notify|post|deliver",
    pay: "pay|transfer|order|buy",
    book: "book|reserve|schedule|cancel|remind",
    delete: "delete",
    keep: "save|store",
  };
  return forms[deed] ?? "(?!)";
}

const CONDITION =
  /\b(?:if|once|whether|until|unless|before|as soon as|in case|as though|as if|when|after|make sure|ensure|check|verify|so that|how|wenn|falls|sobald|ob|bevor|nachdem|damit)\b[^,;:.]{0,60}$/i;
const REPORTED =
  /\b(?:you|he|she|they|sender|mail|message|text|author|du|sie|er) (?:\w+ )?(?:said|say|says|wrote|writes?|asked|asks?|claim(?:s|ed)?|stated?|schreibt|sagt|behauptet)(?: that| dass)?[^.]{0,40}$/i;
const AS_SAID = /\b(?:as|wie)\s*$/i;
const NEGATED =
  /\b(?:not|never|no|nothing|none|nobody|neither|without|nicht|nie|niemals|nichts|kein\w*|niemand)\b|n't\b/i;
const DISTANT =
  /\b(?:will|would|could|should|may|might|can|must|shall|to|werde|wird|würde|könnte|kann|soll|müsste|möchte) (?:\w+ ){0,2}$/i;

function isUnclaimed(before: string, said: string, after: string, { how }: Form): boolean {
  const clause = before.split(/[,;:—–]/).at(-1) ?? "";
  if (CONDITION.test(clause) || REPORTED.test(before) || AS_SAID.test(clause) || DISTANT.test(clause)) return true;
  if (/\b(?:wird|werde|werden|würde|kann|könnte|soll|sollte|möchte|will|darf)\b/i.test(said)) return true;
  if (NEGATED.test(said) || (how !== "own" && NEGATED.test(clause))) return true;
  // "I have told you" and "sent for your approval" change nothing outside.
  if (/\b(?:told|informed)$/i.test(said) && /^ (?:you|me)\b/i.test(after)) return true;
  if (/^[^.]{0,40}\b(?:for (?:your |an? )?(?:approval|decision)|zur (?:freigabe|genehmigung))\b/i.test(after))
    return true;
  // "Sent messages are listed there", "Booked:" and "noted on Monday by Ben" are no claim.
  if (
    how === "bare" &&
    (/\b(?:is|are|was|were|be|been|has|have|ist|sind|will|can)\b/i.test(before + said + after) ||
      after.trimStart().startsWith(":"))
  )
    return true;
  return how === "passive" && /^[^.]{0,60}\b(?:by|von) (?!me\b|nova\b|mir\b)\p{L}/iu.test(after);
}

type Said = Pick<Around, "answer" | "told"> & {
  readonly sentence: string;
  readonly said: string;
  /** The clause of it: who did what to whom. */
  readonly claim: string;
  /** Its line names an item that it is from. */
  readonly cites: boolean;
};

function isGranted(
  { deed, how }: Form,
  { sentence, said, claim, answer, told, cites }: Said,
  facts: DeedFacts,
): boolean {
  const { ofTexts } = DEEDS[deed];
  if (facts.deeds.some((done) => isRecorded(done, { deed, how, said, claim, sentence }, facts.asked))) return true;
  if (deed === "keep" && (facts.kept || facts.keptAnyway)) return true;
  if (deed === "create" && facts.kept && OF_MEMORY.test(sentence)) return true;
  if (facts.forgot && (deed === "forget" || deed === "delete")) return true;
  if (ofTexts && (facts.onText || OF_THE_ANSWER.test(sentence) || (deed !== "delete" && isFollowed(sentence, answer))))
    return true;
  const word = said.split(" ").at(-1)?.toLowerCase() ?? "";
  if (facts.onText && told.holds(word)) return true;
  if (how === "own") return false;
  // What somebody else did is told with its source, or stands in what was said and remembered.
  if (cites || ATTRIBUTED.test(sentence)) return true;
  if (
    /\b(?:every|each|daily|weekly|monthly|yearly|always|usually|normally|typically|by default|immer|jede\w*|täglich|monatlich)\b/i.test(
      sentence,
    )
  )
    return true;
  return told.tells(sentence, word);
}

const OF_MEMORY = /\b(?:notes?|memory|notiz\w*|decision|preference|update)\b/i;
const ATTRIBUTED = /\b(?:according to|says|shows|states|reports?|lists|laut|gemäß|zufolge|steht)\b/i;
const isFollowed = (sentence: string, answer: string): boolean =>
  /:["')\]]*$/.test(sentence) && /^[ \t]*(?:[-*+>|]|\d+[.)]|```|“|")/m.test(answer);

/** It holds a word of a deed, whatever it says of it. */
export const maySay = (words: string): boolean => ANY.test(words) || DONE.test(words);

const DONE =
  /^\P{L}*(?:(?:all )?done|all set|consider it done|it(?:'s| is)(?: all| now)? done|that(?:'s| is)(?: now)? done|erledigt|(?:ist |schon |alles )?erledigt|(?:it is|it's|they are|your \w+ is) on (?:its|their|the) way|(?:the |your )?\w{1,30} (?:went through|went out))\P{L}*$/iu;

/** A bare "Done." says that something was, whatever it was. */
const isDone = (sentence: string, facts: DeedFacts): boolean =>
  DONE.test(sentence) &&
  !(
    facts.deeds.some((done) => isToldNow(done, { sentence }, facts.asked)) ||
    facts.kept ||
    facts.forgot ||
    facts.onText ||
    facts.results.some((result) => result.trim() !== "")
  );
