/** Sentences of an answer that claim a deed of which there is no record. Pure. Called by answer-check.ts and weaken.ts. */
import { ADVERBS, DEEDS, OF_THE_ANSWER, type DeedKind } from "./deed-words.ts";
import { bare, sentencesIn, withoutQuotes, type Sentence } from "./sentences.ts";

export type DeedFacts = {
  /** Verbs that were carried out for this conversation, the trust rule's of this turn included. */
  readonly deeds: readonly string[];
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
  return sentencesIn(own).flatMap((sentence) => {
    const words = bare(sentence.text).replace(/^(?:[-+•]|\d+[.)]|#+)\s+/, "");
    const cites = CITES.test(lineAt(answer, sentence.start));
    if (cites && facts.items.some((item) => bare(item).includes(words))) return [];
    const deed = claimIn(words, { answer, cites }, facts);
    return deed === undefined ? [] : [{ ...sentence, text: answer.slice(sentence.start, sentence.end).trim(), deed }];
  });
}

const CITES = /\[m\d+\]/;
const lineAt = (text: string, at: number): string => text.slice(text.lastIndexOf("\n", at) + 1).split("\n", 1)[0] ?? "";

function claimIn(
  sentence: string,
  around: Omit<Said, "sentence" | "said">,
  facts: DeedFacts,
): Claim["deed"] | undefined {
  if (/\?["')\]]*$/.test(sentence)) return undefined;
  for (const form of FORMS) {
    for (const { index, 0: said } of sentence.matchAll(form.said)) {
      const before = sentence.slice(0, index);
      if (isUnclaimed(before, said, sentence.slice(index + said.length), form)) continue;
      if (isGranted(form, { sentence, said, ...around }, facts)) continue;
      return form.deed;
    }
  }
  return isDone(sentence, facts) ? "done" : undefined;
}

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

/** "I have sent", "ich habe … gesendet", "was sent", "wurde … gesendet", "Message sent". */
const FORMS: readonly Form[] = KINDS.flatMap((deed): Form[] => {
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
  ];
  const alone = String.raw`^(?:\P{L}*(?:done|ok|okay|all set|great|sure|perfect|all ?right|got it|erledigt)?\P{L}+)?(?:(?:the|your|an?|my|die|der|das|deine?|eine?) )?(?:[\w'äöüÄÖÜß-]+ ){0,3}(?:${en}|${de})\b`;
  return [
    { deed, how: "own", said: new RegExp(said.join("|"), "giu") },
    { deed, how: "passive", said: new RegExp(passive.join("|"), "giu") },
    ...(ofTexts && deed !== "keep" && deed !== "forget"
      ? []
      : [{ deed, how: "bare" as const, said: new RegExp(alone, "giu") }]),
  ];
});

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

type Said = {
  readonly sentence: string;
  readonly said: string;
  readonly answer: string;
  /** Its line names an item that it is from. */
  readonly cites: boolean;
};

function isGranted({ deed, how }: Form, { sentence, said, answer, cites }: Said, facts: DeedFacts): boolean {
  const { verbs, ofTexts } = DEEDS[deed];
  const done = facts.deeds.flatMap((verb) => verb.toLowerCase().split(/[_-]/));
  if (done.some((part) => verbs.some((start) => part.startsWith(start)))) return true;
  if (deed === "keep" && (facts.kept || facts.keptAnyway)) return true;
  if (deed === "create" && facts.kept && OF_MEMORY.test(sentence)) return true;
  if (facts.forgot && (deed === "forget" || deed === "delete")) return true;
  if (ofTexts && (facts.onText || OF_THE_ANSWER.test(sentence) || (deed !== "delete" && isFollowed(sentence, answer))))
    return true;
  const word = said.split(" ").at(-1)?.toLowerCase() ?? "";
  if (facts.onText && holdsWord(facts.told, word)) return true;
  if (how === "own") return false;
  // What somebody else did is told with its source, or stands in what was said and remembered.
  if (cites || ATTRIBUTED.test(sentence)) return true;
  if (
    /\b(?:every|each|daily|weekly|monthly|yearly|always|usually|normally|typically|by default|immer|jede\w*|täglich|monatlich)\b/i.test(
      sentence,
    )
  )
    return true;
  const told = facts.onRecords ? [...facts.told, ...facts.results] : facts.told;
  return told.some((source) => tellsThis(source, sentence, word));
}

const OF_MEMORY = /\b(?:notes?|memory|notiz\w*|decision|preference|update)\b/i;
const ATTRIBUTED = /\b(?:according to|says|shows|states|reports?|lists|laut|gemäß|zufolge|steht)\b/i;
const isFollowed = (sentence: string, answer: string): boolean =>
  /:["')\]]*$/.test(sentence) && /^\s*(?:[-*+>|]|\d+[.)]|```|“|")/m.test(answer);

const holdsWord = (sources: readonly string[], word: string): boolean =>
  sources.some((source) =>
    new RegExp(String.raw`(?<!\p{L})${word.replaceAll(/\W/gu, ".")}(?!\p{L})`, "iu").test(source),
  );

const WISHED =
  /\?|\b(?:please|get|make sure|want|need|should|must|has to|have to|if|bitte|soll|sollte|muss|möchte|will|wenn)\b/i;

/** A sentence of it, no question and no wish, with the same deed and another word of the answer's sentence that means something. */
function tellsThis(source: string, sentence: string, word: string): boolean {
  if (!holdsWord([source], word)) return false;
  const words = new Set(contentOf(sentence).filter((each) => each !== word));
  return sentencesIn(source).some(
    ({ text }) => !WISHED.test(text) && holdsWord([text], word) && contentOf(text).some((each) => words.has(each)),
  );
}

const contentOf = (text: string): readonly string[] => text.toLowerCase().match(/\p{L}{4,}/gu) ?? [];

const DONE =
  /^\P{L}*(?:(?:all )?done|all set|consider it done|it(?:'s| is)(?: all| now)? done|that(?:'s| is)(?: now)? done|erledigt|(?:ist |schon |alles )?erledigt|(?:it is|it's|they are|your \w+ is) on (?:its|their|the) way|(?:the |your )?\w+ (?:went through|went out))\P{L}*$/iu;

/** A bare "Done." says that something was, whatever it was. */
const isDone = (sentence: string, facts: DeedFacts): boolean =>
  DONE.test(sentence) &&
  !(facts.deeds.length > 0 || facts.kept || facts.forgot || facts.onText || facts.results.length > 0);
