/** Reads from a message whom somebody wants told what, where that stands in it literally. Pure. Used by notifier.ts. */
export type Request =
  /** Everybody by name, each to be told the same. */
  | { readonly kind: "message"; readonly to: readonly string[]; readonly text: string }
  | { readonly kind: "webhook"; readonly receiver: string; readonly event: string; readonly text: string }
  /** Somebody is named, and nothing to tell them. */
  | { readonly kind: "wordless"; readonly to: string }
  /** Words, and nobody to tell them to. */
  | { readonly kind: "nobody" }
  /** Somebody is not to be told something. */
  | { readonly kind: "not"; readonly to: string }
  /** Talk, which another agent answers. */
  | { readonly kind: "talk"; readonly agent: "concierge" | "analyst" | "librarian" | "scheduler" }
  | { readonly kind: "other" };

const LEAD = String.raw`^\s*(?:(?:please|nova|hey nova|hi nova|can you|could you|would you|will you|i want you to|i'd like you to)[,:]?\s+)*`;
/** Names: what stands before the words that begin the message. */
const TO = String.raw`(?<to>[@#]?[\p{L}\p{N}][^\n:;"“?!]{0,80}?)`;
const BEGINS = String.raw`(?:\s+that\s+|\s*:\s*|,?\s+saying\s+(?:that\s+)?|\s+with the words\s+)`;
const TEXT = String.raw`(?<text>[^]*)$`;

const form = (...parts: readonly string[]): RegExp => new RegExp([LEAD, ...parts].join(""), "iu");

const RECEIVER = String.raw`(?:the\s+)?(?:webhook|receiver)\s+(?<receiver>[a-z0-9][a-z0-9-]*)`;
const WEBHOOKS = [
  form(String.raw`(?:post|send|notify|trigger)\s+(?:to\s+)?${RECEIVER}`, BEGINS, TEXT),
  form(String.raw`send\s+a\s+webhook\s+to\s+(?<receiver>[a-z0-9][a-z0-9-]*)`, BEGINS, TEXT),
  form(
    String.raw`(?:send|post)\s+the\s+event\s+(?<event>[a-z0-9_]+(?:\.[a-z0-9_]+)*)\s+to\s+${RECEIVER}`,
    BEGINS,
    TEXT,
  ),
];

const MESSAGES = [
  form(String.raw`(?:tell|inform|message|notify|text|ping)\s+`, TO, BEGINS, TEXT),
  form(String.raw`let\s+`, TO, String.raw`\s+know`, BEGINS, TEXT),
  form(String.raw`(?:send|write)\s+(?:a\s+(?:message|note)\s+)?to\s+`, TO, BEGINS, TEXT),
  form(String.raw`(?:send|write|drop)\s+`, TO, String.raw`\s+a\s+(?:message|note|line)`, BEGINS, TEXT),
  form(String.raw`(?:post|announce|say|write)\s+(?:to|in|on)\s+`, TO, BEGINS, TEXT),
  form(String.raw`pass\s+on\s+to\s+`, TO, BEGINS, TEXT),
];

/** "Ask Ben whether he is coming": a question, or a wish, in the person's own words. */
const QUESTIONS = form(
  String.raw`ask\s+`,
  String.raw`(?<to>(?:the|my|our)\s+[\p{L}\p{N}-]+(?:\s+(?:channel|room|group))?|[@#]?[\p{L}\p{N}][\p{L}\p{N}'’._-]*(?:\s+\p{Lu}[\p{L}'’-]*)?)`,
  String.raw`(?:\s*:\s*(?<plain>\S[^]*)|,?\s+(?<how>whether|if|when|what|where|who|whom|whose|why|how|which|about|for|to)\s+(?<text>\S[^]*))$`,
);

function questionIn(words: string): Request | undefined {
  const { to = "", plain, how = "", text = "" } = QUESTIONS.exec(words)?.groups ?? {};
  const name = nameIn(to);
  if (name === undefined || NOVA.test(name)) return undefined;
  if (plain !== undefined) return { kind: "message", to: [name], text: unquoted(plain) };
  const rest = text.trim().replace(/[\s.?!]+$/, "");
  const asked = how.toLowerCase();
  if (asked === "to") return { kind: "message", to: [name], text: `Please ${rest}.` };
  const wish = asked === "about" || asked === "for" ? "I would like to ask" : "I would like to know";
  return { kind: "message", to: [name], text: `${wish} ${asked} ${rest}.` };
}

/** What is asked of Nova is no question to be passed on. */
const NOVA = /^(?:you|yourself|nova|again|away|google|the (?:user|internet|web|model))$/i;

const NOTHING = [
  form(String.raw`(?:tell|inform|message|notify|text|ping)\s+`, TO, String.raw`\s*(?:\s+that)?[:.!]?\s*$`),
  form(String.raw`let\s+`, TO, String.raw`\s+know(?:\s+that)?[:.!]?\s*$`),
  form(String.raw`(?:send|write)\s+(?:a\s+(?:message|note)\s+)?to\s+`, TO, String.raw`\s*(?:\s+that)?[:.!]?\s*$`),
];

/** "Tell Ben the server is down": a name, and a sentence behind it. */
const BARE = [
  form(
    String.raw`(?:tell|inform|let)\s+`,
    String.raw`(?<to>(?:the|my|our)\s+[\p{L}\p{N}-]+|[@#]?[\p{L}\p{N}][\p{L}\p{N}'’._-]*)(?:\s+know)?,?\s+`,
    TEXT,
  ),
];
/** What tells somebody something by itself; "about", "to" and "whether" do not. */
const SENTENCE =
  /^(?:(?:i|i['’]\p{L}+|we|we['’]\p{L}+|you|you['’]\p{L}+|he|she|it|they|there|it['’]s|he['’]s|she['’]s|they['’]re|the|a|an|my|our|your|his|her|their|this|these|that['’]s|no|not|all|everything|nothing|dinner|lunch)\s+.*\s?\p{L}|(?:hello|hi|thanks|thank you|happy|good)\b)/iu;

/** Who these are only a conversation tells. */
const SOMEBODY = /^(?:him|her|them|they|it|us|me|myself|everyone|everybody|all|somebody|someone|anyone|whoever)$/i;
/** No name at all. */
const UNPLAIN = /\s(?:or|but|about|whether|if|to|when|what|how|why|the same)\s/i;
const MOST_NAMES = 5;

/** Whoever asks politely ends with a mark that is no part of what is to be told. */
const ASKED = /^\s*(?:please\s+|nova[,:]?\s+)?(?:can|could|would|will) you\b/i;

export function readRequest(said: string): Request {
  const talk = talkIn(said);
  if (talk) return talk;
  const words = ASKED.test(said) ? said.replace(/\?\s*$/, "") : said;
  for (const pattern of WEBHOOKS) {
    const { receiver = "", event = "message", text = "" } = pattern.exec(words)?.groups ?? {};
    if (receiver !== "" && text.trim() !== "") return { kind: "webhook", receiver, event, text: unquoted(text) };
  }
  for (const pattern of MESSAGES) {
    const { to = "", text = "" } = pattern.exec(words)?.groups ?? {};
    if (to === "") continue;
    const names = namesIn(to);
    if (names === undefined) return { kind: "other" };
    return /[\p{L}\p{N}]/u.test(text)
      ? { kind: "message", to: names, text: unquoted(text) }
      : { kind: "wordless", to: names.join(" and ") };
  }
  const question = questionIn(words);
  if (question) return question;
  for (const pattern of NOTHING) {
    const name = nameIn(pattern.exec(words)?.groups?.["to"] ?? "");
    if (name !== undefined && name.split(" ").length <= 2) return { kind: "wordless", to: name };
  }
  for (const pattern of BARE) {
    const { to = "", text = "" } = pattern.exec(words)?.groups ?? {};
    const name = nameIn(to);
    if (name !== undefined && SENTENCE.test(text.trim())) return { kind: "message", to: [name], text: unquoted(text) };
  }
  return NOBODY.test(words) ? { kind: "nobody" } : { kind: "other" };
}

/** An order to tell, and nothing behind it. */
const NOBODY = form(
  String.raw`(?:tell|inform|notify|message|send (?:a )?message|let (?:them|somebody|someone) know)[.!:]?\s*$`,
);
const NOT =
  /^\W*(?:please\s+)?(?:don['’]?t|do not|never)\s+(?:tell|inform|message|notify|let)\s+(?<to>[\p{L}\p{N}#@][\p{L}\p{N}'’-]*)/iu;
const PAST =
  /^\W*(?:(?:i|we|he|she|they)(?:['’]ve|['’]d| have| had| already| just)*\s+(?:told|informed|messaged|texted|notified)|[\p{L}'’-]+\s+(?:and\s+[\p{L}'’-]+\s+)?(?:has |have |had |just |already )?(?:told|informed|messaged|texted|notified)\s+(?:me|us|him|her|them))\b/iu;
const ADVICE = /^\W*(?:how|when|why|where|should|shall|what if|may|must)\b[^]*\b(?:tell|inform|notify|message)\b/i;
const ME =
  /^\W*(?:please\s+|nova[,:]?\s+|(?:can|could|would|will) you\s+(?:please\s+)?)*(?:tell me|let me know|inform me)\b[\s,:]*(?<what>[^]*)$/iu;
const SUM = /\d\s*(?:[*x×+/÷-]\s*\d|%)|\bpercent of\b/i;
const KNOWN = /^(?:again )?(?:about|what (?!you can|you do|can you|is up)|who|where|when)\b/i;
const EVERY = /^\W*(?:every time|each time|whenever)\b/i;
const REMIND = /^\W*(?:please\s+)?remind\s/i;

/** Words about telling that ask for nothing to be told. */
function talkIn(said: string): Request | undefined {
  const not = NOT.exec(said)?.groups?.["to"];
  if (not !== undefined) return SOMEBODY.test(not) ? { kind: "talk", agent: "concierge" } : { kind: "not", to: not };
  if (REMIND.test(said)) return { kind: "talk", agent: "scheduler" };
  const me = ME.exec(said)?.groups?.["what"];
  if (me !== undefined) {
    // "Tell me in an hour that …" is for a person, too; only what asks something is talk.
    if (SUM.test(me)) return { kind: "talk", agent: "analyst" };
    return /^(?:that\b|:)/i.test(me) ? undefined : { kind: "talk", agent: KNOWN.test(me) ? "librarian" : "concierge" };
  }
  return PAST.test(said) || ADVICE.test(said) || EVERY.test(said) ? { kind: "talk", agent: "concierge" } : undefined;
}

/** Undefined when one of them is no name. */
function namesIn(to: string): readonly string[] | undefined {
  const names = to.split(/\s*,\s*(?:and\s+)?|\s+(?:and|und|&)\s+|\s*&\s*/i).map(nameIn);
  const known = names.flatMap((name) => name ?? []);
  return known.length === names.length && known.length <= MOST_NAMES ? [...new Set(known)] : undefined;
}

/** `the team channel` is the place that is called team. */
function nameIn(to: string): string | undefined {
  const name = to
    .trim()
    .replace(/^the\s+(.+?)\s+(?:channel|room|group)$/i, "$1")
    .replace(/^(?:the\s+)?(?:channel|room|group)\s+/i, "")
    .replace(/^[@#]/, "");
  return name === "" || SOMEBODY.test(name) || UNPLAIN.test(` ${name} `) ? undefined : name;
}

/** Marks that stand around all of it are no part of it. */
function unquoted(text: string): string {
  const bare = text.trim();
  const inner = /^(?:"(?<a>[^"]+)"|“(?<b>[^”]+)”|'(?<c>[^']+)')$/u.exec(bare)?.groups;
  return (inner?.["a"] ?? inner?.["b"] ?? inner?.["c"] ?? bare).trim();
}
