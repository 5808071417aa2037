/** Slack's mrkdwn as Markdown: links, people, bold and escapes; code stays as it is. Pure; used by parse.ts and revision.ts. */
import { addressedToNone, called } from "#core";

export type Reading = {
  /** Nova's own account: its mention at the ends is taken away. */
  readonly bot: string;
  readonly names: Readonly<Record<string, string>>;
};

/** A block of code with its ticks, a span of code, or neither. */
const CODE = /(```[\s\S]*?```|`[^`\n]+`)/;
/** What Slack writes for links, people, channels and groups. */
const TAG = /<([^<>]{1,4000})>/g;

export function toMarkdown(mrkdwn: string, { bot, names }: Reading): string {
  const known = { [bot]: "Nova", ...names };
  const pieces = withoutCall(mrkdwn, bot).split(CODE);
  // Every second piece is code.
  const words = pieces.map((piece, at) => (at % 2 === 1 ? codeOf(piece) : proseOf(piece, known))).join("");
  return addressedToNone(words.trim());
}

/** True when the text speaks to this account: an e-mail address or a piece of code does not. */
export function mentions(mrkdwn: string, user: string): boolean {
  return mrkdwn.split(CODE).some((piece, at) => at % 2 === 0 && tagOf(user).test(piece));
}

/** The people whom a text names. */
export function mentionedIn(mrkdwn: string): readonly string[] {
  return [...new Set([...mrkdwn.matchAll(/<@([UW][A-Z0-9]{1,30})>/g)].map(([, user = ""]) => user))];
}

const tagOf = (user: string): RegExp => new RegExp(`<@${user}(?:\\|[^<>]*)?>`);

function proseOf(piece: string, names: Reading["names"]): string {
  // Marks between tags only: an address may hold stars and underlines.
  let text = "";
  let end = 0;
  for (const found of piece.matchAll(TAG)) {
    text += marked(piece.slice(end, found.index)) + shown(found[1] ?? "", names);
    end = found.index + found[0].length;
  }
  return text + marked(piece.slice(end));
}

/** Takes the mentions of Nova away with which a text begins and ends; one in its midst is a part of the sentence. */
function withoutCall(piece: string, bot: string): string {
  const own = [...piece.matchAll(new RegExp(tagOf(bot).source, "g"))];
  let [from, to] = [0, piece.length];
  for (const { index, 0: tag } of own) {
    if (!/^[\s,:]*$/.test(piece.slice(from, index))) break;
    from = index + tag.length;
  }
  let ending = "";
  for (const { index, 0: tag } of own.toReversed()) {
    const behind = piece.slice(index + tag.length, to);
    if (index < from || !/^[\s,?!.]*$/.test(behind)) break;
    ending = behind.trim() + ending;
    to = index;
  }
  const kept = from === 0 ? piece.slice(from, to) : piece.slice(from, to).replace(/^[\s,:]+/, "");
  return to === piece.length ? kept : kept.trimEnd().replace(/,$/, "") + ending;
}

const BOLD = /(?<![\p{L}\p{N}*])\*(?=\S)([^*\n]*?\S)\*(?![\p{L}\p{N}*])/gu;
const STRUCK = /(?<![\p{L}\p{N}~])~(?=\S)([^~\n]*?\S)~(?![\p{L}\p{N}~])/gu;

const marked = (text: string): string => unescaped(text.replace(BOLD, "**$1**").replace(STRUCK, "~~$1~~"));

/** In code Slack still makes links of addresses. */
const codeOf = (code: string): string =>
  unescaped(code.replace(TAG, (_, inner: string) => inner.slice(inner.indexOf("|") + 1)));

function shown(tag: string, names: Reading["names"]): string {
  const bar = tag.indexOf("|");
  const target = bar === -1 ? tag : tag.slice(0, bar);
  const label = bar === -1 ? "" : unescaped(tag.slice(bar + 1));
  const what = target.slice(1);
  if (target.startsWith("@")) return called(label.replace(/^@/, "") || (nameOf(what, names) ?? what));
  if (target.startsWith("#")) return `#${label.replace(/^#/, "") || what}`;
  // A group, a date with its words, or @here and the like.
  if (target.startsWith("!date")) return label || `@${what.split("^")[0]}`;
  if (target.startsWith("!")) return called(label.replace(/^@/, "") || (what.split("^")[0] ?? ""));
  return linkOf(unescaped(target), label);
}

/** Undefined while it is not known. */
export const nameOf = (user: string, names: Reading["names"]): string | undefined =>
  Object.hasOwn(names, user) ? names[user] : undefined;

function linkOf(url: string, label: string): string {
  const plain = url.replace(/^(?:mailto|tel):/, "");
  if (label === "" || label === plain || label === url) return plain;
  return `[${label.replace(/[[\]\\]/g, "\\$&")}](${url.replace(/[()\s]/g, hex)})`;
}

const hex = (character: string): string => `%${character.charCodeAt(0).toString(16).padStart(2, "0")}`;

/** The only three that Slack escapes; `&amp;` last, so that nothing is unescaped twice. */
const unescaped = (text: string): string =>
  text.replaceAll("&lt;", "<").replaceAll("&gt;", ">").replaceAll("&amp;", "&");
