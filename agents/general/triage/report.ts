/** The short answer of inbox-triage: what it is, how soon, what to do, and what stands in it, in the message's own words. */
import { amountsIn, datesIn } from "./dates.ts";
import type { Event } from "./event.ts";
import { fieldsOf, headlineOf, placesOf, sendersOf, type Headline } from "./fields.ts";
import { isDisguised } from "./fraud.ts";
import { matterOf, sort, type Kind, type Sorted } from "./kind.ts";
import { isOrder, ordersIn, sentencesOf } from "./orders.ts";
import { readPage, type Page } from "./page.ts";
import { quote, quotes } from "./quote.ts";
import { urgencyOf, type Urgency } from "./urgency.ts";

const LABELS: Readonly<Record<Kind, string>> = {
  failure: "Failure or alert",
  recovered: "All well again",
  review: "Review or decision wanted",
  task: "Task or deadline",
  question: "Question",
  change: "Report of a change",
  news: "News",
  spam: "Looks like spam or fraud",
  orders: "Orders to an assistant, not followed",
  unclear: "Unclear",
};

const NEXT: Readonly<Record<Kind, string>> = {
  failure: "Check what it reports.",
  recovered: "Nothing to do.",
  review: "Someone waits for your decision.",
  task: "Decide whether you do it, and when.",
  question: "Someone waits for an answer.",
  change: "Nothing to do.",
  news: "Nothing to do.",
  spam: "Open nothing and answer nothing; if you know the sender, ask them in another way.",
  orders: "Do nothing that it orders.",
  unclear: "Read it yourself; I found no words that tell what it wants.",
};

/** Nearer than the kind's own line, where the words allow it. */
const NEARER: readonly { readonly kind: Kind; readonly says: RegExp; readonly next: string }[] = [
  {
    kind: "task",
    says: /\b(?:invoice|amount due|payment (?:is |was )?due|bill|outstanding balance)\b|rechnung|mahnung|facture|factura/i,
    next: "Check the invoice, and pay it if it is right.",
  },
  { kind: "task", says: /\b(?:invit\w+|rsvp|meeting|appointment)\b|termin/i, next: "Answer the invitation." },
  {
    kind: "failure",
    says: /\b(?:is|are|was|went) down\b|\bDOWN\b|\b(?:unreachable|outage|not responding)\b|nicht erreichbar|ausfall/i,
    next: "Check what is down.",
  },
  { kind: "failure", says: /\b(?:security|vulnerability|breach)\b/i, next: "Look at the security alert." },
  { kind: "review", says: /\breview\b/i, next: "Someone waits for your review." },
];

/** What a message is stands at its top, what it wants often at its end; more may be sent to keep Nova busy. */
const HEAD = 12_000;
const TAIL = 4_000;

export function report(text: string, now: Date): string {
  const page = readPage(ends(text));
  const fields = fieldsOf(page.lines);
  const headline = headlineOf(page, fields);
  if (!/[\p{L}\p{N}]/u.test(headline.text)) return isLong(text) ? `${EMPTY}\n- ${ENDS}` : EMPTY;
  const sorted = sort(page, headline, fields);
  const sentences = [headline.text, headline.title ?? "", ...matterOf(page, sorted.event)].filter(
    (one) => !isOrder(one),
  );
  const urgency = urgencyOf(sorted, sentences, now);
  const lines = [
    `- ${hurry(urgency, sorted.kind)} **Next:** ${nextOf(sorted, page, headline.text)}`,
    warning(page, sorted.kind, headline.text),
    facts(page, { fields, headline, sorted, now }),
    linksOf(page, sorted.kind),
    isLong(text) ? `- ${ENDS}` : "",
  ];
  const more = writtenIn(page, sorted) ?? headline.title ?? decisive(sorted, headline.text, sentences);
  const title = more === undefined ? commitsIn(page, sorted.event) : ` · ${quote(more, 120)}`;
  return [
    `**${LABELS[sorted.kind]}:** ${quote(headline.text, 120)}${title}`,
    "",
    ...lines.filter((line) => line !== ""),
  ].join("\n");
}

const ENDS = "It is long: I looked at its beginning and its end only.";
const EMPTY = "**Unclear:** there are no words in it.\n\n- **Unclear how soon.** **Next:** Look at it yourself.";

/** Cut where a gap is near: half an address would lead elsewhere. */
function ends(text: string): string {
  if (!isLong(text)) return text;
  const head = text.slice(0, HEAD);
  const tail = text.slice(-TAIL);
  const gap = Math.max(head.lastIndexOf(" "), head.lastIndexOf("\n"));
  const next = tail.search(/\s/);
  return `${gap < 0 ? head : head.slice(0, gap)}\n\n${next < 0 ? tail : tail.slice(next)}`.toWellFormed();
}

const isLong = (text: string): boolean => text.length > HEAD + TAIL;

/** Of a comment its own words say more than what it is about: those that decide, or else its first. */
function writtenIn(page: Page, sorted: Sorted): string | undefined {
  if (!sorted.event || !/\bcomment/i.test(sorted.event.said)) return undefined;
  const decided = matterOf(page, sorted.event).find((sentence) =>
    sorted.because.some((said) => sentence.includes(said)),
  );
  return decided ?? page.lines.find(({ text, quoted }) => quoted && !sentencesOf(text).some(isOrder))?.text;
}

const MOST_COMMITS = 3;
const COMMIT = /^[0-9a-f]{7} \S/;

/** What was pushed, as far as it is told. */
function commitsIn({ lines }: Page, event: Event | undefined): string {
  if (!event) return "";
  const commits = lines.flatMap(({ text, quoted }) => (!quoted && COMMIT.test(text) ? [text] : []));
  const left = commits.length > MOST_COMMITS || lines.some(({ text }) => /^… and \d{1,6} more$/.test(text));
  return commits.length === 0 ? "" : ` · ${quotes(commits, MOST_COMMITS, 80)}${left ? " and more" : ""}`;
}

/** What somebody wants often stands below a headline that does not tell it. */
function decisive(
  { kind, because: [first] }: Sorted,
  headline: string,
  sentences: readonly string[],
): string | undefined {
  if (first === undefined || headline.includes(first) || !WANTING.has(kind)) return undefined;
  return sentences.find((sentence) => sentence.includes(first));
}

const WANTING: ReadonlySet<Kind> = new Set<Kind>(["failure", "review", "task", "question"]);

function hurry({ when, because }: Urgency, kind: Kind): string {
  const name = when.charAt(0).toUpperCase() + when.slice(1);
  if (because.length > 0) return `**${name}**, by its words ${quotes(because, 3, 50)}.`;
  if (when === "unknown") return "**Unclear how soon.**";
  // Nothing to do is known of some kinds; of what somebody wants only that no time is named.
  return WANTING.has(kind) ? `**${name}**: it names no time.` : `**${name}**: nothing in it hurries.`;
}

function nextOf({ kind, event, because }: Sorted, page: Page, headline: string): string {
  if (kind === "unclear" && page.links.length > 0 && page.lines.length <= 1) return ONLY_A_LINK;
  if (event && (event.kind === kind || kind === "change")) return event.next;
  if (event && kind === "failure") return "Read what was written: it speaks of a failure.";
  // Never what a stranger orders an assistant to do.
  if ((WANTING.has(kind) || kind === "unclear") && ordersIn(page).length > 0) return ORDERED;
  const telling = [headline, ...because].join("\n");
  return NEARER.find((near) => near.kind === kind && near.says.test(telling))?.next ?? NEXT[kind];
}

const ORDERED = "Read it yourself, and do nothing that it orders.";
const ONLY_A_LINK = "Open the link only if you know where it leads; I open none.";

function warning(page: Page, kind: Kind, headline: string): string {
  const orders = ordersIn(page).filter((order) => kind !== "orders" || order !== headline);
  if (orders.length === 0) return "";
  return `- It gives orders to an assistant, and I follow none: ${quotes(orders, 2, 90)}.`;
}

type Read = {
  readonly fields: ReadonlyMap<string, string>;
  readonly headline: Headline;
  readonly sorted: Sorted;
  readonly now: Date;
};

function facts(page: Page, { fields, headline, sorted, now }: Read): string {
  const text = page.lines.map((line) => line.text).join("\n");
  const parts = [
    named("from", sendersOf(page, fields, sorted.event?.actor), 2),
    named("in", placesOf(page, fields, headline.text), 2),
    named(
      "dates",
      datesIn(text, now).map((date) => date.text),
      3,
    ),
    named("amounts", amountsIn(text), 3),
  ].filter((part) => part !== "");
  const [first = "", ...rest] = parts;
  return first === "" ? "" : `- ${[first.charAt(0).toUpperCase() + first.slice(1), ...rest].join(" · ")}`;
}

const named = (label: string, texts: readonly string[], most: number): string =>
  texts.length === 0 ? "" : `${label} ${quotes(texts, most)}`;

const MOST_LINKS = 3;
const LONGEST_LINK = 400;
const FOOTER = /unsubscribe|preferences|abmelden|optout|opt-out|privacy|\.(?:png|gif|jpe?g)(?:$|\?)/i;

/** A link that can be followed shows where it leads; one that may be a trap stays words. */
function linksOf({ links }: Page, kind: Kind): string {
  const telling = links.filter(({ url, label }) => !FOOTER.test(`${url} ${label}`) && url.length <= LONGEST_LINK);
  if (telling.length === 0) return "";
  const trapped = kind === "spam" || kind === "orders";
  const shown = telling
    .slice(0, MOST_LINKS)
    .map((link) =>
      trapped || isDisguised(link) || !/^https?:\/\/[^\s<>`]+$/i.test(link.url)
        ? quote(link.url, LONGEST_LINK)
        : `<${link.url}>`,
    );
  return `- Links: ${shown.join(" · ")}${telling.length > MOST_LINKS ? " · and more" : ""}`;
}
