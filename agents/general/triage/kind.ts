/** What a message is, and the words that tell it. Called by inbox-triage. */
import { CUES, FAULTLESS, KINDS, NOTHING_WANTED, PAID, RECOVERED, type Told } from "./cues.ts";
import { eventIn, type Event } from "./event.ts";
import { fraudIn } from "./fraud.ts";
import { isOrder, sentencesOf } from "./orders.ts";
import { alarmingFigure, isWithin } from "./measures.ts";
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
  if (event && event.kind !== "content") {
    const alarm = alarmOf(event, headline, named);
    return alarm === undefined
      ? { kind: event.kind, because: [event.said], event }
      : { kind: "failure", because: [alarm], event };
  }
  const title = event ? "" : [headline, named ?? ""].filter((one) => !isOrder(one)).join("\n");
  const recovered = NOT_YET.test(title) ? undefined : affirmed(RECOVERED, title);
  if (recovered !== undefined && speaksOfState(whole)) return { kind: "recovered", because: [recovered], event };
  const form = [...fields.keys()].some((name) => FORM.test(name));
  const weighed = weigh(title, text, form);
  const calm = event ? undefined : calmIn(weighed, [title, ...text].join("\n"));
  if (calm !== undefined) return { kind: "change", because: [calm], event };
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

/** What an issue that is open says of a thing that is broken, whatever was just done to the issue. */
const BROKEN =
  /\b(?:(?:is|are|was|were|went|goes) down\b(?! (?:to|by|from|the|a)\b)|outage|offline|unreachable|unavailable|not responding|data loss|breach)\b|\bDOWN\b/;
const BREAKING =
  /\b(?:crash(?:e[sd]|ing)?|fail(?:s|ed|ing)?|broken|(?:returns?|error|status|http) 5\d\d|hangs?|leak(?:s|ed|ing)?)\b/i;
const ENDED = /\b(?:closed|deleted|resolved|merged|dismissed|removed|locked|answer|fixed|archived)\b/;

function alarmOf(event: Event, headline: string, title: string | undefined): string | undefined {
  if (title === undefined || isOrder(title) || !/\b(?:issue|ticket|bug|discussion|incident)\b/i.test(headline))
    return undefined;
  const broken = affirmed(BROKEN, title) ?? (event.kind === "task" ? affirmed(BREAKING, title) : undefined);
  return event.kind === "task" || !ENDED.test(headline) ? broken : undefined;
}

/** Calm by its own words, where nothing alarms. */
function calmIn(weighed: readonly Weighed[], text: string): string | undefined {
  const scores = (...kinds: readonly Told[]): boolean =>
    weighed.some(({ kind, score }) => kinds.includes(kind) && score > 0);
  if (scores("failure")) return undefined;
  const nothing = scores("review", "task") ? undefined : affirmed(NOTHING_WANTED, text);
  const paid = scores("review") ? undefined : affirmed(PAID, text);
  const faultless = scores("review", "task", "question") ? undefined : FAULTLESS.exec(text)?.[0];
  return nothing ?? paid ?? faultless ?? text.split("\n").find(isWithin);
}

/** "Recovered" and "up" are said of services, not of people. */
const speaksOfState = (text: string): boolean =>
  CUES.failure.some((cue) => cue.test(text)) ||
  /\b(?:monitor|service|host|site|check|alert|server|api|incident|cpu|memory|disk|load|latency|lag|queue|usage|node|cluster|database|job)\b/i.test(
    text,
  );

type Weighed = { readonly kind: Told; readonly score: number; readonly because: readonly string[] };

function weigh(title: string, text: readonly string[], form: boolean): readonly Weighed[] {
  return KINDS.map((kind) => {
    const figures = kind === "failure";
    const headed = [
      ...CUES[kind].flatMap((cue) => affirmed(cue, title) ?? []),
      ...(figures ? title.split("\n").flatMap((line) => alarmingFigure(line) ?? []) : []),
    ];
    const below = [
      ...CUES[kind].flatMap((cue) => firstOf(text, cue) ?? []),
      ...(figures ? text.flatMap((sentence) => alarmingFigure(sentence) ?? []).slice(0, 1) : []),
    ];
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

/** "errors: 0" */
const NONE_AFTER = /^(?: (?:count|rate|rows|tests|files|jobs))?\s?(?:[:=]|is|are|was|were)?\s?0(?:[.,]0+)?(?![.,]?\d)/i;
const MOST_FOUND = 20;
const EVERY = new WeakMap<RegExp, RegExp>();

function every(cue: RegExp): RegExp {
  const known = EVERY.get(cue) ?? new RegExp(cue.source, `${cue.flags}g`);
  EVERY.set(cue, known);
  return known;
}

/** The words as they stand, the first that what stands around them does not deny. */
export function affirmed(cue: RegExp, text: string): string | undefined {
  // Names of events join their words: "payment_failed".
  let looked = 0;
  for (const { 0: said, index } of text.replaceAll("_", " ").matchAll(every(cue))) {
    const end = index + said.length;
    const denied =
      DENIED.test(text.slice(Math.max(0, index - 30), index)) || NONE_AFTER.test(text.slice(end, end + 20));
    if (!denied) return text.slice(index, end).replace(/^[\s"“(]+/, "");
    looked += 1;
    if (looked >= MOST_FOUND) return undefined;
  }
  return undefined;
}
