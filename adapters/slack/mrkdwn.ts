/** Slack's dialect, mrkdwn: few marks, no escapes for them, and control sequences in angle brackets. Pure. */
import type { Beside, Dialect, Mark } from "#core";

/** Most of a section block. */
export const SECTION_TEXT = 3_000;

/** Slack reads a mark only between signs that are no part of a word; this is one, and is not seen. */
const APART = "\u200B";
/** Between a sign and its word this makes the sign a sign and no mark, and is not seen. */
const INERT = "\u00AD";

const SIGNS: Readonly<Record<Mark, string>> = { strong: "*", emphasis: "_", delete: "~" };
const BULLETS = ["•", "◦", "▪"];

export const mrkdwn: Dialect = {
  limit: SECTION_TEXT,
  // What a narrow window shows of a fixed-width line; a phone breaks it once.
  columns: 60,
  quote: "> ",
  rule: "──────────",
  text(value, atStart) {
    const safe = escaped(inert(unfenced(value)));
    // Slack reads even an escaped sign as a quote where a line begins.
    return safe.replace(/(^|\n)(?=&gt;)/g, (start, _, at: number) =>
      at > 0 || start || atStart ? start + APART : start,
    );
  },
  code(value, beside) {
    if (/[`\n]/.test(value) || value.trim() === "") return escaped(inert(unfenced(value)));
    return apart(`\`${escaped(value)}\``, beside);
  },
  mark(kind, inner, beside) {
    const sign = SIGNS[kind];
    const lines = inner.split("\n");
    return lines
      .map((line, index) => {
        const [, lead = "", words = "", trail = ""] = /^(\s*)(.*?)(\s*)$/s.exec(line) ?? [];
        if (words === "") return line;
        const before = index === 0 && lead === "" ? beside.before : "";
        const after = index === lines.length - 1 && trail === "" ? beside.after : "";
        return lead + apart(sign + words + sign, { before, after }) + trail;
      })
      .join("\n");
  },
  link(inner, url) {
    if (!/^(?:https?:\/\/|mailto:)[^\s]/i.test(url)) return undefined;
    const address = escaped(url.replace(/[<>|\s]/g, (sign) => encodeURIComponent(sign)));
    const label = inner.replaceAll("\n", " ");
    const bare = label.replace(/^mailto:/i, "") === address.replace(/^mailto:/i, "");
    return label === "" || (bare && !/^mailto:/i.test(url)) ? `<${address}>` : `<${address}|${label}>`;
  },
  heading: () => ({ lead: "", strong: true }),
  bullet(ordinal, depth, checked) {
    const box = checked === null ? "" : checked ? "☑ " : "☐ ";
    if (ordinal !== null) return `${ordinal}. ${box}`;
    return box || `${BULLETS[Math.min(depth, BULLETS.length - 1)]} `;
  },
  // A language would be shown as the first line of the code.
  fence: (code) => `\`\`\`\n${escaped(unfenced(code))}\n\`\`\``,
};

/** All that Slack asks to be escaped; without it, words could call everyone in a channel. */
export const escaped = (text: string): string =>
  text.replaceAll("&", "&amp;").replaceAll("<", "&lt;").replaceAll(">", "&gt;");

/** Three backticks open or close code wherever they stand. */
const unfenced = (text: string): string => text.replace(/`{3,}/g, (ticks) => ticks.split("").join(APART));

/** Signs that stand where Slack would take them for marks. */
const inert = (text: string): string =>
  text
    .replace(/(?<![\p{L}\p{N}])[*_~`](?=\S)/gu, `$&${INERT}`)
    .replace(/(?<=[^\s\u00AD])[*_~`](?![\p{L}\p{N}])/gu, `${INERT}$&`);

function apart(marked: string, { before, after }: Beside): string {
  return (isWord(before) ? APART : "") + marked + (isWord(after) ? APART : "");
}

const isWord = (sign: string): boolean => /[\p{L}\p{N}_*~`\p{Cs}]/u.test(sign);

/** mrkdwn without its marks, for where only words are shown; still escaped, as Slack wants every text. */
export function plainWords(text: string): string {
  const words = text
    .replace(/^```\n?|\n?```$/gm, "")
    .replace(/<([^|<>]*)\|([^<>]*)>/g, "$2")
    .replace(/<([^<>]*)>/g, "$1");
  // Marks stand in marks, three deep at most.
  return [1, 2, 3].reduce(unmarked, words).replace(/[\u200B\u00AD]/g, "");
}

const unmarked = (text: string): string =>
  text.replace(/(?<![\p{L}\p{N}\u00AD])([*_~`])(?=[^\s\u00AD])(.+?)(?<=[^\s\u00AD])\1(?![\p{L}\p{N}])/gu, "$2");
