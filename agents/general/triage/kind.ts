/** What a message is, and the words that tell it. Called by inbox-triage. */
import { CUES, KINDS, RECOVERED, type Told } from "./cues.ts";
import { eventIn, type Event } from "./event.ts";
import { fraudIn } from "./fraud.ts";
import { isOrder, sentencesOf } from "./orders.ts";
import type { Headline } from "./fields.ts";
import type { Page } from "./page.ts";

export type Kind = Told | "recovered" | "spam" | "orders" | "unclear";

export type Sorted = {
  readonly kind: Kind;
  /** The message's own words that decided, the strongest first. */
  readonly because: readonly string[];
  readonly event: Event | undefined;
};

/** A headline says what the whole is; in the text below the same words may be anything. */
const IN_HEADLINE = 3;
const IN_TEXT = 1;
const MOST_IN_TEXT = 3;
/** Asked about, or well again in part. */
const NOT_YET = /\?\s*$|\b(?:still|but|except|partially)\b|\b(?:is|are) down\b|\bDOWN\b/m;
const FORM = /^(?:message|nachricht|comments?|enquiry|inquiry|your message|question|mensaje)$/;

export function sort(
  page: Page,
  { text: headline, title: named }: Headline,
  fields: ReadonlyMap<string, string>,
): Sorted {
  const event = eventIn(headline);
  const text = matterOf(page, event);
  const whole = [headline, ...text].join("\n");
  const fraud = event ? [] : fraudIn(page.lines.map((line) => line.text).join("\n"), page);
  if (fraud.length > 0) return { kind: "spam", because: fraud, event: undefined };
  if (event && event.kind !== "content") return { kind: event.kind, because: [event.said], event };
  const title = event ? "" : [headline, named ?? ""].filter((one) => !isOrder(one)).join("\n");
  const recovered = NOT_YET.test(title) ? undefined : affirmed(RECOVERED, title);
  if (recovered !== undefined && speaksOfState(whole)) return { kind: "recovered", because: [recovered], event };
  const form = [...fields.keys()].some((name) => FORM.test(name));
  const weighed = weigh(title, text, form);
  const [best] = weighed.toSorted((a, b) => b.score - a.score);
  if (best && best.score > 0 && !(event && PASSING.has(best.kind)))
    return { kind: best.kind, because: best.because, event };
  if (event) return { kind: "change", because: [event.said], event };
  const orders = page.lines.some((line) => sentencesOf(line.text).some(isOrder)) || page.hidden.some(isOrder);
  return { kind: orders ? "orders" : "unclear", because: [], event };
}

/** What a comment speaks of in passing; it does not make the comment one. */
const PASSING: ReadonlySet<Told> = new Set<Told>(["change", "news"]);

/** The sentences that decide: without orders to an assistant, and of a mail without what it answers to. */
export function matterOf(page: Page, event: Event | undefined): readonly string[] {
  const own = page.lines.filter(({ quoted }) => !quoted);
  // Of a report of what somebody wrote, the quotation is what was written.
  const lines = event ? page.lines.filter(({ quoted }) => quoted) : own.length > 0 ? own : page.lines;
  return lines.flatMap(({ text }) => sentencesOf(text).filter((sentence) => !isOrder(sentence)));
}

/** "Recovered" and "up" are said of services, not of people. */
const speaksOfState = (text: string): boolean =>
  CUES.failure.some((cue) => cue.test(text)) ||
  /\b(?:monitor|service|host|site|check|alert|server|api|incident)\b/i.test(text);

type Weighed = { readonly kind: Told; readonly score: number; readonly because: readonly string[] };

function weigh(title: string, text: readonly string[], form: boolean): readonly Weighed[] {
  return KINDS.map((kind) => {
    const headed = CUES[kind].flatMap((cue) => affirmed(cue, title) ?? []);
    const below = CUES[kind].flatMap((cue) => firstOf(text, cue) ?? []);
    const further = below.filter((said) => !headed.includes(said));
    const bonus = kind === "question" && form && headed.length + below.length > 0 ? 1 : 0;
    const settled = kind === "news" && below.length > 1 ? IN_HEADLINE : 0;
    const score = headed.length * IN_HEADLINE + Math.min(MOST_IN_TEXT, further.length * IN_TEXT) + bonus + settled;
    return { kind, score, because: [...headed, ...further] };
  });
}

function firstOf(text: readonly string[], cue: RegExp): string | undefined {
  for (const sentence of text) {
    const said = affirmed(cue, sentence);
    if (said !== undefined) return said;
  }
  return undefined;
}

const DENIED =
  /(?:\b(?:no|not|never|without|zero|nothing|0|hardly any|kein\p{L}*|nicht|ohne|sans|aucune?|ningun[ao]?|sin)|n['’]t)(?: (?:new|more|further|been|any|a|an|open|is|was|action|neuen?))* ?$/iu;

/** The words as they stand, unless what stands before them denies them. */
export function affirmed(cue: RegExp, text: string): string | undefined {
  // Names of events join their words: "payment_failed".
  const found = cue.exec(text.replaceAll("_", " "));
  if (!found) return undefined;
  const before = text.slice(Math.max(0, found.index - 30), found.index);
  if (DENIED.test(before)) return undefined;
  return text.slice(found.index, found.index + found[0].length).replace(/^[\s"“(]+/, "");
}
