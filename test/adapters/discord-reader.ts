/** Reads Discord's Markdown as its clients do, rule by rule in their order: what is seen of a message, and how. */
export type Seen = {
  /** The words, without marks; code as it is, list marks as they are. */
  readonly text: string;
  /** What stands in it beside plain words, for instance `strong` or `link https://a.example`. */
  readonly marks: readonly string[];
  readonly code: readonly string[];
};

type Rule = {
  readonly name: string;
  readonly pattern: RegExp;
  /** Only where a line begins. */
  readonly atStart?: true;
  /** Which group is shown: read on, or as it is. */
  readonly inner?: number;
  readonly raw?: number;
};

const RULES: readonly Rule[] = [
  { name: "fence", pattern: /^```(?:([a-z0-9_+\-.#]+?)\n)?\n*([^\n][^]*?)\n*```/i, raw: 2 },
  { name: "quote", pattern: /^(?:> ?([^\n]*)(\n|$))+/, atStart: true, inner: 0 },
  { name: "subtext", pattern: /^-# +([^\n]+)/, atStart: true, inner: 1 },
  { name: "heading", pattern: /^#{1,3} +([^\n]+)/, atStart: true, inner: 1 },
  { name: "item", pattern: /^ *(?:[*-]|\d+\.) +(?=\S)/, atStart: true, raw: 0 },
  { name: "escape", pattern: /^\\([^0-9A-Za-z\s])/, raw: 1 },
  { name: "mention", pattern: /^<(?:@[!&]?|#|id:)\w+>/, raw: 0 },
  { name: "mention", pattern: /^@(?:everyone|here)/, raw: 0 },
  { name: "time", pattern: /^<t:-?\d{1,17}(?::[tTdDfFR])?>/, raw: 0 },
  { name: "command", pattern: /^<\/[^:>]+:\d+>/, raw: 0 },
  { name: "emoji", pattern: /^<a?:\w+:\d+>/, raw: 0 },
  { name: "url", pattern: /^https?:\/\/[^\s<]+[^<.,:;"'\]\s]/, raw: 0 },
  { name: "url", pattern: /^<(?:https?|steam):\/\/[^\s>]+>/, raw: 0 },
  {
    name: "link",
    pattern: /^\[((?:\[[^\]]*\]|[^[\]]|\](?=[^[]*\]))*)\]\(\s*<?((?:\([^)]*\)|[^\s\\)]|\\.)*?)>?\s*\)/,
    inner: 1,
  },
  { name: "code", pattern: /^(`+)([^]*?[^`])\1(?!`)/, raw: 2 },
  { name: "strong", pattern: /^\*\*((?:\\[^]|[^\\])+?)\*\*(?!\*)/, inner: 1 },
  { name: "underline", pattern: /^__((?:\\[^]|[^\\])+?)__(?!_)/, inner: 1 },
  { name: "emphasis", pattern: /^_((?:__|\\[^]|[^\\_])+?)_\b/, inner: 1 },
  {
    name: "emphasis",
    pattern: /^\*(?=\S)((?:\*\*|\\[^]|\s+(?:\\[^]|[^\s*\\]|\*\*)|[^\s*\\])+?)\*(?!\*)/,
    inner: 1,
  },
  { name: "delete", pattern: /^~~([^]+?)~~(?!_)/, inner: 1 },
  { name: "spoiler", pattern: /^\|\|([^]+?)\|\|/, inner: 1 },
];

export function readDiscord(source: string): Seen {
  const marks: string[] = [];
  const code: string[] = [];
  const read = (text: string, isNested: boolean): string => {
    let out = "";
    let at = 0;
    while (at < text.length) {
      const rest = text.slice(at);
      const atStart = !isNested && (at === 0 || text[at - 1] === "\n");
      const hit = RULES.map((rule) => ({
        rule,
        found: rule.atStart && !atStart ? null : rule.pattern.exec(rest),
      })).find(({ found }) => found !== null);
      if (!hit?.found) {
        const [character = ""] = rest;
        out += character;
        at += character.length;
        continue;
      }
      const { rule, found } = hit;
      at += found[0].length;
      if (rule.name === "quote") {
        marks.push("quote");
        out += read(found[0].replace(/^> ?/gm, ""), false);
        continue;
      }
      if (rule.name === "fence" || rule.name === "code") code.push(found[rule.raw ?? 0] ?? "");
      if (rule.name === "link") marks.push(`link ${found[2]}`);
      else if (rule.name !== "escape") marks.push(rule.name);
      out += rule.inner === undefined ? (found[rule.raw ?? 0] ?? "") : read(found[rule.inner] ?? "", true);
    }
    return out;
  };
  const text = read(source, false);
  return { text, marks, code };
}
