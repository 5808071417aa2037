/** Reads the orders of a message that need no model: to keep something, or to forget it. Pure. Used by librarian.ts. */
import { itemId, type ItemId } from "#core";

export type Order =
  /** `text` is the person's own wording, without the words that only ask for keeping. */
  | { readonly kind: "keep"; readonly what: "note" | "decision" | "preference" | "update"; readonly text: string }
  /** In a project by its name, wherever this conversation belongs. */
  | { readonly kind: "keep-in"; readonly project: string; readonly text: string }
  | { readonly kind: "forget-items"; readonly items: readonly ItemId[] }
  | { readonly kind: "forget-about"; readonly subject: string }
  | { readonly kind: "other" };

const POLITE = String.raw`(?:(?:please|nova|hey nova|hi nova|can you|could you|would you|will you|i want you to|i'd like you to)[,:]?\s+)*`;
const LEAD = String.raw`^\s*${POLITE}`;
const CONJUNCTION = String.raw`(?:\s*[:,]\s*(?:that\s+)?|\s+that[:,]?\s+|\s+)`;

/** Labels and requests: they go, what follows is kept. */
const KEEP = new RegExp(
  String.raw`${LEAD}(?:/remember|remember|(?:please )?(?:do not|don['’]t|never) forget|(?:keep|bear) in mind|(?:make|take) a note(?: of(?: the fact)?)?|write down|note down|note to self|note|save (?:this|that)(?: note)?)(?=[\s:,])${CONJUNCTION}`,
  "i",
);
/** "note in project Atlas: …", "keep in the project Atlas that …". */
const IN_PROJECT = new RegExp(
  String.raw`${LEAD}(?:(?:(?:make|take|add) a )?note|keep|remember|write down|note down)\s+(?:in|to|for)\s+(?:the\s+)?project\s+(?<project>[^\n:,;]{1,80}?)(?:\s*:\s*(?:that\s+)?|,?\s+that\s+)(?<text>\S[^]*)$`,
  "i",
);
const DECISION_LABEL = new RegExp(String.raw`${LEAD}(?:decisions?|decided)\s*:\s*`, "i");
const PREFERENCE_LABEL = new RegExp(String.raw`${LEAD}(?:my )?preferences?\s*:\s*`, "i");
const UPDATE_LABEL = new RegExp(String.raw`${LEAD}updates?\s*:\s*`, "i");
/** "note: …" and "Note …" keep; "notes on the meeting" and "remember when …" do not. */
const NOT_KEPT = /^(?:when|how|why|who|what|where|which|if|whether)\b.*\?\s*$/is;

/** Statements: they are kept whole, for without their opening they say nothing. */
const DECIDED =
  /^\s*(?:(?:we|i)(?:['’]ve| have)?(?: now| just| finally)? (?:decided|agreed|settled on|chose|chosen)|let['’]s go with|it (?:is|was|has been) decided)\b/i;
const PREFERS =
  /^\s*(?:i (?:would |['’]d )?(?:much )?prefer|i['’]d (?:rather|prefer)|from now on|i always want|my preference is)\b/i;

const FORGET = new RegExp(
  String.raw`${LEAD}(?:/forget|forget|(?:delete|remove|erase)(?= (?:(?:(?:item|note)s? )?\[?m\d|(?:the|my|that|this|every|all)\b[^.]*\b(?:notes?|decisions?|preferences?|memor(?:y|ies)))))\b\s*`,
  "i",
);
const ITEM = /\[?\bm(\d{1,18})\b\]?/gi;
const ABOUT =
  /^(?:(?:everything|anything|all|what(?:ever)?|the things?)?\s*(?:that )?(?:i|we)?\s*(?:have |['’]ve )?(?:said|told you|noted|wrote|mentioned|decided|asked you to (?:keep|remember))?\s*(?:about|on|regarding|for)\s+|(?:the|my|that|this)\s+(?:notes?|decisions?|preferences?|memor(?:y|ies))\s+(?:about|on|regarding|for|of|that)\s+|that\s+)/i;

/** At least one order; `other` for what a model should answer. */
export function readOrders(words: string): readonly Order[] {
  const orders: Order[] = [];
  for (const paragraph of words.split(/\n\s*\n/)) {
    const order = readOrder(paragraph);
    const before = orders.at(-1);
    // A paragraph without an opening of its own belongs to the note above it, unless it asks something.
    if (order.kind === "other" && before?.kind === "keep" && !paragraph.trimEnd().endsWith("?")) {
      orders[orders.length - 1] = { ...before, text: `${before.text}\n\n${paragraph.trim()}`.trim() };
    } else if (order.kind !== "other" || before?.kind !== "other") orders.push(order);
  }
  return orders;
}

function readOrder(paragraph: string): Order {
  return readForget(paragraph) ?? readKeepIn(paragraph) ?? readKeep(paragraph) ?? { kind: "other" };
}

function readForget(paragraph: string): Order | undefined {
  const match = FORGET.exec(paragraph);
  if (!match) return undefined;
  const rest = paragraph.slice(match[0].length).trim();
  const bare = rest.replace(ITEM, "").replace(/\b(?:and|or|item|items|note|notes|number|please|the)\b|[\s,.;!&]/gi, "");
  const items = [...rest.matchAll(ITEM)].map(([, digits = ""]) => itemId(digits));
  if (items.length > 0 && bare === "") return { kind: "forget-items", items: [...new Set(items)] };
  return { kind: "forget-about", subject: rest.replace(ABOUT, "").replace(/[\s.!?]+$/, "") };
}

function readKeepIn(paragraph: string): Order | undefined {
  const { project, text } = IN_PROJECT.exec(paragraph)?.groups ?? {};
  return project === undefined || text === undefined
    ? undefined
    : { kind: "keep-in", project: project.trim(), text: text.trim() };
}

function readKeep(paragraph: string): Order | undefined {
  if (PREFERENCE_LABEL.test(paragraph)) return kept("preference", paragraph.replace(PREFERENCE_LABEL, ""));
  if (UPDATE_LABEL.test(paragraph)) return kept("update", paragraph.replace(UPDATE_LABEL, ""));
  if (DECISION_LABEL.test(paragraph)) return kept("decision", paragraph.replace(DECISION_LABEL, ""));
  if (KEEP.test(`${paragraph} `)) {
    const text = `${paragraph} `.replace(KEEP, "").trim();
    return NOT_KEPT.test(text) || text.endsWith("?") ? undefined : kept(kindOf(text), text);
  }
  const kind = kindOf(paragraph);
  return kind === "note" || paragraph.trimEnd().endsWith("?") ? undefined : kept(kind, paragraph);
}

function kindOf(text: string): "note" | "decision" | "preference" {
  if (DECIDED.test(text)) return "decision";
  return PREFERS.test(text) ? "preference" : "note";
}

const kept = (what: Extract<Order, { kind: "keep" }>["what"], text: string): Order => ({
  kind: "keep",
  what,
  text: text.trim(),
});
