/** What somebody wrote, as they meant it: without our own mention, others by their names, code untouched. Pure. Used by post.ts. */
import { addressedToNone, called } from "#core";
import { nameOf, type Account } from "../platform.ts";

/** A run of backticks, and all up to the same run. */
const CODE = /((?<!`)(`+)(?!`)[\s\S]*?(?<!`)\2(?!`))/;
const MENTION = /<@!?(\d{1,20})>( ?)/g;
const EMOJI = /<a?(:\w{2,32}:)\d{1,20}>/g;

export type Around = {
  /** Our own account. */
  readonly bot: string;
  /** Whom Discord found mentioned: an address or a code span is nobody. */
  readonly mentions: readonly Account[];
};

export function wordsOf(content: string, { bot, mentions }: Around): string {
  const names = new Map(mentions.map((each) => [each.id, called(nameOf(each).trim() || each.id)]));
  // Of three parts each, the second is code and the third its fence.
  const parts = content.split(CODE).filter((_, at) => at % 3 !== 2);
  const read = parts.map((part, at) => (at % 2 === 1 ? part : plain(part, bot, names))).join("");
  // "@Nova, what …" and "@Nova: what …" begin with "what".
  const words = isFirst(content, bot) ? read.replace(/^\s*(?:,|:(?=\s))\s*/, "") : read;
  return addressedToNone(words.trim());
}

const isFirst = (content: string, bot: string): boolean => new RegExp(`^\\s*<@!?${bot}>`).test(content);

const plain = (part: string, bot: string, names: ReadonlyMap<string, string>): string =>
  part
    .replace(MENTION, (whole, id: string, space: string) => {
      const name = names.get(id);
      if (id === bot) return "";
      return name === undefined ? whole : name + space;
    })
    .replace(EMOJI, (_, name: string) => name);
