/** What a message says of itself: its subject, who it is from, where it belongs. Read by inbox-triage's report. */
import type { Line, Page } from "./page.ts";

const FIELD =
  /^[\p{P}\p{S}\s]{0,4}([\p{L}][\p{L}\p{N} _/-]{0,28}?)["'*]{0,3}\s?[:：](?=[\s"'*])\s{0,3}["'*]{0,3}(\S.*)$/u;

/** Lines such as `Status: DOWN` and `"status": "down",`, the first of each name. */
export function fieldsOf(lines: readonly Line[]): ReadonlyMap<string, string> {
  const fields = new Map<string, string>();
  for (const { text } of lines) {
    const [, name = "", value = ""] = FIELD.exec(text) ?? [];
    const key = name.toLowerCase().replaceAll(/[_-]/g, " ");
    const said = value.replace(/["'*]?,?$/, "").trim();
    if (key !== "" && said !== "" && !said.startsWith("//") && !fields.has(key)) fields.set(key, said);
  }
  return fields;
}

const SUBJECTS = ["subject", "betreff", "objet", "asunto", "oggetto", "title", "alertname", "alert name", "summary"];
/** Where everything is a field, as in a form or a listing, one of these says what it is about. */
const MATTERS = [
  "message",
  "nachricht",
  "your message",
  "enquiry",
  "inquiry",
  "question",
  "comment",
  "comments",
  "mensaje",
  "description",
  "details",
  "text",
  "reason",
  "event",
  "name",
];
const ENVELOPE =
  /^(?:from|to|cc|bcc|date|sent|reply to|von|an|datum|gesendet|de|à|para|fecha|name|e-?mail|phone|subject|betreff|objet|asunto|title|received|return path|message id)$/;
const GREETING =
  /^(?:(?:hi|hello|hey|dear|good (?:morning|afternoon|evening|day)|hallo|guten (?:tag|morgen)|liebe[rs]?|sehr geehrte\p{L}*|bonjour|salut|hola|buenos días|estimad[oa]s?)(?:[ ,]+[\p{L}.'’/-]+){0,4}\s?[,!.]?|-{2,}.*|_{3,}.*|={3,}.*|forwarded message|begin forwarded message:?|original message|-+ ?(?:forwarded|original) message ?-+)$/iu;

export type Headline = {
  /** What it is about, in its own words. */
  readonly text: string;
  /** What a report calls the thing that it is about, where its first line does not. */
  readonly title: string | undefined;
};

export function headlineOf({ lines, links }: Page, fields: ReadonlyMap<string, string>): Headline {
  const named = pick(fields, SUBJECTS);
  const first = firstOf(lines);
  const rest = first?.text ?? links[0]?.url ?? lines[0]?.text ?? "";
  // A subject counts where a mail or a form begins with its fields; a report's own first line says more.
  if (named === undefined)
    return { text: (first && isField(first.text) && pick(fields, MATTERS)) || rest, title: undefined };
  const own = first !== undefined && !isField(first.text) && isBefore(lines, first.text, named);
  return own ? { text: rest, title: named } : { text: named, title: undefined };
}

const pick = (fields: ReadonlyMap<string, string>, names: readonly string[]): string | undefined =>
  names.flatMap((name) => fields.get(name) ?? [])[0];

const firstOf = (lines: readonly Line[]): Line | undefined => {
  const telling = lines.filter(({ text }) => /\p{L}{2}/u.test(text) && !GREETING.test(text) && !isEnvelope(text));
  const worded = telling.filter(({ text }) => !/^https?:\S+$/i.test(text));
  return worded.find(({ quoted }) => !quoted) ?? worded[0];
};

const isField = (text: string): boolean => FIELD.test(text);

function isEnvelope(text: string): boolean {
  const [, name = ""] = FIELD.exec(text) ?? [];
  return ENVELOPE.test(name.toLowerCase().replaceAll(/[_-]/g, " "));
}

function isBefore(lines: readonly Line[], first: string, named: string): boolean {
  return lines.findIndex(({ text }) => text === first) < lines.findIndex(({ text }) => text.includes(named));
}

const SENDERS = ["from", "von", "de", "sender", "name", "full name", "your name", "contact", "author", "reported by"];
const MAILS = ["email", "e mail", "mail", "email address", "reply to"];
const REGARDS =
  /^(?:(?:(?:best|kind|warm|many)? ?(?:regards|wishes)|thanks(?: a lot| again)?|thank you|many thanks|cheers|yours(?: \w+)?|sincerely|best|(?:mit )?(?:freundliche[nm]?|beste[n]?|viele|liebe) grü(?:ß|ss)en?|grü(?:ß|ss)e|cordialement|bien à vous|saludos(?: cordiales)?|atentamente)[,.!]?|-{1,2})$/iu;
const LONGEST_NAME = 100;
const NAME = /^[\p{Lu}][\p{L}.'’-]*(?: [\p{Lu}][\p{L}.'’-]*){0,3}$/u;

/** Who wrote it, as the message says; nothing proves it. */
export function sendersOf(
  { lines }: Page,
  fields: ReadonlyMap<string, string>,
  actor: string | undefined,
): readonly string[] {
  if (actor !== undefined) return [actor];
  const named = pick(fields, SENDERS);
  const mail = pick(fields, MAILS);
  if (named ?? mail) return [named, mail].flatMap((text) => text ?? []);
  const signed = lines.find(({ text }, i) => NAME.test(text) && REGARDS.test(lines[i - 1]?.text ?? ""));
  const last = lines.findLast(({ quoted }) => !quoted)?.text ?? "";
  const dashed = /(?:^|\s)[—–-]{1,2} ?([\p{Lu}][\p{L}.'’-]*(?: [\p{Lu}][\p{L}.'’-]*){0,2})$/u.exec(
    last.slice(-LONGEST_NAME),
  )?.[1];
  return [signed?.text ?? dashed].flatMap((text) => text ?? []);
}

const PLACES = [
  "repository",
  "project",
  "service",
  "monitor",
  "monitor name",
  "host",
  "hostname",
  "instance",
  "server",
  "environment",
  "component",
  "job",
];
const REPOSITORY =
  /\b(?:in|on|to|of|from|forked|starred) ([a-z\d][\w.-]{0,60}\/[\w.-]{1,100}?)(?=$|[\s:,;)]|\.(?:\s|$))/i;

export function placesOf(page: Page, fields: ReadonlyMap<string, string>, subject: string): readonly string[] {
  const named = PLACES.flatMap((name) => fields.get(name) ?? []).slice(0, 2);
  if (named.length > 0) return named;
  const written = REPOSITORY.exec(subject)?.[1] ?? REPOSITORY.exec(page.lines[0]?.text ?? "")?.[1];
  const linked = page.links.flatMap(
    ({ url }) =>
      /^https:\/\/(?:www\.)?git(?:hub|lab)\.[a-z]+\/((?!(?:settings|orgs|users|apps|marketplace|sponsors|notifications)\/)[\w.-]+\/[\w.-]+)(?=[/?#]|$)/i.exec(
        url,
      )?.[1] ?? [],
  )[0];
  return [written ?? linked].flatMap((text) => text ?? []);
}
