/** Reads from a message whom somebody wants told what, where that stands in it literally. Pure. Used by notifier.ts. */
export type Request =
  | { readonly kind: "message"; readonly to: string; readonly text: string }
  | { readonly kind: "webhook"; readonly receiver: string; readonly event: string; readonly text: string }
  /** Somebody is named, and nothing to tell them. */
  | { readonly kind: "wordless"; readonly to: string }
  | { readonly kind: "other" };

const LEAD = String.raw`^\s*(?:(?:please|nova|hey nova|hi nova|can you|could you|would you|will you|i want you to|i'd like you to)[,:]?\s+)*`;
/** A name: what stands before the words that begin the message. Several names are a model's matter. */
const TO = String.raw`(?<to>[@#]?[\p{L}\p{N}][^\n:,;"“?!]{0,60}?)`;
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

const NOTHING = [
  form(String.raw`(?:tell|inform|message|notify|text|ping)\s+`, TO, String.raw`\s*(?:\s+that)?[:.!]?\s*$`),
  form(String.raw`let\s+`, TO, String.raw`\s+know(?:\s+that)?[:.!]?\s*$`),
  form(String.raw`(?:send|write)\s+(?:a\s+(?:message|note)\s+)?to\s+`, TO, String.raw`\s*(?:\s+that)?[:.!]?\s*$`),
];

/** Who these are only a conversation tells. */
const SOMEBODY = /^(?:him|her|them|they|it|us|me|myself|everyone|everybody|all|somebody|someone|anyone|whoever)$/i;
/** More than one name, or no name at all. */
const UNPLAIN = /\s(?:and|or|but|about|whether|if|to|when|what|how|why|the same)\s|&/i;

/** Whoever asks politely ends with a mark that is no part of what is to be told. */
const ASKED = /^\s*(?:please\s+|nova[,:]?\s+)?(?:can|could|would|will) you\b/i;

export function readRequest(said: string): Request {
  const words = ASKED.test(said) ? said.replace(/\?\s*$/, "") : said;
  for (const pattern of WEBHOOKS) {
    const { receiver = "", event = "message", text = "" } = pattern.exec(words)?.groups ?? {};
    if (receiver !== "" && text.trim() !== "") return { kind: "webhook", receiver, event, text: unquoted(text) };
  }
  for (const pattern of MESSAGES) {
    const { to = "", text = "" } = pattern.exec(words)?.groups ?? {};
    if (to === "") continue;
    const name = nameIn(to);
    if (name === undefined) return { kind: "other" };
    return /[\p{L}\p{N}]/u.test(text)
      ? { kind: "message", to: name, text: unquoted(text) }
      : { kind: "wordless", to: name };
  }
  for (const pattern of NOTHING) {
    const name = nameIn(pattern.exec(words)?.groups?.["to"] ?? "");
    if (name !== undefined && name.split(" ").length <= 2) return { kind: "wordless", to: name };
  }
  return { kind: "other" };
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
